// The types of the game fours, for the SDK: client.quickPlay<Fours>('fours').
// Printed by "sandlot types --game fours"; print them anew when the game changes.

/** The game's fields outside of tables. */
export type MatchRow = {
  board: readonly number[]
  first: number
  second: number
  turn: number
  deadline: number
  last: number
  over: boolean
  winner: number
  line: readonly number[]
}

/** What a player's hands do in one tick. */
export type Input = Record<never, never>

/** The command drop. */
export type DropCommand = {
  /** 0..6 */
  column: number
}

/** The event dropped. */
export type DroppedEvent = {
  /** 0..65535 */
  player: number
  /** 0..255 */
  cell: number
}

/** The event refused. */
export type RefusedEvent = {
  /** 0..255 */
  column: number
  /** at most 8 bytes */
  why: string
}

/** The event finished. */
export type FinishedEvent = {
  /** 0..65535 */
  winner: number
  /** at most 8 bytes */
  how: string
}

/** What a lobby's host may change. */
export type Settings = {
  /** 5..120, 30 unless changed */
  seconds: number
}

/** All of it. */
export type Fours = {
  tables: {
    match: MatchRow
  }
  input: Input
  commands: {
    drop: DropCommand
  }
  events: {
    dropped: DroppedEvent
    refused: RefusedEvent
    finished: FinishedEvent
  }
  settings: Settings
}
