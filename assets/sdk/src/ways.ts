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

/**
 * By what right to connect: at first a pass, after the first welcome the resume token, which changes each time;
 * where neither holds any more, the player's own token.
 */
export class Ways {
  /** Frames of the events lane seen on this seat. */
  seen = 0
  private tried: 'pass' | 'resume' | 'token' = 'pass'
  private rejoined = false
  private hold = Infinity // how long the seat is held, in milliseconds
  private lost = 0 // when the connection was lost; 0 while it stands

  /** `token` is the player's, '' if there is none; `renew` gives another, or the same where there is no way to another. */
  constructor(
    private url: string,
    private lobby: string,
    private pass: string,
    private resume: string,
    private readonly token: () => string,
    private readonly renew: () => Promise<string>,
  ) {}

  private stale = false // the player's token is over

  /** Where to go now. */
  async next(): Promise<Way> {
    const url = new URL(this.url)
    url.searchParams.set('lobby', this.lobby)
    if (this.resume) {
      this.tried = 'resume'
      if (this.seen > 0) url.searchParams.set('seen', String(this.seen))
      return { url: url.href, credential: this.resume }
    }
    if (this.pass) {
      this.tried = 'pass'
      return { url: url.href, credential: this.pass }
    }
    this.tried = 'token'
    const token = this.stale ? await this.renew() : this.token()
    if (!token) throw new ClosedError(reasonOf(1008, 'refused'))
    return { url: url.href, credential: token }
  }

  /** The welcome came: the pass is spent, the token is the next one. */
  welcomed(w: Welcome): void {
    this.pass = ''
    this.resume = w.resume
    this.lobby = w.lobby
    this.seen = w.events
    this.hold = w.holdMs
    this.lost = 0
    this.rejoined = false
    this.stale = false
  }

  /** Whether to come back after this reason. */
  again(reason: Reason): boolean {
    if (reason.word === 'moved') return this.move(reason.url)
    if (this.tried === 'pass') this.pass = '' // may be spent
    if (reason.word === 'expired') this.expire()
    this.lost ||= Date.now()
    // The seat was not held any longer, or cannot be: one try to join as anew. Outside of browsers a refusal may not tell itself from a lost line.
    const over = reason.word === 'refused' || (reason.retry && Date.now() - this.lost > this.hold)
    if (over && this.tried === 'resume' && this.resume && !this.rejoined) {
      this.rejoined = true
      this.resume = ''
      return true
    }
    return reason.retry
  }

  save(command: number): Saved | null {
    if (!this.resume) return null
    return { url: this.url, lobby: this.lobby, resume: this.resume, command, token: this.token() }
  }

  /** Another token than the one there was; '' where there is no way to one. */
  async another(): Promise<string> {
    const before = this.token()
    const token = await this.renew()
    return token === before ? '' : token
  }

  private expire(): void {
    this.stale = true
    this.resume = ''
  }

  private move(to: string): boolean {
    try {
      const url = new URL(to, this.url)
      if (url.protocol !== 'ws:' && url.protocol !== 'wss:') return false
      this.url = url.href
      return true
    } catch {
      return false
    }
  }
}
