import { s } from '../strings'

// Two destroyed within so many seconds are a double.
const double = 3

/** What of a round is worth telling, from what everyone is told while it is played. Players by number, times in seconds. */
export class Highlights {
  private first = 0
  private last = 0
  private readonly streaks = new Map<number, number>()
  private readonly pairs = new Map<string, number>()
  private readonly picks = new Map<number, number>()
  private readonly latest = new Map<number, { time: number; run: number }>()
  private best = { player: 0, n: 0 }
  private quick = { player: 0, n: 0 }

  killed(killer: number, victim: number, time: number): void {
    this.streaks.set(victim, 0)
    if (!killer || killer === victim) return
    this.first ||= killer
    this.last = killer
    const n = (this.streaks.get(killer) ?? 0) + 1
    this.streaks.set(killer, n)
    if (n > this.best.n) this.best = { player: killer, n }
    const pair = `${killer}>${victim}`
    this.pairs.set(pair, (this.pairs.get(pair) ?? 0) + 1)
    const before = this.latest.get(killer)
    const run = before && time - before.time <= double ? before.run + 1 : 1
    this.latest.set(killer, { time, run })
    if (run > this.quick.n) this.quick = { player: killer, n: run }
  }

  picked(player: number): void {
    this.picks.set(player, (this.picks.get(player) ?? 0) + 1)
  }

  /** At most four lines, the best first. */
  list(name: (player: number) => string): string[] {
    const lines: string[] = []
    if (this.best.n >= 3) lines.push(s.highlights.streak(name(this.best.player), this.best.n))
    if (this.quick.n >= 2) lines.push(s.highlights.quick(name(this.quick.player), this.quick.n))
    const [pair, times] = top(this.pairs)
    if (times >= 2) {
      const [killer, victim] = pair!.split('>').map(Number)
      lines.push(s.highlights.rival(name(killer!), name(victim!), times))
    }
    if (this.first) lines.push(s.highlights.first(name(this.first)))
    const [picker, picks] = top(this.picks)
    if (picks >= 3) lines.push(s.highlights.picks(name(picker!), picks))
    if (this.last && this.last !== this.first) lines.push(s.highlights.last(name(this.last)))
    return lines.slice(0, 4)
  }
}

function top<K>(of: ReadonlyMap<K, number>): [K | undefined, number] {
  let best: [K | undefined, number] = [undefined, 0]
  for (const [key, n] of of) if (n > best[1]) best = [key, n]
  return best
}
