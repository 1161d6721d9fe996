import { el, Undo } from '../dom'
import { s } from '../strings'
import { firstPad, readPad } from './gamepad'
import { push, type Intent } from './intent'
import { Keyboard } from './keyboard'
import { Sticks } from './sticks'
import { aimOf } from './types'

/**
 * Keyboard and mouse, two thumbs, or a gamepad; whichever moves. `centre` is where the own ship is on the screen.
 */
export class Controls {
  private readonly undo = new Undo()
  private readonly keyboard: Keyboard
  private readonly sticks: Sticks
  private mouse = { x: 0, y: 0, seen: false }
  private firing = false
  private aim = 0
  private padDash = false
  private readied = ''
  private readonly dashButton = el('button', { type: 'button', class: 'dash', tabindex: -1 }, s.dash)

  constructor(
    private readonly area: HTMLElement,
    private readonly centre: () => { x: number; y: number },
    private readonly dash: () => void,
  ) {
    const { undo } = this
    this.keyboard = new Keyboard(undo, dash)
    this.sticks = new Sticks(area)
    area.append(this.dashButton)
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
      dash()
    })
  }

  close(): void {
    this.undo.run()
    this.sticks.close()
    this.dashButton.remove()
  }

  /** How far the next dash is made ready, from 0 to 1. */
  ready(part: number): void {
    const text = part.toFixed(2)
    if (text === this.readied) return
    this.readied = text
    this.dashButton.style.setProperty('--ready', text)
    this.dashButton.classList.toggle('full', part >= 1)
  }

  /** What the hands do now; called once a frame. */
  read(): Intent {
    const pad = this.pad()
    if (pad) {
      this.mouse.seen = false
      if (pad.aim) this.aim = aimOf(pad.aim.x, pad.aim.y)
      else if (pad.moveX || pad.moveY) this.aim = aimOf(pad.moveX, pad.moveY)
      return { ...push(pad.moveX, pad.moveY), aim: this.aim, fire: pad.fire }
    }
    const move = this.sticks.active ? push(this.sticks.move.x, this.sticks.move.y) : this.keyboard.read()
    const thumb = this.sticks.aim
    if (thumb) this.aim = aimOf(thumb.x, thumb.y)
    else if (this.mouse.seen) this.aimAt(this.mouse)
    else if (move.moveX || move.moveY) this.aim = aimOf(move.moveX, move.moveY)
    return { ...move, aim: this.aim, fire: this.firing || thumb !== null }
  }

  private pad(): ReturnType<typeof readPad> {
    const like = document.hasFocus() ? firstPad() : null
    const pad = like && readPad(like)
    if (pad?.dash && !this.padDash) this.dash()
    this.padDash = pad?.dash ?? false
    return pad
  }

  private aimAt(p: { x: number; y: number }): void {
    const c = this.centre()
    if (Math.hypot(p.x - c.x, p.y - c.y) > 4) this.aim = aimOf(p.x - c.x, p.y - c.y)
  }

  private release(): void {
    this.keyboard.release()
    this.sticks.release()
    this.firing = false
  }

  private at(ev: PointerEvent): { x: number; y: number } {
    const box = this.area.getBoundingClientRect()
    return { x: ev.clientX - box.left, y: ev.clientY - box.top }
  }

  private down(ev: PointerEvent): void {
    if (ev.target instanceof HTMLElement && ev.target.closest('button, a')) return
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
    this.area.classList.add('touched')
    this.sticks.down(ev.pointerId, p.x, p.y)
  }

  private move(ev: PointerEvent): void {
    const p = this.at(ev)
    if (ev.pointerType === 'mouse') this.mouse = { ...p, seen: true }
    else this.sticks.drag(ev.pointerId, p.x, p.y)
  }

  private up(ev: PointerEvent): void {
    if (ev.pointerType !== 'mouse') this.sticks.up(ev.pointerId)
    else if (ev.button === 0) this.firing = false
  }
}
