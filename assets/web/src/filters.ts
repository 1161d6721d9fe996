import type { GameInfo, LobbyInfo } from '@sandlot/client'
import { el } from './dom'
import { s } from './strings'

/** Which lobbies are shown. */
export interface Filter {
  /** A game's name; '' for all. */
  readonly game: string
  /** Only those that one can join now. */
  readonly open: boolean
  /** Only those in this phase; '' for all. */
  readonly phase: string
}

/** The controls over the list of lobbies. */
export function filterBar(changed: (f: Filter) => void): { element: HTMLElement; games: (list: readonly GameInfo[]) => void } {
  const game = el('select', { 'aria-label': s.gamePick, 'data-filter': 'game', onChange: () => tell() }, el('option', { value: '' }, s.allGames))
  const phase = el('select', { 'aria-label': s.phase, 'data-filter': 'phase', onChange: () => tell() },
    el('option', { value: '' }, s.anyPhase), el('option', { value: 'waiting' }, s.phases['waiting']), el('option', { value: 'running' }, s.phases['running']))
  const open = el('input', { type: 'checkbox', 'data-filter': 'open', onChange: () => tell() })
  const tell = (): void => changed({ game: game.value, phase: phase.value, open: open.checked })
  return {
    element: el('div', { class: 'filters', role: 'group', 'aria-label': s.filters }, game, phase, el('label', { class: 'check' }, open, s.onlyOpen)),
    games: (list) => {
      const was = game.value
      game.replaceChildren(el('option', { value: '' }, s.allGames), ...list.map((g) => el('option', { value: g.name, selected: g.name === was }, g.title)))
    },
  }
}

/** Whether a player could join a lobby now. */
export function joinable(l: LobbyInfo): boolean {
  return l.open ?? (l.players < l.maxPlayers && (l.phase === 'waiting' || l.lateJoin))
}

export function passes(l: LobbyInfo, f: Filter): boolean {
  if (f.game && l.game !== f.game) return false
  if (f.open && !joinable(l)) return false
  if (f.phase === 'waiting') return l.phase === 'waiting' || l.phase === 'countdown'
  return f.phase === '' || l.phase === f.phase || (f.phase === 'running' && l.phase === 'results')
}
