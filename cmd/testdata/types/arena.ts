// The types of the game arena, for the SDK: client.quickPlay<Arena>('arena').
// Printed by "sandlot types --game arena"; print them anew when the game changes.

/** A row of ships. */
export type ShipsRow = {
  /** interpolated in views; in steps of 64; exact for its owner */
  x: number
  /** interpolated in views; in steps of 64; exact for its owner */
  y: number
  /** interpolated in views; 256 a turn */
  aim: number
  hp: number
  shield: boolean
  rapid: boolean
  /** known to its owner alone, else zero */
  vx: number
  /** known to its owner alone, else zero */
  vy: number
  /** known to its owner alone, else zero */
  dash: number
  /** known to its owner alone, else zero */
  ammo: number
  /** known to its owner alone, else zero */
  rail: number
}

/** A row of shots. */
export type ShotsRow = {
  x: number
  y: number
  aim: number
  born: number
}

/** A row of pickups. */
export type PickupsRow = {
  x: number
  y: number
  kind: number
}

/** A row of walls. */
export type WallsRow = {
  x: number
  y: number
  w: number
  h: number
}

/** A row of scores. */
export type ScoresRow = {
  kills: number
  deaths: number
  score: number
  streak: number
  respawnAt: number
}

/** The game's fields outside of tables. */
export type MatchRow = {
  endsAt: number
  kills: number
  map: number
  width: number
  height: number
  shotSpeed: number
}

/** What a player's hands do in one tick. */
export type Input = {
  /** -127..127 */
  moveX: number
  /** -127..127 */
  moveY: number
  /** 0..255 */
  aim: number
  fire: boolean
  /** counts once each time it is set */
  dash: boolean
}

/** The event hit. */
export type HitEvent = {
  /** 0..65535 */
  shooter: number
  /** 0..65535 */
  victim: number
  /** -2147483648..2147483647 */
  x: number
  /** -2147483648..2147483647 */
  y: number
  /** 0..255 */
  damage: number
}

/** The event killed. */
export type KilledEvent = {
  /** 0..65535 */
  killer: number
  /** 0..65535 */
  victim: number
  /** -2147483648..2147483647 */
  x: number
  /** -2147483648..2147483647 */
  y: number
  /** 0..65535 */
  points: number
}

/** The event respawned. */
export type RespawnedEvent = {
  /** 0..65535 */
  player: number
  /** -2147483648..2147483647 */
  x: number
  /** -2147483648..2147483647 */
  y: number
}

/** The event picked. */
export type PickedEvent = {
  /** 0..65535 */
  player: number
  /** 0..255 */
  kind: number
  /** -2147483648..2147483647 */
  x: number
  /** -2147483648..2147483647 */
  y: number
}

/** The event railed. */
export type RailedEvent = {
  /** 0..65535 */
  shooter: number
  /** -2147483648..2147483647 */
  x: number
  /** -2147483648..2147483647 */
  y: number
  /** -2147483648..2147483647 */
  toX: number
  /** -2147483648..2147483647 */
  toY: number
}

/** What a lobby's host may change. */
export type Settings = {
  /** 30..900, 180 unless changed */
  seconds: number
  /** 0..100, 20 unless changed */
  kills: number
  /** 0..3, 0 unless changed */
  map: number
}

/** All of it. */
export type Arena = {
  tables: {
    ships: ShipsRow
    shots: ShotsRow
    pickups: PickupsRow
    walls: WallsRow
    scores: ScoresRow
    match: MatchRow
  }
  input: Input
  commands: Record<never, never>
  events: {
    hit: HitEvent
    killed: KilledEvent
    respawned: RespawnedEvent
    picked: PickedEvent
    railed: RailedEvent
  }
  settings: Settings
}
