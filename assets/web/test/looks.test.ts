import { describe, expect, it } from 'vitest'
import { palette } from '../src/colours'
import { assign, shapes } from '../src/looks'

const member = (player: number, colour: number, team = 0): { player: number; colour: number; team: number } => ({ player, colour, team })

describe('looks', () => {
  it('are the colour chosen, in a shape by number', () => {
    const made = assign([member(2, 7), member(1, 3)])
    expect(made.get(1)).toEqual({ colour: 3, shape: 0 })
    expect(made.get(2)).toEqual({ colour: 7, shape: 1 })
  })

  it('of one colour are told apart by shape, the first keeps its own', () => {
    const made = assign([member(1, 4), member(6, 4), member(11, 4), member(2, 4), member(3, 4), member(4, 4)])
    expect(made.get(1)!.shape).toBe(0)
    expect(made.get(2)!.shape).toBe(1)
    expect(new Set([1, 2, 3, 4, 6].map((p) => made.get(p)!.shape)).size).toBe(shapes)
    expect([...made.values()].every((l) => l.colour === 4)).toBe(true)
  })

  it('of a team have the colour of the team', () => {
    const made = assign([member(1, 9, 1), member(2, 9, 2), member(6, 5, 1)])
    expect([1, 2, 6].map((p) => made.get(p)!.colour)).toEqual([1, 2, 1])
    expect(made.get(1)!.shape).not.toBe(made.get(6)!.shape)
  })
})

// What eyes that lack one kind of cone see (Machado, Oliveira and Fernandes 2009, severity 1), in linear light.
const eyes = [
  [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
]

function seen(hex: number, eye: readonly (readonly number[])[]): number[] {
  const line = [16, 8, 0].map((shift) => ((hex >> shift) & 255) / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
  const [r, g, b] = eye.map((row) => Math.min(1, Math.max(0, row[0]! * line[0]! + row[1]! * line[1]! + row[2]! * line[2]!))) as [number, number, number]
  // OKLab (Ottosson 2020).
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  return [0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s, 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s, 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s]
}

function nearest(hexes: readonly number[]): number {
  let least = Infinity
  for (const eye of eyes) {
    for (const [i, a] of hexes.entries()) {
      for (const b of hexes.slice(0, i)) least = Math.min(least, 100 * Math.hypot(...seen(a, eye).map((v, k) => v - seen(b, eye)[k]!)))
    }
  }
  return least
}

describe('the palette', () => {
  it('is told apart by common and by colour-blind eyes', () => {
    const hexes = palette.map((c) => c.hex)
    expect(hexes.length).toBe(16)
    expect(nearest(hexes.slice(0, 8))).toBeGreaterThan(14)
    expect(nearest(hexes)).toBeGreaterThan(6)
  })
})
