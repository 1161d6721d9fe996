import type { GameInfo, Mode } from '@sandlot/client'
import { el } from './dom'
import { s } from './strings'

/** The game's ways to be matched by tickets, as buttons. */
export function modeButtons(game: GameInfo | undefined, locked: boolean, queue: (mode: Mode) => void): HTMLElement[] {
  // What has a page of its own has its own ways.
  if (!game || game.page) return []
  return (game.modes ?? []).map((m) =>
    el('button', { type: 'button', class: 'mode', disabled: locked, 'data-mode': m.name, onClick: () => queue(m) }, el('strong', {}, m.title), el('small', {}, s.mode(m.size * Math.max(m.teams, 1), m.teams, m.ranked))))
}
