import { palette } from './colours'
import { el, svg } from './dom'
import { swatch } from './shape'
import { s } from './strings'

/** A colour's picture: its sign, or for none chosen a few of all. */
export function colourSign(colour: number): SVGSVGElement {
  const one = palette[colour - 1]
  if (one) return swatch(one)
  const dots = [[-0.5, -0.5, 0], [0.5, -0.5, 1], [-0.5, 0.5, 2], [0.5, 0.5, 3]].map(([cx, cy, i]) => svg('circle', { cx, cy, r: 0.42, fill: palette[i!]!.css }))
  return svg('svg', { viewBox: '-1.35 -1.35 2.7 2.7', class: 'sign', 'aria-hidden': 'true' }, ...dots)
}

/** A choice of colours, or of none (0): one stop for the tab key, and arrows within. */
export function colourPicker(chosen: number, pick: (colour: number) => void): HTMLElement {
  const all = [...palette.keys()].map((i) => i + 1)
  const order = [0, ...all]
  const buttons = order.map((c) =>
    el('button', {
      type: 'button', role: 'radio', class: 'swatch', 'data-colour': c, 'aria-label': s.colours[c], title: s.colours[c], onClick: () => choose(c),
    }, colourSign(c)))
  function mark(colour: number): void {
    chosen = colour
    buttons.forEach((b, i) => {
      b.setAttribute('aria-checked', String(order[i] === chosen))
      b.tabIndex = order[i] === chosen ? 0 : -1
    })
  }
  function choose(colour: number): void {
    mark(colour)
    pick(colour)
  }
  const element = el('div', {
    class: 'palette', role: 'radiogroup', 'aria-label': s.colourPick, 'data-test': 'palette',
    onKeydown: (ev: KeyboardEvent) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[ev.key]
      if (!step) return
      ev.preventDefault()
      const to = (order.indexOf(chosen) + step + order.length) % order.length
      choose(order[to]!)
      buttons[to]!.focus()
    },
  }, ...buttons)
  mark(chosen)
  return element
}
