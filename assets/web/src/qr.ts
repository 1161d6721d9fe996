// QR codes of the byte mode, correction level M, versions 1 to 9: enough for 180 bytes, and an address has fewer.
// Method and tables: ISO/IEC 18004.

/** For each version: codewords of correction a block, blocks of the first kind, data codewords in one, blocks one longer. */
const versions: readonly (readonly [ecc: number, blocks: number, data: number, longer: number])[] = [
  [10, 1, 16, 0], [16, 1, 28, 0], [26, 1, 44, 0], [18, 2, 32, 0], [24, 2, 43, 0],
  [16, 4, 27, 0], [18, 4, 31, 0], [22, 2, 38, 2], [22, 3, 36, 2],
]

/** Middles of the alignment patterns along a side. */
const middles: readonly (readonly number[])[] = [
  [], [6, 18], [6, 22], [6, 26], [6, 30], [6, 34], [6, 22, 38], [6, 24, 42], [6, 26, 46],
]

/** The dark modules, row by row, without the quiet border of four; null if the text is too long. */
export function qr(text: string): boolean[][] | null {
  const bytes = new TextEncoder().encode(text)
  const version = 1 + versions.findIndex(([, blocks, data, longer]) => bytes.length + 2 <= blocks * data + longer * (data + 1))
  if (version === 0) return null
  const words = interleave(codewords(bytes, version), version)
  let best: boolean[][] = []
  let least = Infinity
  for (let mask = 0; mask < 8; mask++) {
    const grid = draw(words, version, mask)
    const p = penalty(grid)
    if (p >= least) continue
    least = p
    best = grid
  }
  return best
}

// The data: mode, length, bytes, padding.
function codewords(bytes: Uint8Array, version: number): number[] {
  const [, blocks, data, longer] = versions[version - 1]!
  const bits: number[] = []
  const put = (value: number, n: number): void => {
    for (let i = n - 1; i >= 0; i--) bits.push((value >> i) & 1)
  }
  put(4, 4)
  put(bytes.length, 8)
  for (const b of bytes) put(b, 8)
  const room = (blocks * data + longer * (data + 1)) * 8
  put(0, Math.min(4, room - bits.length))
  while (bits.length % 8) bits.push(0)
  for (let i = 0; bits.length < room; i++) put(i % 2 ? 0x11 : 0xec, 8)
  return Array.from({ length: bits.length / 8 }, (_, i) => bits.slice(i * 8, i * 8 + 8).reduce((a, b) => a * 2 + b, 0))
}

// Cuts the data into blocks, adds to each its correction, and deals them out in turn.
function interleave(words: number[], version: number): number[] {
  const [ecc, blocks, data, longer] = versions[version - 1]!
  const parts: number[][] = []
  for (let at = 0, i = 0; i < blocks + longer; i++) {
    const n = data + (i >= blocks ? 1 : 0)
    parts.push(words.slice(at, at + n))
    at += n
  }
  const checks = parts.map((p) => correction(p, ecc))
  const out: number[] = []
  for (const list of [parts, checks]) {
    const long = Math.max(...list.map((p) => p.length))
    for (let i = 0; i < long; i++) for (const p of list) if (i < p.length) out.push(p[i]!)
  }
  return out
}

// Multiplies in the field of 256 elements of the polynomial 0x11d.
function times(a: number, b: number): number {
  let out = 0
  for (let i = 7; i >= 0; i--) {
    out = (out << 1) ^ ((out >> 7) * 0x11d)
    if ((b >> i) & 1) out ^= a
  }
  return out
}

// Reed and Solomon: the rest of the division by the generator of that degree.
function correction(data: readonly number[], degree: number): number[] {
  const generator = new Array<number>(degree).fill(0)
  generator[degree - 1] = 1
  for (let i = 0, root = 1; i < degree; i++, root = times(root, 2)) {
    for (let j = 0; j < degree; j++) generator[j] = times(generator[j]!, root) ^ (generator[j + 1] ?? 0)
  }
  const rest = new Array<number>(degree).fill(0)
  for (const d of data) {
    const factor = d ^ rest.shift()!
    rest.push(0)
    generator.forEach((g, i) => (rest[i]! ^= times(g, factor)))
  }
  return rest
}

const masks: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
]

function draw(words: readonly number[], version: number, mask: number): boolean[][] {
  const size = version * 4 + 17
  const grid = Array.from({ length: size }, () => new Array<boolean>(size).fill(false))
  const fixed = Array.from({ length: size }, () => new Array<boolean>(size).fill(false))
  const set = (x: number, y: number, dark: boolean): void => {
    if (x < 0 || y < 0 || x >= size || y >= size) return
    grid[y]![x] = dark
    fixed[y]![x] = true
  }
  for (let i = 0; i < size; i++) {
    set(6, i, i % 2 === 0)
    set(i, 6, i % 2 === 0)
  }
  for (const [cx, cy] of [[3, 3], [size - 4, 3], [3, size - 4]] as const) {
    for (let dy = -4; dy <= 4; dy++) {
      for (let dx = -4; dx <= 4; dx++) {
        const far = Math.max(Math.abs(dx), Math.abs(dy))
        set(cx + dx, cy + dy, far !== 2 && far !== 4)
      }
    }
  }
  const at = middles[version - 1]!
  const last = at.length - 1
  at.forEach((cx, i) => at.forEach((cy, j) => {
    if ((i === 0 && j === 0) || (i === 0 && j === last) || (i === last && j === 0)) return
    for (let dy = -2; dy <= 2; dy++) for (let dx = -2; dx <= 2; dx++) set(cx + dx, cy + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1)
  }))
  format(set, size, mask)
  if (version >= 7) versionBits(set, size, version)
  fill(grid, fixed, words, masks[mask]!)
  return grid
}

type Set = (x: number, y: number, dark: boolean) => void

// Level M is 00; the ten bits after it are a BCH code.
function format(set: Set, size: number, mask: number): void {
  let rest = mask
  for (let i = 0; i < 10; i++) rest = (rest << 1) ^ ((rest >> 9) * 0x537)
  const bits = ((mask << 10) | rest) ^ 0x5412
  const bit = (i: number): boolean => ((bits >> i) & 1) === 1
  for (let i = 0; i <= 5; i++) set(8, i, bit(i))
  set(8, 7, bit(6))
  set(8, 8, bit(7))
  set(7, 8, bit(8))
  for (let i = 9; i < 15; i++) set(14 - i, 8, bit(i))
  for (let i = 0; i < 8; i++) set(size - 1 - i, 8, bit(i))
  for (let i = 8; i < 15; i++) set(8, size - 15 + i, bit(i))
  set(8, size - 8, true)
}

function versionBits(set: Set, size: number, version: number): void {
  let rest = version
  for (let i = 0; i < 12; i++) rest = (rest << 1) ^ ((rest >> 11) * 0x1f25)
  const bits = (version << 12) | rest
  for (let i = 0; i < 18; i++) {
    const a = size - 11 + (i % 3)
    const b = Math.floor(i / 3)
    set(a, b, ((bits >> i) & 1) === 1)
    set(b, a, ((bits >> i) & 1) === 1)
  }
}

// Up and down in columns of two, from the right, around what is fixed.
function fill(grid: boolean[][], fixed: readonly (readonly boolean[])[], words: readonly number[], masked: (x: number, y: number) => boolean): void {
  const size = grid.length
  let i = 0
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5
    for (let v = 0; v < size; v++) {
      const y = ((right + 1) & 2) === 0 ? size - 1 - v : v
      for (const x of [right, right - 1]) {
        if (fixed[y]![x]) continue
        const dark = i < words.length * 8 && ((words[i >> 3]! >> (7 - (i & 7))) & 1) === 1
        grid[y]![x] = dark !== masked(x, y)
        i++
      }
    }
  }
}

// How hard a pattern is to read: runs, blocks, false eyes, too much of one kind.
function penalty(grid: readonly (readonly boolean[])[]): number {
  const size = grid.length
  let sum = 0
  let dark = 0
  const lines = [...grid, ...grid.map((_, x) => grid.map((row) => row[x]!))]
  for (const line of lines) {
    let run = 0
    line.forEach((v, i) => {
      run = i > 0 && v === line[i - 1] ? run + 1 : 1
      if (run === 5) sum += 3
      else if (run > 5) sum++
    })
    const text = line.map(Number).join('')
    for (const eye of ['10111010000', '00001011101']) for (let at = text.indexOf(eye); at >= 0; at = text.indexOf(eye, at + 1)) sum += 40
  }
  grid.forEach((row, y) => row.forEach((v, x) => {
    if (v) dark++
    if (x > 0 && y > 0 && v === row[x - 1] && v === grid[y - 1]![x] && v === grid[y - 1]![x - 1]) sum += 3
  }))
  return sum + Math.floor(Math.abs((dark / size ** 2) * 20 - 10)) * 10
}
