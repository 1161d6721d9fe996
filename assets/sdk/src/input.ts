import { Flag, type MessageField } from './schema.js'
import { layout, type Element, type Fields, type FieldValue } from './send.js'

/**
 * What the player's hands do now, for the next input. Plain fields hold their value until changed; press fields,
 * once set, stay set until an input carried them, so that a tap between two ticks is not lost. Presses are bools or
 * sets of bits, alone or in lists: what is pressed is added to what was.
 */
export class Hands {
  // By position in an input.
  private held: Element[]
  private pressed: Element[] = [] // with holes

  constructor(private schema: readonly MessageField[]) {
    this.held = layout(schema, {})
  }

  /** Whether the game takes inputs at all. */
  get wanted(): boolean {
    return this.schema.length > 0
  }

  /** Takes another schema; what is held stays where it still fits, presses were meant for the old one. */
  adopt(schema: readonly MessageField[]): void {
    const held = this.named(this.held)
    this.schema = schema
    this.release()
    for (const name in held) {
      try {
        this.set({ [name]: held[name]! })
      } catch {
        // Does not fit any more.
      }
    }
  }

  /** Merges fields in. Unknown names and values out of range throw a SandlotError. */
  set(fields: Fields): void {
    const flat = layout(this.schema, fields)
    let at = 0
    for (const { name, length, flags } of this.schema) {
      for (const end = at + (length || 1); at < end; at++) {
        if (!(name in fields)) continue
        if (!(flags & Flag.Press)) this.held[at] = flat[at]!
        else if (flat[at]) this.pressed[at] = both(flat[at]!, this.pressed[at])
      }
    }
  }

  /** Lets go of everything, as when the window loses the focus. */
  release(): void {
    this.held = layout(this.schema, {})
    this.pressed = []
  }

  /** The fields of the next input as it stands, in the schema's order. */
  peek(): Element[] {
    return this.held.map((v, i) => this.pressed[i] ?? v)
  }

  /** The same; presses are used up. */
  take(): Element[] {
    const fields = this.peek()
    this.pressed = []
    return fields
  }

  /** Gives a list of elements their names again. */
  named(flat: readonly Element[]): Record<string, FieldValue> {
    let at = 0
    return Object.fromEntries(this.schema.map((f) => [f.name, f.length === 0 ? flat[at++]! : (flat.slice(at, (at += f.length)) as number[])]))
  }
}

// Sets of bits may have 53 of them, more than the operators of numbers take.
function both(now: Element, before: Element = 0): Element {
  return now === true || Number(BigInt(now) | BigInt(before))
}

// The server likes one input to be left in its buffer.
const wanted = 1

/**
 * Says when the next input is due: each period, shifted so that inputs reach the server just in time. Pure
 * arithmetic; times in milliseconds.
 */
export class Pace {
  due: number
  private error = 0

  constructor(public period: number, now: number) {
    this.due = now
  }

  /** Notes how many inputs the server had left. */
  margin(margin: number): void {
    const error = Math.max(-4, Math.min(4, margin - wanted))
    this.error += (error - this.error) / 8
  }

  /**
   * After an input was sent: the wait until the next. A margin too large sends
   * later, one too small sooner, by at most a tenth of a period. After a stall there is no
   * burst: the server has repeated the last input meanwhile.
   */
  next(now: number): number {
    const shift = Math.max(-0.1, Math.min(0.1, this.error * 0.05))
    this.due += this.period * (1 + shift)
    if (this.due < now) this.due = now
    return this.due - now
  }
}
