import { decode, type DecoderOptions } from '@msgpack/msgpack'
import { ProtocolError } from './errors.js'

// A double holds every integer up to here, and frames none beyond.
const most = 2 ** 53

// Frames are flat: what nests is refused before anything of its size is made.
const bounds: DecoderOptions<undefined> = {
  maxArrayLength: 1 << 20,
  maxStrLength: 1 << 16,
  maxMapLength: 0,
  maxBinLength: 0,
  maxExtLength: 0,
}

/** Reads the elements of one flat frame in order. Every fault is a ProtocolError. */
export class Cursor {
  private at = 0

  constructor(private readonly values: readonly unknown[]) {}

  /** Unpacks a frame. */
  static of(frame: ArrayBuffer | Uint8Array): Cursor {
    let values: unknown
    try {
      values = decode(frame, bounds)
    } catch (err) {
      throw new ProtocolError('a frame is not MessagePack', { cause: err })
    }
    if (!Array.isArray(values)) throw new ProtocolError('a frame is not an array')
    return new Cursor(values)
  }

  get more(): boolean {
    return this.at < this.values.length
  }

  int(): number {
    const v = this.values[this.at++]
    if (typeof v !== 'number' || !Number.isInteger(v) || Math.abs(v) > most) throw new ProtocolError(`element ${this.at - 1} is not an integer`)
    return v
  }

  uint(): number {
    const v = this.int()
    if (v < 0) throw new ProtocolError(`element ${this.at - 1} is negative`)
    return v
  }

  /** A difference: zigzag, so that small ones of either sign are short. */
  diff(): number {
    const v = this.uint()
    return v % 2 === 0 ? v / 2 : -(v + 1) / 2
  }

  str(): string {
    const v = this.values[this.at++]
    if (typeof v !== 'string') throw new ProtocolError(`element ${this.at - 1} is not a string`)
    return v
  }

  bool(): boolean {
    const v = this.values[this.at++]
    if (typeof v !== 'boolean') throw new ProtocolError(`element ${this.at - 1} is not a boolean`)
    return v
  }

  /** A count that cannot exceed what is left, each item taking at least `size` elements. */
  count(size = 1): number {
    const n = this.uint()
    if (n * size > this.values.length - this.at) throw new ProtocolError(`element ${this.at - 1} counts more than there is`)
    return n
  }

  list<T>(read: () => T): T[] {
    return Array.from({ length: this.count() }, read)
  }

  /** Fails if anything is left over. */
  done(): void {
    if (this.more) throw new ProtocolError(`${this.values.length - this.at} elements too many`)
  }
}
