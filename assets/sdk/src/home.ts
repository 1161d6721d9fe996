import type { HttpError, SandlotError } from './errors.js'
import type { Http, Joined } from './http.js'
import type { Lobby } from './lobby.js'
import type { GameTypes } from './types.js'

/**
 * What matchmaking needs of the client: given to it, not imported, so that it is a file of its own that only those load who use it.
 */
export interface Home {
  readonly http: Http
  /** Id of the player who is signed in; '' if unknown. */
  me(): string
  enter<G extends GameTypes>(joined: Joined): Promise<Lobby<G>>
  /** How long to wait before an attempt, in milliseconds. */
  wait(attempt: number, after: number): number
  /** The error of a stream that ends with a problem. */
  refused(problem: { readonly status: number; readonly code: string; readonly detail?: string; readonly retryAfter?: number }): HttpError
  /** The error of a ticket that is over without a match. */
  unmatched(state: string, reason: string): SandlotError
}
