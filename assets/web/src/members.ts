import type { Lobby, Member } from '@sandlot/client'
import { el, say, Undo } from './dom'
import { hostMenu, knocks } from './hosting'
import { sign } from './shape'
import { copyButton, qrButton } from './share'
import { s } from './strings'

/** Who is here, and how to invite more. The host may remove others. */
export function membersPanel(lobby: Lobby): { element: HTMLElement; close: () => void } {
  const undo = new Undo()
  const list = el('ul', { class: 'members', tabindex: 0, 'aria-label': s.members })
  const heading = el('h2', {})
  const code = el('span', { class: 'code' })
  const share = el('div', { class: 'row share' }, code, copyButton(() => lobby.code), qrButton(() => lobby.code))
  const door = knocks(lobby)
  let drawn = ''
  let open = 0 // whose menu is open

  function row(m: Member): HTMLElement {
    const tags = tagsOf(lobby, m)
    const waiting = lobby.phase === 'waiting' || lobby.phase === 'results'
    const menu = lobby.isHost && m.player !== lobby.me && !m.bot && hostMenu(lobby, m, open === m.player, () => {
      open = open === m.player ? 0 : m.player
      draw()
    })
    return el('li', { class: m.connected || m.bot ? '' : 'away', 'data-player': m.player },
      sign(m.player),
      el('span', { class: 'who', title: m.name }, m.name),
      ...tags.map((t) => el('small', {}, t)),
      el('span', { class: 'grow' }),
      waiting && !m.bot && !m.spectator && m.ready && el('span', { class: 'ready' }, s.ready),
      menu && menu.button,
      menu && menu.row,
    )
  }
  function draw(): void {
    say(code, lobby.code)
    const all = [...lobby.members.values()].sort((a, b) => Number(a.bot) - Number(b.bot) || a.player - b.player)
    say(heading, `${s.members} (${all.filter((m) => !m.spectator).length}/${lobby.maxPlayers})`)
    // Rows are made anew only where something changed: a button under the hand or the focus stays.
    const key = JSON.stringify([all, lobby.host, lobby.phase, open])
    if (key === drawn) return
    drawn = key
    const focused = document.activeElement?.closest('.members [data-player]')?.getAttribute('data-player')
    list.replaceChildren(...all.map(row))
    if (focused) list.querySelector<HTMLElement>(`[data-player="${CSS.escape(focused)}"] .more`)?.focus()
  }
  undo.add(lobby.on('member', draw), lobby.on('gone', draw), lobby.on('lobby', draw), lobby.on('connection', draw))
  draw()
  return { element: el('section', { class: 'panel people', 'aria-label': s.members }, heading, share, door.element, list), close: () => { undo.run(); door.close() } }
}

function tagsOf(lobby: Lobby, m: Member): string[] {
  return [
    m.player === lobby.me && s.you,
    m.player === lobby.host && s.host,
    m.bot && s.bot,
    m.spectator && s.spectator,
    m.team > 0 && s.team(m.team),
    m.muted && s.muted,
    !m.bot && !m.connected && s.away,
  ].filter((t): t is string => typeof t === 'string')
}
