import { el, say } from '../dom'

/** A small graph of the newest values, the last at the right edge. Drawn on a canvas so that a line a frame costs nothing. */
export class Graph {
  private readonly canvas = el('canvas', { class: 'graph', 'aria-hidden': 'true' })
  private readonly figure = el('b', {})
  readonly element: HTMLElement

  private readonly other = el('b', { class: 'other' })

  /** `mark` is a value with a line of its own, such as what a frame may take; `second` names a second line. */
  constructor(title: string, private readonly unit: string, private readonly mark = 0, second = '') {
    this.element = el('figure', {}, el('figcaption', {}, title, ' ', this.figure, second && ` · ${second} `, second && this.other), this.canvas)
  }

  draw(values: readonly number[], others: readonly number[] = []): void {
    const sharp = Math.min(window.devicePixelRatio || 1, 2)
    const w = Math.round(this.canvas.clientWidth * sharp)
    const h = Math.round(this.canvas.clientHeight * sharp)
    if (w === 0 || h === 0) return
    if (this.canvas.width !== w || this.canvas.height !== h) Object.assign(this.canvas, { width: w, height: h })
    const g = this.canvas.getContext('2d')
    if (!g) return
    const most = Math.max(this.mark * 1.25, ...values, ...others, 1e-9)
    const least = Math.min(0, ...values)
    const at = (v: number): number => h - 1 - ((v - least) / (most - least)) * (h - 2)
    say(this.figure, words(values, this.unit))
    say(this.other, words(others, this.unit))
    g.clearRect(0, 0, w, h)
    g.lineWidth = sharp
    if (this.mark > 0) line(g, '#8886', [0, w], at(this.mark))
    if (least < 0) line(g, '#8886', [0, w], at(0))
    for (const [list, colour] of [[others, '#f0b545'], [values, '#4ec9f0']] as const) {
      g.strokeStyle = colour
      g.beginPath()
      list.forEach((v, i) => g.lineTo(w - (list.length - 1 - i) * ((w - 1) / 119), at(v)))
      g.stroke()
    }
  }
}

function words(values: readonly number[], unit: string): string {
  const last = values.at(-1)
  if (last === undefined) return ''
  return `${Number.isInteger(last) || last >= 10 ? Math.round(last) : last.toFixed(1)}${unit && ` ${unit}`}`
}

function line(g: CanvasRenderingContext2D, colour: string, [from, to]: readonly [number, number], y: number): void {
  g.strokeStyle = colour
  g.beginPath()
  g.moveTo(from, y)
  g.lineTo(to, y)
  g.stroke()
}
