import type { Lobby } from '@sandlot/client'
import { el, say, Undo } from './dom'
import { s } from './strings'
import { reasonWords } from './words'

/** How the connection is: always to be seen, and announced when it changes. */
export function statusPill(lobby: Lobby): { element: HTMLElement; close: () => void } {
  const undo = new Undo()
  const words = el('span', { class: 'words' })
  const spoken = el('span', { class: 'offscreen', role: 'status', 'aria-live': 'polite' })
  const retry = el('button', { type: 'button', class: 'small', hidden: true, onClick: () => lobby.retryNow() }, s.retryNow)
  const element = el('div', { class: 'status', 'data-test': 'status' }, el('i', {}), words, retry, spoken)

  function draw(): void {
    const c = lobby.connection
    element.dataset['state'] = c.state
    retry.hidden = c.state !== 'reconnecting'
    element.title = ''
    switch (c.state) {
      case 'open': {
        const { ping } = lobby.stats
        say(words, ping > 0 ? s.ping(Math.max(1, ping)) : s.connected)
        element.title = s.connected
        say(spoken, s.connected)
        break
      }
      case 'connecting':
        say(words, s.connecting)
        break
      case 'reconnecting': {
        const secs = Math.ceil((c.retryAt - Date.now()) / 1000)
        say(words, secs > 0 ? s.reconnectIn(secs) : s.reconnecting)
        element.title = reasonWords(c.reason)
        say(spoken, `${reasonWords(c.reason)} ${s.reconnecting}`)
        break
      }
      default:
        say(words, s.offline)
        element.title = reasonWords(c.reason)
        say(spoken, reasonWords(c.reason))
    }
  }
  undo.add(lobby.on('connection', draw))
  undo.every(500, draw)
  draw()
  return { element, close: () => undo.run() }
}
