import type { WebSocketLike } from '@sandlot/client'
import { about, chanceOf, Lane, Outages } from './lane'
import type { Link } from './link'
import { Pipe } from './pipe'

type Handler = ((ev: any) => void) | null

/**
 * A WebSocket behind a bad network: what it sends and what comes is held up, in order, as a Link says. Requests over HTTP are not. It holds
 * no more than the server sends; what is on its way when it ends is lost.
 */
export class BadSocket implements WebSocketLike {
  binaryType = 'arraybuffer'
  onopen: Handler = null
  onmessage: Handler = null
  onclose: Handler = null
  onerror: Handler = null
  readyState: number = WebSocket.CONNECTING
  private real: WebSocket | null = null
  private readonly up = new Pipe()
  private readonly down = new Pipe()
  private held = 0 // bytes that are yet to be sent
  private cutter: ReturnType<typeof setTimeout> | undefined

  constructor(url: string, protocols: string | string[] | undefined, link: Link, seed: number, private readonly over: () => void) {
    this.adopt(link, seed)
    this.up.put(0, () => this.dial(url, protocols))
  }

  get bufferedAmount(): number {
    return this.held + (this.real?.bufferedAmount ?? 0)
  }

  /** The network changes under a connection: nothing overtakes what is on its way. */
  adopt(link: Link, seed: number): void {
    const chance = chanceOf(seed)
    const outages = new Outages(link, chance, performance.now())
    this.up.adopt(new Lane(link, chanceOf(seed + 0.3e9), outages, this.up.last))
    this.down.adopt(new Lane(link, chanceOf(seed + 0.6e9), outages, this.down.last))
    clearTimeout(this.cutter)
    if (link.cut > 0) this.cutter = setTimeout(() => this.break(), about(link.cut, chance()))
  }

  send(data: Uint8Array<ArrayBuffer>): void {
    const copy = data.slice()
    this.held += copy.byteLength
    this.up.put(copy.byteLength, () => {
      this.held -= copy.byteLength
      if (this.real?.readyState === WebSocket.OPEN) this.real.send(copy)
    })
  }

  close(code?: number, reason?: string): void {
    if (this.readyState >= WebSocket.CLOSING) return
    this.readyState = WebSocket.CLOSING
    this.up.put(0, () => {
      if (this.real) this.real.close(code, reason)
      else this.ended(1006, '')
    })
  }

  /** Ends as a lost network does. */
  break(): void {
    this.real?.close()
    this.ended(1006, '')
  }

  private dial(url: string, protocols: string | string[] | undefined): void {
    const real = new WebSocket(url, protocols)
    this.real = real
    real.binaryType = 'arraybuffer'
    real.onopen = (ev) => this.down.put(0, () => {
      if (this.readyState !== WebSocket.CONNECTING) return
      this.readyState = WebSocket.OPEN
      this.onopen?.(ev)
    })
    real.onmessage = (ev: MessageEvent<ArrayBuffer>) => this.down.put(ev.data.byteLength, () => this.onmessage?.(ev))
    real.onerror = (ev) => this.down.put(0, () => this.onerror?.(ev))
    real.onclose = (ev) => this.down.put(0, () => this.ended(ev.code, ev.reason))
  }

  private ended(code: number, reason: string): void {
    if (this.readyState === WebSocket.CLOSED) return
    this.readyState = WebSocket.CLOSED
    clearTimeout(this.cutter)
    this.up.end()
    this.down.end()
    this.over()
    this.onclose?.({ code, reason })
  }
}
