import type { Lobby } from '@sandlot/client'
import { el, say, type Undo } from '../dom'
import { frames } from '../frames'
import { s } from '../strings'
import { Graph } from './graph'
import { Inspector } from './inspector'
import { Meter } from './meter'

// How often it is drawn, in milliseconds.
const every = 250

const labels = s.overlay.figures
type Figure = keyof typeof labels

/** For who builds games: how the connection and the drawing do, and what this client knows. The key ` or the pill in the header opens it. */
export function overlay(lobby: Lobby, undo: Undo): { element: HTMLElement; toggle: () => void } {
  const cells = Object.fromEntries((Object.keys(labels) as Figure[]).map((k) => [k, el('dd', {})])) as Record<Figure, HTMLElement>
  const ping = new Graph(s.overlay.pings, 'ms')
  const gaps = new Graph(s.overlay.gaps, 'ms')
  const rate = new Graph(s.overlay.rate, 'KB/s')
  const drawn = new Graph(s.overlay.frames, 'ms', 1000 / 60)
  const inspector = new Inspector(lobby)
  const meter = new Meter(lobby)
  const close = el('button', { type: 'button', class: 'small', onClick: () => toggle() }, s.close)
  const element = el('section', { class: 'overlay', hidden: true, 'aria-label': s.overlay.title, 'data-test': 'overlay' },
    el('div', { class: 'row' }, el('h2', {}, s.overlay.title), el('span', { class: 'grow' }), close),
    el('dl', {}, ...(Object.keys(labels) as Figure[]).map((k) => el('div', { 'data-figure': k }, el('dt', {}, labels[k]), cells[k]))),
    el('div', { class: 'graphs' }, ping.element, gaps.element, rate.element, drawn.element),
    inspector.element,
  )
  let timer: ReturnType<typeof setInterval> | undefined

  function draw(): void {
    const r = meter.read()
    const times = frames.last(60)
    const mean = times.reduce((a, b) => a + b, 0) / Math.max(1, times.length)
    const ms = (v: number): string => `${v.toFixed(v < 10 ? 1 : 0)} ms`
    const flow = (total: number, a_second: number): string => `${bytes(a_second)}/s · ${bytes(total)}`
    const texts: Record<Figure, string> = {
      ping: ms(r.ping), jitter: ms(r.jitter), interval: ms(r.interval), delay: ms(r.delay), margin: String(r.margin), tick: String(r.tick),
      in: flow(r.received, r.rateIn), out: flow(r.sent, r.rateOut),
      frame: times.length ? `${ms(mean)} · ${s.overlay.worst} ${ms(Math.max(...times))}` : s.overlay.none,
      server: `${lobby.instance || s.overlay.none} · ${lobby.id}`,
    }
    for (const k of Object.keys(texts) as Figure[]) say(cells[k], texts[k])
    ping.draw(meter.pings)
    gaps.draw(meter.gaps)
    rate.draw(meter.rates.map((b) => b / 1000))
    drawn.draw(frames.last(120))
    inspector.draw()
  }
  function toggle(): void {
    element.hidden = !element.hidden
    clearInterval(timer)
    if (element.hidden) return
    meter.read()
    draw()
    timer = setInterval(draw, every)
  }

  undo.add(lobby.onStateChange(() => meter.state()), () => clearInterval(timer))
  undo.on(window, 'keydown', (ev: KeyboardEvent) => {
    const typing = ev.target instanceof HTMLElement && ev.target.closest('input, textarea')
    if (ev.code === 'Backquote' && !ev.repeat && !typing && !ev.ctrlKey && !ev.metaKey && !ev.altKey) toggle()
    if (ev.key === 'Escape' && !element.hidden && !typing) toggle()
  })
  return { element, toggle }
}

function bytes(n: number): string {
  return n < 1000 ? `${Math.round(n)} B` : n < 1e6 ? `${(n / 1000).toFixed(1)} KB` : `${(n / 1e6).toFixed(1)} MB`
}
