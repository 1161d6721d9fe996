// How much of the arena is seen, in square units, whatever the shape of the window: nobody sees more than others.
const area = 34 * 22

// How far beyond the walls the camera may look, in units; above and below at least so many pixels, for a ship at the edge
// is not to be under the clock or the meters.
const margin = 1.5
const above = 80
const below = 60

/** Follows a point over the map. Positions in units, sizes in pixels. */
export class Camera {
  x = 0
  y = 0
  scale = 30
  private placed = false

  /** Moves towards a point; `dt` in seconds. */
  follow(x: number, y: number, view: { w: number; h: number }, map: { w: number; h: number }, dt: number): void {
    this.scale = Math.sqrt((view.w * view.h) / area)
    const to = {
      x: clamp(x, view.w / this.scale, map.w, margin, margin),
      y: clamp(y, view.h / this.scale, map.h, Math.max(margin, above / this.scale), Math.max(margin, below / this.scale)),
    }
    const far = Math.hypot(to.x - this.x, to.y - this.y) > 12
    const part = !this.placed || far ? 1 : 1 - Math.exp(-dt * 12)
    this.placed = true
    this.x += (to.x - this.x) * part
    this.y += (to.y - this.y) * part
  }

  /** Where a point of the map is on the screen. */
  toScreen(x: number, y: number, view: { w: number; h: number }): { x: number; y: number } {
    return { x: (x - this.x) * this.scale + view.w / 2, y: (y - this.y) * this.scale + view.h / 2 }
  }
}

function clamp(at: number, seen: number, size: number, before: number, after: number): number {
  if (seen >= size + before + after) return (size + after - before) / 2
  return Math.min(Math.max(at, seen / 2 - before), size - seen / 2 + after)
}
