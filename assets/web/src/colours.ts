/** A player's colour: for the canvas, for the page, and as text on it. */
export interface Colour {
  readonly hex: number
  readonly css: string
  readonly text: string
}

// Told apart with the common kinds of colour blindness too (after Okabe and Ito, each a little darker or lighter than the next),
// then shades of them; who has like colours has ships of different shapes.
const hexes = [
  0xe4602f, 0x2f8fd0, 0x12a47c, 0xe0a01e, 0xb565b8, 0x46b8d8, 0xc43d5c, 0x7a9a2e,
  0x8d6bd6, 0xd88a5b, 0x3f6fb5, 0x4fae5c, 0xd46fa0, 0x8f7a3c, 0x5c9aa8, 0x9a5548,
]

/** The colour of a player number; the same for everyone. */
export function colourOf(player: number): Colour {
  const hex = player > 0 ? hexes[(player - 1) % hexes.length]! : 0x8a8f98
  const css = `#${hex.toString(16).padStart(6, '0')}`
  // Half ink: legible on either ground (4.5:1), the colour still its own.
  return { hex, css, text: `color-mix(in srgb, ${css} 45%, var(--ink))` }
}
