import { looks } from './looks'

/** A colour of players: for the canvas, for the page, and as text on it. */
export interface Colour {
  readonly hex: number
  readonly css: string
  readonly text: string
}

// The palette, from 1. The first eight are apart by 14 and more in OKLab (of 100) to common eyes and by each kind of colour blindness
// (Machado, Oliveira and Fernandes 2009), all by 6; who has like colours all the same has another shape.
const hexes = [
  0xfb6f13, 0x1450ff, 0xffc552, 0x3ab196, 0x8e5f9c, 0x57d9fd, 0x883003, 0x4523ad,
  0xd10b5b, 0x95bb71, 0x1f948d, 0xff82b5, 0x554cc6, 0x6e660b, 0x9977ec, 0xad6f19,
]

export const palette: readonly Colour[] = hexes.map(made)
const grey = made(0x8a8f98)

function made(hex: number): Colour {
  const css = `#${hex.toString(16).padStart(6, '0')}`
  // Half ink: legible on either ground (4.5:1), the colour still its own.
  return { hex, css, text: `color-mix(in srgb, ${css} 45%, var(--ink))` }
}

/** The colour of a player number. */
export function colourOf(player: number): Colour {
  return player > 0 ? palette[(looks.of(player).colour - 1) % palette.length]! : grey
}
