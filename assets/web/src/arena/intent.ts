/** What the hands do, in the terms of the game's input: sticks are -127…127, aim is 256 a turn. */
export interface Intent {
  moveX: number
  moveY: number
  aim: number
  fire: boolean
}

/** A stick all the way. */
export const full = 127

/** A stick's push as two whole numbers; `x` and `y` from -1 to 1, together at most 1 long. */
export function push(x: number, y: number): { moveX: number; moveY: number } {
  const far = Math.max(1, Math.hypot(x, y))
  return { moveX: Math.round((x / far) * full), moveY: Math.round((y / far) * full) }
}
