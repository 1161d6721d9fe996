import type { Off } from './emitter.js'
import type { SandlotError } from './errors.js'
import type { Home } from './home.js'
import type { Joined } from './http.js'
import type { Lobby } from './lobby.js'
import { keep, poll } from './stream.js'
import { queue, Ticket, type QueueOptions, type TicketInfo } from './ticket.js'
import type { AnyGame, GameTypes } from './types.js'
import { Voices } from './voices.js'

/** A party as the server shows it. */
export interface PartyInfo {
  /** What others join by. */
  readonly code: string
  readonly version: number
  /** The leader's player id. */
  readonly leader: string
  /** The leader first, then as they came. */
  readonly members: readonly { readonly id: string; readonly name: string }[]
  /** How many it may have. */
  readonly most: number
  /** Its newest ticket. */
  readonly ticket?: string
  /** Where the leader has taken seats for all. */
  readonly lobby?: string
}

/**
 * Players who play together, kept up to date by itself until this one leaves.
 *
 * @example
 * const party = await client.createParty()
 * console.log(`Come along: ${party.code}`)
 * party.onQueue(async (ticket) => play(await ticket.joined())) // every member hears it
 * await party.queue('arena', { mode: 'ranked' }) // the leader
 */
export class Party {
  private readonly changes = new Voices<[this]>()
  private readonly tickets = new Voices<[Ticket<any>]>()
  private readonly places = new Voices<[string]>()
  private readonly ends = new Voices<[SandlotError | null]>()
  private readonly stop = new AbortController()
  private readonly path: string
  private seen = '' // the newest ticket that was told of
  private place = '' // the newest lobby that was
  private asking = 0 // tickets that are being asked for

  /** @internal Use Client.createParty, Client.joinParty or Client.party. */
  constructor(
    private readonly home: Home,
    private now: PartyInfo,
  ) {
    this.path = `/v1/parties/${encodeURIComponent(now.code)}`
    keep(home, {
      path: `${this.path}/events`,
      signal: this.stop.signal,
      patient: true,
      each: (_, data) => this.update(data),
      ask: async () => this.update(await poll(home, this.path, this.now.version, this.stop.signal)),
    }).catch((err: SandlotError) => this.end(err))
  }

  /** What others join by. */
  get code(): string {
    return this.now.code
  }

  get members(): PartyInfo['members'] {
    return this.now.members
  }

  /** The leader's player id: who queues, and removes others. */
  get leader(): string {
    return this.now.leader
  }

  get isLeader(): boolean {
    return this.leader === this.home.me()
  }

  /** All that the server says of it. */
  get info(): PartyInfo {
    return this.now
  }

  /**
   * Calls fn whenever somebody comes or goes, or anything else of the party changes.
   *
   * @example
   * party.onChange((p) => show(p.members.map((m) => m.name)))
   */
  onChange(fn: (party: this) => void): Off {
    return this.changes.add(fn)
  }

  /**
   * Calls fn with each ticket of the party, at every member.
   *
   * @example
   * party.onQueue(async (ticket) => play(await ticket.joined({ accept: askPlayer })))
   */
  onQueue<G extends GameTypes = AnyGame>(fn: (ticket: Ticket<G>) => void): Off {
    return this.tickets.add(fn)
  }

  /**
   * Calls fn with the id of each lobby in which the leader has taken seats for all, at every other member: join it.
   *
   * @example
   * party.onLobby(async (id) => play(await client.joinLobby(id)))
   */
  onLobby(fn: (lobby: string) => void): Off {
    return this.places.add(fn)
  }

  /**
   * Calls fn once this player is no longer in the party; with the error, unless it left.
   *
   * @example
   * party.onLeave((err) => { if (err) show('You are no longer in the party.') })
   */
  onLeave(fn: (err: SandlotError | null) => void): Off {
    return this.ends.add(fn)
  }

  /**
   * Looks for a match for all; the leader's. onQueue is called as well.
   *
   * @example
   * const ticket = await party.queue('arena', { mode: 'teams' })
   */
  async queue<G extends GameTypes = AnyGame>(game: string, options: QueueOptions = {}): Promise<Ticket<G>> {
    this.asking++
    try {
      const ticket = await queue<G>(this.home, game, { ...options, party: this.code })
      this.seen = ticket.id
      this.tickets.emit(ticket)
      return ticket
    } finally {
      this.asking--
      this.follow()
    }
  }

  /**
   * Takes seats in a lobby for all, or for none, and joins it; the leader's. The others hear onLobby.
   *
   * @example
   * const lobby = await party.joinLobby('K7QPXW2M')
   */
  async joinLobby<G extends GameTypes = AnyGame>(idOrCode: string): Promise<Lobby<G>> {
    const path = `/v1/lobbies/${encodeURIComponent(idOrCode.trim())}/join`
    const joined = await this.home.http.post<Joined>(path, { party: this.code })
    this.place = joined.lobby.id
    return this.home.enter<G>(joined)
  }

  /**
   * Removes a member by its player id; the leader's.
   *
   * @example
   * await party.remove(party.members[1].id)
   */
  async remove(player: string): Promise<void> {
    await this.home.http.post(`${this.path}/leave`, { player })
  }

  /**
   * Leaves the party. The next member leads if this one did; a ticket of it is cancelled.
   *
   * @example
   * await party.leave()
   */
  async leave(): Promise<void> {
    if (this.stop.signal.aborted) return
    await this.home.http.post(`${this.path}/leave`, {})
    this.end(null)
  }

  /**
   * Stops following the party, which this player stays in; Client.party takes it up again.
   *
   * @example
   * sessionStorage.setItem('party', party.code)
   * party.close()
   */
  close(): void {
    this.stop.abort()
  }

  private update(info: PartyInfo): void {
    if (info.version < this.now.version || this.stop.signal.aborted) return
    const before = this.now.version
    this.now = info
    if (info.version !== before) this.changes.emit(this)
    this.follow()
    const { lobby = '' } = info
    if (lobby === this.place) return
    this.place = lobby
    if (lobby && !this.isLeader) this.places.emit(lobby)
  }

  // Tells of a new ticket that is not over. While one is asked for here, the answer tells.
  private follow(): void {
    const { ticket = '' } = this.now
    if (ticket === this.seen || this.asking > 0) return
    this.seen = ticket
    if (!ticket) return
    this.home.http.get<TicketInfo>(`/v1/tickets/${encodeURIComponent(ticket)}`).then(
      (info) => {
        const made = new Ticket(this.home, info)
        if (this.stop.signal.aborted || made.over && made.state !== 'matched') return made.close()
        this.tickets.emit(made)
      },
      () => {}, // over and forgotten
    )
  }

  private end(err: SandlotError | null): void {
    if (this.stop.signal.aborted) return
    this.stop.abort()
    this.ends.emit(err)
  }
}
