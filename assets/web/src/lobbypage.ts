import type { Lobby } from '@sandlot/client'
import { chatPanel } from './chat'
import { el, say, Undo } from './dom'
import { keep } from './keep'
import { showLink } from './link'
import { membersPanel } from './members'
import { copyButton } from './share'
import { stage } from './stage'
import { statusPill } from './status'
import { s } from './strings'
import { reasonWords, wordsOf } from './words'

export interface LobbyPageOptions {
  home(notice: string): void
  rejoin(code: string): void
}

/** A lobby: the stage, who is here, the chat, and how the connection is. */
export function lobbyPage(lobby: Lobby, o: LobbyPageOptions): { element: HTMLElement; close: () => void } {
  const undo = new Undo()
  const status = statusPill(lobby)
  const chat = chatPanel(lobby)
  const members = membersPanel(lobby)
  const view = stage(lobby)

  const code = el('span', { class: 'code', 'data-test': 'code' })
  const name = el('h1', {})
  const leave = el('button', {
    type: 'button', 'data-test': 'leave',
    onClick: () => {
      lobby.leave()
      o.home('')
    },
  }, s.leave)

  // On a narrow page the panel is a sheet that the two buttons open.
  const tabs = (['members', 'chat'] as const).map((which) =>
    el('button', { type: 'button', class: 'tab', 'data-tab': which, 'aria-expanded': 'false', onClick: () => open(which) },
      s[which], el('span', { class: 'badge', hidden: true })))
  function open(which: 'members' | 'chat' | ''): void {
    const same = element.dataset['sheet'] === which
    element.dataset['sheet'] = same ? '' : which
    for (const t of tabs) t.setAttribute('aria-expanded', String(t.dataset['tab'] === element.dataset['sheet']))
    if (which === 'chat') unread(0)
  }
  let missed = 0
  function unread(n: number): void {
    missed = n
    const badge = tabs[1]!.querySelector<HTMLElement>('.badge')!
    badge.hidden = n === 0
    say(badge, n > 9 ? '9+' : String(n))
  }

  const over = el('div', { class: 'over', hidden: true, role: 'alertdialog', 'aria-live': 'assertive' })

  const element = el('div', { class: 'room', 'data-screen': 'lobby', 'data-sheet': '' },
    el('header', { class: 'top' },
      el('img', { src: '/icon.svg', alt: s.brand, width: 28, height: 28 }),
      name, code, copyButton(() => lobby.code), el('span', { class: 'grow' }), status.element, leave,
    ),
    el('main', { class: 'stage' }, view.element, over),
    el('aside', { class: 'side' }, members.element, chat.element),
    el('nav', { class: 'tabs' }, ...tabs),
  )

  function draw(): void {
    say(name, titleOf(lobby.game))
    say(code, lobby.code)
    showLink(lobby.code)
    element.dataset['phase'] = lobby.phase
    element.dataset['players'] = String([...lobby.members.values()].filter((m) => !m.spectator).length)
    element.dataset['me'] = String(lobby.me)
    element.dataset['host'] = String(lobby.isHost)
    element.dataset['game'] = lobby.game
  }
  function remember(): void {
    const saved = lobby.save()
    if (saved) keep.seat = { ...saved, code: lobby.code }
  }
  function ended(): void {
    const c = lobby.connection
    if (c.state !== 'closed' || c.reason.word === 'bye') return
    const again = c.reason.word !== 'kicked' && c.reason.word !== 'closed' && lobby.code !== ''
    over.replaceChildren(
      el('div', { class: 'card' },
        el('h2', {}, s.offline),
        el('p', { 'data-test': 'reason' }, reasonWords(c.reason)),
        el('div', { class: 'row' },
          again && el('button', { type: 'button', class: 'primary', onClick: () => o.rejoin(lobby.code) }, s.rejoin),
          el('button', { type: 'button', onClick: () => o.home('') }, s.backHome),
        ),
      ),
    )
    over.hidden = false
    over.querySelector('button')?.focus()
  }

  undo.add(
    lobby.on('lobby', () => { draw(); remember() }),
    lobby.on('member', draw),
    lobby.on('gone', draw),
    lobby.on('connection', () => { remember(); if (lobby.connection.state === 'closed') { keep.seat = null; ended() } }),
    lobby.on('chat', (m) => { if (m.player !== lobby.me && element.dataset['sheet'] !== 'chat') unread(missed + 1) }),
    lobby.on('error', (err) => chat.notice(wordsOf(err))),
  )
  undo.on(window, 'pagehide', remember)
  undo.on(window, 'online', () => lobby.retryNow())
  undo.on(document, 'visibilitychange', () => { if (!document.hidden) lobby.retryNow() })
  draw()
  remember()

  return {
    element,
    close: () => {
      undo.run()
      view.close()
      chat.close()
      members.close()
      status.close()
      if (lobby.connection.state !== 'closed') lobby.leave()
    },
  }
}

const titles: Record<string, string> = { arena: 'Arena', fours: 'Four in a row' }

function titleOf(game: string): string {
  return titles[game] ?? game
}
