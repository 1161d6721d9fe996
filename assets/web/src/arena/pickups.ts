import { Container } from 'pixi.js'
import type { Lobby } from '@sandlot/client'
import { calm } from '../calm'
import { pickupSprite } from './ground'
import { theme } from './theme'
import type { Pickup } from './types'

/** What lies on the pads. */
export class Pickups {
  readonly node = new Container()
  private readonly sprites = new Map<number, Container>()

  draw(lobby: Lobby, time: number): void {
    const seen = new Set<number>()
    for (const p of lobby.table<Pickup>('pickups')) {
      seen.add(p.id)
      let sprite = this.sprites.get(p.id)
      if (!sprite) {
        sprite = pickupSprite(p, theme())
        this.sprites.set(p.id, sprite)
        this.node.addChild(sprite)
      }
      sprite.scale.set(calm() ? 1 : 1 + 0.06 * Math.sin(time * 4 + p.id))
    }
    for (const [id, sprite] of this.sprites) {
      if (seen.has(id)) continue
      sprite.destroy({ children: true })
      this.sprites.delete(id)
    }
  }

  /** Draws all anew, as after a change of colours. */
  clear(): void {
    for (const sprite of this.sprites.values()) sprite.destroy({ children: true })
    this.sprites.clear()
  }
}
