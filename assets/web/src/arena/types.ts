// What the game's schema calls its rows and events. Lengths are 1/256 of a unit, angles 256 a turn, times ticks.

export const unit = 256
export const radius = 192 / unit
export const maxHP = 100
export const maxAmmo = 24
export const dashWait = 45

export interface Ship {
  x: number
  y: number
  aim: number
  hp: number
  shield: boolean
  rapid: boolean
  vx: number
  vy: number
  dash: number
  ammo: number
  /** Instant hits left: fired instead of shots. */
  rail: number
}

/** Where, when and in which direction a shot was fired; it flies straight. */
export interface Shot {
  x: number
  y: number
  aim: number
  born: number
}

export interface Pickup {
  x: number
  y: number
  /** 0 health, 1 ammo, 2 rapid fire, 3 rails. */
  kind: number
}

export interface Wall {
  x: number
  y: number
  w: number
  h: number
}

export interface Score {
  kills: number
  deaths: number
  score: number
  streak: number
  respawnAt: number
}

export interface Match {
  endsAt: number
  kills: number
  map: number
  width: number
  height: number
  shotSpeed: number
}

export interface Hit {
  shooter: number
  victim: number
  x: number
  y: number
  damage: number
}

/** An instant hit: from where, and how far it went. */
export interface Railed {
  shooter: number
  x: number
  y: number
  toX: number
  toY: number
}

export interface Killed {
  killer: number
  victim: number
  x: number
  y: number
  points: number
}

export interface Respawned {
  player: number
  x: number
  y: number
}

export interface Picked {
  player: number
  kind: number
  x: number
  y: number
}

/** Radians of an angle of 256 a turn. */
export function radians(aim: number): number {
  return (aim / 256) * Math.PI * 2
}

/** The angle of 256 a turn nearest to a direction. */
export function aimOf(dx: number, dy: number): number {
  return Math.round((Math.atan2(dy, dx) / (Math.PI * 2)) * 256) & 255
}
