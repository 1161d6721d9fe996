import { ClosedError } from './errors.js'
import { reasonOf, type Reason } from './reason.js'
import type { Welcome } from './receive.js'
import type { Way } from './socket.js'

/** What brings a client back to its seat from another page. Holds a secret: sessionStorage, not the address bar. */
export interface Saved {
  readonly url: string
  readonly lobby: string
  readonly resume: string
  /** Number of the newest command sent. */
  readonly command: number
  /** The player's own token, with which a client that has none goes on as the same player. */
  readonly token?: string
}

/** What a client can do for a connection beside it. */
export interface Rights {
  /** The player's token; '' if there is none. */
  token(): string
  /** Gets another one; resolves with the same where there is no way to another. */
  renew(): Promise<string>
  /** Takes the seat once more, over HTTP. */
  join(lobby: string, role: number): Promise<{ readonly url: string; readonly pass: string }>
  /** Gives up the seat over HTTP, as well as that can be done. */
  leave(lobby: string): Promise<void>
  /** Where any instance knows the way to the lobby. */
  site(lobby: string): string
}

// Attempts in a row to reach an instance before the site is asked where the lobby is.
const mostUnreached = 2

/**
 * By what right to connect: at first a pass, after the first welcome the resume token, which changes each time;
 * where neither holds any more, a pass for which the player joins once more.
 */
export class Ways {
  /** Frames of the events lane seen on this seat. */
  seen = 0
  private rejoined = false
  private hold = Infinity // how long the seat is held, in milliseconds
  private lost = 0 // when the connection was lost; 0 while it stands
  private stale = false // the player's token is over
  private unreached = 0
  private readonly name = Math.random().toString(36).slice(2, 12)
  private attempts = 0
  private role = 0

  constructor(
    private url: string,
    private lobby: string,
    private pass: string,
    private resume: string,
    readonly by: Rights,
  ) {}

  /** Where to go now. */
  async next(): Promise<Way> {
    if (!this.resume && !this.pass) {
      if (this.stale) await this.by.renew().catch(() => {}) // whether there can be none, joining tells
      if (!this.by.token()) throw new ClosedError(reasonOf(1008, 'refused'))
      Object.assign(this, await this.by.join(this.lobby, this.role).catch((err: { readonly status?: number }) => {
        throw this.stale && err.status === 401 ? new ClosedError(reasonOf(4010, 'expired')) : err
      }))
    }
    const url = new URL(this.url)
    url.searchParams.set('lobby', this.lobby)
    if (this.resume && this.seen > 0) url.searchParams.set('seen', String(this.seen))
    url.searchParams.set('from', `${this.name}.${++this.attempts}`) // one that comes late must not close a later one
    return { url: url.href, credential: this.resume || this.pass }
  }

  /** The welcome came: the pass is spent, the token is the next one. */
  welcomed(w: Welcome): void {
    this.pass = ''
    this.resume = w.resume
    this.lobby = w.lobby
    this.role = w.role
    this.seen = w.events
    this.hold = w.holdMs
    this.lost = this.unreached = 0
    this.rejoined = false
    this.stale = false
  }

  /** Whether to come back after this reason. */
  again(reason: Reason): boolean {
    if (reason.word === 'moved') return this.move(reason.url)
    if (reason.detail === 'match_lost') return false // with its server: nothing mends that but the next match
    if (reason.code === 1006 && this.lost && ++this.unreached === mostUnreached && this.resume) this.url = this.by.site(this.lobby)
    const resumed = this.resume !== ''
    this.pass = '' // may be spent
    if (reason.word === 'expired') {
      this.stale = true
      this.resume = ''
    }
    this.lost ||= Date.now()
    // The seat was not held any longer, or cannot be: one try to join as anew. Outside of browsers a refusal may not tell itself from a lost line.
    const over = reason.word === 'refused' || (reason.retry && Date.now() - this.lost > this.hold)
    if (over && resumed && !this.rejoined) {
      this.rejoined = true
      this.resume = ''
      return true
    }
    return reason.retry
  }

  save(command: number): Saved | null {
    if (!this.resume) return null
    return { url: this.url, lobby: this.lobby, resume: this.resume, command, token: this.by.token() }
  }

  /** Another token than the one there was; '' where there is no way to one. */
  async another(): Promise<string> {
    const before = this.by.token()
    const token = await this.by.renew()
    return token === before ? '' : token
  }

  private move(to: string): boolean {
    try {
      const url = new URL(to, this.url)
      if (url.protocol !== 'ws:' && url.protocol !== 'wss:') return false
      this.url = url.href
      this.unreached = 0 // there, and if that one is gone too the site knows by and by
      return true
    } catch {
      return false
    }
  }
}
