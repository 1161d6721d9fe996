import { Container, Graphics } from 'pixi.js'
import { px } from './ship'

interface Bit {
  readonly g: Graphics
  readonly vx: number
  readonly vy: number
  readonly long: number
  readonly grow: number
  age: number
}

// Bits alive at a time; more are left out.
const most = 240

const calm = matchMedia('(prefers-reduced-motion: reduce)')

/** Sparks and rings. Positions in units, speeds in units a second. */
export class Effects {
  readonly node = new Container()
  private bits: Bit[] = []

  sparks(x: number, y: number, colour: number, n: number, speed: number): void {
    if (calm.matches) n = Math.min(n, 3)
    for (let i = 0; i < n; i++) {
      const a = Math.random() * Math.PI * 2
      const v = speed * (0.3 + Math.random() * 0.7)
      const g = new Graphics().circle(0, 0, 2 + Math.random() * 2.5).fill(colour)
      this.add({ g, vx: Math.cos(a) * v, vy: Math.sin(a) * v, long: 0.25 + Math.random() * 0.35, grow: -0.7, age: 0 }, x, y)
    }
  }

  ring(x: number, y: number, colour: number, size: number): void {
    const g = new Graphics().circle(0, 0, size * px).stroke({ width: 4, color: colour })
    g.scale.set(0.25)
    this.add({ g, vx: 0, vy: 0, long: 0.45, grow: calm.matches ? 0 : 1.9, age: 0 }, x, y)
  }

  step(dt: number): void {
    this.bits = this.bits.filter((b) => {
      b.age += dt
      if (b.age >= b.long) {
        b.g.destroy()
        return false
      }
      b.g.x += b.vx * dt * px
      b.g.y += b.vy * dt * px
      b.g.alpha = 1 - b.age / b.long
      b.g.scale.set(Math.max(0.05, b.g.scale.x + b.grow * dt))
      return true
    })
  }

  private add(bit: Bit, x: number, y: number): void {
    if (this.bits.length >= most) return bit.g.destroy()
    bit.g.position.set(x * px, y * px)
    this.bits.push(bit)
    this.node.addChild(bit.g)
  }
}
