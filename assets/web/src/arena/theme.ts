/** The colours of the ground; ships have their players' own. */
export interface Theme {
  readonly outside: number
  readonly floor: number
  readonly grid: number
  readonly wall: number
  readonly wallTop: number
  readonly ink: number
  readonly halo: number
  /** Around ships: dark ones are seen on dark ground by it. */
  readonly edge: number
  readonly bar: number
  readonly good: number
  readonly mid: number
  readonly low: number
}

const light: Theme = {
  outside: 0xe3d8c3, floor: 0xf4ecdc, grid: 0xe8dcc4, wall: 0x9c8765, wallTop: 0xb9a37e, ink: 0x2a241c, halo: 0xfffaf0, edge: 0xfffaf0,
  bar: 0x3a3226, good: 0x2f9e5f, mid: 0xd99a1b, low: 0xd0432f,
}

const dark: Theme = {
  outside: 0x101217, floor: 0x1b1f27, grid: 0x242a35, wall: 0x4a5468, wallTop: 0x5f6b83, ink: 0xf2efe8, halo: 0x0c0e12, edge: 0xd5d8de,
  bar: 0x0c0e12, good: 0x3fc07a, mid: 0xf0b545, low: 0xf0604c,
}

const query = matchMedia('(prefers-color-scheme: dark)')

export function theme(): Theme {
  return query.matches ? dark : light
}

/** Calls fn when light turns to dark or back. */
export function onTheme(fn: () => void): () => void {
  query.addEventListener('change', fn)
  return () => query.removeEventListener('change', fn)
}
