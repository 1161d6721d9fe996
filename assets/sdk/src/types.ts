import type { Value } from './row.js'
import type { Fields, FieldValue } from './send.js'

/**
 * The types of one game, as "sandlot types --game NAME" prints them, for the type parameters of Client.quickPlay and its like.
 *
 * @example
 * import type { Arena } from './arena.js' // sandlot types --game arena > arena.ts
 * const lobby = await client.quickPlay<Arena>('arena')
 * lobby.table('ships').listen('hp', (hp) => console.log(hp)) // a number
 */
export interface GameTypes {
  /** The rows of each table by its name; the game's fields outside of tables are `match`. */
  readonly tables: object
  readonly input: object
  /** The fields of each command by its name. */
  readonly commands: object
  /** The fields of each event by its name. */
  readonly events: object
  readonly settings: object
}

/** A game of which nothing is known before the server tells. */
export interface AnyGame {
  readonly tables: Record<string, Record<string, Value>>
  readonly input: Fields
  readonly commands: Record<string, Fields>
  readonly events: Record<string, Record<string, FieldValue>>
  readonly settings: Record<string, number>
}

/** The names in a part of a game's types. */
export type Names<T> = keyof T & string

/** Any name, where nothing is known of a part of a game's types; where it is known, a name that is not in it is a mistake. */
export type Unknown<T> = string extends keyof T ? string : never

/** The row of a game's fields outside of tables. */
export type MatchRow<G extends GameTypes> = G['tables'] extends { match: infer M } ? M : Record<string, Value>
