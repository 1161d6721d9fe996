// Sticks do not rest at zero; below this they do for us.
const dead = 0.2
// The right stick fires when pushed so far.
const fires = 0.55

/** What a gamepad says, by the standard layout: sticks from -1 to 1. */
export interface Pad {
  readonly moveX: number
  readonly moveY: number
  /** Where the right stick points; null at rest. */
  readonly aim: { readonly x: number; readonly y: number } | null
  readonly fire: boolean
  readonly dash: boolean
}

/** The part of the Gamepad interface that is read. */
export interface PadLike {
  readonly axes: readonly number[]
  readonly buttons: readonly { readonly pressed: boolean }[]
}

/** Reads a gamepad; null if its hands rest. */
export function readPad(pad: PadLike): Pad | null {
  const axis = (i: number): number => pad.axes[i] ?? 0
  const pressed = (...list: number[]): boolean => list.some((i) => pad.buttons[i]?.pressed === true)
  const move = Math.hypot(axis(0), axis(1)) > dead ? { x: axis(0), y: axis(1) } : { x: 0, y: 0 }
  // The cross is a stick as well.
  const cross = { x: Number(pressed(15)) - Number(pressed(14)), y: Number(pressed(13)) - Number(pressed(12)) }
  const far = Math.hypot(axis(2), axis(3))
  const out: Pad = {
    moveX: cross.x || move.x,
    moveY: cross.y || move.y,
    aim: far > dead ? { x: axis(2), y: axis(3) } : null,
    fire: far > fires || pressed(7), // right trigger
    dash: pressed(0, 4, 5, 6), // A, shoulders, left trigger
  }
  return out.moveX || out.moveY || out.aim || out.fire || out.dash ? out : null
}

/** The first gamepad that is connected and known by the standard layout. */
export function firstPad(): PadLike | null {
  for (const pad of navigator.getGamepads?.() ?? []) if (pad?.connected && pad.mapping === 'standard') return pad
  return null
}
