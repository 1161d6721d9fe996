// How much of the arena is seen, in square units, whatever the shape of the window: nobody sees more than others.
const area = 34 * 22

// How far beyond the walls the camera may look, in units.
const margin = 1.5

/** Follows a point over the map. Positions in units, sizes in pixels. */
export class Camera {
  x = 0
  y = 0
  scale = 30
  private placed = false

  /** Moves towards a point; `dt` in seconds. */
  follow(x: number, y: number, view: { w: number; h: number }, map: { w: number; h: number }, dt: number): void {
    this.scale = Math.sqrt((view.w * view.h) / area)
    const to = { x: clamp(x, view.w / this.scale, map.w), y: clamp(y, view.h / this.scale, map.h) }
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

function clamp(at: number, seen: number, size: number): number {
  if (seen >= size + 2 * margin) return size / 2
  return Math.min(Math.max(at, seen / 2 - margin), size - seen / 2 + margin)
}
