import { el } from '../dom'

/** A small graph of the newest values, the last at the right edge. Drawn on a canvas so that a line a frame costs nothing. */
export class Graph {
  private readonly canvas = el('canvas', { class: 'graph', 'aria-hidden': 'true' })
  private readonly figure = el('b', {})
  readonly element: HTMLElement

  /** `mark` is a value with a line of its own, such as what a frame may take. */
  constructor(title: string, private readonly unit: string, private readonly mark = 0) {
    this.element = el('figure', {}, el('figcaption', {}, title, ' ', this.figure), this.canvas)
  }

  draw(values: readonly number[]): void {
    const sharp = Math.min(window.devicePixelRatio || 1, 2)
    const w = Math.round(this.canvas.clientWidth * sharp)
    const h = Math.round(this.canvas.clientHeight * sharp)
    if (w === 0 || h === 0) return
    if (this.canvas.width !== w || this.canvas.height !== h) Object.assign(this.canvas, { width: w, height: h })
    const g = this.canvas.getContext('2d')
    if (!g) return
    const most = Math.max(this.mark * 1.25, ...values, 1e-9)
    const last = values.at(-1) ?? 0
    this.figure.textContent = `${last < 10 ? last.toFixed(1) : Math.round(last)} ${this.unit}`
    g.clearRect(0, 0, w, h)
    g.strokeStyle = '#8884'
    if (this.mark > 0) line(g, w, h - (this.mark / most) * (h - 2))
    g.strokeStyle = '#4ec9f0'
    g.lineWidth = sharp
    g.beginPath()
    values.forEach((v, i) => g.lineTo(w - (values.length - 1 - i) * ((w - 1) / 119), h - 1 - (v / most) * (h - 2)))
    g.stroke()
  }
}

function line(g: CanvasRenderingContext2D, w: number, y: number): void {
  g.beginPath()
  g.moveTo(0, y)
  g.lineTo(w, y)
  g.stroke()
}
