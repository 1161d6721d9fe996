import type { ChatMessage, Lobby } from '@sandlot/client'
import { colourOf } from './colours'
import { el, Undo } from './dom'
import { s } from './strings'

// After a (re)connect the server tells who is here: that is no news, for so many milliseconds.
const greeting = 1500

// Lines kept on the page.
const most = 200

/** The lobby's chat, with notes on who came and went. */
export function chatPanel(lobby: Lobby): { element: HTMLElement; notice: (text: string) => void; close: () => void } {
  const undo = new Undo()
  const log = el('ol', { class: 'log', role: 'log', 'aria-live': 'polite', 'data-test': 'chat' })
  const input = el('input', { 'aria-label': s.say, placeholder: s.say, maxlength: 200, autocomplete: 'off', name: 'say', 'data-test': 'say' })
  const known = new Set<number>()

  function add(line: HTMLElement): void {
    const end = log.scrollHeight - log.scrollTop - log.clientHeight < 40
    log.append(line)
    while (log.children.length > most) log.firstElementChild!.remove()
    if (end) log.scrollTop = log.scrollHeight
  }
  function notice(text: string): void {
    add(el('li', { class: 'note' }, text))
  }
  function said(m: ChatMessage): void {
    if (m.gap) notice(s.chatGap)
    const name = el('b', {}, m.name || s.server)
    if (m.player) name.style.color = colourOf(m.player).text
    const time = m.time.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
    add(el('li', { title: time, class: m.player === 0 && !m.name ? 'note' : '' }, name, ' ', el('span', {}, m.text)))
  }
  for (const m of lobby.chat) said(m)
  for (const p of lobby.members.keys()) known.add(p)
  let met = performance.now()
  undo.add(
    lobby.on('chat', said),
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
      if (text && !lobby.say(text)) return
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
  return { element: el('section', { class: 'panel chat', 'aria-label': s.chat }, el('h2', {}, s.chat), log, form), notice, close: () => undo.run() }
}
