import type { Lobby, Member } from '@sandlot/client'
import { el, Undo } from './dom'
import { s } from './strings'

/** What the host may do about a member: one button that opens the rest in place, so that nothing is cut off or covered. */
export function hostMenu(lobby: Lobby, m: Member, open: boolean, toggle: () => void): { button: HTMLElement; row: HTMLElement | false } {
  const button = el('button', { type: 'button', class: 'small more', 'aria-expanded': String(open), 'aria-label': s.hostActions(m.name), title: s.hostActions(m.name), onClick: toggle }, '⋯')
  if (!open) return { button, row: false }
  const act = (label: string, title: string, fn: () => void, kind: string): HTMLElement =>
    el('button', { type: 'button', class: 'small', 'data-act': kind, 'aria-label': title, onClick: () => { toggle(); fn() } }, label)
  const row = el('div', { class: 'actions', role: 'group', 'aria-label': s.hostActions(m.name) },
    act(s.kick, s.kickWho(m.name), () => lobby.kick(m.player), 'kick'),
    act(s.ban, s.banWho(m.name), () => lobby.ban(m.player), 'ban'),
    act(m.muted ? s.unsilence : s.silence, s.silenceWho(m.name, m.muted), () => lobby.mute(m.player, !m.muted), 'mute'),
    !m.spectator && act(s.makeHost, s.makeHostWho(m.name), () => lobby.makeHost(m.player), 'host'),
  )
  return { button, row }
}

/** Who knocks, for the host to let in or turn away. */
export function knocks(lobby: Lobby): { element: HTMLElement; close: () => void } {
  const undo = new Undo()
  const list = el('ul', { class: 'knocks', 'aria-live': 'polite', 'aria-label': s.knocking })
  const waiting = new Map<number, string>()

  function draw(): void {
    list.hidden = waiting.size === 0
    list.replaceChildren(...[...waiting].map(([number, name]) => el('li', {},
      el('span', { class: 'who' }, s.knocks(name)), el('span', { class: 'grow' }),
      el('button', { type: 'button', class: 'small primary', onClick: () => lobby.approve(number) }, s.admit),
      el('button', { type: 'button', class: 'small', onClick: () => lobby.deny(number) }, s.turnAway))))
  }
  undo.add(lobby.on('knock', (number, name, is) => {
    if (is) waiting.set(number, name)
    else waiting.delete(number)
    draw()
  }))
  draw()
  return { element: list, close: () => undo.run() }
}
