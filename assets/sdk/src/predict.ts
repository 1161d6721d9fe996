import { arc, between, lerped } from './motion.js'
import { Flag, turn, type Field } from './schema.js'
import type { Row, Value } from './row.js'
import type { Table } from './table.js'

/** How a game's client predicts the row that its player moves. */
export interface PredictOptions<T, I> {
  /**
   * Advances a row by one tick of input, in place and by the server's own rules. It reads nothing besides that changes with time, and is
   * called again and again for the same inputs.
   */
  apply(row: T, input: I): void
  /** Errors longer than this, over all lerp fields in their true values, are jumped at once. Infinity unless given. */
  readonly snap?: number
  /** Milliseconds in which a smaller error shrinks to a third. 100 unless given. */
  readonly smooth?: number
}

/** What Predicted needs of its lobby. */
export interface Ahead<T, I> {
  table(): Table<T> | undefined
  me(): number
  tick(): number
  /** Inputs sent that the newest state does not hold, oldest first. */
  pending(): readonly I[]
  /** What the hands do now, for the input that comes next. */
  hands(): I
  /** How much of the time to the next input is over, 0…1. */
  part(now: number): number
  /** Nobody predicts any longer. */
  close(): void
}

/** How often predictions were wrong, and by how much, in true values over all lerp fields. */
export interface Corrections {
  readonly count: number
  readonly last: number
  readonly largest: number
  readonly sum: number
}

/**
 * The own row, ahead of the server: the newest state with every input that it does not hold yet. Made by Lobby.predict.
 *
 * @example
 * const own = lobby.predict('ships', { apply: (ship, input) => move(ship, input, map), snap: 1024 })
 * function frame() {
 *   const ship = own.view()
 *   if (ship) draw(ship.x, ship.y)
 * }
 */
export class Predicted<T = Record<string, Value>, I = Record<string, Value>> {
  /** How far off predictions were. */
  corrections: Corrections = { count: 0, last: 0, largest: 0, sum: 0 }
  private row: (Row<T> & Record<string, Value>) | undefined
  private off: Record<string, number> = {} // by which what is drawn differs from the truth, field by field
  private offAt = 0

  /** @internal */
  constructor(private readonly line: Ahead<T, I>, private readonly options: PredictOptions<T, I>) {
    this.reconcile(0)
  }

  /**
   * Predicts no longer: what is behind it is let go of.
   *
   * @example
   * own.close()
   */
  close(): void {
    this.line.close()
    this.row = undefined
  }

  /**
   * The row after all inputs that were sent; undefined while the player has none. A copy of the program's.
   *
   * @example
   * const ammo = own.exact?.ammo
   */
  get exact(): Row<T> | undefined {
    return this.row && { ...this.row }
  }

  /**
   * The tick that the view shows, with its fraction: ahead of Lobby.tick by what is on its way.
   *
   * @example
   * const age = own.tick() - shot.born
   */
  tick(now = performance.now()): number {
    return this.line.tick() + this.line.pending().length + this.line.part(now)
  }

  /**
   * The row as it is to be drawn now: between the last input and the one the hands are about to give, errors smoothed. Undefined while
   * the player has none.
   *
   * @example
   * const ship = own.view()
   * if (ship) draw(ship.x, ship.y, ship.aim)
   */
  view(now = performance.now()): Row<T> | undefined {
    if (!this.row) return undefined
    const next = { ...this.row }
    this.options.apply(next, this.line.hands())
    const part = this.line.part(now)
    const left = this.left(now)
    for (const f of this.lerps()) {
      const from = this.row[f.name] as number
      const to = next[f.name] as number
      const off = (this.off[f.name] ?? 0) * left
      const at: number = f.flags & Flag.Angle ? (between(from, to, part) + off + turn) % turn : from + (to - from) * part + off
      Object.assign(next, { [f.name]: at })
    }
    return next
  }

  /** @internal The hands change, now: what is drawn goes on from where it is, however much of the tick is over. */
  turn(change: () => void, now: number): void {
    const before = this.view(now)
    change()
    const after = this.view(now)
    if (!before || !after) return
    const left = this.left(now)
    for (const f of this.lerps()) {
      // Eyes follow where a hand points, and not smoothly.
      const gap = f.flags & Flag.Angle ? 0 : (before[f.name as keyof T] as number) - (after[f.name as keyof T] as number)
      this.off[f.name] = (this.off[f.name] ?? 0) * left + gap
    }
    this.offAt = now
  }

  /** @internal An input was sent. */
  advance(input: I): void {
    if (this.row) this.options.apply(this.row, input)
  }

  /** @internal A state was applied: from there, all that it does not hold. */
  reconcile(now: number): void {
    const before = this.row
    const me = this.line.me() // 0: a spectator, who owns nothing
    const there = me ? this.line.table()?.owned(me)[0] : undefined
    this.row = there && ({ ...there } as typeof this.row)
    if (!this.row) return
    for (const input of this.line.pending()) this.options.apply(this.row, input)
    const left = this.left(now)
    const off: Record<string, number> = {}
    let error = 0
    for (const f of before?.id === this.row.id ? this.lerps() : []) {
      const was = before![f.name] as number
      const is = this.row[f.name] as number
      const d = f.flags & Flag.Angle ? arc(is, was) : was - is
      off[f.name] = (this.off[f.name] ?? 0) * left + d
      if (!(f.flags & Flag.Angle)) error = Math.hypot(error, d)
    }
    this.off = error > (this.options.snap ?? Infinity) ? {} : off
    this.offAt = now
    if (error === 0) return
    const { count, largest, sum } = this.corrections
    this.corrections = { count: count + 1, last: error, largest: Math.max(largest, error), sum: sum + error }
  }

  // What is left of the errors noted, as a share.
  private left(now: number): number {
    return Math.exp((this.offAt - now) / (this.options.smooth ?? 100))
  }

  private lerps(): readonly Field[] {
    return lerped(this.line.table()?.schema.fields ?? [])
  }
}
