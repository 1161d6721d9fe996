import type { ChatMessage, Lobby } from '@sandlot/client'
import { colourOf } from './colours'
import { el, Undo } from './dom'
import { codeOf } from './link'
import { linkify } from './linkify'
import { sign } from './shape'
import { sound } from './sound'
import { s } from './strings'

// After a (re)connect the server tells who is here: that is no news, for so many milliseconds.
const greeting = 1500

// Lines kept on the page.
const most = 200

// Characters of one message: each takes three bytes at most, and the server takes 500.
const longest = 166

/** The lobby's chat, with notes on who came and went. */
export interface ChatPanel {
  readonly element: HTMLElement
  notice(text: string): void
  close(): void
}

export function chatPanel(lobby: Lobby): ChatPanel {
  const undo = new Undo()
  const log = el('div', { class: 'log', role: 'log', 'aria-live': 'polite', 'aria-label': s.chat, tabindex: 0, 'data-test': 'chat' })
  const empty = el('p', { class: 'quiet empty' }, s.chatEmpty)
  const fresh = el('button', { type: 'button', class: 'small fresh', hidden: true, onClick: () => toEnd() }, s.newMessages)
  const input = el('input', { 'aria-label': s.say, placeholder: s.say, maxlength: longest, autocomplete: 'off', enterkeyhint: 'send', name: 'say', 'data-test': 'say' })
  const known = new Set<number>()

  const atEnd = (): boolean => log.scrollHeight - log.scrollTop - log.clientHeight < 40
  function toEnd(): void {
    log.scrollTop = log.scrollHeight
    fresh.hidden = true
  }
  let stuck = true // to the end, also while it is hidden or gets another size
  undo.on(log, 'scroll', () => {
    stuck = atEnd()
    if (stuck) fresh.hidden = true
  })
  const sizes = new ResizeObserver(() => stuck && toEnd())
  sizes.observe(log)
  undo.add(() => sizes.disconnect())

  function add(line: HTMLElement): void {
    const end = stuck
    empty.hidden = true
    log.append(line)
    while (log.children.length > most) log.firstElementChild!.remove()
    if (end) toEnd()
    else fresh.hidden = false
  }
  function notice(text: string): void {
    add(el('p', { class: 'note' }, text))
  }
  function said(m: ChatMessage): void {
    if (m.gap) notice(s.chatGap)
    const name = el('b', {}, m.name || s.server)
    if (m.player) name.style.color = colourOf(m.player).text
    const time = m.time.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
    add(el('p', { title: time, class: m.player === 0 && !m.name ? 'note' : '' },
      m.player > 0 && sign(m.player), m.player > 0 && ' ', name, ' ', m.team && el('small', {}, s.toTeam), m.team && ' ', el('span', {}, ...words(m.text))))
  }
  for (const m of lobby.chat) said(m)
  for (const p of lobby.members.keys()) known.add(p)
  let met = performance.now()
  undo.add(
    lobby.on('chat', (m) => {
      said(m)
      if (m.player !== lobby.me && performance.now() - met > greeting) sound.play('chat')
    }),
    lobby.on('member', (m) => {
      const news = performance.now() - met > greeting && !known.has(m.player)
      if (news && !m.bot && m.player !== lobby.me) notice(s.came(m.name))
      known.add(m.player)
    }),
    lobby.onReconnect(() => {
      met = performance.now()
    }),
    lobby.on('gone', (player, why, m) => {
      known.delete(player)
      if (m && !m.bot) notice(s.went(m.name, why))
    }),
  )
  const form = el('form', {
    class: 'row',
    onSubmit: (ev: Event) => {
      ev.preventDefault()
      const text = input.value.trim()
      if (text && !lobby.say(text)) return notice(s.notSent)
      input.value = ''
      // In the heat of a match the keys go back to the game.
      if (lobby.phase === 'running' && lobby.schema.input.length > 0) input.blur()
    },
  }, input, el('button', { type: 'submit' }, s.send))
  // Keys typed here are not the game's.
  form.addEventListener('keydown', (ev) => {
    if (ev.key === 'Escape') input.blur()
    ev.stopPropagation()
  })
  undo.on(document, 'keydown', (ev: KeyboardEvent) => {
    if (ev.key !== 'Enter' || document.activeElement !== document.body) return
    ev.preventDefault()
    input.focus()
  })
  const element = el('section', { class: 'panel chat', 'aria-label': s.chat }, el('h2', {}, s.chat), el('div', { class: 'log-box' }, log, empty, fresh), form)
  return { element, notice, close: () => undo.run() }
}

// Addresses become links; those into a lobby here stay in this tab.
function words(text: string): (Node | string)[] {
  return linkify(text).map((p) => {
    if (!p.href) return p.text
    const here = new URL(p.href).origin === location.origin && codeOf(p.href) !== ''
    return el('a', { href: p.href, rel: 'noopener noreferrer nofollow ugc', ...(!here && { target: '_blank' }) }, p.text)
  })
}
