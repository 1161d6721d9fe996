import { Container, Graphics, GraphicsContext } from 'pixi.js'
import type { Lobby, Row } from '@sandlot/client'
import { colourOf } from '../colours'
import { px } from './ship'
import { radians, unit, type Match, type Shot } from './types'

// One drawing for all: a bolt of length 1 to the left of its head, and the head.
const tail = new GraphicsContext().roundRect(-1, -2.5, 1, 5, 0).fill({ color: 0xffffff, alpha: 0.45 })
const head = new GraphicsContext().circle(0, 0, 10).fill({ color: 0xffffff, alpha: 0.22 }).circle(0, 0, 5.4).fill(0xffffff)
const core = new GraphicsContext().circle(0, 0, 2.6).fill(0xffffff)

interface Bolt {
  readonly node: Container
  readonly tail: Graphics
  readonly head: Graphics
}

/** The shots in flight. They fly straight, so a row says all there is to know. */
export class Shots {
  readonly node = new Container()
  private readonly pool: Bolt[] = []
  private used = 0

  /** `present` is the tick that the own ship shows. */
  draw(lobby: Lobby, match: Match, present: number): void {
    this.used = 0
    // Own shots belong to the own ship's present, all others to the past that is shown.
    const table = lobby.table<Shot>('shots')
    for (const shot of table.owned(lobby.me)) this.place(shot, present, match.shotSpeed)
    for (const shot of table.views()) if (shot.owner !== lobby.me) this.place(shot, lobby.shownTick, match.shotSpeed)
    for (let i = this.used; i < this.pool.length; i++) this.pool[i]!.node.visible = false
  }

  private place(shot: Row<Shot>, tick: number, speed: number): void {
    const age = tick - shot.born
    if (age < 0) return
    const bolt = this.pool[this.used] ?? this.make()
    this.used++
    const a = radians(shot.aim)
    const far = speed * age
    const colour = colourOf(shot.owner).hex
    bolt.node.visible = true
    bolt.node.rotation = a
    bolt.node.position.set(((shot.x + Math.cos(a) * far) / unit) * px, ((shot.y + Math.sin(a) * far) / unit) * px)
    bolt.tail.scale.x = Math.max(1, Math.min(far, speed * 1.2) * (px / unit))
    bolt.tail.tint = bolt.head.tint = colour
  }

  private make(): Bolt {
    const bolt: Bolt = { node: new Container(), tail: new Graphics(tail), head: new Graphics(head) }
    bolt.node.addChild(bolt.tail, bolt.head, new Graphics(core))
    this.node.addChild(bolt.node)
    this.pool.push(bolt)
    return bolt
  }
}
