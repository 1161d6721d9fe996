import type { Lobby } from '@sandlot/client'

/** Figures of one moment. Times in milliseconds, rates in bytes a second. */
export interface Reading {
  readonly ping: number
  readonly jitter: number
  readonly interval: number
  readonly delay: number
  readonly margin: number
  readonly tick: number
  readonly received: number
  readonly sent: number
  readonly rateIn: number
  readonly rateOut: number
}

/** Reads a lobby's figures a few times a second and keeps the newest for graphs. */
export class Meter {
  readonly pings: number[] = []
  readonly jitters: number[] = []
  readonly ratesIn: number[] = []
  readonly ratesOut: number[] = []
  readonly gaps: number[] = []
  readonly delays: number[] = []
  readonly margins: number[] = []
  private before = { time: performance.now(), in: 0, out: 0 }
  private arrived = 0

  constructor(private readonly lobby: Lobby) {}

  /** A state came: notes the time since the one before. */
  state(): void {
    const now = performance.now()
    if (this.arrived) {
      push(this.gaps, now - this.arrived)
      push(this.delays, this.lobby.stats.delay)
      push(this.margins, this.lobby.stats.margin)
    }
    this.arrived = now
  }

  read(): Reading {
    const { stats } = this.lobby
    const sent = stats.bytesOut ?? 0
    const now = performance.now()
    const secs = Math.max(0.05, (now - this.before.time) / 1000)
    const rateIn = Math.max(0, stats.bytesIn - this.before.in) / secs
    const rateOut = Math.max(0, sent - this.before.out) / secs
    this.before = { time: now, in: stats.bytesIn, out: sent }
    push(this.pings, stats.ping)
    push(this.jitters, stats.jitter)
    push(this.ratesIn, rateIn / 1000)
    push(this.ratesOut, rateOut / 1000)
    return {
      ping: stats.ping, jitter: stats.jitter, interval: stats.interval, delay: stats.delay, margin: stats.margin,
      tick: this.lobby.tick, received: stats.bytesIn, sent, rateIn, rateOut,
    }
  }
}

// As many as a graph is wide.
function push(list: number[], v: number): void {
  list.push(v)
  if (list.length > 120) list.shift()
}
