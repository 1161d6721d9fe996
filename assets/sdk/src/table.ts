import { addTo, call, Listeners, type Off } from './emitter.js'
import { lerped, Motion } from './motion.js'
import { newSlot, planOf, type Mark, type Plan, type Row, type Slot, type Value } from './row.js'
import type { Field, TableSchema } from './schema.js'

/** The names of the fields that a state changed. */
export type Changed = ReadonlySet<string>

/**
 * The rows of one table that this client sees, in id order, kept up to date. Listeners are called after a
 * whole state was applied, so they always see one tick's truth.
 *
 * @example
 * const ships = lobby.table<Ship>('ships')
 * ships.onAdd((ship) => scene.add(ship.id))
 * ships.listen('hp', (hp, before, ship) => { if (hp < before) flash(ship.id) })
 * for (const ship of ships.views()) draw(ship.x, ship.y)
 */
export class Table<T = Record<string, Value>> implements Iterable<Row<T>> {
  /** @internal */ slots: Slot[] = []
  /** @internal */ plan!: Plan
  private byId = new Map<number, Slot>()
  private old: Map<number, Slot> | null = null // during a keyframe: what was there
  private ghosts: Slot[] = []
  private marks: Mark[] = []
  private removed: Slot[] = []
  private moving!: Field[]
  private readonly add = new Listeners<[Row<T>]>()
  private readonly change = new Listeners<[Row<T>, Changed]>()
  private readonly remove = new Listeners<[Row<T>]>()
  private readonly fields = new Map<string, Listeners<[unknown, unknown, Row<T>]>>()

  /** @internal `shown` tells the tick to show now. */
  constructor(schema: TableSchema, private readonly shown: () => number) {
    this.learn(schema)
  }

  get name(): string {
    return this.schema.name
  }

  get schema(): TableSchema {
    return this.plan.schema
  }

  get size(): number {
    return this.slots.length
  }

  /**
   * The row with this id, or undefined.
   *
   * @example
   * const hp = ships.get(id)?.hp
   */
  get(id: number): Row<T> | undefined {
    return this.byId.get(id)?.data as Row<T> | undefined
  }

  /** The first row, or undefined: the only one of a table of one row. */
  get first(): Row<T> | undefined {
    return this.slots[0]?.data as Row<T> | undefined
  }

  *[Symbol.iterator](): Iterator<Row<T>> {
    for (const s of this.slots) yield s.data as Row<T>
  }

  /**
   * The rows of one player.
   *
   * @example
   * const [mine] = ships.owned(lobby.me)
   */
  owned(player: number): Row<T>[] {
    return [...this].filter((row) => row.owner === player)
  }

  /**
   * Calls fn for each row that comes, and at once for those there.
   *
   * @example
   * ships.onAdd((ship) => sprites.set(ship.id, makeSprite(ship)))
   */
  onAdd(fn: (row: Row<T>) => void): Off {
    for (const row of this) call(fn, row)
    return this.add.add(fn)
  }

  /**
   * Calls fn after a state that changed fields of a row, with their names.
   *
   * @example
   * scores.onChange((row, changed) => { if (changed.has('kills')) redraw(row) })
   */
  onChange(fn: (row: Row<T>, changed: Changed) => void): Off {
    return this.change.add(fn)
  }

  /**
   * Calls fn for each row that went or left sight, with its last values.
   *
   * @example
   * ships.onRemove((ship) => sprites.delete(ship.id))
   */
  onRemove(fn: (row: Row<T>) => void): Off {
    return this.remove.add(fn)
  }

  /**
   * Calls fn when this field of any row changes.
   *
   * @example
   * ships.listen('hp', (hp, before, ship) => { if (hp < before) flash(ship.id) })
   */
  listen<K extends keyof T & string>(field: K, fn: (value: T[K], before: T[K], row: Row<T>) => void): Off {
    return addTo(this.fields, field, fn as (value: unknown, before: unknown, row: Row<T>) => void)
  }

  /**
   * The row as it is to be drawn now: fields tagged lerp lie between two states, a little in the past (Stats.delay). Undefined where it is
   * not (yet, or any more) to be seen. A copy; `into` is filled instead where given.
   *
   * @example
   * const ship = ships.view(id)
   */
  view(id: number, into?: object): Row<T> | undefined {
    const slot = this.byId.get(id) ?? this.ghosts.find((g) => g.id === id)
    return slot && this.viewOf(slot, this.shown(), into)
  }

  /**
   * All rows as they are to be drawn now, in no certain order.
   *
   * @example
   * for (const ship of ships.views()) draw(ship.x, ship.y)
   */
  *views(): Generator<Row<T>> {
    const tick = this.shown()
    this.ghosts = this.ghosts.filter((g) => g.gone > tick)
    for (const s of [...this.ghosts, ...this.slots]) {
      const v = this.viewOf(s, tick)
      if (v) yield v
    }
  }

  private viewOf(slot: Slot, tick: number, into: object = {}): Row<T> | undefined {
    if (tick < slot.born || tick >= slot.gone) return undefined
    const out = Object.assign(into, slot.data) as Record<string, Value>
    if (slot.motion) {
      const values = slot.motion.at(tick, this.moving, [])
      this.moving.forEach((f, i) => {
        if (values[i] !== undefined) out[f.name] = values[i]
      })
    }
    return out as Row<T>
  }

  // What follows is for the decoder.

  /** @internal Takes a new schema, as after a move to another version; rows start anew. */
  adopt(schema: TableSchema): void {
    this.clear()
    this.learn(schema)
  }

  /** @internal A keyframe begins: it is applied to an empty table. */
  begin(): void {
    // Nobody heard of what came in a state that could not be read whole.
    for (const { slot, added } of this.marks) if (added) this.byId.delete(slot.id)
    this.old = new Map([...(this.old ?? []), ...this.byId])
    this.byId = new Map()
    this.slots = []
    if (this.schema.one) this.insert(1, 0)
  }

  /** @internal Puts a row of zeros in at its place. */
  insert(id: number, owner: number): Slot {
    const there = this.byId.get(id)
    if (there && this.schema.one) return there
    const was = this.old?.get(id)
    const before = was ? (was.mark?.before ?? this.copy(was)) : null
    const slot = newSlot(this.plan, id, owner, was?.data)
    if (was) slot.born = was.born
    slot.motion = was?.motion ?? null
    this.byId.set(id, slot)
    let at = this.slots.length
    while (at > 0 && this.slots[at - 1]!.id > id) at--
    this.slots.splice(at, 0, slot)
    this.note(slot, !was, before)
    return slot
  }

  /** @internal Takes out the rows at these positions, which ascend. */
  take(positions: readonly number[]): void {
    const out = new Set(positions)
    this.slots = this.slots.filter((slot, i) => {
      if (!out.has(i)) return true
      this.byId.delete(slot.id)
      this.removed.push(slot)
      return false
    })
  }

  /** @internal Must be called before a row is changed. */
  touch(slot: Slot): void {
    if (!slot.mark) this.note(slot, false, this.copy(slot))
  }

  /** @internal The state is applied: remember courses. Returns what tells the listeners. */
  finish(tick: number, previous: number): () => void {
    if (this.old) {
      for (const [id, slot] of this.old) if (!this.byId.has(id)) this.removed.push(slot)
      this.old = null
    }
    const { marks, removed } = this
    this.marks = []
    this.removed = []
    for (const slot of removed) {
      slot.gone = tick
      this.ghosts.push(slot)
    }
    if (this.ghosts.length > 256) this.ghosts.splice(0, this.ghosts.length - 256)
    for (const { slot, added } of marks) {
      slot.mark = null
      if (added) slot.born = this.schema.one ? 0 : tick
      if (this.moving.length === 0) continue
      slot.motion ??= new Motion()
      slot.motion.note(tick, this.moving.map((f) => slot.data[f.name] as number), previous)
    }
    return () => this.tell(marks, removed)
  }

  /** @internal Empties the table: its match is over. */
  clear(): void {
    this.begin()
    const tell = this.finish(0, 0)
    this.ghosts = []
    for (const slot of this.slots) slot.motion = null
    tell()
  }

  private learn(schema: TableSchema): void {
    this.plan = planOf(schema)
    this.moving = lerped(schema.fields)
    this.begin()
    this.finish(0, 0)
  }

  private note(slot: Slot, added: boolean, before: Mark['before']): void {
    slot.mark = { slot, added, before }
    this.marks.push(slot.mark)
  }

  private copy(slot: Slot): Mark['before'] {
    return this.change.size > 0 || this.fields.size > 0 ? { ...slot.data } : null
  }

  private tell(marks: readonly Mark[], removed: readonly Slot[]): void {
    for (const slot of removed) this.remove.emit(slot.data as Row<T>)
    for (const { slot, added, before } of marks) {
      if (this.byId.get(slot.id) !== slot) continue // came and went
      const row = slot.data as Row<T>
      if (added) this.add.emit(row)
      else if (before) this.tellChange(row, slot.data, before)
    }
  }

  private tellChange(row: Row<T>, now: Slot['data'], before: Readonly<Record<string, Value>>): void {
    const changed = new Set<string>()
    for (const field in now) if (!same(before[field], now[field])) changed.add(field)
    if (changed.size === 0) return
    this.change.emit(row, changed)
    for (const [field, set] of this.fields) if (changed.has(field)) set.emit(now[field], before[field], row)
  }
}

function same(a: Value | undefined, b: Value | undefined): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) return a === b
  return a.length === b.length && a.every((v, i) => v === b[i])
}
