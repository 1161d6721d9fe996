import { SandlotError } from './errors.js'
import { Link, type LinkOptions } from './link.js'
import { roles } from './options.js'
import type { ChatMessage, Member, Phase, Place } from './room.js'
import type { Schema } from './schema.js'
import type { AnyGame, GameTypes } from './types.js'

/** What a Lobby is and who is in it: the part of Lobby that tells what this client knows beside the match. */
export class LobbyRoom<G extends GameTypes = AnyGame> {
  /** @internal */
  protected readonly link: Link

  /** @internal Use Client.joinLobby and its like. */
  constructor(options: LinkOptions) {
    this.link = new Link(options)
  }

  get id(): string {
    return this.link.welcome?.lobby ?? ''
  }

  get game(): string {
    return this.link.welcome?.game ?? ''
  }

  /** The name of the instance that serves this client. */
  get instance(): string {
    return this.link.welcome?.instance ?? ''
  }

  /** This client's player number; 0 if it has no seat. */
  get me(): number {
    return this.link.welcome?.player ?? 0
  }

  get role(): 'player' | 'spectator' | 'chat' {
    return roles[this.link.welcome?.role ?? 0] ?? 'chat'
  }

  /** What the game syncs, takes and says. */
  get schema(): Schema {
    if (!this.link.welcome) throw new SandlotError('early', 'the server has not spoken yet')
    return this.link.welcome.schema
  }

  get phase(): Phase {
    return this.link.room.phase
  }

  /** The host's player number; 0 if there is none. */
  get host(): number {
    return this.link.room.host
  }

  get isHost(): boolean {
    return this.me !== 0 && this.host === this.me
  }

  /** What to give to a friend. */
  get code(): string {
    return this.link.room.code
  }

  get minPlayers(): number {
    return this.link.room.min
  }

  get maxPlayers(): number {
    return this.link.room.max
  }

  get isPrivate(): boolean {
    return this.link.room.private
  }

  get settings(): Readonly<G['settings']> {
    return this.link.room.settings as Readonly<G['settings']>
  }

  /** Who is here, by player number. */
  get members(): ReadonlyMap<number, Member> {
    return this.link.room.members
  }

  /** To the host: who waits to be let in, by the number that approve and deny take. */
  get knocks(): ReadonlyMap<number, string> {
    return this.link.room.knocks
  }

  /** The last messages of the chat, oldest first. */
  get chat(): readonly ChatMessage[] {
    return this.link.room.chat
  }

  /** How the last match ended; null while one runs. */
  get result(): readonly Place[] | null {
    return this.link.room.result
  }

  /** Milliseconds until the phase ends by itself; Infinity if it does not. */
  get phaseEndsIn(): number {
    const { deadline } = this.link.room
    return deadline === 0 ? Infinity : deadline - this.serverNow()
  }

  /**
   * The server's clock, in milliseconds since 1970. It never goes back for small errors.
   *
   * @example
   * const left = deadline - lobby.serverNow()
   */
  serverNow(): number {
    return this.link.clock.now(performance.now())
  }
}
