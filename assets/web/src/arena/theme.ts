/** The colours of the ground; ships have their players' own. */
export interface Theme {
  readonly outside: number
  readonly floor: number
  /** Every other tile of the floor. */
  readonly tile: number
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
  outside: 0xe3d8c3, floor: 0xf6efe1, tile: 0xf0e6d2, grid: 0xe6d9bf, wall: 0x8c7552, wallTop: 0xbfa87f, ink: 0x2a241c, halo: 0xfffaf0, edge: 0xfffaf0,
  bar: 0x3a3226, good: 0x2f9e5f, mid: 0xd99a1b, low: 0xd0432f,
}

const dark: Theme = {
  outside: 0x101217, floor: 0x1a1e26, tile: 0x1f242e, grid: 0x282f3b, wall: 0x3b4456, wallTop: 0x5f6c86, ink: 0xf2efe8, halo: 0x0c0e12, edge: 0xd5d8de,
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
