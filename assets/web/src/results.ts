import type { Lobby } from '@sandlot/client'
import { confetti } from './confetti'
import { el, say, Undo } from './dom'
import { sign } from './shape'
import { sound } from './sound'
import type { GameView, Summary } from './stage'
import { s } from './strings'

/** How a match ended, its highlights, and the way into the next. */
export function results(lobby: Lobby, summary?: Summary): GameView {
  const undo = new Undo()
  const places = lobby.result ?? []
  const names = new Map([...lobby.members.values()].map((m) => [m.player, m.name]))
  const mine = places.find((p) => p.player === lobby.me)
  const tie = places.filter((p) => p.rank === 1).length > 1
  const headline = !mine ? s.matchOver : mine.rank > 1 ? (places.length === 2 ? s.youLose : s.youPlaced(s.rank(mine.rank))) : tie ? s.draw : s.youWin
  sound.play(mine?.rank === 1 && !tie ? 'win' : 'over')

  const row = (p: (typeof places)[number]): HTMLElement =>
    el('tr', { class: [p.player === lobby.me && 'me', p.rank === 1 && 'first'].filter(Boolean).join(' ') },
      el('td', { class: 'rank' }, s.rank(p.rank)),
      el('th', { scope: 'row', class: 'who' }, el('span', {}, sign(p.player), el('span', {}, names.get(p.player) ?? s.nobody))),
      ...(summary?.cells(p.player) ?? []).map((text) => el('td', { class: 'num' }, text)),
      el('td', { class: 'num' }, String(p.score)),
    )
  const table = el('table', {},
    el('thead', {}, el('tr', {},
      el('th', { scope: 'col' }, el('span', { class: 'offscreen' }, s.place)), el('th', { scope: 'col', class: 'who' }, s.player),
      ...(summary?.columns ?? []).map((c) => el('th', { scope: 'col', class: 'num' }, c)), el('th', { scope: 'col', class: 'num' }, s.points))),
    el('tbody', {}, ...places.map(row)))

  const next = el('p', { class: 'quiet', role: 'status' })
  const wants = el('p', { class: 'quiet wants', 'aria-live': 'polite' })
  const again = el('button', { type: 'button', class: 'primary', 'data-test': 'again', onClick: () => ask() }, s.again)
  let asked = false
  again.hidden = lobby.role !== 'player'

  function ask(): void {
    asked = true
    again.disabled = true
    say(again, s.againWaiting)
    lobby.setReady(true) // the others see who wants to play on
  }
  function tick(): void {
    const left = lobby.phaseEndsIn
    say(next, Number.isFinite(left) ? s.nextIn(Math.max(0, Math.ceil(left / 1000))) : '')
  }
  function willing(): void {
    const list = [...lobby.members.values()].filter((m) => m.ready && !m.bot && m.player !== lobby.me).map((m) => m.name)
    say(wants, list.length ? s.wantAgain(list) : '')
  }
  undo.every(250, tick)
  undo.add(lobby.on('member', willing))
  // Back in the waiting room everyone is asked anew, so the wish is kept until then.
  const off = lobby.on('phase', (phase) => {
    if (phase === 'results') return
    off()
    if (asked && phase === 'waiting') lobby.setReady(true)
  })
  tick()
  willing()
  // The own place is in view, however many are before it and however a phone is turned; until hands look for another.
  const box = el('div', { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': s.places }, table)
  const sizes = new ResizeObserver(() => table.querySelector('.me')?.scrollIntoView({ block: 'nearest' }))
  sizes.observe(box)
  undo.add(() => sizes.disconnect())
  for (const kind of ['wheel', 'touchmove', 'pointerdown', 'keydown']) undo.on(box, kind, () => sizes.disconnect(), { passive: true })

  const element = el('div', { class: 'sheet', 'data-test': 'results' },
    mine?.rank === 1 && !tie && confetti(),
    el('section', { class: 'card results', 'aria-label': s.matchOver },
      el('h2', { class: mine?.rank === 1 && !tie ? 'won' : '' }, headline),
      el('p', { class: 'offscreen', role: 'status' }, headline),
      summary && summary.highlights.length > 0 && el('ul', { class: 'highlights', 'aria-label': s.highlightsTitle }, ...summary.highlights.map((h) => el('li', {}, h))),
      box,
      wants,
      el('div', { class: 'row end' }, next, el('span', { class: 'grow' }), again),
    ),
  )
  return { element, close: () => undo.run() }
}
