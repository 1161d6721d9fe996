import type { Lobby } from '@sandlot/client'
import { el, say, Undo } from '../dom'
import type { GameView } from '../stage'
import { sound } from '../sound'
import { s } from '../strings'
import { board } from './board'
import { columns, type Match } from './types'

/** Four in a row. */
export function fours(lobby: Lobby): GameView {
  const undo = new Undo()
  const table = lobby.table<Match>('match')
  const note = el('p', { class: 'says', 'data-test': 'turn' })
  const spoken = el('p', { class: 'offscreen', role: 'status', 'aria-live': 'polite', 'data-test': 'move' })
  const sides = [chip(1), chip(2)] as const
  const grid = board(drop)
  const element = el('div', { class: 'fours', 'data-test': 'fours' },
    el('div', { class: 'sides' }, sides[0].element, note, sides[1].element), grid.element, el('p', { class: 'quiet help' }, s.foursHelp), spoken)
  let stated = performance.now()
  let how = ''
  let hint = ''
  let heard = -2 // the cell of the move that was told last; -2 before any was seen
  let turned = 0 // whose turn was told last

  const match = (): Match | undefined => table.first
  const nameOf = (player: number): string => lobby.members.get(player)?.name ?? (player ? s.nobody : '…')
  const moves = (): boolean => match()?.turn === lobby.me && lobby.me !== 0 && lobby.phase === 'running' && lobby.connection.state === 'open'

  function drop(column: number): void {
    if (!moves()) return
    hint = ''
    lobby.send('drop', { column }).catch((err: Error) => {
      hint = err.message
      draw()
    })
  }

  function draw(): void {
    const m = match()
    if (!m) return
    const mine = m.first === lobby.me ? 1 : m.second === lobby.me ? 2 : 0
    grid.draw(m, mine, moves())
    sides[0].draw(nameOf(m.first), m.turn !== 0 && m.turn === m.first, m.first === lobby.me)
    sides[1].draw(nameOf(m.second), m.turn !== 0 && m.turn === m.second, m.second === lobby.me)
    say(note, hint || words(m))
    if (hint) say(spoken, hint)
    tell(m)
    element.classList.toggle('mine', moves())
    element.dataset['board'] = m.board.join('')
    element.dataset['turn'] = String(m.turn)
    element.dataset['over'] = String(m.over)
    clock()
  }
  function words(m: Match): string {
    if (m.over) {
      const why = s.finished[how] ?? ''
      const end = m.winner === 0 ? s.draw : m.winner === lobby.me ? s.youWin : mineIs(m) ? s.youLose : nameOf(m.winner)
      return [why, end].filter(Boolean).join(' · ')
    }
    if (m.turn === 0) return s.waitingOpponent
    return m.turn === lobby.me ? s.yourTurn : s.theirTurn(nameOf(m.turn))
  }

  // What changed is said, and heard: where a disc fell, whose turn it is, how it ended.
  function tell(m: Match): void {
    const fell = m.last >= 0 && m.last !== heard && heard !== -2
    const changed = m.last !== heard || m.turn !== turned
    heard = m.last
    if (!changed) return
    turned = m.turn
    if (fell) sound.play('drop')
    if (m.turn === lobby.me && lobby.me !== 0 && !m.over) sound.play('turn')
    say(spoken, [fell ? moved(m) : '', words(m)].filter(Boolean).join(' '))
  }
  function moved(m: Match): string {
    const who = m.board[m.last] === 1 ? m.first : m.second
    const [column, row] = [(m.last % columns) + 1, Math.floor(m.last / columns) + 1]
    return who === lobby.me ? s.youDropped(column, row) : s.dropped(nameOf(who), column, row)
  }

  const mineIs = (m: Match): boolean => m.first === lobby.me || m.second === lobby.me

  function clock(): void {
    const m = match()
    if (!m) return
    const passed = (performance.now() - stated) / 1000
    const left = m.turn === 0 ? -1 : Math.max(0, (m.deadline - lobby.tick) / lobby.schema.tickRate - passed)
    const whole = lobby.settings['seconds'] ?? 0
    sides[0].clock(m.turn === m.first ? left : -1, whole)
    sides[1].clock(m.turn === m.second ? left : -1, whole)
  }

  undo.add(
    lobby.onStateChange(() => {
      stated = performance.now()
      draw()
    }),
    lobby.on('lobby', draw),
    lobby.on('member', draw),
    lobby.on('connection', draw),
    lobby.on('match', () => {
      how = ''
      hint = ''
      heard = -1
    }),
    lobby.onMessage<{ how: string }>('finished', (e) => {
      how = e.how
      draw()
    }),
    lobby.onMessage<{ why: string }>('refused', (e) => {
      hint = s.refusedDrop[e.why] ?? e.why
      draw()
    }),
  )
  undo.every(250, clock)
  undo.on(document, 'keydown', (ev: KeyboardEvent) => {
    const n = Number(ev.key)
    if (ev.ctrlKey || ev.altKey || ev.metaKey || document.activeElement?.closest('input, select, dialog')) return
    if ((ev.key === 'ArrowLeft' || ev.key === 'ArrowRight') && document.activeElement === document.body) grid.focus()
    if (!(n >= 1 && n <= columns)) return
    drop(n - 1)
  })
  draw()
  return { element, close: () => undo.run() }
}

// One side: its disc, its name, its clock.
function chip(side: 1 | 2): { element: HTMLElement; draw: (name: string, turn: boolean, you: boolean) => void; clock: (left: number, whole: number) => void } {
  const name = el('span', { class: 'who' })
  const time = el('span', { class: 'time', role: 'timer' })
  const bar = el('i', { class: 'left' })
  const element = el('div', { class: `chip p${side}` }, el('i', { class: 'disc' }), name, time, bar)
  return {
    element,
    draw: (n, turn, mine) => {
      say(name, mine ? s.yourself : n)
      element.title = n
      element.classList.toggle('turn', turn)
    },
    clock: (left, whole) => {
      bar.style.transform = `scaleX(${left > 0 && whole > 0 ? Math.min(1, left / whole).toFixed(3) : 0})`
      say(time, left < 0 ? '' : String(Math.ceil(left)))
      time.setAttribute('aria-label', left < 0 ? '' : s.timeOf(name.textContent ?? '', Math.ceil(left)))
      time.classList.toggle('low', left >= 0 && left <= 5)
    },
  }
}
