import { ProtocolError, SandlotError } from './errors.js'

// The part of MessagePack that a flat frame has: one array of integers, booleans and texts. Everything else is refused, so nothing nests and nothing
// is made that is larger than the frame.

/** One element of a flat frame. */
export type Element = number | boolean | string

// A double holds every integer up to here, and frames none beyond.
const most = 2 ** 53

const utf8 = new TextEncoder()
const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Unpacks a frame whole. Every fault is a ProtocolError. */
export function unpack(frame: ArrayBuffer | Uint8Array): Element[] {
  const bytes = frame instanceof Uint8Array ? frame : new Uint8Array(frame)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  const bad = (): never => {
    throw new ProtocolError(`a frame is not flat MessagePack at byte ${at}`)
  }
  // A big-endian number of so many bytes, without sign.
  const number = (size: number): number => {
    at += size
    if (at > bytes.length) bad()
    if (size === 1) return view.getUint8(at - 1)
    if (size === 2) return view.getUint16(at - 2)
    return (size === 8 ? view.getUint32(at - 8) * 2 ** 32 : 0) + view.getUint32(at - 4)
  }
  const string = (length: number): string => {
    at += length
    if (at > bytes.length) bad()
    try {
      return text.decode(bytes.subarray(at - length, at))
    } catch {
      return bad()
    }
  }
  const element = (): Element => {
    const b = number(1)
    if (b < 0x80) return b
    if (b >= 0xe0) return b - 0x100
    if (b >> 5 === 5) return string(b & 31)
    if (b === 0xc2 || b === 0xc3) return b === 0xc3
    const size = 1 << (b & 3)
    if (b >= 0xcc && b <= 0xcf) return number(size)
    if (b >= 0xd0 && b <= 0xd3) {
      const n = number(size)
      // Eight bytes: the two halves, as their sum would be too large to be exact.
      if (size === 8) return view.getInt32(at - 8) * 2 ** 32 + view.getUint32(at - 4)
      const half = 2 ** (8 * size - 1)
      return n < half ? n : n - 2 * half
    }
    if (b >= 0xd9 && b <= 0xdb) return string(number(1 << (b - 0xd9)))
    return bad()
  }
  const head = number(1)
  const count = head >> 4 === 9 ? head & 15 : head === 0xdc ? number(2) : head === 0xdd ? number(4) : bad()
  const out: Element[] = []
  while (out.length < count) {
    const v = element()
    if (typeof v === 'number' && Math.abs(v) > most) bad()
    out.push(v)
  }
  if (at !== bytes.length) bad()
  return out
}

/** Packs a frame. Throws a SandlotError for a number that is not an exact integer. */
export function packed(elements: readonly Element[]): Uint8Array<ArrayBuffer> {
  const out: number[] = []
  const big = (n: number, size: number): void => {
    // By division: shifts have 32 bits.
    for (let i = size; i--; ) out.push(Math.floor(n / 2 ** (8 * i)) & 255)
  }
  const count = elements.length
  if (count < 16) out.push(0x90 | count)
  else out.push(0xdc, count >> 8, count & 255)
  for (const v of elements) {
    if (typeof v === 'boolean') out.push(v ? 0xc3 : 0xc2)
    else if (typeof v === 'string') {
      const body = utf8.encode(v)
      const n = body.length
      if (n < 32) out.push(0xa0 | n)
      else if (n < 256) out.push(0xd9, n)
      else {
        out.push(0xda)
        big(n, 2)
      }
      for (const b of body) out.push(b)
    } else {
      if (!Number.isSafeInteger(v)) throw new SandlotError('range', `${v} is not an integer`)
      if (v >= -32 && v < 128) out.push(v & 255)
      else {
        let size = 0 // the least that holds it: 1, 2, 4 or 8 bytes
        while (v < 0 ? -v > 2 ** ((8 << size) - 1) : v >= 2 ** (8 << size)) size++
        out.push((v < 0 ? 0xd0 : 0xcc) + size)
        big(v, 1 << size)
      }
    }
  }
  return new Uint8Array(out)
}
