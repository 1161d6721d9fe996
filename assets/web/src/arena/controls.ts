import { el, Undo } from '../dom'
import { s } from '../strings'
import { aimOf } from './types'

/** What the hands do, in the terms of the game's input. */
export interface Intent {
  moveX: number
  moveY: number
  aim: number
  fire: boolean
}

const full = 127

const keys: Readonly<Record<string, readonly [number, number]>> = {
  KeyW: [0, -1], ArrowUp: [0, -1], KeyS: [0, 1], ArrowDown: [0, 1],
  KeyA: [-1, 0], ArrowLeft: [-1, 0], KeyD: [1, 0], ArrowRight: [1, 0],
}

/**
 * Keyboard and mouse, or two thumbs: the left half of the screen is a stick, the right half aims and fires.
 * `centre` is where the own ship is on the screen.
 */
export class Controls {
  private readonly undo = new Undo()
  private readonly held = new Set<string>()
  private stick: { id: number; x: number; y: number; dx: number; dy: number } | null = null
  private thumb: { id: number; x: number; y: number } | null = null
  private mouse = { x: 0, y: 0, seen: false }
  private firing = false
  private aim = 0
  readonly dashButton = el('button', { type: 'button', class: 'dash', 'aria-label': s.dash }, s.dash)
  private readonly base = el('div', { class: 'stick', hidden: true }, el('i', {}))

  constructor(
    private readonly area: HTMLElement,
    private readonly centre: () => { x: number; y: number },
    private readonly dash: () => void,
  ) {
    area.append(this.base, this.dashButton)
    const { undo } = this
    undo.on(window, 'keydown', (ev: KeyboardEvent) => this.key(ev, true))
    undo.on(window, 'keyup', (ev: KeyboardEvent) => this.key(ev, false))
    undo.on(window, 'blur', () => this.release())
    undo.on(document, 'visibilitychange', () => this.release())
    undo.on(area, 'pointerdown', (ev: PointerEvent) => this.down(ev))
    undo.on(window, 'pointermove', (ev: PointerEvent) => this.move(ev))
    undo.on(window, 'pointerup', (ev: PointerEvent) => this.up(ev))
    undo.on(window, 'pointercancel', (ev: PointerEvent) => this.up(ev))
    undo.on(area, 'contextmenu', (ev: Event) => ev.preventDefault())
    undo.on(this.dashButton, 'pointerdown', (ev: PointerEvent) => {
      ev.stopPropagation()
      ev.preventDefault()
      this.dash()
    })
  }

  close(): void {
    this.undo.run()
    this.base.remove()
    this.dashButton.remove()
  }

  /** What the hands do now. */
  read(): Intent {
    let x = 0
    let y = 0
    for (const code of this.held) {
      const way = keys[code]
      if (way) {
        x += way[0]
        y += way[1]
      }
    }
    let moveX = Math.sign(x) * full
    let moveY = Math.sign(y) * full
    if (this.stick) {
      const reach = Math.max(1, Math.hypot(this.stick.dx, this.stick.dy) / 44)
      moveX = Math.round((this.stick.dx / 44 / reach) * full)
      moveY = Math.round((this.stick.dy / 44 / reach) * full)
    }
    const at = this.thumb ?? (this.mouse.seen ? this.mouse : null)
    if (at) {
      const c = this.centre()
      if (Math.hypot(at.x - c.x, at.y - c.y) > 4) this.aim = aimOf(at.x - c.x, at.y - c.y)
    } else if (moveX || moveY) {
      this.aim = aimOf(moveX, moveY)
    }
    return { moveX, moveY, aim: this.aim, fire: this.firing || this.thumb !== null }
  }

  private release(): void {
    this.held.clear()
    this.firing = false
    this.stick = this.thumb = null
    this.base.hidden = true
  }

  private key(ev: KeyboardEvent, down: boolean): void {
    if (ev.target instanceof HTMLElement && ev.target.closest('input, textarea, select, dialog')) return
    if (ev.ctrlKey || ev.metaKey || ev.altKey) return
    if (ev.code === 'Space') {
      ev.preventDefault()
      if (down && !ev.repeat) this.dash()
      return
    }
    if (!keys[ev.code]) return
    ev.preventDefault()
    if (down) this.held.add(ev.code)
    else this.held.delete(ev.code)
  }

  private at(ev: PointerEvent): { x: number; y: number } {
    const box = this.area.getBoundingClientRect()
    return { x: ev.clientX - box.left, y: ev.clientY - box.top }
  }

  private down(ev: PointerEvent): void {
    const p = this.at(ev)
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
    if (ev.pointerType === 'mouse') {
      this.mouse = { ...p, seen: true }
      if (ev.button === 0) this.firing = true
      if (ev.button === 2) this.dash()
      return
    }
    ev.preventDefault()
    this.mouse.seen = false
    if (p.x < this.area.clientWidth / 2 && !this.stick) {
      this.stick = { id: ev.pointerId, ...p, dx: 0, dy: 0 }
      this.base.hidden = false
      this.base.style.transform = `translate(${p.x}px, ${p.y}px)`
    } else if (!this.thumb) {
      this.thumb = { id: ev.pointerId, ...p }
    }
    this.knob()
  }

  private move(ev: PointerEvent): void {
    const p = this.at(ev)
    if (ev.pointerType === 'mouse') this.mouse = { ...p, seen: true }
    else if (this.stick?.id === ev.pointerId) {
      this.stick.dx = p.x - this.stick.x
      this.stick.dy = p.y - this.stick.y
      this.knob()
    } else if (this.thumb?.id === ev.pointerId) this.thumb = { id: ev.pointerId, ...p }
  }

  private up(ev: PointerEvent): void {
    if (ev.pointerType === 'mouse') {
      if (ev.button === 0) this.firing = false
    } else if (this.stick?.id === ev.pointerId) {
      this.stick = null
      this.base.hidden = true
    } else if (this.thumb?.id === ev.pointerId) this.thumb = null
  }

  private knob(): void {
    if (!this.stick) return
    const reach = Math.max(1, Math.hypot(this.stick.dx, this.stick.dy) / 44)
    const knob = this.base.firstElementChild as HTMLElement
    knob.style.transform = `translate(${this.stick.dx / reach}px, ${this.stick.dy / reach}px)`
  }
}
