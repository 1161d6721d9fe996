import type { Client, LobbyInfo } from '@sandlot/client'
import { el } from './dom'
import { gameIcon } from './icons'
import { s } from './strings'

export interface ListOptions {
  client(): Client
  join(id: string, role?: 'player' | 'spectator'): void
  titleOf(game: string): string
}

// How often the list is asked for, in milliseconds; an unchanged one costs a 304.
const every = 3000

/** The live list of lobbies. */
export function lobbyList(o: ListOptions): { element: HTMLElement; redraw: () => void; close: () => void } {
  const element = el('div', { class: 'list', 'aria-live': 'polite' }, el('p', { class: 'quiet' }, s.loading))
  let shown: readonly LobbyInfo[] | null = null
  let closed = false
  let timer: ReturnType<typeof setTimeout> | undefined

  function draw(): void {
    if (!shown) return
    if (shown.length === 0) return element.replaceChildren(el('p', { class: 'quiet' }, s.noLobbies))
    const focused = document.activeElement?.closest('[data-lobby]')?.getAttribute('data-lobby')
    element.replaceChildren(...shown.map(row))
    if (focused) element.querySelector<HTMLElement>(`[data-lobby="${CSS.escape(focused)}"] button`)?.focus()
  }

  function row(l: LobbyInfo): HTMLElement {
    const full = l.players >= l.maxPlayers
    const open = l.open ?? (!full && (l.phase === 'waiting' || l.lateJoin))
    const running = l.phase === 'running' || l.phase === 'results'
    const act = open
      ? el('button', { type: 'button', onClick: () => o.join(l.id) }, s.join)
      : running
        ? el('button', { type: 'button', onClick: () => o.join(l.id, 'spectator') }, s.watch)
        : el('button', { type: 'button', disabled: true }, s.full)
    return el('div', { class: 'lobby', 'data-lobby': l.id },
      gameIcon(l.game),
      el('div', { class: 'what' },
        el('strong', {}, l.title || o.titleOf(l.game)),
        el('span', {}, [o.titleOf(l.game), l.host?.name && s.hostedBy(l.host.name)].filter(Boolean).join(' · ')),
      ),
      el('span', { class: `phase ${l.phase}` }, s.phases[l.phase] ?? l.phase),
      el('span', { class: 'count' }, s.players(l.players, l.bots, l.maxPlayers)),
      act,
    )
  }

  async function load(): Promise<void> {
    if (!document.hidden) {
      try {
        const { items } = await o.client().lobbies({ limit: 50 })
        if (closed) return
        // Nothing is drawn anew while nothing changed: no flicker, no lost focus.
        if (JSON.stringify(items) !== JSON.stringify(shown)) {
          shown = items
          draw()
        }
      } catch {
        if (closed) return
        shown = null
        element.replaceChildren(el('p', { class: 'quiet' }, s.listFailed))
      }
    }
    timer = setTimeout(() => void load(), every)
  }
  void load()

  return {
    element,
    redraw: draw,
    close: () => {
      closed = true
      clearTimeout(timer)
    },
  }
}
