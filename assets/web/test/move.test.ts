import { describe, expect, it } from 'vitest'
// The server's own trace of its rules: see game/arena/trace_test.go.
import trace from '../../../game/arena/testdata/move.trace?raw'
import { move, type Field, type Moving } from '../src/arena/move'

const lines = trace.trim().split('\n')

describe('the arena moves here', () => {
  it('as on the server, in each of 10,000 steps', () => {
    let field: Field = { width: 0, height: 0, walls: [] }
    let ship: Moving = { x: 0, y: 0, vx: 0, vy: 0, aim: 0, dash: 0 }
    let steps = 0
    lines.forEach((line, at) => {
      const words = line.split(' ')
      if (words[0] === 'map') {
        const [width = 0, height = 0, ...rest] = words.slice(2).map(Number)
        const walls = []
        for (let i = 0; i < rest.length; i += 4) walls.push({ x: rest[i]!, y: rest[i + 1]!, w: rest[i + 2]!, h: rest[i + 3]! })
        field = { width, height, walls }
        return
      }
      if (words[0] === 'ship') {
        ship = { x: Number(words[1]), y: Number(words[2]), vx: 0, vy: 0, aim: 0, dash: 0 }
        return
      }
      const [moveX = 0, moveY = 0, aim = 0, dash = 0] = words.map(Number)
      move(ship, { moveX, moveY, aim, dash: dash !== 0 }, field)
      const after = [moveX, moveY, aim, dash, ship.x, ship.y, ship.vx, ship.vy, ship.aim, ship.dash].join(' ')
      if (after !== line) expect.fail(`line ${at + 1}: ${after}, on the server ${line}`)
      steps++
    })
    expect(steps).toBe(10_000)
  })
})
