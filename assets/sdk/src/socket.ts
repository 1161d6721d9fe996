import { backoff } from './backoff.js'
import { reasonOf, type Reason } from './reason.js'

/** The part of the WebSocket interface that is used; browsers' and Node's fit. */
export interface WebSocketLike {
  binaryType: string
  readonly readyState: number
  readonly bufferedAmount: number
  onopen: ((ev: any) => void) | null
  onmessage: ((ev: any) => void) | null
  onclose: ((ev: any) => void) | null
  onerror: ((ev: any) => void) | null
  send(data: Uint8Array<ArrayBuffer>): void
  close(code?: number, reason?: string): void
}

export type WebSocketMaker = new (url: string, protocols?: string | string[]) => WebSocketLike

/** How the connection is. */
export type Connection =
  | { readonly state: 'connecting' }
  | { readonly state: 'open' }
  /** Lost; the next attempt is at `retryAt` by Date.now(). `attempt` counts from 1. */
  | { readonly state: 'reconnecting'; readonly reason: Reason; readonly attempt: number; readonly retryAt: number }
  /** For good. */
  | { readonly state: 'closed'; readonly reason: Reason }

/** Where to connect, and by what right. */
export interface Way {
  readonly url: string
  readonly credential: string
}

export interface SocketHooks {
  /** Asked before each attempt. What it throws ends the connection. */
  way(): Promise<Way>
  message(data: ArrayBuffer): void
  /** The connection changed. */
  state(connection: Connection): void
  /** Whether to come back after this reason, usually reason.retry; also the place to change the way. `attempt` counts those in a row that failed. */
  again(reason: Reason, attempt: number): boolean
}

// Events of a page that hasten an attempt.
const signs = ['online', 'visibilitychange']
// The welcome comes within this time after an attempt began, in milliseconds.
const patience = 12_000
// A connection that stood so long was a success, in milliseconds: before, waits go on growing.
const stable = 10_000

/**
 * One connection that comes back by itself where its end says so, with full jitter. The owner calls settled()
 * once the welcome came: until then an attempt counts as not made.
 */
export class Socket {
  private ws: WebSocketLike | null = null
  private timer: ReturnType<typeof setTimeout> | undefined
  private attempt = 0
  private ended = false
  private wake: (() => void) | null = null
  connection: Connection = { state: 'connecting' }
  /** Bytes sent, over all connections. */
  sent = 0

  constructor(
    private readonly make: WebSocketMaker,
    private readonly hooks: SocketHooks,
  ) {}

  /** Starts the first attempt. */
  open(): void {
    void this.dial()
  }

  /** The welcome came: the connection stands. */
  settled(): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => (this.attempt = 0), stable)
    this.become({ state: 'open' })
  }

  /** False if the frame could not be sent now: nothing goes out before the welcome, as that would prove its token. */
  send(frame: Uint8Array<ArrayBuffer>): boolean {
    if (this.connection.state !== 'open' || this.ws?.readyState !== 1) return false
    this.ws.send(frame)
    this.sent += frame.byteLength
    return true
  }

  /** Cuts a wait for the next attempt short. */
  retryNow(): void {
    this.wake?.()
  }

  /** The line is dead: closes it without waiting for the other side. */
  drop(): void {
    this.finish(this.ws, reasonOf(1006, ''))
  }

  /** Ends it for good. */
  end(reason: Reason): void {
    if (this.ended) return
    this.ended = true
    this.wake?.() // lets go of what waits
    clearTimeout(this.timer)
    const ws = this.ws
    this.ws = null
    detach(ws)
    ws?.close(1000, reason.word)
    this.become({ state: 'closed', reason })
  }

  private async dial(): Promise<void> {
    let way: Way
    try {
      way = await Promise.race([this.hooks.way(), this.late()])
    } catch (err) {
      const { status = -1, retryAfter = 0, code, message, reason } = err as Error & { status?: number; retryAfter?: number; code?: string; reason?: Reason }
      if (status !== 0 && status !== 429 && status < 500) return this.end(reason ?? reasonOf(1008, `refused;${code ?? message}`))
      return this.failed(reasonOf(1006, `;after=${retryAfter}`))
    }
    if (this.ended) return
    let ws: WebSocketLike
    try {
      ws = new this.make(way.url, ['sandlot.v1', `bearer.${way.credential}`])
    } catch (err) {
      this.end(reasonOf(1008, (err as Error).message))
      return
    }
    this.ws = ws
    ws.binaryType = 'arraybuffer'
    ws.onmessage = (ev: { data: unknown }) => {
      if (this.ws === ws && ev.data instanceof ArrayBuffer) this.hooks.message(ev.data)
    }
    ws.onclose = (ev: { code?: number; reason?: string }) => this.finish(ws, reasonOf(ev.code ?? 1006, ev.reason ?? ''))
    // A close follows; but not in every Node where the server refused to upgrade.
    ws.onerror = () => setTimeout(() => this.finish(ws, reasonOf(1006, '')), 100)
  }

  // Rejects when an attempt that begins now has taken too long to know its way, and ends it where it takes too long after that.
  private late(): Promise<never> {
    return new Promise((_, reject) => {
      this.timer = setTimeout(() => {
        reject({ status: 0 })
        this.drop()
      }, patience)
    })
  }

  private finish(ws: WebSocketLike | null, reason: Reason): void {
    if (this.ended || this.ws !== ws || !ws) return
    this.ws = null
    detach(ws)
    try {
      ws.close()
    } catch {
      // Closed already.
    }
    this.failed(reason)
  }

  private failed(reason: Reason): void {
    if (this.ended) return
    clearTimeout(this.timer)
    if (this.hooks.again(reason, this.attempt)) this.later(reason)
    else this.end(reason)
  }

  private later(reason: Reason): void {
    // A move is an answer, not a failure: it is followed at once, but not in a ring for ever.
    const moved = reason.word === 'moved' && this.attempt < 5
    const wait = moved ? 0 : backoff(this.attempt, Math.random(), reason.after)
    this.attempt++
    // A network that is back and a page that is looked at again are worth an attempt, unless the server asked for time.
    const hasten = (): void => {
      if (!reason.after && !globalThis.document?.hidden) go()
    }
    const go = (): void => {
      clearTimeout(this.timer)
      this.wake = null
      for (const kind of signs) globalThis.removeEventListener?.(kind, hasten)
      if (!this.ended) void this.dial()
    }
    this.wake = go
    for (const kind of signs) globalThis.addEventListener?.(kind, hasten)
    this.timer = setTimeout(go, wait)
    this.become({ state: 'reconnecting', reason, attempt: this.attempt, retryAt: Date.now() + wait })
  }

  private become(connection: Connection): void {
    this.connection = connection
    this.hooks.state(connection)
  }
}

function detach(ws: WebSocketLike | null): void {
  if (!ws) return
  ws.onmessage = ws.onclose = null
  ws.onerror = () => {}
}
