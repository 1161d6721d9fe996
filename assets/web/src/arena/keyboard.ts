import { Undo } from '../dom'
import { push } from './intent'

const keys: Readonly<Record<string, readonly [number, number]>> = {
  KeyW: [0, -1], ArrowUp: [0, -1], KeyS: [0, 1], ArrowDown: [0, 1],
  KeyA: [-1, 0], ArrowLeft: [-1, 0], KeyD: [1, 0], ArrowRight: [1, 0],
}

/** The keys that steer. Those typed into a field, or with Ctrl, Alt or Meta, are not the game's. */
export class Keyboard {
  private readonly held = new Set<string>()

  constructor(undo: Undo, private readonly dash: () => void) {
    undo.on(window, 'keydown', (ev: KeyboardEvent) => this.key(ev, true))
    undo.on(window, 'keyup', (ev: KeyboardEvent) => this.key(ev, false))
  }

  release(): void {
    this.held.clear()
  }

  /** Whether a key is held. */
  get active(): boolean {
    return this.held.size > 0
  }

  read(): { moveX: number; moveY: number } {
    let x = 0
    let y = 0
    for (const code of this.held) {
      const [dx, dy] = keys[code]!
      x += dx
      y += dy
    }
    return push(Math.sign(x), Math.sign(y))
  }

  private key(ev: KeyboardEvent, down: boolean): void {
    if (!down) this.held.delete(ev.code)
    if (ev.target instanceof HTMLElement && ev.target.closest('input, textarea, select, dialog')) return
    if (ev.ctrlKey || ev.metaKey || ev.altKey) return
    if (ev.code === 'Space') {
      // On a button, space is that button's.
      if (ev.target instanceof HTMLElement && ev.target.closest('button, a, summary')) return
      ev.preventDefault()
      if (down && !ev.repeat) this.dash()
      return
    }
    if (!keys[ev.code]) return
    ev.preventDefault()
    if (down) this.held.add(ev.code)
  }
}
