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
  const edge = px * 0.5
  into.roundRect(-edge, -edge, w + 2 * edge, h + 2 * edge, edge * 0.8).fill(t.wall)
  into.roundRect(-edge + 3, -edge + 3, w + 2 * edge - 6, h + 2 * edge - 6, edge * 0.7).fill(t.wallTop)
  into.rect(-4, -4, w + 8, h + 8).fill(t.wall)
  into.rect(0, 0, w, h).fill(t.floor)
  // Tiles, by which one sees how fast one goes.
  for (let y = 0; y * tile < h; y++) {
    for (let x = y % 2; x * tile < w; x += 2) into.rect(x * tile, y * tile, Math.min(tile, w - x * tile), Math.min(tile, h - y * tile))
  }
  into.fill(t.tile)
  for (let x = tile; x < w; x += tile) into.moveTo(x, 0).lineTo(x, h)
  for (let y = tile; y < h; y += tile) into.moveTo(0, y).lineTo(w, y)
  into.stroke({ width: 1.5, color: t.grid })
  into.rect(0, 0, w, 8).rect(0, 0, 8, h).fill({ color: 0x000000, alpha: 0.08 })
  for (const b of walls) block(into, b.x * k, b.y * k, b.w * k, b.h * k, t)
}

// The side of a tile, in pixels.
const tile = 4 * px

// A wall as a block that light falls on from above: its front is darker, its upper edge bright, and it throws a shadow. None of that is beyond what stops a ship
// but the shadow.
function block(into: Graphics, x: number, y: number, w: number, h: number, t: Theme): void {
  into.roundRect(x + 5, y + 8, w, h, 6).fill({ color: 0x000000, alpha: 0.2 })
  into.roundRect(x, y, w, h, 6).fill(t.wall)
  into.roundRect(x + 1.5, y + 1.5, w - 3, h - 10, 5).fill(t.wallTop)
  into.roundRect(x + 4, y + 4, w - 8, 2.5, 1).fill({ color: 0xffffff, alpha: 0.3 })
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
