import type { RefusedError } from './errors.js'
import type { Reason } from './reason.js'
import type { ChatMessage, Member, Phase, Place, Why } from './room.js'
import type { FieldValue } from './send.js'
import type { Connection } from './socket.js'

/** What a lobby tells its listeners. */
export interface LobbyEvents {
  /** The connection changed: lost, back, over. */
  connection: [Connection]
  /** It is over for good. */
  leave: [Reason]
  /** The connection is back, in the same seat or, where that was not held any longer, in another. */
  reconnect: []
  /** Phase, host, code or settings changed. */
  lobby: []
  phase: [phase: Phase, before: Phase]
  /** A member came or changed. */
  member: [Member]
  gone: [player: number, why: Why, member: Member | undefined]
  chat: [ChatMessage]
  /** To the host, where players must knock: somebody waits to be let in, or no longer does. */
  knock: [number: number, name: string, waiting: boolean]
  /** A match begins; the tables are empty. */
  match: [number: number]
  /** How the match ended. */
  result: [readonly Place[]]
  /** A state was applied. */
  state: [tick: number]
  /** The game says something. */
  message: [name: string, fields: Record<string, FieldValue>]
  /** The server refused something that this client sent; or, with the code `unsent`, there is no connection to send it on. */
  error: [RefusedError]
  /** The match lost so many ticks to overload. */
  slip: [ticks: number]
}

/** Figures of a connection. Times in milliseconds; counts and bytes since it was first made. */
export interface Stats {
  /** The newest round trip. */
  readonly ping: number
  /** The least round trip of the last 64. */
  readonly rtt: number
  /** Mean change from one round trip to the next. */
  readonly jitter: number
  /** Mean time from one state to the next. */
  readonly interval: number
  /** How late states come: nine of ten by less. */
  readonly lateness: number
  /** How far in the past views are shown: interval and lateness. */
  readonly delay: number
  /** Inputs that the server had left after the newest tick; negative: ticks without one. */
  readonly margin: number
  /** Inputs sent that no state has answered. */
  readonly pending: number
  readonly frames: number
  readonly bytesIn: number
  readonly bytesOut: number
}
