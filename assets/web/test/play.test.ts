import { describe, expect, it } from 'vitest'
import { Camera } from '../src/arena/camera'
import { readPad } from '../src/arena/gamepad'
import { Highlights } from '../src/arena/highlights'
import { push } from '../src/arena/intent'
import { Governor } from '../src/arena/quality'
import { ranked } from '../src/arena/scoreboard'
import { Shake } from '../src/arena/shake'
import { passes } from '../src/filters'
import { colourOf } from '../src/colours'
import { shapeOf } from '../src/shape'

describe('camera', () => {
  const map = { w: 640, h: 400 }
  const view = { w: 800, h: 600 }
  it('looks ahead of a ship that moves, and back when it rests', () => {
    const c = new Camera()
    c.follow(300, 200, view, map, 1)
    for (let i = 0; i < 120; i++) {
      c.lead(1 / 60, 10, 0, 0)
      c.follow(300, 200, view, map, 1 / 60)
    }
    expect(c.x).toBeGreaterThan(302)
    expect(c.x).toBeLessThan(304)
    expect(c.y).toBeCloseTo(200, 1)
    for (let i = 0; i < 240; i++) {
      c.lead(1 / 60)
      c.follow(300, 200, view, map, 1 / 60)
    }
    expect(c.x).toBeCloseTo(300, 1)
  })
})

describe('shake', () => {
  it('dies away, and stays within its bound', () => {
    const shake = new Shake(() => false)
    shake.add(5)
    let largest = 0
    for (let i = 0; i < 60; i++) {
      const { x, y } = shake.step(1 / 60)
      largest = Math.max(largest, Math.hypot(x, y))
    }
    expect(largest).toBeGreaterThan(1)
    expect(largest).toBeLessThanOrEqual(20)
    expect(shake.step(1 / 60)).toEqual({ x: 0, y: 0 })
  })
  it('is none for who wants little motion', () => {
    const shake = new Shake(() => true)
    shake.add(1)
    expect(shake.step(1 / 60)).toEqual({ x: 0, y: 0 })
  })
})

describe('hands', () => {
  const pad = (axes: number[], ...pressed: number[]) => ({ axes, buttons: Array.from({ length: 17 }, (_, i) => ({ pressed: pressed.includes(i) })) })
  it('push no further than a stick goes', () => {
    expect(push(1, 1)).toEqual({ moveX: 90, moveY: 90 })
    expect(push(0.5, 0)).toEqual({ moveX: 64, moveY: 0 })
    expect(push(0, -7)).toEqual({ moveX: 0, moveY: -127 })
  })
  it('rest on a gamepad whose sticks do not', () => expect(readPad(pad([0.1, -0.12, 0.05, 0.08]))).toBeNull())
  it('move, aim and fire with a gamepad', () => {
    expect(readPad(pad([1, 0, 0, -0.9]))).toEqual({ moveX: 1, moveY: 0, aim: { x: 0, y: -0.9 }, fire: true, dash: false })
    expect(readPad(pad([0, 0, 0.3, 0], 7, 0))).toEqual({ moveX: 0, moveY: 0, aim: { x: 0.3, y: 0 }, fire: true, dash: true })
    expect(readPad(pad([0, 0, 0, 0], 14, 12))).toMatchObject({ moveX: -1, moveY: -1, fire: false })
  })
})

describe('quality', () => {
  it('is lowered where frames take too long, in steps, and not below a half', () => {
    const g = new Governor()
    let steps = 0
    for (let i = 0; i < 1000; i++) if (g.note(1 / 30)) steps++
    expect([steps, g.share]).toEqual([2, 0.5])
  })
  it('stays where they do not, pauses aside', () => {
    const g = new Governor()
    for (let i = 0; i < 1000; i++) expect(g.note(i % 10 ? 1 / 60 : 3)).toBe(false)
  })
})

describe('highlights', () => {
  const name = (p: number): string => `P${p}`
  it('tell streaks, doubles, rivals, first and last', () => {
    const h = new Highlights()
    h.killed(1, 2, 0)
    h.killed(1, 2, 1)
    h.killed(1, 3, 20)
    h.killed(2, 1, 30)
    const lines = h.list(name).join('\n')
    expect(lines).toContain('P1 destroyed 3')
    expect(lines).toContain('P1 got P2 2 times')
    expect(lines).toContain('P1 destroyed 2 within seconds')
    expect(h.list(name).length).toBeLessThanOrEqual(4)
  })
  it('say nothing of nothing, nor of those who destroyed themselves', () => {
    const h = new Highlights()
    expect(h.list(name)).toEqual([])
    h.killed(0, 2, 0)
    h.killed(3, 3, 1)
    expect(h.list(name)).toEqual([])
  })
})

describe('scores', () => {
  it('are ranked by points, then kills, then fewer deaths', () => {
    const of = (owner: number, score: number, kills: number, deaths: number) => ({ owner, score, kills, deaths, streak: 0, respawnAt: 0 })
    expect(ranked([of(1, 5, 0, 0), of(2, 10, 1, 2), of(3, 10, 1, 1), of(4, 10, 2, 5)]).map((s) => s.owner)).toEqual([4, 3, 2, 1])
  })
})

describe('players', () => {
  it('who share a colour differ in shape, sixteen and more', () => {
    const looks = Array.from({ length: 32 }, (_, i) => `${colourOf(i + 1).css} ${shapeOf(i + 1).join()}`)
    expect(new Set(looks).size).toBe(looks.length)
  })
})

describe('filters', () => {
  const lobby = { id: 'a', game: 'arena', title: '', phase: 'running', players: 2, bots: 0, maxPlayers: 16, spectators: 0, private: false, lateJoin: true }
  it('pass what was asked for', () => {
    expect(passes(lobby, { game: '', phase: '', open: false })).toBe(true)
    expect(passes(lobby, { game: 'fours', phase: '', open: false })).toBe(false)
    expect(passes(lobby, { game: 'arena', phase: 'running', open: true })).toBe(true)
    expect(passes({ ...lobby, players: 16 }, { game: '', phase: '', open: true })).toBe(false)
    expect(passes({ ...lobby, phase: 'countdown' }, { game: '', phase: 'waiting', open: false })).toBe(true)
    expect(passes({ ...lobby, phase: 'results' }, { game: '', phase: 'running', open: false })).toBe(true)
  })
})
