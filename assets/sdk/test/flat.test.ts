import { decode, encode } from '@msgpack/msgpack'
import { describe, expect, it } from 'vitest'
import { ProtocolError, SandlotError } from '../src/errors.js'
import { packed, unpack, type Element } from '../src/flat.js'
import { hex, vectors } from './vectors.js'

const numbers = [
  0, 1, 127, 128, 255, 256, 65535, 65536, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, 2 ** 53 - 1,
  -1, -32, -33, -128, -129, -32768, -32769, -(2 ** 31), -(2 ** 31) - 1, -(2 ** 32), -(2 ** 32) - 1, -(2 ** 53) + 1,
]
const texts = ['', 'a', 'é', '🜁', '\ufeffx', 'x'.repeat(31), 'x'.repeat(32), 'x'.repeat(255), 'x'.repeat(256), 'ü'.repeat(300)]
const values: Element[] = [...numbers, ...texts, true, false]

// A whole MessagePack implementation is what this part of one is held against.
describe('flat MessagePack', () => {
  it('is written as by a whole implementation', () => {
    for (const v of values) expect(hex(packed([4, v, 1])), String(v)).toBe(hex(encode([4, v, 1])))
    for (const n of [0, 1, 15, 16, 17, 65535]) expect(hex(packed(new Array<number>(n).fill(7))), `${n} elements`).toBe(hex(encode(new Array(n).fill(7))))
    expect(hex(packed(values))).toBe(hex(encode(values)))
  })

  it('is read as by a whole implementation', () => {
    for (const v of [...vectors('client'), ...vectors('server'), ...vectors('state')]) expect(unpack(v.bytes), v.name).toEqual(decode(v.bytes))
    expect(unpack(encode(values))).toEqual(values)
    const long = new Array<number>(70_000).fill(300)
    expect(unpack(encode(long))).toEqual(long)
    expect(unpack(encode(['x'.repeat(70_000)]))).toEqual(['x'.repeat(70_000)])
  })

  it('reads integers of each size, where a shorter one would do as well', () => {
    const read = (...bytes: number[]): Element => unpack(Uint8Array.from([0x91, ...bytes]))[0]!
    expect([read(0xcc, 1), read(0xcd, 0, 1), read(0xce, 0, 0, 0, 1), read(0xcf, 0, 0, 0, 0, 0, 0, 0, 1)]).toEqual([1, 1, 1, 1])
    const f = 0xff
    expect([read(0xd0, f), read(0xd1, f, f), read(0xd2, f, f, f, f), read(0xd3, f, f, f, f, f, f, f, f)]).toEqual([-1, -1, -1, -1])
    expect([read(0xd0, 1), read(0xd1, 0, 1), read(0xd2, 0, 0, 0, 1), read(0xd3, 0, 0, 0, 0, 0, 0, 0, 1)]).toEqual([1, 1, 1, 1])
  })

  it('refuses all that is not flat, and all that is cut short', () => {
    const flat = (b: number): boolean => b < 0x80 || b >= 0xe0 || b >> 5 === 5 || b === 0xc2 || b === 0xc3 || (b >= 0xcc && b <= 0xd3) || (b >= 0xd9 && b <= 0xdb)
    for (let b = 0; b < 256; b++) {
      // Zeros behind each first byte, so many that some length fits.
      const fits = [0, 1, 2, 4, 8].some((n) => {
        try {
          unpack(Uint8Array.from([0x91, b, ...new Array<number>(n).fill(0)]))
          return true
        } catch (err) {
          expect(err).toBeInstanceOf(ProtocolError)
          return false
        }
      })
      expect(fits, b.toString(16)).toBe(flat(b) && !(b > 0xa0 && b <= 0xbf && ![1, 2, 4, 8].includes(b & 31)))
    }
    const whole = packed(values)
    for (let n = 0; n < whole.length; n++) expect(() => unpack(whole.subarray(0, n)), `${n} bytes`).toThrow(ProtocolError)
    for (const bad of ['91 01 01', 'c0', '80', '91 cf 00 40 00 00 00 00 00 00', '91 a1 ff', 'dd ff ff ff ff', '91 db ff ff ff ff', '92 91 01 01']) {
      expect(() => unpack(Uint8Array.from(bad.split(' ').map((b) => parseInt(b, 16)))), bad).toThrow(ProtocolError)
    }
  })

  it('does not write what is no integer', () => {
    for (const v of [0.5, NaN, Infinity, 2 ** 53]) expect(() => packed([v])).toThrow(SandlotError)
  })
})
