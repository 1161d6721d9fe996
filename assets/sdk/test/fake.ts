import { decode, encode } from '@msgpack/msgpack'
import type { WebSocketLike } from '../src/socket.js'

/** A socket whose other side the test plays. */
export class FakeSocket implements WebSocketLike {
  static made: FakeSocket[] = []
  static waiting: ((s: FakeSocket) => void) | null = null

  binaryType = ''
  readyState = 1
  bufferedAmount = 0
  onopen: ((ev: any) => void) | null = null
  onmessage: ((ev: any) => void) | null = null
  onclose: ((ev: any) => void) | null = null
  onerror: ((ev: any) => void) | null = null
  readonly sent: unknown[][] = []

  constructor(readonly url: string, readonly protocols?: string | string[]) {
    FakeSocket.made.push(this)
    FakeSocket.waiting?.(this)
    FakeSocket.waiting = null
  }

  /** The next socket that a client opens. */
  static next(): Promise<FakeSocket> {
    return new Promise((resolve) => (FakeSocket.waiting = resolve))
  }

  get credential(): string {
    return (this.protocols as string[])[1]!.replace('bearer.', '')
  }

  send(data: Uint8Array): void {
    this.sent.push(decode(data) as unknown[])
  }

  close(): void {
    this.readyState = 3
  }

  /** The server says something. */
  say(...frame: unknown[]): void {
    const bytes = encode(frame)
    this.onmessage?.({ data: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) })
  }

  /** The connection ends. */
  end(code: number, reason = ''): void {
    this.readyState = 3
    this.onclose?.({ code, reason })
  }

  /** Frames of one type that the client sent. */
  of(type: number): unknown[][] {
    return this.sent.filter((f) => f[0] === type)
  }
}

/** A schema: one table "ships" with x (lerp) and an input moveX, fire, dash (press), a command and an event. */
export const schema = [
  20,
  1, 'ships', 0, 1, 'x', 0, 0, 1, 1, 0,
  3, 'moveX', 0, 0, -127, 127, 0, 'fire', 1, 0, 0, 1, 0, 'dash', 1, 0, 0, 1, 8,
  1, 'drop', 1, 'column', 0, 0, 0, 6, 0,
  1, 'hit', 1, 'damage', 0, 0, 0, 100, 0,
  1, 'minutes', 1, 10, 3,
]

export function welcome(resume: string, events = 0): unknown[] {
  return [64, 1, 'a', 'LOBBY1', 'arena', 1, 0, resume, 30_000, 1_000_000, events, ...schema]
}

export const lobbyFrame = (phase: number): unknown[] => [67, phase, 0, 1, 'CODE1234', 2, 16, false, 1, 3]
