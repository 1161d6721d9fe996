import type { Off } from './emitter.js'
import type { Home } from './home.js'
import type { Lobby } from './lobby.js'
import { keep, poll, sleep } from './stream.js'
import { Voices } from './voices.js'
import type { AnyGame, GameTypes } from './types.js'

/** Where a ticket is in its life. The last three are for good. */
export type TicketState = 'queued' | 'offered' | 'matched' | 'expired' | 'cancelled'

/** What match is wanted. */
export interface QueueOptions {
  /** One of the game's modes; left out: its first. */
  readonly mode?: string
  /** The code of a party that this player leads: all of it is queued. Party.queue fills it in. */
  readonly party?: string
  /** Tokens of others who play along from here. */
  readonly players?: readonly string[]
  /** Only tickets with equal attributes meet; at most 8, each at most 64 bytes. */
  readonly attributes?: Readonly<Record<string, string>>
  /** Round trips in milliseconds by region, at most 32. */
  readonly latencies?: Readonly<Record<string, number>>
  /** Gives up asking for a ticket. One that was made is ended by Ticket.cancel. */
  readonly signal?: AbortSignal
}

/** A match that comes about if all accept it. */
export interface Offer {
  /** When it is over, as an ISO time of the server's. */
  readonly until: string
  /** How many of this ticket's players have accepted, and of how many. */
  readonly accepted: number
  readonly of: number
  /** Players of the whole match. */
  readonly people: number
  /** This player has accepted. */
  readonly you: boolean
}

/** A ticket as the server shows it. */
export interface TicketInfo {
  readonly id: string
  readonly version: number
  readonly state: TicketState
  /** Why it expired or was cancelled: by_player, party, not_accepted, declined, too_long, failed. */
  readonly reason?: string
  readonly game: string
  readonly mode: string
  readonly party?: string
  /** Names of those whom it is for. */
  readonly players: readonly string[]
  readonly attributes?: Readonly<Record<string, string>>
  /** Of this player in the mode, in points; a new one has 1,500. */
  readonly rating: number
  readonly queuedAt: string
  readonly expiresAt: string
  /** Seconds that such tickets waited lately. */
  readonly estimate?: number
  /** While offered. */
  readonly offer?: Offer
  /** Matched: the lobby's id. */
  readonly lobby?: string
  /** Matched: points between the match's highest and lowest ticket. */
  readonly spread?: number
  /** Matched: this player's place, and those of players whose tokens were given, with the way in. */
  readonly seats?: readonly Seat[]
}

/** A place in a match. */
export interface Seat {
  readonly player: { readonly id: string; readonly name: string }
  /** From 1; left out where there are no teams. */
  readonly team?: number
  readonly url: string
  readonly pass: string
  readonly expiresAt: string
}

/** How to go into a match once there is one. */
export interface JoinedOptions {
  /** Answers each offer: true accepts, false declines. Left out: accepts. `false`: the program calls accept or decline by itself. */
  readonly accept?: Accept | false
}

export type Accept = (offer: Offer) => boolean | Promise<boolean>

// Passes are good for 30 s: an older one is asked for anew. In milliseconds.
const passGood = 15_000

/**
 * A wish to be matched, kept up to date by itself until it is over.
 *
 * @example
 * const ticket = await client.queue('arena', { mode: 'ranked' })
 * ticket.onChange((t) => console.log(t.state, t.info.estimate))
 * const lobby = await ticket.joined()
 */
export class Ticket<G extends GameTypes = AnyGame> {
  private readonly heard = new Voices<[this]>()
  private readonly stop = new AbortController()
  private readonly path: string
  private lobby: Promise<Lobby<G>> | undefined
  private failure: unknown
  private at = performance.now() // when info came

  /** @internal Use Client.queue, Client.ticket or Party.onQueue. */
  constructor(
    private readonly home: Home,
    private now: TicketInfo,
  ) {
    this.path = `/v1/tickets/${encodeURIComponent(now.id)}`
    if (this.over) return
    keep(home, {
      path: `${this.path}/events`,
      signal: this.stop.signal,
      patient: true,
      each: (_, data) => this.update(data),
      ask: async () => {
        this.update(await poll(home, this.path, this.now.version, this.stop.signal))
      },
    }).catch((err: unknown) => {
      this.failure = err
      this.update({ ...this.now, state: 'cancelled', reason: (err as { code?: string }).code ?? 'failed' })
    })
  }

  get id(): string {
    return this.now.id
  }

  get state(): TicketState {
    return this.now.state
  }

  /** The match that is offered; undefined unless state is `offered`. */
  get offer(): Offer | undefined {
    return this.now.offer
  }

  /** All that the server says of it. */
  get info(): TicketInfo {
    return this.now
  }

  /** Whether it changes no more: it is matched, expired or cancelled. */
  get over(): boolean {
    return this.state !== 'queued' && this.state !== 'offered'
  }

  /**
   * Calls fn whenever the ticket changes.
   *
   * @example
   * ticket.onChange((t) => { if (t.offer && !t.offer.you) showAcceptButton(t.offer.until) })
   */
  onChange(fn: (ticket: this) => void): Off {
    return this.heard.add(fn)
  }

  /**
   * Accepts the match that is offered. Who does not in time loses the ticket; the others go on waiting.
   *
   * @example
   * button.onclick = () => ticket.accept()
   */
  accept(): Promise<void> {
    return this.answer(true)
  }

  /**
   * Declines the match that is offered, which is the end of the ticket.
   *
   * @example
   * button.onclick = () => ticket.decline()
   */
  decline(): Promise<void> {
    return this.answer(false)
  }

  /**
   * Takes the ticket back.
   *
   * @example
   * await ticket.cancel()
   */
  async cancel(): Promise<void> {
    if (this.over) return
    await this.home.http.send('DELETE', this.path)
    this.update({ ...this.now, state: 'cancelled', reason: 'by_player' })
  }

  /**
   * Stops following the ticket, which goes on; Client.ticket takes it up again.
   *
   * @example
   * sessionStorage.setItem('ticket', ticket.id)
   * ticket.close()
   */
  close(): void {
    this.stop.abort()
  }

  /**
   * The lobby of the match, once there is one and this player is in it. Rejects with an UnmatchedError if the ticket ends otherwise. Offers
   * are accepted on the way unless the options say otherwise. Called again, it gives the same lobby.
   *
   * @example
   * const lobby = await ticket.joined({ accept: (offer) => confirm(`A match of ${offer.people}. Play?`) })
   */
  joined(options: JoinedOptions = {}): Promise<Lobby<G>> {
    return (this.lobby ??= this.enter(options.accept ?? (() => true)).catch((err: unknown) => {
      this.lobby = undefined // it may be tried again
      throw err
    }))
  }

  private async enter(accept: Accept | false): Promise<Lobby<G>> {
    await this.settled(accept)
    const { state, reason = '' } = this.now
    if (this.failure) throw this.failure
    if (state !== 'matched') throw this.home.unmatched(state, reason)
    let seat = this.now.seats?.[0]
    if (!seat || performance.now() - this.at > passGood) seat = (await this.home.http.get<TicketInfo>(this.path)).seats?.[0]
    if (!seat) throw this.home.unmatched('expired', 'match_lost')
    const { lobby: id = '', game } = this.now
    return this.home.enter<G>({ lobby: { id, game }, url: seat.url, pass: seat.pass })
  }

  // Resolves once the ticket is over, and answers offers until then.
  private settled(accept: Accept | false): Promise<void> {
    return new Promise((resolve, reject) => {
      let asked = '' // the offer that was answered
      const look = (): void => {
        if (this.over) {
          off()
          return resolve()
        }
        const { offer } = this
        if (!accept || !offer || offer.you || offer.until === asked) return
        asked = offer.until
        Promise.resolve(offer)
          .then(accept)
          .then((yes) => this.answer(yes))
          .catch((err: unknown) => {
            if (!this.over && (err as { status?: number }).status === undefined) {
              off()
              reject(err as Error) // of accept itself
            }
            // A refusal means that the offer is over: the ticket tells what follows.
          })
      }
      const off = this.onChange(look)
      look()
    })
  }

  private async answer(accept: boolean): Promise<void> {
    this.update(await this.home.http.post<TicketInfo>(`${this.path}/accept`, { accept }))
  }

  private update(info: TicketInfo): void {
    if (this.over || info.version < this.now.version) return
    this.now = info
    this.at = performance.now()
    if (this.over) this.stop.abort()
    this.heard.emit(this)
  }
}

/** Asks for a ticket. The same request again, after an answer was lost, gives the same ticket. */
export async function queue<G extends GameTypes>(home: Home, game: string, options: QueueOptions): Promise<Ticket<G>> {
  const { signal, ...wish } = options
  const key = Array.from({ length: 4 }, () => Math.random().toString(36).slice(2)).join('').slice(0, 40)
  for (let attempt = 0; ; attempt++) {
    try {
      return new Ticket<G>(home, await home.http.post<TicketInfo>('/v1/tickets', { game, ...wish }, signal, { 'Idempotency-Key': key }))
    } catch (err) {
      if ((err as { status?: number }).status !== 0 || attempt > 1) throw err
      await sleep(home.wait(attempt, 0), signal)
    }
  }
}
