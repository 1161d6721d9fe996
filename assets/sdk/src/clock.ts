// Round trips kept; the least of them is the truest, as queues only add.
const kept = 64
// The clock shown goes at most so much faster or slower, as a share of the time that passes.
const slew = 1 / 20
// What is further off than this is made good at once, in milliseconds.
const leap = 250

/** What the pings tell: how far the server's clock is from ours, and the way there. Times in milliseconds. */
export class Clock {
  /** Mean change from one round trip to the next. */
  jitter = 0
  /** The newest round trip. */
  ping = 0
  private samples: { rtt: number; offset: number }[] = []
  private first = 0 // offset by the welcome, before any pong
  private offset = Infinity // the one that is shown; not yet any
  private asked = 0 // when it was last

  /** Notes a pong; the first two times by our clock, the others by the server's. */
  note(sent: number, now: number, received: number, answered: number): void {
    const rtt = Math.max(0, now - sent - (answered - received))
    const offset = (received - sent + (answered - now)) / 2
    // Further off than the ways there can be: one of the clocks was set, or stood still in a sleep. What was known is not true any more.
    if (Math.abs(offset - (this.best?.offset ?? offset)) > leap + (rtt + this.rtt) / 2) this.samples = []
    if (this.samples.length > 0) this.jitter += (Math.abs(rtt - this.ping) - this.jitter) / 8
    else this.offset = Infinity // the guess is not worth a slew
    this.ping = rtt
    this.samples.push({ rtt, offset })
    if (this.samples.length > kept) this.samples.shift()
  }

  /** A first guess before any pong: the server's time in the welcome. */
  guess(now: number, server: number): void {
    this.first = server - now
  }

  /** The server's time. It neither leaps nor goes back for small errors. */
  now(own: number): number {
    const truth = this.best?.offset ?? this.first
    const off = truth - this.offset
    const most = Math.max(0, own - this.asked) * slew
    if (Math.abs(off) <= leap) this.offset += Math.max(-most, Math.min(most, off))
    else this.offset = truth
    this.asked = own
    return own + this.offset
  }

  /** The least round trip of the last 64; 0 before the first pong. */
  get rtt(): number {
    return this.best?.rtt ?? 0
  }

  private get best(): { rtt: number; offset: number } | undefined {
    return this.samples.reduce((best, s) => (s.rtt < best.rtt ? s : best), this.samples[0]!)
  }
}
