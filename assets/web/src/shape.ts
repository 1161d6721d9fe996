import { colourOf, type Colour } from './colours'
import { svg } from './dom'
import { looks } from './looks'

// As many as looks.ts counts. Players are told apart by shape as well as by colour: nobody has to see the one or the other. Points are in units of a ship's
// radius, nose to the right.
const outlines: readonly (readonly number[])[] = [
  [1.15, 0, -0.8, 0.85, -0.4, 0, -0.8, -0.85], // dart
  [1.15, 0, 0.1, 0.95, -0.95, 0.5, -0.95, -0.5, 0.1, -0.95], // shield
  [1.2, 0, 0, 0.62, -0.35, 1, -0.9, 0.45, -0.9, -0.45, -0.35, -1, 0, -0.62], // bat
  [1.1, 0.28, 1.1, -0.28, 0.1, -0.5, -0.5, -1, -0.95, -1, -0.7, 0, -0.95, 1, -0.5, 1, 0.1, 0.5], // fork
  [1.15, 0, 0, 0.9, -1, 0, 0, -0.9], // kite
]

/** The outline of a player number's ship. */
export function shapeOf(player: number): readonly number[] {
  return outlines[looks.of(player).shape]!
}

/** A player's sign beside the name: the colour, in the shape of the ship. */
export function sign(player: number): SVGSVGElement {
  return drawn(shapeOf(player), colourOf(player))
}

/** The sign of a colour that nobody has yet. */
export function swatch(colour: Colour): SVGSVGElement {
  return drawn(outlines[0]!, colour)
}

function drawn(points: readonly number[], colour: Colour): SVGSVGElement {
  const at: string[] = []
  for (let i = 0; i < points.length; i += 2) at.push(`${points[i + 1]},${-points[i]!}`) // nose up
  return svg('svg', { viewBox: '-1.35 -1.35 2.7 2.7', class: 'sign', 'aria-hidden': 'true' }, svg('polygon', { points: at.join(' '), fill: colour.css }))
}
