import { svg } from './dom'

/** A door that somebody opens. */
export function lockIcon(): SVGSVGElement {
  return svg('svg', { viewBox: '0 0 24 24', class: 'glyph', 'aria-hidden': 'true' }, svg('rect', { x: 5, y: 11, width: 14, height: 9, rx: 2, class: 'body' }), svg('path', { d: 'M8 11V8a4 4 0 0 1 8 0v3' }))
}

/** To look on. */
export function eyeIcon(): SVGSVGElement {
  return svg('svg', { viewBox: '0 0 24 24', class: 'glyph', 'aria-hidden': 'true' }, svg('path', { d: 'M2 12s3.6-6.5 10-6.5S22 12 22 12s-3.6 6.5-10 6.5S2 12 2 12z' }), svg('circle', { cx: 12, cy: 12, r: 3 }))
}

/** A court that nobody is on yet. */
export function emptyIcon(): SVGSVGElement {
  return svg('svg', { viewBox: '0 0 96 56', class: 'empty-icon', 'aria-hidden': 'true' },
    svg('path', { d: 'M8 46 26 10h44l18 36zM48 10v36M37 28h22' }), svg('circle', { cx: 48, cy: 28, r: 7 }))
}

/** A game's picture; a die for games that this page does not know. */
export function gameIcon(game: string): SVGSVGElement {
  const icon = svg('svg', { viewBox: '0 0 32 32', class: 'icon', 'aria-hidden': 'true' })
  switch (game) {
    case 'arena':
      icon.append(
        svg('rect', { x: 1, y: 1, width: 30, height: 30, rx: 8, class: 'i-arena' }),
        svg('path', { d: 'M9 23 16 6l7 17-7-4z', fill: '#fff' }),
      )
      break
    case 'fours':
      icon.append(svg('rect', { x: 1, y: 1, width: 30, height: 30, rx: 8, class: 'i-fours' }))
      for (let i = 0; i < 9; i++) {
        const mine = i === 2 || i === 4 || i === 6
        icon.append(svg('circle', { cx: 8 + (i % 3) * 8, cy: 8 + Math.floor(i / 3) * 8, r: 3, fill: mine ? '#ffd166' : '#ffffff66' }))
      }
      break
    default:
      icon.append(
        svg('rect', { x: 1, y: 1, width: 30, height: 30, rx: 8, class: 'i-other' }),
        ...[[10, 10], [22, 10], [16, 16], [10, 22], [22, 22]].map(([cx, cy]) => svg('circle', { cx, cy, r: 2.6, fill: '#fff' })),
      )
  }
  return icon
}
