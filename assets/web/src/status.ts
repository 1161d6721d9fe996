import type { Connection, Lobby } from '@sandlot/client'
import { network } from './badnet/network'
import { el, say, Undo } from './dom'
import { s } from './strings'
import { reasonWords } from './words'

// A wait is announced when it begins and then no more often than so, in seconds: a voice that counts is a nuisance.
const spokenEvery = 10

/** How the connection is: always to be seen, and announced when it changes. The pill opens the overlay. */
export function statusPill(lobby: Lobby, details: () => void): { element: HTMLElement; draw: () => void; close: () => void } {
  const undo = new Undo()
  const words = el('span', { class: 'words' })
  const mark = el('small', { class: 'mark', 'data-test': 'net-mark' }, s.net.mark)
  const spoken = el('span', { class: 'offscreen', role: 'status', 'aria-live': 'polite', 'data-test': 'spoken' })
  const pill = el('button', { type: 'button', class: 'pill', title: s.overlayKey, onClick: details }, el('i', {}), words, mark)
  const element = el('div', { class: 'status', 'data-test': 'status' }, pill, spoken)

  function draw(): void {
    const c = lobby.connection
    element.dataset['state'] = c.state
    element.title = c.state === 'reconnecting' || c.state === 'closed' ? reasonWords(c.reason) : s.connected
    say(words, shown(c, lobby))
    mark.hidden = !network.on
    say(spoken, announced(c))
  }
  undo.add(lobby.on('connection', draw))
  undo.every(500, draw)
  undo.on(window, 'online', draw)
  undo.on(window, 'offline', draw)
  draw()
  return { element, draw, close: () => undo.run() }
}

function shown(c: Connection, lobby: Lobby): string {
  switch (c.state) {
    case 'open': {
      const { ping } = lobby.stats
      return ping > 0 ? s.ping(Math.max(1, ping)) : s.connected
    }
    case 'connecting':
      return s.connecting
    case 'reconnecting':
      return navigator.onLine ? s.reconnecting : s.noNetwork
    default:
      return s.offline
  }
}

function announced(c: Connection): string {
  switch (c.state) {
    case 'open':
      return s.connected
    case 'connecting':
      return s.connecting
    case 'reconnecting': {
      const left = Math.ceil((c.retryAt - Date.now()) / 1000 / spokenEvery) * spokenEvery
      return `${troubleWords(c)} ${left > spokenEvery ? s.reconnectIn(left) : s.reconnecting}`
    }
    default:
      return reasonWords(c.reason)
  }
}

/** Why it is not connected just now. */
function troubleWords(c: Connection & { state: 'reconnecting' }): string {
  return navigator.onLine ? reasonWords(c.reason) : s.youAreOffline
}

/** Lies over the page while the connection is away: why, for how long yet, and a way to hurry. Shifts nothing. */
export function trouble(lobby: Lobby): { element: HTMLElement; close: () => void } {
  const undo = new Undo()
  const why = el('strong', {})
  const wait = el('span', {})
  const retry = el('button', { type: 'button', class: 'small', 'data-test': 'retry', onClick: () => lobby.retryNow() }, s.retryNow)
  const element = el('div', { class: 'trouble', hidden: true, 'data-test': 'trouble' }, el('i', { class: 'spin', 'aria-hidden': 'true' }), el('div', {}, why, wait), retry)

  function draw(): void {
    const c = lobby.connection
    element.hidden = c.state !== 'reconnecting'
    if (c.state !== 'reconnecting') return
    const secs = Math.ceil((c.retryAt - Date.now()) / 1000)
    say(why, troubleWords(c))
    say(wait, secs > 0 ? s.reconnectIn(secs) : s.tryingNow)
    retry.disabled = secs <= 0
  }
  undo.add(lobby.on('connection', draw))
  undo.every(250, draw)
  undo.on(window, 'offline', draw)
  draw()
  return { element, close: () => undo.run() }
}
