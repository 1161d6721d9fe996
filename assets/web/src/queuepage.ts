import { UnmatchedError, type Lobby, type Offer, type Ticket } from '@sandlot/client'
import { el, say, Undo } from './dom'
import { gameIcon } from './icons'
import { keep } from './keep'
import { sound } from './sound'
import { s } from './strings'
import { wordsOf } from './words'

export interface QueueOptions {
  /** Titles of the game and of its mode, for people. */
  readonly game: string
  readonly mode: string
  /** There is a match, and this player is in it. */
  enter(lobby: Lobby): void
  back(notice: string): void
}

/** Looking for a match: how long for, and what to say to one that is found. */
export function queuePage(ticket: Ticket, o: QueueOptions): { element: HTMLElement; close: () => void } {
  const undo = new Undo()
  const began = keep.ticket?.id === ticket.id ? keep.ticket.began : Date.now()
  keep.ticket = { id: ticket.id, began }
  // How far this clock is before the server's, as far as a new ticket tells.
  const ahead = ticket.info.version === 1 && Date.now() - began < 2000 ? began - Date.parse(ticket.info.queuedAt) : 0
  const heading = el('h2', { 'data-test': 'queue-state' })
  const time = el('strong', { class: 'waited', role: 'timer', 'aria-label': s.waited })
  const estimate = el('p', { class: 'quiet' })
  const note = el('p', { role: 'status', class: 'quiet' })
  const players = el('p', { class: 'quiet' }, [ticket.info.players.join(', '), s.rating(ticket.info.rating)].join(' · '))
  const accept = el('button', { type: 'button', class: 'primary big', 'data-test': 'accept', onClick: () => answer(() => ticket.accept()) }, s.accept)
  const decline = el('button', { type: 'button', 'data-test': 'decline', onClick: () => answer(() => ticket.decline()) }, s.decline)
  const cancel = el('button', { type: 'button', 'data-test': 'queue-cancel', onClick: () => answer(() => ticket.cancel()) }, s.cancelSearch)
  const bar = el('i', {})
  const left = el('div', { class: 'left', 'aria-hidden': 'true' }, bar)
  let offered = '' // the offer that was told
  let longest = 1 // milliseconds that it lasts
  let wasOffered = false

  function answer(act: () => Promise<void>): void {
    act().catch((err: unknown) => say(note, wordsOf(err)))
  }
  function leftOf(offer: Offer): number {
    return Date.parse(offer.until) + ahead - Date.now()
  }
  function draw(): void {
    const { offer, state } = ticket
    element.dataset['state'] = state
    say(heading, state === 'matched' ? s.joining : offer ? s.found : s.searching)
    const focused = document.activeElement
    accept.hidden = decline.hidden = !offer || offer.you
    cancel.hidden = !!offer || ticket.over
    left.hidden = !offer
    time.hidden = !!offer
    if (offer) {
      say(note, offer.you ? s.acceptedBy(offer.accepted, offer.of, offer.people) : s.offered(offer.people))
      if (offer.until !== offered) {
        offered = offer.until
        longest = Math.max(1, leftOf(offer))
        sound.play('go')
        document.title = `${s.found} · ${s.brand}`
        accept.focus()
      }
    } else {
      document.title = s.brand
      if (wasOffered && state === 'queued') say(note, s.backInLine)
      else if (state === 'matched') say(note, '')
      else if (!note.textContent) say(note, s.searchHint)
      if (focused === accept || focused === decline) cancel.focus()
    }
    wasOffered = !!offer
    tick()
  }
  function tick(): void {
    const secs = Math.max(0, Math.floor((Date.now() - began) / 1000))
    say(time, `${Math.floor(secs / 60)}:${String(secs % 60).padStart(2, '0')}`)
    const guess = ticket.info.estimate
    say(estimate, ticket.offer ? '' : guess ? s.estimate(Math.max(1, Math.round(guess))) : '')
    const { offer } = ticket
    if (offer) bar.style.transform = `scaleX(${Math.max(0, Math.min(1, leftOf(offer) / longest)).toFixed(3)})`
  }

  const element = el('div', { class: 'queue', 'data-screen': 'queue', 'data-ticket': ticket.id },
    el('main', { class: 'card' },
      el('div', { class: 'row' }, gameIcon(ticket.info.game), el('div', { class: 'grow' }, el('h1', {}, `${o.game} · ${o.mode}`), players)),
      heading, time, left, estimate, note,
      el('div', { class: 'row end' }, decline, accept, cancel)))

  undo.add(ticket.onChange(draw))
  undo.every(250, tick)
  undo.add(() => {
    document.title = s.brand
  })
  let closed = false
  const forget = (): void => {
    keep.done = ticket.id
    if (keep.ticket?.id === ticket.id) keep.ticket = null
  }
  ticket.joined({ accept: false }).then(
    (lobby) => {
      forget()
      if (closed) lobby.disconnect() // the seat may be in use by another view of the same ticket
      else o.enter(lobby)
    },
    (err: unknown) => {
      forget()
      if (!closed) o.back(err instanceof UnmatchedError ? (s.unmatched[err.code] ?? s.unmatched['failed']!) : wordsOf(err))
    },
  )
  draw()
  return {
    element,
    close: () => {
      closed = true
      if (!ticket.over) ticket.close()
      undo.run()
    },
  }
}
