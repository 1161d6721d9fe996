import type { Client, GameInfo, LobbyInfo } from '@sandlot/client'
import { el } from './dom'
import { filterBar, joinable, passes, type Filter } from './filters'
import { gameIcon } from './icons'
import { s } from './strings'

export interface ListOptions {
  client(): Client
  join(id: string, role?: 'player' | 'spectator'): void
  titleOf(game: string): string
  /** Whether the server answers. */
  reached(ok: boolean): void
}

export interface LobbyList {
  readonly element: HTMLElement
  games(list: readonly GameInfo[]): void
  /** Tries again at once, as when the visitor does not want to wait. */
  now(): void
  close(): void
}

/** The live list of lobbies, with filters. */
export function lobbyList(o: ListOptions): LobbyList {
  const rows = el('div', { class: 'list' }, el('p', { class: 'quiet' }, s.loading))
  const spoken = el('p', { class: 'offscreen', role: 'status' })
  let filter: Filter = { game: '', phase: '', open: false }
  const bar = filterBar((f) => {
    filter = f
    draw()
    spoken.textContent = s.lobbyCount(shown?.filter((l) => passes(l, filter)).length ?? 0)
  })
  let shown: readonly LobbyInfo[] | null = null
  let stop = (): void => {}

  function draw(): void {
    if (!shown) return
    const list = shown.filter((l) => passes(l, filter))
    if (list.length === 0) return note(shown.length ? s.noneSuch : s.noLobbies)
    const focused = document.activeElement?.closest('[data-lobby]')?.getAttribute('data-lobby')
    rows.setAttribute('role', 'list')
    rows.setAttribute('aria-label', s.openLobbies)
    rows.replaceChildren(...list.map(row))
    if (focused) rows.querySelector<HTMLElement>(`[data-lobby="${CSS.escape(focused)}"] button`)?.focus()
  }

  // In place of rows; it is no list then.
  function note(text: string): void {
    rows.removeAttribute('role')
    rows.removeAttribute('aria-label')
    rows.replaceChildren(el('p', { class: 'quiet' }, text))
  }

  function row(l: LobbyInfo): HTMLElement {
    const running = l.phase === 'running' || l.phase === 'results'
    const title = l.title || o.titleOf(l.game)
    const act = joinable(l)
      ? el('button', { type: 'button', 'aria-label': s.joinWhat(title), onClick: () => o.join(l.id) }, s.join)
      : running
        ? el('button', { type: 'button', 'aria-label': s.watchWhat(title), onClick: () => o.join(l.id, 'spectator') }, s.watch)
        : el('button', { type: 'button', disabled: true }, s.full)
    return el('div', { class: 'lobby', role: 'listitem', 'data-lobby': l.id },
      gameIcon(l.game),
      el('div', { class: 'what' },
        el('strong', {}, title, l.approval && ' ', l.approval && el('small', { class: 'tag' }, s.knockFirst)),
        el('span', {}, [o.titleOf(l.game), l.host?.name && s.hostedBy(l.host.name)].filter(Boolean).join(' · ')),
      ),
      el('span', { class: `phase ${l.phase}` }, s.phases[l.phase] ?? l.phase),
      el('span', { class: 'count' }, s.players(l.players, l.bots, l.maxPlayers)),
      act,
    )
  }

  // The server tells what changes; a page that nobody looks at does not listen.
  function listen(): void {
    stop()
    if (document.hidden) return
    stop = o.client().watch({}, ({ lobbies, live }) => {
      o.reached(live)
      if (!live && lobbies.length === 0) return note(s.listFailed)
      // Nothing is drawn anew while nothing changed: no flicker, no lost focus.
      if (JSON.stringify(lobbies) === JSON.stringify(shown)) return
      shown = lobbies
      draw()
    })
  }
  const seen = (): void => listen()
  document.addEventListener('visibilitychange', seen)
  listen()

  return {
    element: el('div', {}, bar.element, rows, spoken),
    games: (list) => {
      bar.games(list)
      draw()
    },
    now: listen,
    close: () => {
      document.removeEventListener('visibilitychange', seen)
      stop()
    },
  }
}
