import { Flag, Kind, turn, type Field } from './schema.js'

// Two or three samples are enough for a delay of two snapshots; the rest is
// for links that stall and then deliver at once.
const kept = 16

interface Sample {
  readonly tick: number
  readonly values: readonly number[]
}

/** Finds the fields that move smoothly: plain integers tagged lerp. */
export function lerped(fields: readonly Field[]): Field[] {
  return fields.filter((f) => f.kind === Kind.Int && f.length === 0 && f.flags & (Flag.Lerp | Flag.Angle))
}

/** The recent course of one row, by which it is drawn a little in the past. */
export class Motion {
  private samples: Sample[] = []

  /**
   * Notes the values at a tick. `known` is the last tick at which the previous
   * values were still seen: a row that rested starts to move from there, not
   * from when it came to rest.
   */
  note(tick: number, values: readonly number[], known: number): void {
    const last = this.samples.at(-1)
    if (last && known > last.tick && known < tick) this.samples.push({ tick: known, values: last.values })
    if (last && last.tick === tick) this.samples.pop()
    this.samples.push({ tick, values })
    if (this.samples.length > kept) this.samples.splice(0, this.samples.length - kept)
  }

  /** The values at a tick, which may lie between two. Never beyond what is known. */
  at(tick: number, fields: readonly Field[], out: number[]): number[] {
    const s = this.samples
    let i = s.length - 1
    while (i > 0 && s[i]!.tick > tick) i--
    const a = s[i]
    const b = s[i + 1]
    if (!a) return out
    const part = b && tick > a.tick ? (tick - a.tick) / (b.tick - a.tick) : 0
    fields.forEach((f, k) => {
      const from = a.values[k]!
      out[k] = part === 0 ? from : f.flags & Flag.Angle ? between(from, b!.values[k]!, part) : from + (b!.values[k]! - from) * part
    })
    return out
  }
}

/**
 * Goes from one angle to another along the shorter arc; a full turn is 256. The result lies in 0…256.
 *
 * @example
 * between(250, 10, 0.5) // 2
 */
export function between(from: number, to: number, part: number): number {
  return (((from + arc(from, to) * part) % turn) + turn) % turn
}

/** How far it is from one angle to another along the shorter arc. */
export function arc(from: number, to: number): number {
  return ((((to - from) % turn) + turn * 1.5) % turn) - turn / 2
}
