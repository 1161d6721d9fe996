import type { Lobby } from '@sandlot/client'
import { el, say, Undo } from './dom'
import { s } from './strings'

/** Counts what was said while nobody looked: at the chat's tab, and in the title of the page. */
export class Unread {
  readonly badge = el('span', { class: 'badge', hidden: true })
  private n = 0
  private readonly title = document.title

  constructor(lobby: Lobby, undo: Undo, private readonly visible: () => boolean) {
    // What was said before is the chat's history.
    const begun = lobby.serverNow()
    undo.add(lobby.on('chat', (m) => {
      if (m.player !== lobby.me && !this.seen() && m.time.getTime() >= begun) this.set(this.n + 1)
    }), () => this.set(0))
    undo.on(document, 'visibilitychange', () => this.look())
  }

  /** The chat may have come into view. */
  look(): void {
    if (this.seen()) this.set(0)
  }

  private seen(): boolean {
    return !document.hidden && this.visible()
  }

  private set(n: number): void {
    this.n = n
    this.badge.hidden = n === 0
    say(this.badge, n > 9 ? '9+' : String(n))
    this.badge.setAttribute('aria-label', s.unread(n))
    document.title = n > 0 ? `(${n}) ${this.title}` : this.title
  }
}
