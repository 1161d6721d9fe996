import { describe, expect, it, vi } from 'vitest'
import { backoff, firstWait, longestWait } from '../src/backoff.js'
import { Clock } from '../src/clock.js'
import { Commands } from '../src/commands.js'
import { Listeners } from '../src/emitter.js'
import { ClosedError, RefusedError } from '../src/errors.js'
import { Hands, Pace } from '../src/input.js'
import { between, Motion } from '../src/motion.js'
import { reasonOf } from '../src/reason.js'
import { Timeline } from '../src/timeline.js'
import { Flag, Kind, type MessageField } from '../src/schema.js'
import { Voices } from '../src/voices.js'

describe('reasons', () => {
  it.each([
    [1001, 'restart;after=5', 'restart', true, 5, ''],
    [1006, '', 'lost', true, 0, ''],
    [4001, 'moved;url=wss://b.example/v1/ws?lobby=A;B', 'moved', true, 0, 'wss://b.example/v1/ws?lobby=A;B'],
    [4008, 'slow', 'slow', true, 0, ''],
    [4499, 'new', 'new', true, 0, ''],
    [4500, 'replaced', 'replaced', false, 0, ''],
    [4501, 'kicked', 'kicked', false, 0, ''],
    [1000, 'bye', 'bye', false, 0, ''],
    [1008, 'refused;the pass is spent', 'refused', false, 0, ''],
    [1013, 'busy;after=-3', 'busy', true, 0, ''],
  ])('%i %s', (code, text, word, retry, after, url) => {
    expect(reasonOf(code, text)).toMatchObject({ code, word, retry, after, url })
  })
  it('keeps what is said beside the word', () => {
    expect(reasonOf(1008, 'refused;the pass is spent').detail).toBe('the pass is spent')
  })
})

describe.each([['listeners', Listeners], ['voices', Voices]])('%s', (_, Set) => {
  it('hear from the next on, and no more once they are off', () => {
    const l = new Set<[number]>()
    const heard: string[] = []
    const again = (n: number): void => {
      heard.push(`again ${n}`)
      if (heard.length > 9) throw new Error('for ever')
      offAgain()
      offAgain = l.add(again)
    }
    const first = (n: number): void => {
      heard.push(`first ${n}`)
      offSecond()
      l.add((m) => heard.push(`late ${m}`))
      offFirst()
    }
    let offAgain = l.add(again)
    const offFirst = l.add(first)
    const offSecond = l.add((n) => heard.push(`second ${n}`))
    l.emit(1)
    expect(heard).toEqual(['again 1', 'first 1'])
    l.emit(2)
    expect(heard.slice(2).sort()).toEqual(['again 2', 'late 2'])
  })
})

describe('backoff', () => {
  it('is full jitter over a doubling bound', () => {
    expect(backoff(0, 0)).toBe(0)
    expect(backoff(0, 1)).toBe(firstWait)
    expect(backoff(3, 0.5)).toBe(firstWait * 4)
    expect(backoff(1000, 1)).toBe(longestWait)
    expect(backoff(0, 0.5, 7)).toBe(7000 + firstWait / 2)
  })
})

describe('angles', () => {
  it('take the shorter arc', () => {
    expect(between(250, 10, 0.5)).toBeCloseTo(2)
    expect(between(10, 250, 0.25)).toBeCloseTo(6)
    expect(between(0, 64, 0.5)).toBeCloseTo(32)
    expect(between(200, 200, 0.3)).toBeCloseTo(200)
  })
})

describe('motion', () => {
  const fields = [Flag.Lerp, Flag.Angle].map((flags) => ({ name: `f${flags}`, kind: Kind.Int, length: 0, step: 1, flags }))
  it('lies between two states and never beyond', () => {
    const m = new Motion()
    m.note(10, [0, 250], 10)
    m.note(12, [100, 10], 10)
    expect(m.at(11, fields, [])).toEqual([50, 2])
    expect(m.at(9, fields, [])).toEqual([0, 250])
    expect(m.at(15, fields, [])).toEqual([100, 10])
  })
  it('starts from where the row was last seen at rest', () => {
    const m = new Motion()
    m.note(10, [0, 0], 10)
    m.note(20, [100, 0], 18)
    expect(m.at(17, fields, [])[0]).toBe(0)
    expect(m.at(19, fields, [])[0]).toBe(50)
  })
})

describe('timeline', () => {
  it('shows the interval and the jitter ago, evenly', () => {
    const t = new Timeline(50)
    for (let tick = 1; tick <= 200; tick++) t.note(tick, 1000 + tick * 50 + (tick % 3) * 5)
    expect(t.interval).toBeCloseTo(50)
    expect(t.jitter).toBe(10)
    expect(t.delay).toBeCloseTo(60, 0)
    expect(t.at(1000 + 200 * 50)).toBeCloseTo(198.8, 1)
    expect(t.at(1000 + 200 * 50 + 25)).toBeCloseTo(199.3, 1)
    expect(t.at(1000 + 200 * 50)).toBeCloseTo(199.3, 1) // never back
    expect(t.at(1_000_000)).toBe(200) // never beyond what is known
  })
  it('waits longer on an uneven network, and less again when it is even', () => {
    const t = new Timeline(50)
    let now = 0
    const run = (ticks: number, jitter: number): void => {
      for (let i = 0; i < ticks; i++) t.note(++now, now * 50 + ((now * 7) % 10) * (jitter / 9))
    }
    run(100, 0)
    const calm = t.delay
    run(100, 90)
    const rough = t.delay
    run(300, 0)
    expect([calm, rough, t.delay].map((d) => Math.round(d / 10) * 10)).toEqual([50, 130, 50])
  })
  it('covers no stall: that would delay everything for seconds', () => {
    const t = new Timeline(50)
    for (let tick = 1; tick <= 60; tick++) t.note(tick, tick * 50)
    for (let tick = 61; tick <= 80; tick++) t.note(tick, 81 * 50)
    expect(t.delay).toBeLessThanOrEqual(250)
  })
  it('follows a slip', () => {
    const t = new Timeline(50)
    for (let tick = 1; tick <= 200; tick++) t.note(tick, tick * 50)
    t.slip(10)
    t.note(201, 201 * 50 + 500)
    expect(t.at(201 * 50 + 500)).toBeCloseTo(200, 1)
  })
})

describe('clock', () => {
  it('trusts the least round trip', () => {
    const c = new Clock()
    c.guess(0, 5000)
    expect(c.now(0)).toBe(5000)
    c.note(0, 100, 1040, 1040) // 100 ms, skewed
    c.note(200, 220, 1210, 1210) // 20 ms, true
    c.note(300, 500, 1490, 1490)
    expect(c.rtt).toBe(20)
    expect(c.now(600)).toBe(1600)
    expect(c.ping).toBe(200)
  })
  it('goes a little faster instead of leaping', () => {
    const c = new Clock()
    c.note(0, 200, 1100, 1100)
    expect(c.now(200)).toBe(1200)
    c.note(300, 320, 1360, 1360) // 50 ms more than was thought
    expect(c.now(320)).toBeCloseTo(1326)
    expect(c.now(520)).toBeCloseTo(1536)
    expect(c.now(2000)).toBe(3050)
    for (let i = 0; i < 64; i++) c.note(3000, 3010, 9005, 9005)
    expect(c.now(3010)).toBe(9010) // this far off is another clock
  })
})

describe('a clock that stood still, as in a sleep that the connection outlives', () => {
  it('is known by what no way explains', () => {
    const c = new Clock()
    for (let i = 0; i < 64; i++) c.note(i * 10, i * 10 + 4, 5002 + i * 10, 5002 + i * 10)
    expect(c.now(1000)).toBe(6000)
    c.note(2000, 2300, 7280, 7280) // late, no more
    expect([c.now(2300), c.rtt]).toEqual([7300, 4])
    c.note(3000, 3100, 28_050, 28_050) // twenty seconds are gone
    expect([c.now(3100), c.rtt]).toEqual([28_100, 100])
  })
})

const field = (name: string, kind: Kind, min: number, max: number, flags = 0): MessageField => ({ name, kind, length: 0, min, max, flags })

describe('hands', () => {
  const schema = [field('moveX', Kind.Int, -127, 127), field('fire', Kind.Bool, 0, 1), field('dash', Kind.Bool, 0, 1, Flag.Press)]
  it('hold plain fields and use presses up', () => {
    const h = new Hands(schema)
    h.set({ moveX: 5, dash: true })
    h.set({ fire: true, dash: false })
    expect(h.take()).toEqual([5, true, true])
    expect(h.take()).toEqual([5, true, false])
    h.release()
    expect(h.take()).toEqual([0, false, false])
  })
  it('press bits and lists, each until an input carried it', () => {
    const keys = { ...field('keys', Kind.Bool, 0, 1, Flag.Press), length: 3 }
    const sets = { ...field('sets', Kind.Int, 0, 3, Flag.Press), length: 2 }
    const h = new Hands([field('buttons', Kind.Int, 0, 2 ** 53 - 1, Flag.Press), keys, sets, field('moveX', Kind.Int, -127, 127)])
    h.set({ buttons: 4, moveX: -5 })
    h.set({ buttons: 2 ** 52 + 1, keys: [false, true], sets: [0, 1] })
    h.set({ buttons: 0, keys: [true, false, false], sets: [2, 2] })
    expect(h.peek()).toEqual([2 ** 52 + 5, true, true, false, 2, 3, -5])
    expect(h.take()).toEqual([2 ** 52 + 5, true, true, false, 2, 3, -5])
    expect(h.take()).toEqual([0, false, false, false, 0, 0, -5])
    expect(() => h.set({ sets: [4] })).toThrow(/within/)
    expect(() => h.set({ keys: [true, true, true, true] })).toThrow(/list of 3/)
  })
  it('keep their own copy of a list', () => {
    const h = new Hands([{ ...field('pull', Kind.Int, -1, 1), length: 2 }])
    const pull = [1, -1]
    h.set({ pull })
    pull[0] = 500
    expect(h.take()).toEqual([1, -1])
  })
  it('press nothing that is not set', () => {
    const h = new Hands([field('gear', Kind.Int, 1, 3, Flag.Press), field('moveX', Kind.Int, -127, 127)])
    h.set({ gear: 2 })
    h.set({ moveX: 5 })
    expect(h.take()).toEqual([2, 5])
  })
  it('keep of another version what fits it, and no presses', () => {
    const h = new Hands(schema)
    h.set({ moveX: 100, fire: true, dash: true })
    h.adopt([field('moveX', Kind.Int, -64, 64), field('fire', Kind.Bool, 0, 1)])
    expect(h.take()).toEqual([0, true])
    h.adopt(schema)
    expect(h.take()).toEqual([0, true, false])
  })
  it('refuse what the schema refuses', () => {
    const h = new Hands(schema)
    expect(() => h.set({ moveX: 128 })).toThrow(/within/)
    expect(() => h.set({ moveX: 0.5 })).toThrow(/integer/)
    expect(() => h.set({ jump: true })).toThrow(/no field/)
    for (const odd of ['no', [true]]) expect(() => h.set({ fire: odd })).toThrow(/fire takes a boolean/)
    h.set({ fire: 1 })
    expect(h.take()).toEqual([0, true, false])
  })
})

describe('pace', () => {
  it('keeps the rate, shifts by the margin and never bursts', () => {
    const p = new Pace(50, 0)
    expect(p.next(0)).toBe(50)
    expect(p.next(52)).toBe(48)
    expect(p.next(1000)).toBe(0)
    expect(p.next(1000)).toBe(50)
    for (let i = 0; i < 50; i++) p.margin(4)
    expect(p.next(1050)).toBeGreaterThan(50)
    for (let i = 0; i < 50; i++) p.margin(-4)
    expect(p.next(p.due)).toBeLessThan(50)
  })
})

describe('commands', () => {
  it('resolve when done, reject when refused, and are sent again', async () => {
    const c = new Commands()
    const sent: Uint8Array[] = []
    const send = (f: Uint8Array): void => void sent.push(f)
    const first = c.add(0, [3], send)
    const second = c.add(0, [4], send)
    c.release(send) // the connection never broke
    expect(sent.map((f) => f[2])).toEqual([1, 2])
    c.hold()
    const held = c.add(0, [6], send)
    expect(sent.length).toBe(2)
    c.release(send)
    expect(sent.map((f) => f[2])).toEqual([1, 2, 1, 2, 3])
    c.done(3)
    await held
    c.done(1)
    c.done(2, new RefusedError('phase', 'not now', 3))
    await first
    await expect(second).rejects.toThrow('not now')
    const third = c.add(0, [5], send)
    c.drop() // the connection stands
    c.fail(new ClosedError(reasonOf(4501, 'kicked')))
    await expect(third).rejects.toThrow(ClosedError)
  })
  it('are bounded', async () => {
    const c = new Commands()
    const rejected = vi.fn()
    for (let i = 0; i < 70; i++) c.add(0, [], () => {}).catch(rejected)
    await Promise.resolve()
    expect(rejected).toHaveBeenCalledTimes(38)
  })
})
