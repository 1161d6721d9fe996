import { el } from './dom'
import { s } from './strings'

/** A note over whatever screen there is, with one thing to do about it. */
class Toast {
  private node: HTMLElement | null = null

  show(words: string, label = '', act = (): void => {}): void {
    this.clear()
    const button = label && el('button', { type: 'button', class: 'small primary', 'data-test': 'toast-act', onClick: () => { this.clear(); act() } }, label)
    this.node = el('div', { class: 'toast', role: 'status', 'data-test': 'toast' }, el('span', {}, words), button,
      el('button', { type: 'button', class: 'small', onClick: () => this.clear() }, s.close))
    document.body.append(this.node)
  }

  clear(): void {
    this.node?.remove()
    this.node = null
  }
}

export const toast = new Toast()
