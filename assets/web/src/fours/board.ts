import { el, say, svg } from '../dom'
import { s } from '../strings'
import { columns, landing, rows, type Match } from './types'

const size = 100 // of a cell, in the drawing's own units

/** The board: drawn in SVG, played by a button a column, and told as a table to who does not see it. */
export interface Board {
  readonly element: HTMLElement
  draw(m: Match, mine: number, moves: boolean): void
  /** Puts the focus on a column, if it is nowhere on the board yet. */
  focus(): void
}

export function board(drop: (column: number) => void): Board {
  const discs = svg('g')
  const ghost = svg('circle', { r: 38, class: 'ghost', visibility: 'hidden' })
  const mark = svg('g', { class: 'line' })
  const picture = svg('svg', { viewBox: `0 0 ${columns * size} ${rows * size}`, class: 'board', 'aria-hidden': 'true' },
    svg('defs', {}, svg('mask', { id: 'holes' }, svg('rect', { width: '100%', height: '100%', fill: '#fff' }), ...holes({ r: 40, fill: '#000' }))),
    svg('rect', { width: columns * size, height: rows * size, rx: 28, class: 'back' }),
    ghost, discs,
    svg('rect', { width: columns * size, height: rows * size, rx: 28, class: 'front', mask: 'url(#holes)' }),
    svg('g', { class: 'rims' }, ...holes({ r: 41.5 })),
    mark,
  )
  const buttons = Array.from({ length: columns }, (_, c) =>
    el('button', {
      type: 'button', 'aria-label': s.column(c + 1), 'data-column': c,
      onClick: () => drop(c), onPointerenter: () => aim(c), onPointerleave: () => aim(-1), onFocus: () => aim(c), onBlur: () => aim(-1),
    }))
  const keys = el('div', { class: 'keys', role: 'group', 'aria-label': s.board }, ...buttons)
  keys.addEventListener('keydown', (ev) => {
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement)
    const to = ev.key === 'ArrowLeft' ? at - 1 : ev.key === 'ArrowRight' ? at + 1 : -1
    if (to < 0 || to >= columns) return
    ev.preventDefault()
    buttons[to]!.focus()
  })
  const told = boardTable()
  const element = el('div', { class: 'board-box' }, picture, keys, told.element)

  const shown = new Map<number, SVGElement>()
  let state: Match | null = null
  let hover = -1
  let marked = ''
  let me = 0
  let open = false

  function aim(column: number): void {
    hover = column
    const cell = state && open && column >= 0 ? landing(state.board, column) : -1
    ghost.setAttribute('visibility', cell >= 0 ? 'visible' : 'hidden')
    if (cell < 0) return
    ghost.setAttribute('cx', String(x(cell)))
    ghost.setAttribute('cy', String(y(cell)))
    ghost.setAttribute('class', `ghost p${me}`)
  }

  function draw(m: Match, mine: number, moves: boolean): void {
    state = m
    me = mine
    open = moves
    // Discs that lie stay untouched: one put in anew would fall again.
    const first = shown.size === 0 && m.board.filter((who) => who).length > 1
    for (const [cell, disc] of shown) {
      if (String(m.board[cell] ?? 0) === disc.dataset['who']) continue
      disc.remove()
      shown.delete(cell)
    }
    m.board.forEach((who, cell) => {
      if (!who || shown.has(cell)) return
      const disc = svg('g', { class: `disc p${who}`, 'data-who': who, 'data-cell': cell },
        svg('circle', { cx: x(cell), cy: y(cell), r: 44 }), svg('circle', { cx: x(cell), cy: y(cell), r: 31, class: 'rim' }), signOf(who, x(cell), y(cell)))
      disc.style.setProperty('--from', `${-y(cell) - size}px`)
      disc.style.setProperty('--long', `${Math.round(240 + 60 * (y(cell) / size))}ms`)
      disc.classList.toggle('fall', !first)
      discs.append(disc)
      shown.set(cell, disc)
    })
    const line = m.line.filter((c) => m.over && c >= 0)
    picture.classList.toggle('decided', line.length > 0)
    for (const [cell, disc] of shown) disc.classList.toggle('winner', line.includes(cell))
    // Marks begin when the disc lies: made anew they would begin again.
    const key = `${line} ${m.last}`
    if (key !== marked) mark.replaceChildren(
      ...(line.length > 1 ? [svg('path', { d: `M${x(line[0]!)} ${y(line[0]!)}L${x(line.at(-1)!)} ${y(line.at(-1)!)}`, class: 'through' })] : []),
      ...line.map((c) => svg('circle', { cx: x(c), cy: y(c), r: 36, class: 'won' })),
      ...(line.length === 0 && m.last >= 0 ? [svg('circle', { cx: x(m.last), cy: y(m.last), r: 39, class: 'last' })] : []),
    )
    marked = key
    buttons.forEach((b, c) => {
      const free = landing(m.board, c) >= 0
      b.setAttribute('aria-disabled', String(!moves || !free))
      const discs = m.board.filter((who, cell) => who && cell % columns === c).length
      b.setAttribute('aria-label', free ? s.holding(c + 1, discs) : s.columnFull(c + 1))
    })
    told.draw(m.board)
    aim(hover)
  }
  return {
    element,
    draw,
    focus: () => {
      if (!keys.contains(document.activeElement)) buttons[3]!.focus()
    },
  }
}

// Besides its colour each side has a sign: a ring, or a cross.
function signOf(who: number, cx: number, cy: number): SVGElement {
  if (who === 1) return svg('circle', { cx, cy, r: 17, class: 'mark' })
  return svg('path', { d: `M${cx - 14} ${cy}h28M${cx} ${cy - 14}v28`, class: 'mark' })
}

// The board in words, row by row from the bottom.
function boardTable(): { element: HTMLElement; draw: (cells: readonly number[]) => void } {
  const cells = Array.from({ length: columns * rows }, () => el('td', {}))
  const element = el('table', { class: 'offscreen' }, el('caption', {}, `${s.board}. ${s.boardHint}`), el('tbody', {},
    ...Array.from({ length: rows }, (_, r) => el('tr', {}, el('th', { scope: 'row' }, s.boardRow(r + 1)), ...cells.slice(r * columns, (r + 1) * columns)))))
  return { element, draw: (board) => cells.forEach((c, i) => say(c, [s.empty, s.first, s.second][board[i] ?? 0]!)) }
}

function x(cell: number): number {
  return (cell % columns) * size + size / 2
}

function y(cell: number): number {
  return (rows - 1 - Math.floor(cell / columns)) * size + size / 2
}

function holes(look: { r: number; fill?: string }): SVGElement[] {
  return Array.from({ length: columns * rows }, (_, c) => svg('circle', { cx: x(c), cy: y(c), ...look }))
}
