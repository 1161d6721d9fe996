import jsQR from 'jsqr'
import { describe, expect, it } from 'vitest'
import { qr } from '../src/qr'

const side = 4 // pixels a module

function read(grid: boolean[][]): string | undefined {
  const size = (grid.length + 8) * side
  const pixels = new Uint8ClampedArray(size * size * 4).fill(255)
  grid.forEach((row, y) => row.forEach((dark, x) => {
    if (!dark) return
    for (let dy = 0; dy < side; dy++) {
      for (let dx = 0; dx < side; dx++) pixels.fill(0, (((y + 4) * side + dy) * size + (x + 4) * side + dx) * 4, (((y + 4) * side + dy) * size + (x + 4) * side + dx) * 4 + 3)
    }
  }))
  return jsQR(pixels, size, size)?.data
}

describe('QR codes', () => {
  it.each([1, 14, 15, 26, 27, 42, 43, 62, 63, 84, 85, 106, 107, 122, 123, 152, 153, 180])('of %i characters are read as they were written', (n) => {
    const text = 'https://play.example/?lobby=AB12CD34#'.repeat(6).slice(0, n)
    expect(read(qr(text)!)).toBe(text)
  })
  it('hold any letters', () => expect(read(qr('Grüße, 世界 ✕')!)).toBe('Grüße, 世界 ✕'))
  it('are not made of what is too long', () => expect(qr('x'.repeat(181))).toBeNull())
})
