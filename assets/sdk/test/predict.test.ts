import { describe, expect, it } from 'vitest'
import { Predicted, type Ahead } from '../src/predict.js'
import { Table } from '../src/table.js'
import { Flag, Kind, type Field } from '../src/schema.js'

interface Car { x: number; aim: number; v: number; hp: number }
interface Pedal { gas: number; aim: number }

const field = (name: string, flags = 0): Field => ({ name, kind: Kind.Int, length: 0, step: 1, flags })
const schema = { name: 'cars', one: false, fields: [field('x', Flag.Lerp), field('aim', Flag.Lerp | Flag.Angle), field('hp')], owner: [field('v', Flag.Predict)] }

function drive(car: Car, pedal: Pedal): void {
  car.v += pedal.gas
  car.x += car.v
  car.aim = pedal.aim
}

// A server that has consumed some of the inputs, and the client before it.
class World {
  readonly table = new Table<Car>(schema, () => 0)
  pending: Pedal[] = []
  hands: Pedal = { gas: 0, aim: 0 }
  tick = 0
  part = 0
  readonly truth: Car = { x: 0, aim: 0, v: 0, hp: 5 }
  readonly own: Predicted<Car, Pedal>

  constructor(options: { snap?: number } = {}) {
    this.say()
    const line: Ahead<Car, Pedal> = {
      table: () => this.table, me: () => 1, tick: () => this.tick, pending: () => this.pending, hands: () => this.hands, part: () => this.part, close: () => {},
    }
    this.own = new Predicted(line, { apply: drive, ...options })
  }

  /** The server says how it is, all of it. */
  say(id = 7): void {
    this.table.begin()
    const slot = this.table.insert(id, 1)
    Object.assign(slot.data, this.truth)
    this.table.finish(++this.tick, this.tick - 1)
  }

  send(gas: number): void {
    const input = { gas, aim: this.hands.aim }
    this.pending.push(input)
    this.own.advance(input)
  }

  /** The server consumes the oldest input; its state comes at a time. */
  consume(now = 0): void {
    drive(this.truth, this.pending.shift()!)
    this.say()
    this.own.reconcile(now)
  }
}

describe('prediction', () => {
  it('is ahead by the inputs on their way, and equal to what the server says later', () => {
    const w = new World()
    for (const gas of [1, 2, 0, -1]) w.send(gas)
    expect(w.own.exact).toMatchObject({ x: 1 + 3 + 3 + 2, v: 2, hp: 5, id: 7, owner: 1 })
    expect(w.own.tick(0)).toBe(1 + 4)
    for (let i = 0; i < 4; i++) w.consume()
    expect(w.truth.x).toBe(9)
    expect(w.own.corrections.count).toBe(0)
  })

  it('draws between the last input and what the hands do now', () => {
    const w = new World()
    w.hands = { gas: 8, aim: 250 }
    w.part = 0.25
    expect(w.own.view(0)).toMatchObject({ x: 2, v: 8 })
    expect(w.own.view(0)!.aim).toBeCloseTo(254.5) // along the shorter arc
    expect(w.own.exact).toMatchObject({ x: 0, v: 0 }) // nothing was sent
  })

  it('does not leap where the hands change within a tick', () => {
    const w = new World()
    w.part = 0.75
    w.own.turn(() => (w.hands = { gas: 40, aim: 64 }), 1000)
    expect(w.own.view(1000)).toMatchObject({ x: 0, v: 40 })
    expect(w.own.view(1000)!.aim).toBeCloseTo(48) // but looks where the hand points
    w.part = 1
    expect(w.own.view(1008)!.x).toBeCloseTo(40 - 30 * Math.exp(-0.08))
    w.send(40)
    w.part = 0
    expect(w.own.view(1008)!.x).toBeCloseTo(40 - 30 * Math.exp(-0.08)) // nor when it is sent
    expect(w.own.corrections.count).toBe(0)
  })

  it('smooths a small error away', () => {
    const w = new World()
    w.send(10)
    w.truth.x = -4 // somebody bumped into it
    w.consume(1000)
    expect(w.own.exact!.x).toBe(6)
    expect(w.own.view(1000)!.x).toBeCloseTo(10) // nothing leaps
    expect(w.own.view(1100)!.x).toBeCloseTo(6 + 4 / Math.E)
    expect(w.own.view(3000)!.x).toBeCloseTo(6)
    expect(w.own.corrections).toEqual({ count: 1, last: 4, largest: 4, sum: 4 })
  })

  it('adds a second error to what is left of the first', () => {
    const w = new World()
    w.truth.x = 8
    w.say()
    w.own.reconcile(0)
    w.truth.x = 10
    w.say()
    w.own.reconcile(100)
    expect(w.own.view(100)!.x).toBeCloseTo(8 - 8 / Math.E)
  })

  it('jumps a large error, and to another row', () => {
    const w = new World({ snap: 100 })
    w.truth.x = 101
    w.say()
    w.own.reconcile(0)
    expect(w.own.view(0)!.x).toBe(101)
    w.truth.x = 50
    w.say(8)
    w.own.reconcile(1)
    expect(w.own.view(1)).toMatchObject({ x: 50, id: 8 })
    expect(w.own.corrections.count).toBe(1) // a new row is no error
  })

  it('has nothing to show without a row', () => {
    const w = new World()
    w.table.clear()
    w.own.reconcile(0)
    expect(w.own.view(0)).toBeUndefined()
    w.send(1) // goes nowhere, harms nothing
    w.say()
    w.own.reconcile(0)
    expect(w.own.exact).toMatchObject({ x: 1 })
  })
})
