// Round trips kept; the least of them is the truest, as queues only add.
const kept = 64

/** What the pings tell: how far the server's clock is from ours, and the way there. */
export class Clock {
  private samples: { rtt: number; offset: number }[] = []
  private previous = 0
  /** Mean change from one round trip to the next, in milliseconds. */
  jitter = 0
  /** The newest round trip, in milliseconds. */
  ping = 0

  /** Notes a pong. All times in milliseconds; the first two by our clock. */
  note(sent: number, now: number, received: number, answered: number): void {
    const rtt = Math.max(0, now - sent - (answered - received))
    if (this.samples.length > 0) this.jitter += (Math.abs(rtt - this.previous) - this.jitter) / 8
    this.previous = this.ping = rtt
    this.samples.push({ rtt, offset: (received - sent + (answered - now)) / 2 })
    if (this.samples.length > kept) this.samples.shift()
  }

  /** A first guess before any pong: the server's time in the welcome. */
  guess(now: number, server: number): void {
    if (this.samples.length === 0) this.first = server - now
  }

  private first = 0

  /** Server time minus ours, in milliseconds. */
  get offset(): number {
    return this.best?.offset ?? this.first
  }

  /** The least round trip of the last 64, in milliseconds; 0 before the first pong. */
  get rtt(): number {
    return this.best?.rtt ?? 0
  }

  private get best(): { rtt: number; offset: number } | undefined {
    let best = this.samples[0]
    for (const s of this.samples) if (s.rtt < best!.rtt) best = s
    return best
  }
}
