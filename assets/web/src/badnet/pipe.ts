import type { Lane } from './lane'

/** One direction of a connection: does things in order, each when its lane lets go of it; at once where nothing holds it up. */
export class Pipe {
  private readonly waiting: { at: number; act: () => void }[] = []
  private timer: ReturnType<typeof setTimeout> | undefined
  private lane!: Lane
  /** When the last of what is on its way leaves. */
  last = 0

  adopt(lane: Lane): void {
    this.lane = lane
  }

  put(bytes: number, act: () => void): void {
    const now = performance.now()
    this.last = this.lane.due(now, bytes)
    if (this.last === Infinity) return
    if (this.last <= now && this.waiting.length === 0) return act()
    this.waiting.push({ at: this.last, act })
    if (this.timer === undefined) this.wait(now)
  }

  /** Forgets what is on its way. */
  end(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    this.waiting.length = 0
  }

  // Timers alone would let one overtake another that is due within the same millisecond.
  private wait(now: number): void {
    this.timer = setTimeout(() => this.turn(), Math.max(0, this.waiting[0]!.at - now))
  }

  private turn(): void {
    this.timer = undefined
    const now = performance.now()
    while (this.waiting.length > 0 && this.waiting[0]!.at <= now) this.waiting.shift()!.act()
    if (this.waiting.length > 0) this.wait(now)
  }
}
