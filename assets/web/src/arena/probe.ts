import type { Lobby, Row } from '@sandlot/client'
import type { Camera } from './camera'
import { feel } from './feel'
import { radius, unit, type Ship } from './types'

// How often, in seconds.
const every = 0.2

/** What tests may read of the arena, as attributes: positions in units, five times a second. */
export class Probe {
  private wait = 0

  constructor(private readonly lobby: Lobby, private readonly data: DOMStringMap) {}

  note(dt: number, mine: Row<Ship> | undefined, camera: Camera, look: { x: number; y: number }, view: { w: number; h: number }): void {
    this.wait -= dt
    if (this.wait > 0) return
    this.wait = every
    const round = (v: number): number => Math.round((v / unit) * 100) / 100
    const ships = [...this.lobby.table<Ship>('ships').views()]
    const { data } = this
    data['tick'] = String(this.lobby.tick)
    data['me'] = mine ? JSON.stringify({ id: mine.id, x: round(mine.x), y: round(mine.y), hp: mine.hp, ammo: mine.ammo, aim: mine.aim }) : ''
    data['seen'] = String(ships.filter((p) => camera.sees(p.x / unit, p.y / unit, view)).length)
    data['ships'] = JSON.stringify(ships.map((p) => ({ player: p.owner, x: round(p.x), y: round(p.y) })))
    data['feel'] = JSON.stringify(feel.read(), (_, v: unknown) => (typeof v === 'number' ? Math.round(v * 1000) / 1000 : v))
    const at = camera.toScreen(look.x, look.y, view)
    data['at'] = JSON.stringify({ x: Math.round(at.x), y: Math.round(at.y), r: Math.round(radius * camera.scale) })
  }
}
