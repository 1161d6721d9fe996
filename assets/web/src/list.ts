import type { Client, GameInfo, LobbyInfo } from '@sandlot/client'
import { el } from './dom'
import { filterBar, joinable, passes, type Filter } from './filters'
import { emptyIcon, eyeIcon, gameIcon, lockIcon } from './icons'
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

// What is shown where there are no rows.
function blank(text: string, hint = ''): HTMLElement {
  return el('div', { class: 'blank' }, emptyIcon(), el('p', {}, text), hint && el('p', { class: 'quiet' }, hint))
}

/** The live list of lobbies, with filters. */
export function lobbyList(o: ListOptions): LobbyList {
  const rows = el('div', { class: 'list' }, blank(s.loading))
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
    if (list.length === 0) return shown.length ? note(s.noneSuch, s.noneSuchHint) : note(s.noLobbies, s.noLobbiesHint)
    const at = document.activeElement
    const focused = at?.closest('[data-lobby]')?.getAttribute('data-lobby')
    rows.setAttribute('role', 'list')
    rows.setAttribute('aria-label', s.openLobbies)
    rows.replaceChildren(...list.map(row))
    if (!focused) return
    // A row may have two buttons, and get another: who is about to join is not to watch.
    const buttons = [...rows.querySelectorAll<HTMLElement>(`[data-lobby="${CSS.escape(focused)}"] button`)]
    ;(buttons.find((b) => b.getAttribute('aria-label') === at!.getAttribute('aria-label')) ?? buttons.at(-1))?.focus()
  }

  // In place of rows; it is no list then.
  function note(text: string, hint = ''): void {
    rows.removeAttribute('role')
    rows.removeAttribute('aria-label')
    rows.replaceChildren(blank(text, hint))
  }

  function row(l: LobbyInfo): HTMLElement {
    const running = l.phase === 'running' || l.phase === 'results'
    const title = l.title || o.titleOf(l.game)
    const watch = { type: 'button', 'aria-label': s.watchWhat(title), onClick: () => o.join(l.id, 'spectator') }
    // A match that one can join can be watched as well.
    const acts = joinable(l)
      ? [running && el('button', { ...watch, class: 'icon-button', title: s.watch }, eyeIcon()), el('button', { type: 'button', 'aria-label': s.joinWhat(title), onClick: () => o.join(l.id) }, s.join)]
      : [running ? el('button', watch, s.watch) : el('button', { type: 'button', disabled: true }, s.full)]
    return el('div', { class: 'lobby', role: 'listitem', 'data-lobby': l.id },
      gameIcon(l.game),
      el('div', { class: 'what' },
        el('strong', {}, el('span', { class: 'title' }, title), l.approval && el('small', { class: 'tag', title: s.knockFirst }, lockIcon(), el('span', {}, s.knockFirst))),
        el('span', {}, [o.titleOf(l.game), l.host?.name && s.hostedBy(l.host.name)].filter(Boolean).join(' · ')),
      ),
      el('span', { class: `phase ${l.phase}` }, s.phases[l.phase] ?? l.phase),
      el('span', { class: 'count' }, s.players(l.players, l.bots, l.maxPlayers)),
      el('div', { class: 'acts' }, ...acts),
    )
  }

  // The server tells what changes; a page that nobody looks at does not listen.
  function listen(): void {
    stop()
    if (document.hidden) return
    stop = o.client().watch({}, ({ lobbies, live }) => {
      o.reached(live)
      if (!live && lobbies.length === 0) {
        shown = null // whatever comes next is news
        return note(s.listFailed)
      }
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
