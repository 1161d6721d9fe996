import { Container, Graphics } from 'pixi.js'
import { px } from './ship'
import type { Theme } from './theme'
import { unit, type Match, type Pickup, type Wall } from './types'

/** Draws the map: floor, grid and walls. */
export function drawGround(into: Graphics, match: Match, walls: Iterable<Wall>, t: Theme): void {
  const k = px / unit
  const w = match.width * k
  const h = match.height * k
  into.clear()
  into.roundRect(-px * 0.5, -px * 0.5, w + px, h + px, px * 0.4).fill(t.wall)
  into.rect(0, 0, w, h).fill(t.floor)
  for (let x = 4 * px; x < w; x += 4 * px) into.moveTo(x, 0).lineTo(x, h)
  for (let y = 4 * px; y < h; y += 4 * px) into.moveTo(0, y).lineTo(w, y)
  into.stroke({ width: 2, color: t.grid })
  for (const b of walls) {
    into.roundRect(b.x * k, b.y * k + 5, b.w * k, b.h * k, 5).fill({ color: 0x000000, alpha: 0.18 })
    into.roundRect(b.x * k, b.y * k, b.w * k, b.h * k, 5).fill(t.wall)
    into.roundRect(b.x * k + 3, b.y * k + 3, b.w * k - 6, b.h * k - 6, 3).fill(t.wallTop)
  }
}

/** The colours of the kinds of pickups. */
export const pickupColours = [0x2f9e5f, 0x2f8fd0, 0xe0a01e, 0x8a4fc9]

/** A pickup: a shape and a colour for each kind. */
export function pickupSprite(p: Pickup, t: Theme): Container {
  const node = new Container()
  const g = new Graphics()
  const colour = pickupColours[p.kind] ?? 0x888888
  g.circle(0, 0, 17).fill({ color: colour, alpha: 0.2 }).circle(0, 0, 12).fill(colour).stroke({ width: 2, color: t.halo })
  if (p.kind === 0) g.rect(-2.5, -7, 5, 14).rect(-7, -2.5, 14, 5).fill(0xffffff)
  else if (p.kind === 1) g.roundRect(-6, -5, 3, 10, 1).roundRect(-1.5, -5, 3, 10, 1).roundRect(3, -5, 3, 10, 1).fill(0xffffff)
  else if (p.kind === 3) g.rect(-8, -1.5, 12, 3).poly([9, 0, 2, -5, 2, 5]).fill(0xffffff)
  else g.poly([1, -8, -6, 2, -1, 2, -2, 8, 6, -2, 1, -2]).fill(0xffffff)
  node.addChild(g)
  node.position.set((p.x / unit) * px, (p.y / unit) * px)
  return node
}
