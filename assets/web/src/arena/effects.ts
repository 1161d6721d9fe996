import { Container, Graphics, GraphicsContext } from 'pixi.js'
import { calm } from '../calm'
import { px } from './ship'

interface Bit {
  readonly g: Graphics
  vx: number
  vy: number
  long: number
  grow: number
  fade: number
  age: number
}

// Bits alive at a time; more are left out.
const most = 280

// One drawing for all bits of a kind: a bit is only placed, scaled and tinted.
const dot = new GraphicsContext().circle(0, 0, 4).fill(0xffffff)
const hoop = new GraphicsContext().circle(0, 0, 100).stroke({ width: 9, color: 0xffffff })
const line = new GraphicsContext().rect(0, -2, 100, 4).fill(0xffffff)
const flake = new GraphicsContext().poly([6, 0, -3, 4, -3, -4]).fill(0xffffff)

/** Sparks, splinters, rings and exhaust. Positions in units, speeds in units a second. */
export class Effects {
  readonly node = new Container()
  private bits: Bit[] = []
  private readonly spare = new Map<GraphicsContext, Graphics[]>()

  /** Bits alive. */
  get size(): number {
    return this.bits.length
  }

  sparks(x: number, y: number, colour: number, n: number, speed: number): void {
    this.burst(dot, x, y, colour, n, speed, 0.45)
  }

  /** What is left of a ship. */
  splinters(x: number, y: number, colour: number, n: number, speed: number): void {
    this.burst(flake, x, y, colour, n, speed, 0.75)
  }

  /** Gas behind a ship that goes the way given, in radians. */
  exhaust(x: number, y: number, way: number, colour: number, hard: number): void {
    if (calm() || this.bits.length > most / 2) return
    const a = way + Math.PI + (Math.random() - 0.5) * 0.6
    const bit = this.take(dot, x, y, colour)
    if (bit) Object.assign(bit, { vx: Math.cos(a) * 3 * hard, vy: Math.sin(a) * 3 * hard, long: 0.28 * hard, grow: -1.6, fade: 0.5 })
  }

  /** A ring that grows to `size` units. */
  ring(x: number, y: number, colour: number, size: number): void {
    const bit = this.take(hoop, x, y, colour)
    if (!bit) return
    const whole = (size * px) / 100
    bit.g.scale.set(calm() ? whole : whole * 0.25)
    Object.assign(bit, { vx: 0, vy: 0, long: 0.5, grow: calm() ? 0 : whole * 1.7, fade: 1 })
  }

  /** A line from one place to another that fades where it is. */
  beam(x: number, y: number, toX: number, toY: number, colour: number): void {
    const bit = this.take(line, x, y, colour)
    if (!bit) return
    bit.g.rotation = Math.atan2(toY - y, toX - x)
    bit.g.scale.set((Math.hypot(toX - x, toY - y) * px) / 100, 1)
    Object.assign(bit, { vx: 0, vy: 0, long: 0.35, grow: 0, fade: 1 })
  }

  step(dt: number): void {
    this.bits = this.bits.filter((b) => {
      b.age += dt
      if (b.age >= b.long) {
        this.give(b.g)
        return false
      }
      const drag = Math.exp(-dt * 2.5)
      b.vx *= drag
      b.vy *= drag
      b.g.x += b.vx * dt * px
      b.g.y += b.vy * dt * px
      b.g.alpha = (1 - b.age / b.long) * b.fade
      if (b.grow !== 0) b.g.scale.set(Math.max(0.05, b.g.scale.x + b.grow * dt))
      return true
    })
  }

  private burst(kind: GraphicsContext, x: number, y: number, colour: number, n: number, speed: number, long: number): void {
    if (calm()) n = Math.min(n, 3)
    for (let i = 0; i < n; i++) {
      const bit = this.take(kind, x, y, colour)
      if (!bit) return
      const a = Math.random() * Math.PI * 2
      const v = speed * (0.25 + Math.random() * 0.75)
      bit.g.rotation = a
      bit.g.scale.set(0.5 + Math.random() * 0.7)
      Object.assign(bit, { vx: Math.cos(a) * v, vy: Math.sin(a) * v, long: long * (0.5 + Math.random() * 0.8), grow: -0.7, fade: 1 })
    }
  }

  // Nothing is begun while nobody looks: it would all be there at once on coming back.
  private take(kind: GraphicsContext, x: number, y: number, colour: number): Bit | null {
    if (this.bits.length >= most || document.hidden) return null
    const g = this.spare.get(kind)?.pop() ?? new Graphics(kind)
    g.visible = true
    g.tint = colour
    g.alpha = 1
    g.rotation = 0
    g.scale.set(1)
    g.position.set(x * px, y * px)
    if (!g.parent) this.node.addChild(g)
    const bit: Bit = { g, vx: 0, vy: 0, long: 0.4, grow: 0, fade: 1, age: 0 }
    this.bits.push(bit)
    return bit
  }

  private give(g: Graphics): void {
    g.visible = false
    const list = this.spare.get(g.context)
    if (list) list.push(g)
    else this.spare.set(g.context, [g])
  }
}
