import type { Link } from './link'

// Losses of one message, and the least time beyond the round trip after which it is sent again (as TCP has it), in milliseconds.
const maxRetries = 6
const leastAgain = 200

/** Chance that is the same again for the same seed (mulberry32): from 0 to below 1. */
export function chanceOf(seed: number): () => number {
  let a = seed >>> 0
  return () => {
    a = (a + 0x6d2b79f5) >>> 0
    let t = Math.imul(a ^ (a >>> 15), a | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** From half to one and a half of a time. */
export function about(time: number, chance: number): number {
  return (0.5 + chance) * time
}

/** The times in which a link passes nothing: the same for both directions. */
export class Outages {
  private readonly hang: number
  private readonly list: { from: number; to: number }[] = []

  constructor(private readonly link: Link, private readonly chance: () => number, start: number) {
    this.hang = link.hang > 0 ? start + about(link.hang, chance()) : Infinity
    if (link.outage > 0) this.add(start + about(link.every, chance()))
  }

  private add(from: number): void {
    this.list.push({ from, to: from + this.link.outage })
  }

  /** When what would leave then does; Infinity if never. */
  pass(at: number): number {
    if (this.link.outage > 0) {
      for (let last = this.list.at(-1)!; last.to <= at; last = this.list.at(-1)!) this.add(last.to + about(this.link.every - this.link.outage, this.chance()))
      at = this.list.find((o) => at >= o.from && at < o.to)?.to ?? at
    }
    return at >= this.hang ? Infinity : at
  }
}

/** Decides when what enters one direction of a link leaves it. Reads no clock. Times in milliseconds. */
export class Lane {
  private free = 0
  private last: number

  /** Nothing leaves before `after`. */
  constructor(private readonly link: Link, private readonly chance: () => number, private readonly outages: Outages, after = 0) {
    this.last = after === Infinity ? 0 : after
  }

  /** When a message of so many bytes that enters now leaves; Infinity if never. Nothing overtakes. */
  due(now: number, bytes: number): number {
    const { link } = this
    let at = Math.max(now, this.free)
    if (link.rate > 0) at += (bytes * 1000) / link.rate
    this.free = at
    at += link.ping / 2
    if (link.jitter > 0) at += ((2 * this.chance() - 1) * link.jitter) / 2
    if (link.loss > 0) {
      let stall = link.ping + Math.max(leastAgain, 2 * link.jitter)
      for (let i = 0; i < maxRetries && this.chance() < link.loss; i++, stall *= 2) at += stall
    }
    this.last = this.outages.pass(Math.max(at, this.last))
    return this.last
  }
}
