import type { Lobby, Member } from '@sandlot/client'
import { el, Undo } from './dom'
import { keep } from './keep'
import { colourPicker } from './palette'
import { sound } from './sound'
import { s } from './strings'

/** What can be done about a member: one button that opens the rest in place, so that nothing is cut off or covered. */
export interface Menu {
  readonly button: HTMLElement
  readonly row: HTMLElement | false
}

function menu(title: string, open: boolean, toggle: () => void, parts: () => (HTMLElement | false)[]): Menu {
  const button = el('button', { type: 'button', class: 'small more', 'aria-expanded': String(open), 'aria-label': title, title, onClick: toggle }, '⋯')
  return { button, row: open && el('div', { class: 'actions', role: 'group', 'aria-label': title }, ...parts()) }
}

/** What the host may do about somebody. */
export function hostMenu(lobby: Lobby, teams: number, m: Member, open: boolean, toggle: () => void): Menu {
  const act = (label: string, title: string, fn: () => void, kind: string): HTMLElement =>
    el('button', { type: 'button', class: 'small', 'data-act': kind, 'aria-label': title, onClick: () => { toggle(); fn() } }, label)
  return menu(s.hostActions(m.name), open, toggle, () => [
    act(s.kick, s.kickWho(m.name), () => lobby.kick(m.player), 'kick'),
    !m.bot && act(s.ban, s.banWho(m.name), () => lobby.ban(m.player), 'ban'),
    !m.bot && act(m.muted ? s.unsilence : s.silence, s.silenceWho(m.name, m.muted), () => lobby.mute(m.player, !m.muted), 'mute'),
    !m.bot && !m.spectator && act(s.makeHost, s.makeHostWho(m.name), () => lobby.makeHost(m.player), 'host'),
    ...others(lobby, teams, m).map((n) => act(s.toTeamOf(n), s.moveTo(m.name, n), () => lobby.setTeam(m.player, n), `team-${n}`)),
  ])
}

/** What this visitor may change of its own. */
export function ownMenu(lobby: Lobby, teams: number, m: Member, open: boolean, toggle: () => void): Menu {
  return menu(s.ownActions, open, toggle, () => [
    ...others(lobby, teams, m).map((n) =>
      el('button', { type: 'button', class: 'small', 'data-act': `team-${n}`, onClick: () => { toggle(); lobby.setTeam(m.player, n) } }, s.joinTeam(n))),
    m.team === 0 && colourPicker(keep.colour, (colour) => {
      keep.colour = colour
      lobby.setColour(colour)
    }),
    m.team === 0 && el('small', { class: 'hint' }, s.colourHint),
  ])
}

// The teams that a member may be moved to now.
function others(lobby: Lobby, teams: number, m: Member): number[] {
  if (m.spectator || lobby.phase === 'running') return []
  return Array.from({ length: teams }, (_, i) => i + 1).filter((n) => n !== m.team)
}

/** Who knocks, for the host to let in or turn away. Lies over the stage, on every page. */
export function knocks(lobby: Lobby): { element: HTMLElement; close: () => void } {
  const undo = new Undo()
  const list = el('ul', { class: 'knocks', role: 'list', 'aria-live': 'polite', 'aria-label': s.knocking, 'data-test': 'knocks' })
  let known = 0
  let drawn = ''

  function draw(): void {
    const waiting = lobby.isHost ? [...lobby.knocks] : []
    // Made anew only when somebody came or went: a button under the hand or the focus stays, and nobody is announced twice.
    const key = JSON.stringify(waiting)
    if (key === drawn) return
    drawn = key
    list.hidden = waiting.length === 0
    if (waiting.length > known) sound.play('chat')
    known = waiting.length
    const focused = list.contains(document.activeElement) ? document.activeElement!.getAttribute('aria-label') : null
    list.replaceChildren(...waiting.map(([number, name]) => el('li', {},
      el('span', { class: 'who', title: name }, el('b', {}, name), ' ', el('small', {}, s.knocks)), el('span', { class: 'grow' }),
      el('button', { type: 'button', class: 'small primary', 'aria-label': s.admitWho(name), onClick: () => lobby.approve(number) }, s.admit),
      el('button', { type: 'button', class: 'small', 'aria-label': s.turnAwayWho(name), onClick: () => lobby.deny(number) }, s.turnAway))))
    if (focused === null) return
    const buttons = [...list.querySelectorAll('button')]
    ;(buttons.find((b) => b.getAttribute('aria-label') === focused) ?? buttons[0])?.focus()
  }
  undo.add(lobby.on('knock', draw), lobby.on('lobby', draw))
  draw()
  return { element: list, close: () => undo.run() }
}
