import { ProtocolError } from './errors.js'
import { unpack, type Element } from './flat.js'

/** Reads the elements of one flat frame in order. Every fault is a ProtocolError. */
export class Cursor {
  private at = 0

  constructor(private readonly values: readonly Element[]) {}

  /** Unpacks a frame. */
  static of(frame: ArrayBuffer | Uint8Array): Cursor {
    return new Cursor(unpack(frame))
  }

  get more(): boolean {
    return this.at < this.values.length
  }

  int(): number {
    return this.next('number') as number
  }

  uint(): number {
    const v = this.int()
    if (v < 0) this.bad('is negative')
    return v
  }

  /** A difference: zigzag, so that small ones of either sign are short. */
  diff(): number {
    const v = this.uint()
    return v % 2 === 0 ? v / 2 : -(v + 1) / 2
  }

  str(): string {
    return this.next('string') as string
  }

  bool(): boolean {
    return this.next('boolean') as boolean
  }

  /** A count that cannot exceed what is left, each item taking at least `size` elements. */
  count(size = 1): number {
    const n = this.uint()
    if (n * size > this.values.length - this.at) this.bad('counts too many')
    return n
  }

  list<T>(read: () => T): T[] {
    return Array.from({ length: this.count() }, read)
  }

  /** Fails if anything is left over. */
  done(): void {
    if (this.more) throw new ProtocolError(`${this.values.length - this.at} elements too many`)
  }

  private next(type: string): Element {
    const v = this.values[this.at++]
    if (typeof v !== type) this.bad(`is not a ${type}`)
    return v!
  }

  private bad(what: string): never {
    throw new ProtocolError(`element ${this.at - 1} ${what}`)
  }
}
