import type { Lobby } from '@sandlot/client'
import { feel, middle } from '../arena/feel'
import { el, say, type Undo } from '../dom'
import { frames } from '../frames'
import { s } from '../strings'
import { BadNet } from './badnet'
import { Graph } from './graph'
import { Inspector } from './inspector'
import { Meter } from './meter'

// How often it is drawn, in milliseconds.
const every = 250

const labels = s.overlay.figures
type Figure = keyof typeof labels

/**
 * For who builds games: how the connection and the drawing do, and what this client knows. The key ` or the pill in the header opens it.
 * `changed` is called when another network is simulated.
 */
export function overlay(lobby: Lobby, undo: Undo, changed: () => void): { element: HTMLElement; toggle: () => void } {
  const cells = Object.fromEntries((Object.keys(labels) as Figure[]).map((k) => [k, el('dd', {})])) as Record<Figure, HTMLElement>
  const { graphs } = s.overlay
  const ping = new Graph(graphs.ping, 'ms', 0, graphs.jitter)
  const gaps = new Graph(graphs.gaps, 'ms', 0, graphs.delay)
  const margin = new Graph(graphs.margin, '', 1)
  const rate = new Graph(graphs.in, 'KB/s', 0, graphs.out)
  const drawn = new Graph(graphs.frames, 'ms', 1000 / 60)
  const predict = el('input', { type: 'checkbox', checked: feel.predict, 'data-test': 'predict', onChange: () => feel.switch(predict.checked) })
  const predictRow = el('label', { class: 'check' }, predict, s.overlay.predict)
  const badnet = new BadNet(lobby, undo, () => {
    feel.forget()
    changed()
  })
  const inspector = new Inspector(lobby)
  const meter = new Meter(lobby)
  const close = el('button', { type: 'button', class: 'small', onClick: () => toggle() }, s.close)
  const element = el('section', { class: 'overlay', hidden: true, 'aria-label': s.overlay.title, 'data-test': 'overlay' },
    el('div', { class: 'row' }, el('h2', {}, s.overlay.title), el('span', { class: 'grow' }), close),
    el('dl', {}, ...(Object.keys(labels) as Figure[]).map((k) => el('div', { 'data-figure': k }, el('dt', {}, labels[k]), cells[k]))),
    el('div', { class: 'graphs' }, ping.element, gaps.element, margin.element, rate.element, drawn.element),
    predictRow, badnet.element, inspector.element,
  )
  let timer: ReturnType<typeof setInterval> | undefined

  function draw(): void {
    const r = meter.read()
    const times = frames.last(60)
    const mean = times.reduce((a, b) => a + b, 0) / Math.max(1, times.length)
    const felt = feel.read()
    const ms = (v: number): string => `${v.toFixed(v < 10 ? 1 : 0)} ms`
    const flow = (total: number, a_second: number): string => `${bytes(a_second)}/s · ${bytes(total)}`
    const texts: Record<Figure, string> = {
      ping: ms(r.ping), jitter: ms(r.jitter), interval: ms(r.interval), delay: ms(r.delay), margin: String(r.margin), tick: String(r.tick),
      in: flow(r.received, r.rateIn), out: flow(r.sent, r.rateOut),
      screen: felt?.screen.length ? `${ms(middle(felt.screen))} · ${s.overlay.worst} ${ms(Math.max(...felt.screen))}` : s.overlay.none,
      corrected: felt ? s.overlay.corrections(felt.corrections, felt.meanCorrection, felt.largestCorrection) : s.overlay.none,
      frame: times.length ? `${ms(mean)} · ${s.overlay.worst} ${ms(Math.max(...times))}` : s.overlay.none,
      server: `${lobby.instance || s.overlay.none} · ${lobby.id}`,
    }
    for (const k of Object.keys(texts) as Figure[]) say(cells[k], texts[k])
    ping.draw(meter.pings, meter.jitters)
    gaps.draw(meter.gaps, meter.delays)
    margin.draw(meter.margins)
    rate.draw(meter.ratesIn, meter.ratesOut)
    drawn.draw(frames.last(120))
    predictRow.hidden = !felt
    predict.checked = feel.predict
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
    const typing = ev.target instanceof HTMLElement && ev.target.closest('input:not([type=checkbox]), textarea')
    if (ev.code === 'Backquote' && !ev.repeat && !typing && !ev.ctrlKey && !ev.metaKey && !ev.altKey) toggle()
    if (ev.key === 'Escape' && !element.hidden && !typing) toggle()
  })
  return { element, toggle }
}

function bytes(n: number): string {
  return n < 1000 ? `${Math.round(n)} B` : n < 1e6 ? `${(n / 1000).toFixed(1)} KB` : `${(n / 1e6).toFixed(1)} MB`
}
