import type { Lobby } from '@sandlot/client'
import { el, say, Undo } from './dom'
import { fours } from './fours/view'
import type { Known } from './options'
import { results } from './results'
import { sound } from './sound'
import { s } from './strings'
import { waitingRoom } from './waiting'

/** What draws a game. */
export interface GameView {
  readonly element: HTMLElement
  /** What the results say beside places and points. */
  summary?(): Summary
  close(): void
}

/** A game's own words on how its match went. */
export interface Summary {
  /** Names of more columns. */
  readonly columns: readonly string[]
  cells(player: number): readonly string[]
  readonly highlights: readonly string[]
}

// What the arena's picture is made of: a game of other rules that has them is drawn by it too.
const arenas = ['ships', 'shots', 'walls', 'pickups', 'scores', 'match']

const isArena = (lobby: Lobby): boolean => arenas.every((name) => lobby.schema.tables.some((t) => t.name === name))

// How the game is played, told while it is about to begin.
function howTo(lobby: Lobby): string {
  if (lobby.role !== 'player') return ''
  if (lobby.game === 'fours') return s.foursGoal
  return isArena(lobby) ? (matchMedia('(pointer: coarse)').matches ? s.arenaTouch : s.arenaHelp) : ''
}

async function makeView(lobby: Lobby, known: Known): Promise<GameView> {
  if (lobby.game === 'fours') return fours(lobby)
  if (isArena(lobby)) {
    // The renderer is large and only fetched by who plays.
    return (await import('./arena/view')).arena(lobby)
  }
  const game = known.game()
  const has = !game || game.page // not known yet: most have one
  const where = has ? el('a', { href: `/games/${encodeURIComponent(lobby.game)}/` }, s.ownPage) : ''
  return { element: el('div', { class: 'card' }, el('p', {}, has ? s.unknownGame : s.noView), where), close: () => {} }
}

/** The middle of the page: the waiting room, the game, its results. */
export function stage(lobby: Lobby, known: Known): GameView {
  const undo = new Undo()
  const field = el('div', { class: 'field' })
  // Each second is announced; how to play is not, each second again.
  const count = el('div', { class: 'countdown', hidden: true }, el('p', { role: 'status' }, el('span', {}, s.startsIn), el('strong', {})), el('span', { class: 'quiet' }, howTo(lobby)))
  const watching = el('p', { class: 'watching', hidden: true }, s.youWatch)
  const element = el('div', { class: 'layers' }, field, count, watching)
  let view: GameView | null = null
  let making = false
  let closed = false
  let room: GameView | null = null
  let end: GameView | null = null
  let heard = 0

  function drop(v: GameView | null): null {
    v?.element.remove()
    v?.close()
    return null
  }

  async function showGame(): Promise<void> {
    if (view || making) return
    making = true
    const made = await makeView(lobby, known)
    making = false
    if (closed) return made.close()
    view = made
    field.replaceChildren(view.element)
  }

  function draw(): void {
    const phase = lobby.phase
    const playing = phase === 'running' || phase === 'results' || phase === 'countdown'
    if (playing) void showGame()
    if (phase === 'waiting' && !room) element.append((room = waitingRoom(lobby, known)).element)
    if (phase !== 'waiting') room = drop(room)
    if (phase === 'results' && lobby.result && !end) {
      end = results(lobby, view?.summary?.())
      element.append(end.element)
    }
    if (phase !== 'results') end = drop(end)
    count.hidden = phase !== 'countdown'
    watching.hidden = lobby.role === 'player' || phase !== 'running'
    field.classList.toggle('dim', !playing)
    tick()
  }
  function tick(): void {
    if (lobby.phase !== 'countdown') return
    const left = lobby.phaseEndsIn
    const secs = Number.isFinite(left) ? Math.max(1, Math.ceil(left / 1000)) : 0
    say(count.querySelector('strong')!, secs ? String(secs) : '…')
    if (secs !== heard && secs > 0 && secs <= 3) sound.play('tick')
    heard = secs
  }

  undo.add(
    lobby.on('lobby', draw),
    lobby.on('result', draw),
    lobby.on('phase', (phase, before) => {
      if (phase === 'running' && before === 'countdown') sound.play('go')
    }),
  )
  undo.every(200, tick)
  draw()
  return {
    element,
    close: () => {
      closed = true
      undo.run()
      drop(view)
      drop(room)
      drop(end)
    },
  }
}
