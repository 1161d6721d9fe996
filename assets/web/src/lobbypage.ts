import type { GameInfo, Lobby, LobbyInfo } from '@sandlot/client'
import { chatPanel } from './chat'
import { el, say, Undo } from './dom'
import { endedCard } from './ended'
import { knocks } from './hosting'
import { keep } from './keep'
import { showLink } from './link'
import { looks } from './looks'
import { membersPanel } from './members'
import { muteButton } from './mute'
import type { Known } from './options'
import { overlay } from './overlay/overlay'
import { copyButton, qrButton } from './share'
import { stage } from './stage'
import { statusPill, trouble } from './status'
import { s } from './strings'
import { Unread } from './unread'
import { wordsOf } from './words'

export interface LobbyPageOptions {
  home(notice: string): void
  rejoin(code: string): void
  /** The games that the server offers, as far as they are known. */
  games(): readonly GameInfo[]
  /** Asks the server for the lobby as lists show it. */
  info(id: string): Promise<LobbyInfo>
  /** To how many players bots were asked to fill it. */
  readonly fillTo?: number
}

/** A lobby: the stage, who is here, the chat, and how the connection is. */
export function lobbyPage(lobby: Lobby, o: LobbyPageOptions): { element: HTMLElement; close: () => void } {
  const undo = new Undo()
  undo.add(looks.follow(lobby))
  const over = overlay(lobby, undo, () => status.draw())
  const status = statusPill(lobby, () => over.toggle())
  const away = trouble(lobby)
  const chat = chatPanel(lobby)
  const known: Known = { game: () => o.games().find((g) => g.name === lobby.game), info: () => o.info(lobby.id), fillTo: o.fillTo ?? 0 }
  const teams = (): number => known.game()?.teams ?? 0
  const members = membersPanel(lobby, teams)
  const door = knocks(lobby)
  const view = stage(lobby, known)

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
  const unread = new Unread(lobby, undo, () => chat.element.checkVisibility?.() ?? true)
  const tabs = (['members', 'chat'] as const).map((which) =>
    el('button', { type: 'button', class: 'tab', 'data-tab': which, 'aria-expanded': 'false', onClick: () => open(which) },
      s[which], which === 'chat' && unread.badge))
  function open(which: 'members' | 'chat'): void {
    const same = element.dataset['sheet'] === which
    element.dataset['sheet'] = same ? '' : which
    for (const t of tabs) t.setAttribute('aria-expanded', String(t.dataset['tab'] === element.dataset['sheet']))
    unread.look()
  }

  const end = el('div', { class: 'over', hidden: true, role: 'alertdialog', 'aria-modal': 'true', 'aria-labelledby': 'ended', 'aria-describedby': 'ended-why' })

  const element = el('div', { class: 'room', 'data-screen': 'lobby', 'data-sheet': '' },
    el('header', { class: 'top' },
      el('img', { src: '/icon.svg', alt: s.brand, width: 28, height: 28 }),
      name, code, copyButton(() => lobby.code), qrButton(() => lobby.code), el('span', { class: 'grow' }), status.element, muteButton(undo), leave,
    ),
    el('main', { class: 'stage' }, view.element, door.element, over.element, away.element),
    el('aside', { class: 'side', 'aria-label': s.side }, members.element, chat.element),
    el('nav', { class: 'tabs', 'aria-label': s.side }, ...tabs),
    end,
  )

  function draw(): void {
    say(name, known.game()?.title ?? s.titles[lobby.game] ?? lobby.game)
    say(code, lobby.code)
    showLink(lobby.code)
    element.dataset['phase'] = lobby.phase
    element.dataset['players'] = String([...lobby.members.values()].filter((m) => !m.spectator).length)
    element.dataset['me'] = String(lobby.me)
    element.dataset['host'] = String(lobby.isHost)
    element.dataset['role'] = lobby.role
    element.dataset['game'] = lobby.game
  }
  function remember(): void {
    const saved = lobby.save()
    if (saved) keep.seat = { ...saved, code: lobby.code }
  }
  function ended(): void {
    const card = endedCard(lobby, () => o.home(''), () => o.rejoin(lobby.code))
    if (!card) return
    // Nothing behind it can be reached any more.
    for (const part of element.children) if (part !== end) part.toggleAttribute('inert', true)
    end.replaceChildren(card)
    end.hidden = false
    end.querySelector('button')?.focus()
  }

  undo.add(
    lobby.on('lobby', () => { draw(); remember() }),
    lobby.on('member', draw),
    lobby.on('gone', draw),
    lobby.on('connection', () => { remember(); if (lobby.connection.state === 'closed') { keep.seat = null; ended() } }),
    lobby.on('error', (err) => chat.notice(wordsOf(err))),
  )
  undo.on(window, 'pagehide', remember)
  undo.on(window, 'online', () => lobby.retryNow())
  undo.on(document, 'visibilitychange', () => { if (!document.hidden) lobby.retryNow() })
  undo.on(window, 'resize', () => unread.look())
  draw()
  remember()

  return {
    element,
    close: () => {
      undo.run()
      view.close()
      chat.close()
      members.close()
      door.close()
      status.close()
      away.close()
      if (lobby.connection.state !== 'closed') lobby.leave()
    },
  }
}
