import type { Lobby } from '@sandlot/client'
import { colourOf } from './colours'
import { el, say, Undo } from './dom'
import type { GameView } from './stage'
import { s } from './strings'

/** How a match ended, and the way into the next. */
export function results(lobby: Lobby): GameView {
  const undo = new Undo()
  const places = lobby.result ?? []
  const names = new Map([...lobby.members.values()].map((m) => [m.player, m.name]))
  const mine = places.find((p) => p.player === lobby.me)
  const tie = places.filter((p) => p.rank === 1).length > 1
  const headline = !mine ? s.matchOver : mine.rank > 1 ? (places.length === 2 ? s.youLose : s.matchOver) : tie ? s.draw : s.youWin
  const next = el('p', { class: 'quiet', role: 'status' })
  let asked = false
  const again = el('button', {
    type: 'button', class: 'primary', 'data-test': 'again',
    onClick: () => {
      asked = true
      again.disabled = true
      say(again, s.againWaiting)
    },
  }, s.again)
  again.hidden = lobby.role !== 'player'

  const row = (p: (typeof places)[number]): HTMLElement => {
    const dot = el('i', { class: 'dot' })
    dot.style.background = colourOf(p.player).css
    return el('tr', { class: p.player === lobby.me ? 'me' : '' },
      el('td', { class: 'rank' }, s.rank(p.rank)),
      el('td', { class: 'who' }, dot, names.get(p.player) ?? s.nobody),
      el('td', { class: 'num' }, String(p.score)),
    )
  }

  function tick(): void {
    const left = lobby.phaseEndsIn
    say(next, Number.isFinite(left) ? s.nextIn(Math.max(0, Math.ceil(left / 1000))) : '')
  }
  undo.every(250, tick)
  // Ready counts from the next lobby on, so the wish is kept until then.
  const off = lobby.on('phase', (phase) => {
    if (phase === 'results') return
    off()
    if (asked && phase === 'waiting') lobby.setReady(true)
  })
  tick()

  const element = el('div', { class: 'sheet', 'data-test': 'results' },
    el('div', { class: 'card results' },
      el('h2', { class: mine?.rank === 1 && !tie ? 'won' : '' }, headline),
      el('table', {}, el('tbody', {}, ...places.map(row))),
      el('div', { class: 'row end' }, next, el('span', { class: 'grow' }), again),
    ),
  )
  return { element, close: () => undo.run() }
}
