import { Pace, type Hands } from './input.js'
import type { Applied } from './mirror.js'
import { Out, pack, type FieldValue } from './send.js'

/** What Pacer needs of its lobby. */
export interface Paced {
  send(frame: Uint8Array<ArrayBuffer>): boolean
  /** The line is dead. */
  drop(): void
  readonly hands: Hands
  /** Whether inputs are wanted now. */
  plays(): boolean
  /** The newest state's tick; 0 if there is none. */
  tick(): number
  /** The tick that is looked at; 0 if unknown. */
  shown(): number
  /** An input went out. */
  sent(input: Record<string, FieldValue>): void
}

// Milliseconds between pings; the first few come faster, to find the clock.
const pingEvery = 2000
// A server that reads at its ticks answers the sooner the later in its tick a ping comes: not always at the same moment of it.
const pingShift = 7
// Inputs kept until a state holds them, some seconds' worth; older ones are not predicted any longer.
const mostPending = 128
const firstPings = [0, 200, 400, 800]
// A ping unanswered for so long means that the line is dead, in milliseconds.
const silence = 10_000
// States must be acknowledged so often even if timers are throttled, as in a hidden tab.
const ackEvery = 250
// Keyframes are asked for at most so often.
const keyframeEvery = 1000

/** Sends what goes out by the clock: inputs, acks and pings. */
export class Pacer {
  lastMargin = 0
  /** Inputs that went out and are in no state yet, oldest first. */
  pending: Record<string, FieldValue>[] = []
  private beaten = 0 // when the newest input went out
  private wait = 1 // and how long after it the next is due
  private seq = 0
  private pace = new Pace(1000 / 30, 0)
  private timer: ReturnType<typeof setTimeout> | undefined
  private pinger: ReturnType<typeof setTimeout> | undefined
  private pings = 0
  private unanswered = 0 // when the oldest unanswered ping went out
  private acked = 0 // when the newest ack went out
  private asked = -Infinity // when a keyframe was asked for
  private fresh = false // no keyframe since the welcome

  constructor(private readonly line: Paced) {}

  /** A connection stands. */
  begin(rate: number): void {
    this.stop()
    this.fresh = true
    this.pings = 0
    this.unanswered = 0
    this.anew(rate) // which inputs arrived nobody knows
    this.ping()
  }

  /** A match begins, with input numbers of its own; or one that goes on is told afresh. */
  match(rate: number, begins: boolean): void {
    if (begins) this.seq = 0
    this.anew(rate)
  }

  stop(): void {
    clearTimeout(this.timer)
    clearTimeout(this.pinger)
    this.timer = undefined
  }

  /** A state was applied. */
  stated(a: Applied): void {
    this.lastMargin = a.margin
    if (a.keyframe) {
      // An earlier page may have sent more than was applied yet; its numbers are used up.
      const least = this.fresh && a.applied > 0 ? a.applied + 8 : a.applied
      if (least > this.seq) this.pending = []
      this.seq = Math.max(this.seq, least)
      this.fresh = false
    }
    const left = Math.max(0, this.seq - a.applied)
    if (left < this.pending.length) this.pending.splice(0, this.pending.length - left)
    const now = performance.now()
    if (this.line.plays()) {
      this.pace.margin(a.margin)
      if (this.timer === undefined) this.beat()
      if (now - this.acked < ackEvery) return
    }
    this.acked = now
    this.line.send(pack(Out.Ack, a.tick))
  }

  /** A state could not be applied: the whole is needed. */
  lost(): void {
    const now = performance.now()
    if (now - this.asked < keyframeEvery) return
    this.asked = now
    this.line.send(pack(Out.Keyframe))
  }

  pong(): void {
    this.unanswered = 0
  }

  private anew(rate: number): void {
    this.pending = []
    this.pace = new Pace(1000 / rate, performance.now())
  }

  private beat(): void {
    this.timer = undefined
    if (!this.line.plays()) return // the next state starts it again
    const now = performance.now()
    this.acked = now
    const { hands } = this.line
    const fields = hands.take()
    this.line.send(pack(Out.Input, ++this.seq, this.line.tick(), this.line.shown(), ...fields))
    this.pending.push(hands.named(fields))
    if (this.pending.length > mostPending) this.pending.shift()
    this.line.sent(this.pending.at(-1)!)
    this.beaten = now
    this.wait = this.pace.next(now)
    this.timer = setTimeout(() => this.beat(), this.wait)
  }

  /** How much of the time from the newest input to the next is over, 0…1. 0 while none are sent. */
  part(now: number): number {
    return this.timer === undefined ? 0 : Math.max(0, Math.min(1, (now - this.beaten) / Math.max(this.wait, 1)))
  }

  private ping(): void {
    const now = performance.now()
    if (this.unanswered && now - this.unanswered > silence) return this.line.drop()
    if (this.line.send(pack(Out.Ping, Math.floor(now * 1000))) && !this.unanswered) this.unanswered = now
    const wait = firstPings[++this.pings] ?? pingEvery + (this.pings % 7) * pingShift
    this.pinger = setTimeout(() => this.ping(), wait)
  }
}
