import type { Lobby, Member } from '@sandlot/client'
import { el, say, Undo } from './dom'
import { hostMenu, ownMenu } from './hosting'
import { looks } from './looks'
import { sign } from './shape'
import { copyButton, qrButton } from './share'
import { s } from './strings'

/** Who is here, and how to invite more. The host may remove others. */
export function membersPanel(lobby: Lobby, teams: () => number): { element: HTMLElement; close: () => void } {
  const undo = new Undo()
  const list = el('ul', { class: 'members', tabindex: 0, 'aria-label': s.members })
  const heading = el('h2', {})
  const code = el('span', { class: 'code' })
  const share = el('div', { class: 'row share' }, code, copyButton(() => lobby.code), qrButton(() => lobby.code))
  let drawn = ''
  let open = 0 // whose menu is open

  function row(m: Member): HTMLElement {
    const tags = tagsOf(lobby, m)
    const waiting = lobby.phase === 'waiting' || lobby.phase === 'results'
    const toggle = (): void => {
      open = open === m.player ? 0 : m.player
      draw()
    }
    const mine = m.player === lobby.me
    const menu = mine ? ownMenu(lobby, teams(), m, open === m.player, toggle) : lobby.isHost && hostMenu(lobby, teams(), m, open === m.player, toggle)
    return el('li', { class: m.connected || m.bot ? '' : 'away', 'data-player': m.player },
      el('div', { class: 'line' },
        sign(m.player),
        el('span', { class: 'who', title: m.name }, m.name),
        ...tags.map((t) => el('small', {}, t)),
        el('span', { class: 'grow' }),
        waiting && !m.bot && !m.spectator && m.ready && el('span', { class: 'ready' }, s.ready),
        menu && menu.button,
      ),
      menu && menu.row,
    )
  }
  function draw(): void {
    say(code, lobby.code)
    const all = [...lobby.members.values()].sort((a, b) => Number(a.bot) - Number(b.bot) || a.player - b.player)
    say(heading, `${s.members} (${all.filter((m) => !m.spectator).length}/${lobby.maxPlayers})`)
    // Rows are made anew only where something changed: a button under the hand or the focus stays.
    const key = JSON.stringify([teams(), all, lobby.host, lobby.phase, open, looks.version])
    if (key === drawn) return
    drawn = key
    const at = document.activeElement
    const focused = at?.closest('.members [data-player]')?.getAttribute('data-player')
    const swatch = at?.closest('.members .palette') ? '[aria-checked=true]' : '.more'
    const { scrollTop } = list
    list.replaceChildren(...all.map(row))
    list.scrollTop = scrollTop
    if (focused) list.querySelector<HTMLElement>(`[data-player="${CSS.escape(focused)}"] :is(${swatch})`)?.focus({ preventScroll: true })
  }
  undo.add(looks.on(draw), lobby.on('member', draw), lobby.on('gone', draw), lobby.on('lobby', draw), lobby.on('connection', draw))
  draw()
  return { element: el('section', { class: 'panel people', 'aria-label': s.members }, heading, share, list), close: () => undo.run() }
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
