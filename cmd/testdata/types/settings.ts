// The types of the game settings, for the SDK: client.quickPlay<SettingsGame>('settings').
// Printed by "sandlot types --game settings"; print them anew when the game changes.

/** A row of cards. */
export type CardsRow = {
  face: string
  marks: readonly boolean[]
  /** interpolated in views; in steps of 16; exact for its owner */
  x: number
  /** interpolated in views; 256 a turn */
  turn: number
  open: boolean
  /** known to its owner alone, else zero */
  hand: readonly number[]
}

/** The game's fields outside of tables. */
export type MatchRow = {
  round: number
  board: readonly number[]
}

/** What a player's hands do in one tick. */
export type Input = {
  /** -9..9 */
  pull: readonly number[]
  /** counts once each time it is set */
  jump: boolean
  /** at most 12 bytes */
  say: string
}

/** The command oddDraw. */
export type OddDrawCommand = {
  /** 1..4 */
  pile: number
  /** at most 40 bytes */
  note: string
}

/** The command oddPass. */
export type OddPassCommand = Record<never, never>

/** The event oddDrawn. */
export type OddDrawnEvent = {
  /** 0..255 */
  cards: readonly number[]
  last: boolean
}

/** What a lobby's host may change. */
export type Settings = Record<never, never>

/** All of it. */
export type SettingsGame = {
  tables: {
    cards: CardsRow
    match: MatchRow
  }
  input: Input
  commands: {
    oddDraw: OddDrawCommand
    oddPass: OddPassCommand
  }
  events: {
    oddDrawn: OddDrawnEvent
  }
  settings: Settings
}
