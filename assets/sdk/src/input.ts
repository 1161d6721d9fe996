import { Flag, Kind, type MessageField } from './schema.js'
import { layout, type Element, type Fields, type FieldValue } from './send.js'

/**
 * What the player's hands do now, for the next input. Plain fields hold their value until changed; press fields,
 * once set, stay set until an input carried them, so that a tap between two ticks is not lost.
 */
export class Hands {
  private held: Record<string, FieldValue> = {}
  private pressed = new Set<string>()

  constructor(private schema: readonly MessageField[]) {}

  /** Whether the game takes inputs at all. */
  get wanted(): boolean {
    return this.schema.length > 0
  }

  /** Takes a schema; what is held stays where it still fits. */
  adopt(schema: readonly MessageField[]): void {
    this.schema = schema
    for (const name of Object.keys(this.held)) if (!schema.some((f) => f.name === name)) delete this.held[name]
  }

  /** Merges fields in. Unknown names and values out of range throw a SandlotError. */
  set(fields: Fields): void {
    layout(this.schema, fields)
    for (const [name, value] of Object.entries(fields)) {
      if (!this.press(name)) this.held[name] = value
      else if (value) this.pressed.add(name)
    }
  }

  /** Lets go of everything, as when the window loses the focus. */
  release(): void {
    this.held = {}
    this.pressed.clear()
  }

  /** The fields of the next input as it stands, in the schema's order. */
  peek(): Element[] {
    const fields: Record<string, FieldValue> = { ...this.held }
    for (const name of this.pressed) fields[name] = this.schema.find((f) => f.name === name)?.kind === Kind.Bool ? true : 1
    return layout(this.schema, fields)
  }

  /** The same; presses are used up. */
  take(): Element[] {
    const fields = this.peek()
    this.pressed.clear()
    return fields
  }

  /** Gives a list of elements their names again. */
  named(flat: readonly Element[]): Record<string, FieldValue> {
    let at = 0
    return Object.fromEntries(this.schema.map((f) => [f.name, f.length === 0 ? flat[at++]! : (flat.slice(at, (at += f.length)) as number[])]))
  }

  private press(name: string): boolean {
    return this.schema.some((f) => f.name === name && (f.flags & Flag.Press) !== 0)
  }
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
