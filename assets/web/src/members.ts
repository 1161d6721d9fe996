import type { Lobby, Member } from '@sandlot/client'
import { colourOf } from './colours'
import { el, Undo } from './dom'
import { s } from './strings'

/** Who is here. The host may remove others. */
export function membersPanel(lobby: Lobby): { element: HTMLElement; close: () => void } {
  const undo = new Undo()
  const list = el('ul', { class: 'members' })
  const heading = el('h2', {})

  function row(m: Member): HTMLElement {
    const tags = [
      m.player === lobby.me && s.you,
      m.player === lobby.host && s.host,
      m.bot && s.bot,
      m.spectator && s.spectator,
      !m.bot && !m.connected && s.away,
    ].filter((t): t is string => typeof t === 'string')
    const waiting = lobby.phase === 'waiting' || lobby.phase === 'results'
    const dot = el('i', { class: 'dot' })
    dot.style.background = colourOf(m.player).css
    return el('li', { class: m.connected || m.bot ? '' : 'away', 'data-player': m.player },
      dot,
      el('span', { class: 'who' }, m.name),
      ...tags.map((t) => el('small', {}, t)),
      el('span', { class: 'grow' }),
      waiting && !m.bot && !m.spectator && m.ready && el('span', { class: 'ready' }, s.ready),
      lobby.isHost && m.player !== lobby.me && !m.bot &&
        el('button', { type: 'button', class: 'small', 'aria-label': s.kickWho(m.name), onClick: () => lobby.kick(m.player) }, s.kick),
    )
  }
  function draw(): void {
    const all = [...lobby.members.values()].sort((a, b) => Number(a.bot) - Number(b.bot) || a.player - b.player)
    heading.textContent = `${s.members} (${all.filter((m) => !m.spectator).length}/${lobby.maxPlayers})`
    list.replaceChildren(...all.map(row))
  }
  undo.add(lobby.on('member', draw), lobby.on('gone', draw), lobby.on('lobby', draw), lobby.on('connection', draw))
  draw()
  return { element: el('section', { class: 'panel people', 'aria-label': s.members }, heading, list), close: () => undo.run() }
}
