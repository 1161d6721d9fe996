import type { Cursor } from './cursor.js'
import { ProtocolError } from './errors.js'
import { showOwner, showPublic, type Raw, type Slot } from './row.js'
import { Kind, type Field, type Schema } from './schema.js'
import { Table } from './table.js'

// Rows a table may hold here, whatever a server says.
const mostRows = 65_536

/** What one state message said, beside the rows. */
export interface Applied {
  readonly keyframe: boolean
  readonly tick: number
  /** The newest input that the game has consumed. */
  readonly applied: number
  /** Inputs left in the buffer; negative: ticks that repeated the last one. */
  readonly margin: number
  /** Nothing changed: only the time. */
  readonly heartbeat: boolean
  /** Calls the tables' listeners. */
  tell(): void
}

/** The tables of a match as this client knows them, decoded from state messages. */
export class Mirror {
  tables: Table[]
  tick = 0
  applied = 0
  /** False until a keyframe came: a delta has nothing to stand on. */
  based = false

  /** `shown` tells the tick to draw, for interpolated views. */
  constructor(schema: Schema, private readonly shown: () => number = () => Infinity) {
    this.tables = schema.tables.map((t) => new Table(t, shown))
  }

  /** Takes another schema, as after a move to another version: tables of the same name live on, emptied. */
  adopt(schema: Schema): void {
    this.tables = schema.tables.map((t) => {
      const table = this.tables.find((was) => was.name === t.name)
      if (!table) return new Table(t, this.shown)
      table.adopt(t)
      return table
    })
  }

  /** Empties all tables, as when a match begins. */
  clear(): void {
    this.based = false
    this.tick = 0
    this.applied = 0
    for (const t of this.tables) t.clear()
  }

  /** Applies one state message, after its type. Faults are ProtocolErrors; a keyframe is needed then. */
  apply(c: Cursor): Applied {
    const advance = c.uint()
    const keyframe = advance === 0
    if (!keyframe && !this.based) throw new ProtocolError('no keyframe')
    const previous = this.tick
    this.based = false // a fault leaves rows half applied
    this.tick = keyframe ? c.uint() : this.tick + advance
    this.applied = keyframe ? c.uint() : this.applied + c.uint()
    const margin = c.int()
    if (keyframe) for (const t of this.tables) t.begin()
    let heartbeat = true
    for (let head = c.uint(); head !== 0; head = c.uint()) {
      heartbeat = false
      section(this.table(Math.floor(head / 16)), head % 16, c)
    }
    while (c.more) {
      heartbeat = false
      ownerEntry(this.table(c.uint()), c)
    }
    this.based = true
    // After a long silence the rows' old values were not seen until just now.
    const seen = keyframe ? this.tick : Math.max(previous, this.tick - 3)
    const tells = this.tables.map((t) => t.finish(this.tick, seen))
    return {
      keyframe, tick: this.tick, applied: this.applied, margin, heartbeat: heartbeat && !keyframe,
      tell: () => tells.forEach((tell) => tell()),
    }
  }

  private table(index: number): Table {
    const t = this.tables[index]
    if (!t) throw new ProtocolError(`no table ${index}`)
    return t
  }
}

function section(t: Table, flags: number, c: Cursor): void {
  if (flags === 0) throw new ProtocolError('an empty section')
  if (flags & 1) t.take(positions(c, t.slots.length))
  if (flags & 2) dense(t, c)
  if (flags & 4) sparse(t, c)
  if (flags & 8) added(t, c)
}

function positions(c: Cursor, bound: number): number[] {
  let next = 0
  return c.list(() => {
    const at = next + c.uint()
    if (at >= bound) throw new ProtocolError(`no row ${at}`)
    next = at + 1
    return at
  })
}

function dense(t: Table, c: Cursor): void {
  const mask = c.uint()
  const own = new Map<number, number>()
  let next = 0
  for (let n = c.count(2); n > 0; n--) {
    const at = next + c.uint()
    own.set(at, c.uint())
    next = at + 1
  }
  if (next > t.slots.length) throw new ProtocolError(`no row ${next - 1}`)
  t.slots.forEach((slot, at) => values(t, slot, own.get(at) ?? mask, c))
}

function sparse(t: Table, c: Cursor): void {
  const mask = c.uint()
  let next = 0
  for (let n = c.count(); n > 0; n--) {
    const lead = c.uint()
    const at = next + Math.floor(lead / 2)
    values(t, row(t, at), lead % 2 === 1 ? c.uint() : mask, c)
    next = at + 1
  }
}

function added(t: Table, c: Cursor): void {
  let id = t.slots.at(-1)?.id ?? 0
  if (t.schema.one) id = 0 // its row is always there, also before it is sent
  const n = c.count(3)
  if (t.slots.length + n > mostRows) throw new ProtocolError('too many rows')
  for (let i = 0; i < n; i++) {
    id = i === 0 ? id + c.diff() : id + c.uint() + 1
    if (id < 1 || id > 0xffff_ffff || (t.get(id) && !t.schema.one)) throw new ProtocolError(`no room for row ${id}`)
    values(t, t.insert(id, c.uint()), c.uint(), c)
  }
}

function values(t: Table, slot: Slot, mask: number, c: Cursor): void {
  if (mask !== 0) masked(t, slot, t.schema.fields, slot.q, mask, c, showPublic)
}

function ownerEntry(t: Table, c: Cursor): void {
  const slot = row(t, c.uint())
  masked(t, slot, t.schema.owner, slot.o, c.uint(), c, showOwner)
}

function row(t: Table, at: number): Slot {
  const slot = t.slots[at]
  if (!slot) throw new ProtocolError(`no row ${at}`)
  return slot
}

// Reads the fields of a mask into their raw values, and shows each.
function masked(t: Table, slot: Slot, fields: readonly Field[], raw: Raw[], mask: number, c: Cursor, show: typeof showPublic): void {
  if (mask >= 2 ** fields.length) throw new ProtocolError('no such field')
  t.touch(slot)
  fields.forEach((f, i) => {
    if (!(mask & (1 << i))) return
    raw[i] = value(f, raw[i]!, c)
    show(t.plan, slot, i)
  })
}

function value(f: Field, old: Raw, c: Cursor): Raw {
  if (f.length > 0) return list(f, old as number[], c)
  if (f.kind === Kind.Text) return c.str()
  return f.kind === Kind.Bool ? 1 - (old as number) : (old as number) + c.diff()
}

function list(f: Field, old: readonly number[], c: Cursor): number[] {
  const out = old.slice()
  const n = c.uint()
  if (n > f.length) throw new ProtocolError('too many changes')
  let next = 0
  for (let i = 0; i < n; i++) {
    const at = n === f.length ? i : next + c.uint()
    if (at >= f.length) throw new ProtocolError(`no element ${at}`)
    out[at] = f.kind === Kind.Bool ? 1 - out[at]! : out[at]! + c.diff()
    next = at + 1
  }
  return out
}
