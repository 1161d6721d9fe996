import { colourOf } from '../colours'
import { el } from '../dom'
import { sign } from '../shape'
import { s } from '../strings'

// Lines of the kill feed, and how long one stays, in milliseconds.
const most = 5
const stays = 6000

/** Who destroyed whom, the newest last. */
export class Feed {
  readonly element = el('ol', { class: 'feed', 'aria-label': s.feed })

  constructor(private readonly me: () => number, private readonly nameOf: (player: number) => string) {}

  add(killer: number, victim: number): void {
    const line = el('li', {}, ...(killer && killer !== victim ? [this.who(killer)] : []), el('span', { class: 'x', role: 'img', 'aria-label': s.destroyed }, '✕'), this.who(victim))
    if (killer === this.me() || victim === this.me()) line.classList.add('mine')
    this.element.append(line)
    while (this.element.children.length > most) this.element.firstElementChild!.remove()
    setTimeout(() => line.remove(), stays)
  }

  // Names are text, whatever they hold.
  private who(player: number): HTMLElement {
    const name = el('b', {}, this.nameOf(player))
    name.style.color = colourOf(player).text
    return el('span', { class: 'who' }, sign(player), name)
  }
}
