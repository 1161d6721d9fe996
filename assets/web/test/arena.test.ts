import { describe, expect, it } from 'vitest'
import { Camera } from '../src/arena/camera'
import { aimOf, radians } from '../src/arena/types'
import { landing } from '../src/fours/types'

describe('angles', () => {
  it('are 256 a turn, clockwise from the right', () => {
    expect(aimOf(1, 0)).toBe(0)
    expect(aimOf(0, 1)).toBe(64)
    expect(aimOf(-1, 0)).toBe(128)
    expect(aimOf(0, -1)).toBe(192)
    expect(radians(64)).toBeCloseTo(Math.PI / 2)
  })
})

describe('camera', () => {
  const map = { w: 64, h: 40 }
  it('shows as much of the arena on every screen', () => {
    const c = new Camera()
    for (const view of [{ w: 980, h: 744 }, { w: 390, h: 740 }]) {
      c.follow(32, 20, view, map, 1)
      expect((view.w * view.h) / c.scale ** 2).toBeCloseTo(34 * 22)
    }
  })
  it('stays with the map and finds the ship on the screen', () => {
    const c = new Camera()
    const view = { w: 980, h: 744 }
    c.follow(0, 0, view, map, 1)
    expect(c.toScreen(0, 0, view).x).toBeCloseTo(1.5 * c.scale)
    c.follow(32, 20, view, map, 1)
    expect(c.toScreen(32, 20, view)).toEqual({ x: 490, y: 372 })
  })
})

describe('four in a row', () => {
  it('drops to the lowest free cell', () => {
    const board = new Array<number>(42).fill(0)
    expect(landing(board, 3)).toBe(3)
    board[3] = 1
    expect(landing(board, 3)).toBe(10)
    for (let r = 0; r < 6; r++) board[r * 7 + 3] = 1
    expect(landing(board, 3)).toBe(-1)
  })
})
