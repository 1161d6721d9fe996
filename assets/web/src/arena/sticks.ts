import { el } from '../dom'

// From the middle of a stick to its edge, in pixels; within `dead` of it the right one does not fire.
const reach = 48
const dead = 0.3

interface Stick {
  readonly base: HTMLElement
  id: number // of the finger, -1 for none
  x: number
  y: number
  dx: number
  dy: number
}

/**
 * Two sticks under the thumbs: each is where the thumb first touches its half of the screen. The left one moves, the right one
 * aims and, out of its middle, fires.
 */
export class Sticks {
  private readonly left = stick('left')
  private readonly right = stick('right')

  constructor(private readonly area: HTMLElement) {
    area.append(this.left.base, this.right.base)
  }

  close(): void {
    this.left.base.remove()
    this.right.base.remove()
  }

  /** Whether a thumb is down. */
  get active(): boolean {
    return this.left.id >= 0 || this.right.id >= 0
  }

  /** Where the left stick is pushed, from -1 to 1. */
  get move(): { x: number; y: number } {
    return at(this.left)
  }

  /** Where the right stick is pushed; null in its middle. */
  get aim(): { x: number; y: number } | null {
    const p = at(this.right)
    return Math.hypot(p.x, p.y) > dead ? p : null
  }

  down(id: number, x: number, y: number): void {
    const s = x < this.area.clientWidth / 2 ? this.left : this.right
    if (s.id >= 0) return
    // A stick begun at the edge has room on all sides.
    const room = (v: number, size: number): number => Math.min(Math.max(v, reach + 8), size - reach - 8)
    Object.assign(s, { id, x: room(x, this.area.clientWidth), y: room(y, this.area.clientHeight), dx: 0, dy: 0 })
    show(s)
  }

  drag(id: number, x: number, y: number): void {
    for (const s of [this.left, this.right]) {
      if (s.id !== id) continue
      s.dx = x - s.x
      s.dy = y - s.y
      show(s)
    }
  }

  up(id: number): void {
    for (const s of [this.left, this.right]) if (s.id === id) rest(s)
  }

  release(): void {
    rest(this.left)
    rest(this.right)
  }
}

function stick(side: string): Stick {
  return { base: el('div', { class: `stick ${side}`, 'aria-hidden': 'true' }, el('i', {})), id: -1, x: 0, y: 0, dx: 0, dy: 0 }
}

function at(s: Stick): { x: number; y: number } {
  if (s.id < 0) return { x: 0, y: 0 }
  const far = Math.max(1, Math.hypot(s.dx, s.dy) / reach)
  return { x: s.dx / reach / far, y: s.dy / reach / far }
}

function rest(s: Stick): void {
  s.id = -1
  s.dx = s.dy = 0
  s.base.classList.remove('held')
  s.base.style.removeProperty('left')
  s.base.style.removeProperty('top')
  ;(s.base.firstElementChild as HTMLElement).style.transform = ''
}

function show(s: Stick): void {
  const p = at(s)
  s.base.classList.add('held')
  s.base.style.left = `${s.x}px`
  s.base.style.top = `${s.y}px`
  ;(s.base.firstElementChild as HTMLElement).style.transform = `translate(${p.x * reach * 0.6}px, ${p.y * reach * 0.6}px)`
}
