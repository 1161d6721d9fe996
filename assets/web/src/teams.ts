import type { Lobby } from '@sandlot/client'
import { palette } from './colours'
import { el } from './dom'
import { looks } from './looks'
import { sign, swatch } from './shape'
import { s } from './strings'

/** Who is in which team, and a way into each; nothing where the game has none. */
export function teamsOf(lobby: Lobby, count: () => number): { element: HTMLElement; draw: () => void } {
  const list = el('div', { class: 'teams', 'data-test': 'teams' })
  const element = el('section', { 'aria-label': s.teamsTitle }, el('h2', {}, s.teamsTitle), list)
  let drawn = ''

  function team(n: number): HTMLElement {
    const all = [...lobby.members.values()].filter((m) => !m.spectator && m.team === n).sort((a, b) => a.player - b.player)
    const mine = lobby.members.get(lobby.me)
    const may = mine && !mine.spectator && mine.team !== n
    return el('div', { class: 'team', role: 'group', 'aria-label': s.toTeamOf(n), 'data-team': n },
      el('div', { class: 'row' }, swatch(palette[n - 1]!), el('strong', {}, s.toTeamOf(n)), el('span', { class: 'quiet' }, String(all.length)), el('span', { class: 'grow' }),
        may && el('button', { type: 'button', class: 'small', 'aria-label': s.joinTeam(n), onClick: () => lobby.setTeam(lobby.me, n) }, s.join)),
      el('ul', {}, ...all.map((m) => el('li', { class: m.player === lobby.me ? 'me' : '' }, sign(m.player), el('span', {}, m.name))), all.length === 0 && el('li', { class: 'quiet' }, s.nobodyYet)))
  }
  function draw(): void {
    const n = count()
    element.hidden = n === 0
    const key = JSON.stringify([n, looks.version, [...lobby.members.values()].map((m) => [m.player, m.name, m.team, m.spectator])])
    if (key === drawn) return
    drawn = key
    const focused = document.activeElement?.closest('[data-team]')?.getAttribute('data-team')
    list.replaceChildren(...Array.from({ length: n }, (_, i) => team(i + 1)))
    // The button that was pressed is gone: the way back is next to it.
    if (focused) list.querySelector<HTMLElement>('button')?.focus()
  }
  return { element, draw }
}
