// The arena's movement, as the server has it in game/arena/move.go, to the bit: test/move.test.ts holds it against the server's
// own trace. Integers only; divisions truncate toward zero. Lengths in 1/256 of a unit, speeds in lengths a tick.
import type { Wall } from './types'

const shipRadius = 192
const topSpeed = 100
const dashSpeed = 300
const dashWait = 45
const full = 127
const pickUp = 4
const glide = 8

/** What movement reads and changes of a ship. */
export interface Moving {
  x: number
  y: number
  vx: number
  vy: number
  aim: number
  /** Ticks until it can dash again. */
  dash: number
}

/** What movement reads of an input. */
export interface Steering {
  readonly moveX: number
  readonly moveY: number
  readonly aim: number
  readonly dash: boolean
}

/** Where ships move. */
export interface Field {
  readonly width: number
  readonly height: number
  readonly walls: Iterable<Readonly<Wall>>
}

/** Advances a ship by one tick of input. */
export function move(s: Moving, input: Steering, m: Field): void {
  const [mx, my] = stick(input.moveX, input.moveY)
  s.aim = input.aim
  if (s.dash > 0) s.dash--
  if (input.dash && s.dash === 0) dash(s, mx, my)
  else {
    const gain = (mx === 0 && my === 0) || s.vx * s.vx + s.vy * s.vy > topSpeed * topSpeed ? glide : pickUp
    s.vx = ease(s.vx, div(mx * topSpeed, full), gain)
    s.vy = ease(s.vy, div(my * topSpeed, full), gain)
  }
  const hx = div(s.vx, 2)
  const hy = div(s.vy, 2)
  const rx = s.vx - hx
  const ry = s.vy - hy
  slide(s, hx, hy, m)
  slide(s, rx, ry, m)
}

function div(a: number, b: number): number {
  return Math.trunc(a / b) + 0 // no negative zero
}

function stick(x: number, y: number): [number, number] {
  const n = x * x + y * y
  if (n <= full * full) return [x, y]
  const r = root(n)
  return [div(x * full, r), div(y * full, r)]
}

function dash(s: Moving, x: number, y: number): void {
  if (x === 0 && y === 0) {
    x = cos(s.aim) >> 7
    y = sin(s.aim) >> 7
  }
  const n = (x * x + y * y) * 256
  let r = root(n)
  if (r * r < n) r++
  s.vx = div(x * 16 * dashSpeed, r)
  s.vy = div(y * 16 * dashSpeed, r)
  s.dash = dashWait
}

function ease(v: number, want: number, gain: number): number {
  const gap = want - v
  return v + (div(gap, gain) || Math.sign(gap))
}

function slide(s: Moving, x: number, y: number, m: Field): void {
  s.x += x
  s.y += y
  for (const w of m.walls) leave(s, w)
  if (s.x < shipRadius) {
    s.x = shipRadius
    s.vx = Math.max(s.vx, 0)
  } else if (s.x > m.width - shipRadius) {
    s.x = m.width - shipRadius
    s.vx = Math.min(s.vx, 0)
  }
  if (s.y < shipRadius) {
    s.y = shipRadius
    s.vy = Math.max(s.vy, 0)
  } else if (s.y > m.height - shipRadius) {
    s.y = m.height - shipRadius
    s.vy = Math.min(s.vy, 0)
  }
}

function leave(s: Moving, w: Readonly<Wall>): void {
  const dx = s.x - Math.min(Math.max(s.x, w.x), w.x + w.w)
  const dy = s.y - Math.min(Math.max(s.y, w.y), w.y + w.h)
  const n = dx * dx + dy * dy
  if (n >= shipRadius * shipRadius || n === 0) return
  const r = root(n)
  s.x += div(dx * shipRadius, r) - dx
  s.y += div(dy * shipRadius, r) - dy
  const into = s.vx * dx + s.vy * dy
  if (into < 0) {
    s.vx -= div(dx * into, n)
    s.vy -= div(dy * into, n)
  }
}

// The whole part of a square root. Exact: doubles are, for whole numbers this small.
function root(n: number): number {
  return Math.floor(Math.sqrt(n))
}

// round(sin(i·π/128)·16384) for a quarter of a turn.
const quarter = [
  0, 402, 804, 1205, 1606, 2006, 2404, 2801, 3196, 3590, 3981, 4370, 4756, 5139, 5520, 5897, 6270, 6639, 7005, 7366, 7723, 8076, 8423, 8765, 9102,
  9434, 9760, 10080, 10394, 10702, 11003, 11297, 11585, 11866, 12140, 12406, 12665, 12916, 13160, 13395, 13623, 13842, 14053, 14256, 14449, 14635,
  14811, 14978, 15137, 15286, 15426, 15557, 15679, 15791, 15893, 15986, 16069, 16143, 16207, 16261, 16305, 16340, 16364, 16379, 16384,
]

function sin(a: number): number {
  const i = a & 63
  switch ((a >> 6) & 3) {
    case 0:
      return quarter[i]!
    case 1:
      return quarter[64 - i]!
    case 2:
      return -quarter[i]!
    default:
      return -quarter[64 - i]!
  }
}

function cos(a: number): number {
  return sin((a + 64) & 255)
}
