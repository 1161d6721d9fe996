import { Container, Graphics, Text } from 'pixi.js'
import { colourOf } from '../colours'
import { shapeOf } from '../shape'
import type { Theme } from './theme'
import { maxHP, radians, radius, type Ship } from './types'

// Drawn at this many pixels a unit and scaled by the camera.
export const px = 32

/** One ship on the canvas. */
export class ShipSprite {
  readonly node = new Container()
  private readonly shade = new Graphics()
  private readonly body = new Graphics()
  private readonly glow = new Graphics()
  private readonly shield = new Graphics()
  private readonly bar = new Graphics()
  private readonly label: Text
  private hp = -1
  private hit = 0 // seconds left of the flash

  constructor(player: number, name: string, mine: boolean, private readonly theme: Theme) {
    const colour = colourOf(player).hex
    const r = radius * px
    const hull = shapeOf(player).map((v) => v * r)
    this.shade.poly(hull).fill({ color: 0x000000, alpha: 0.22 })
    this.shade.position.set(3, 6)
    this.body.poly(hull).fill(colour).stroke({ width: 3, color: theme.edge, join: 'round', alignment: 0 })
    // Light falls on the middle of the hull.
    this.body.poly(hull.map((v, i) => v * 0.5 + (i % 2 === 0 ? r * 0.1 : 0))).fill({ color: 0xffffff, alpha: 0.32 })
    if (mine) {
      this.glow.circle(0, 0, r * 1.35).stroke({ width: 2, color: colour, alpha: 0.55 })
      this.body.poly([r * 1.85, 0, r * 1.5, 6, r * 1.58, 0, r * 1.5, -6]).fill({ color: theme.ink, alpha: 0.55 })
    }
    this.glow.circle(0, 0, r * 1.05).fill({ color: colour, alpha: 0.16 })
    this.shield.circle(0, 0, r * 1.3).fill({ color: 0x6fc7ff, alpha: 0.18 }).stroke({ width: 2, color: 0x6fc7ff, alpha: 0.9 })
    this.label = new Text({
      text: name,
      resolution: 2,
      style: {
        fontFamily: 'system-ui, sans-serif', fontSize: 13, fontWeight: mine ? '700' : '600', fill: theme.ink,
        stroke: { color: theme.halo, width: 3, join: 'round' },
      },
    })
    this.label.anchor.set(0.5, 1)
    this.label.position.set(0, -r * 1.3 - 8)
    this.bar.position.set(0, -r * 1.3 - 4)
    this.node.addChild(this.glow, this.shade, this.body, this.shield, this.bar, this.label)
  }

  name(text: string): void {
    if (this.label.text !== text) this.label.text = text
  }

  flash(): void {
    this.hit = 0.14
  }

  /** Draws it at a place in units; `zoom` is the camera's, against which the name keeps its size. */
  draw(ship: Ship, x: number, y: number, aim: number, dt: number, time: number, zoom: number): void {
    this.label.scale.set(Math.max(1, 0.95 / zoom))
    this.node.position.set(x * px, y * px)
    this.body.rotation = this.shade.rotation = radians(aim)
    this.shield.visible = ship.shield
    this.shield.alpha = 0.7 + 0.3 * Math.sin(time * 8)
    this.hit = Math.max(0, this.hit - dt)
    this.body.tint = this.hit > 0 ? 0xffb0a0 : ship.rapid && Math.sin(time * 20) > 0 ? 0xfff0b0 : 0xffffff
    this.body.scale.set(this.hit > 0 ? 1.15 : 1)
    if (ship.hp !== this.hp) this.drawBar(ship.hp)
  }

  close(): void {
    this.node.destroy({ children: true })
  }

  private drawBar(hp: number): void {
    this.hp = hp
    const part = Math.max(0, Math.min(1, hp / maxHP))
    const { good, mid, low, bar } = this.theme
    const w = 36
    this.bar.clear()
    this.bar.roundRect(-w / 2 - 1, -1, w + 2, 6, 3).fill({ color: bar, alpha: 0.75 })
    if (part > 0) this.bar.roundRect(-w / 2, 0, Math.max(4, w * part), 4, 2).fill(part > 0.5 ? good : part > 0.25 ? mid : low)
  }
}
