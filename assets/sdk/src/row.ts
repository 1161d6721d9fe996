import type { Motion } from './motion.js'
import { Kind, type Field, type TableSchema } from './schema.js'

/** What a field holds for a program. */
export type Value = number | boolean | string | readonly number[] | readonly boolean[]

/**
 * One entity as this client knows it: its fields by name, with true values, and
 * who it is. The same object as long as the row lives; read only.
 */
export type Row<T = Record<string, Value>> = Readonly<T> & {
  readonly id: number
  /** Player number of its owner; 0 for nobody. */
  readonly owner: number
}

/** What a field holds on the wire. */
export type Raw = number | string | number[]

/** A row with what the decoder keeps of it. */
export interface Slot {
  readonly id: number
  readonly owner: number
  q: Raw[] // public values as on the wire
  o: Raw[] // owner values as on the wire
  data: Record<string, Value> & { id: number; owner: number }
  motion: Motion | null
  born: number // tick from which it is shown
  gone: number // tick from which it no longer is
  mark: Mark | null // set while a state that touches it is applied
}

/** What is noted of a row that a state touches. */
export interface Mark {
  readonly slot: Slot
  readonly added: boolean
  /** The row as it was; null if nobody listens. */
  readonly before: Readonly<Record<string, Value>> | null
}

/** A table's schema made ready for decoding. */
export interface Plan {
  readonly schema: TableSchema
  /** For each public field, the owner field that holds its remainder, or -1. */
  readonly remainder: readonly number[]
  /** For each owner field, the public field that it completes, or -1. */
  readonly completes: readonly number[]
}

export function planOf(schema: TableSchema): Plan {
  return {
    schema,
    remainder: schema.fields.map((f) => schema.owner.findIndex((o) => o.name === f.name)),
    completes: schema.owner.map((o) => schema.fields.findIndex((f) => f.name === o.name)),
  }
}

function zero(f: Field): Raw {
  if (f.length > 0) return new Array<number>(f.length).fill(0)
  return f.kind === Kind.Text ? '' : 0
}

/** A row of zeros. `data` is kept where a row comes again in a keyframe. */
export function newSlot(plan: Plan, id: number, owner: number, data?: Slot['data']): Slot {
  const slot: Slot = {
    id, owner,
    q: plan.schema.fields.map(zero),
    o: plan.schema.owner.map(zero),
    data: data ?? { id, owner },
    motion: null, born: 0, gone: Infinity, mark: null,
  }
  slot.data.owner = owner
  plan.schema.fields.forEach((_, i) => showPublic(plan, slot, i))
  plan.schema.owner.forEach((_, i) => showOwner(plan, slot, i))
  return slot
}

/** Brings public field i of the program's view up to date. */
export function showPublic(plan: Plan, slot: Slot, i: number): void {
  const f = plan.schema.fields[i]!
  const r = plan.remainder[i]!
  const rest = r < 0 ? 0 : slot.o[r]!
  slot.data[f.name] = truth(f, slot.q[i]!, typeof rest === 'number' ? rest : 0)
}

/** Brings owner field i of the program's view up to date. */
export function showOwner(plan: Plan, slot: Slot, i: number): void {
  const at = plan.completes[i]!
  if (at >= 0) return showPublic(plan, slot, at)
  const f = plan.schema.owner[i]!
  slot.data[f.name] = truth(f, slot.o[i]!, 0)
}

function truth(f: Field, raw: Raw, rest: number): Value {
  if (typeof raw === 'string') return raw
  if (typeof raw === 'number') return f.kind === Kind.Bool ? raw !== 0 : raw * f.step + rest
  return f.kind === Kind.Bool ? raw.map((v) => v !== 0) : raw.map((v) => v * f.step)
}
