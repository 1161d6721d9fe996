// How much of the arena is seen, in square units, whatever the shape of the window: nobody sees more than others.
const area = 34 * 22

// How far beyond the walls the camera may look, in units; above and below at least so many pixels, for a ship at the edge
// is not to be under the clock, nor under the meters or thumbs.
const margin = 1.5

// The camera looks so far ahead: seconds of the ship's way, units towards where it aims. It turns there slowly, so that the
// picture does not swing with the hand.
const way = 0.2
const glance = 1.4
const turns = 3.5

interface Size {
  readonly w: number
  readonly h: number
}

/** Follows a point over the map with a little lead. Positions in units, sizes in pixels. */
export class Camera {
  x = 0
  y = 0
  scale = 30
  private placed = false
  private leadX = 0
  private leadY = 0

  /** The pixels that it may look beyond the upper and the lower wall. */
  constructor(private readonly above = 80, private readonly below = 60) {}

  /** Looks ahead: speed in units a second, aim in radians; `dt` in seconds. Nothing given: back to the middle. */
  lead(dt: number, vx = 0, vy = 0, aim?: number): void {
    const part = 1 - Math.exp(-dt * turns)
    this.leadX += (vx * way + (aim === undefined ? 0 : Math.cos(aim) * glance) - this.leadX) * part
    this.leadY += (vy * way + (aim === undefined ? 0 : Math.sin(aim) * glance) - this.leadY) * part
  }

  /** Moves towards a point; `dt` in seconds. */
  follow(x: number, y: number, view: Size, map: Size, dt: number): void {
    this.scale = Math.sqrt((view.w * view.h) / area)
    const to = {
      x: clamp(x + this.leadX, view.w / this.scale, map.w, margin, margin),
      y: clamp(y + this.leadY, view.h / this.scale, map.h, Math.max(margin, this.above / this.scale), Math.max(margin, this.below / this.scale)),
    }
    const far = Math.hypot(to.x - this.x, to.y - this.y) > 12
    const part = !this.placed || far ? 1 : 1 - Math.exp(-dt * 12)
    this.placed = true
    this.x += (to.x - this.x) * part
    this.y += (to.y - this.y) * part
  }

  /** Where a point of the map is on the screen. */
  toScreen(x: number, y: number, view: Size): { x: number; y: number } {
    return { x: (x - this.x) * this.scale + view.w / 2, y: (y - this.y) * this.scale + view.h / 2 }
  }

  /** Whether a point of the map is in the picture. */
  sees(x: number, y: number, view: Size): boolean {
    const p = this.toScreen(x, y, view)
    return p.x > 0 && p.y > 0 && p.x < view.w && p.y < view.h
  }
}

function clamp(at: number, seen: number, size: number, before: number, after: number): number {
  if (seen >= size + before + after) return (size + after - before) / 2
  return Math.min(Math.max(at, seen / 2 - before), size - seen / 2 + after)
}
