import { Cursor } from './cursor.js'

/** What a field holds. */
export enum Kind {
  Int = 0,
  Bool = 1,
  Text = 2,
}

/** How a field is treated; the values are those on the wire. */
export enum Flag {
  Lerp = 1,
  Angle = 2,
  Predict = 4,
  Press = 8,
}

/** A full turn of a field with the angle flag. */
export const turn = 256

/** One synced value of a row, or `length` of them. */
export interface Field {
  readonly name: string
  readonly kind: Kind
  /** 0: one value; else the elements of an array. */
  readonly length: number
  /** True value = value on the wire × step. */
  readonly step: number
  readonly flags: number
}

/** One field of an input, a command or an event, with its range, ends included. */
export interface MessageField {
  readonly name: string
  readonly kind: Kind
  readonly length: number
  readonly min: number
  /** For texts, the bound in bytes. */
  readonly max: number
  readonly flags: number
}

export interface Message {
  readonly name: string
  readonly fields: readonly MessageField[]
}

export interface TableSchema {
  readonly name: string
  /** Its only row has id 1 and is always there. */
  readonly one: boolean
  readonly fields: readonly Field[]
  /** What only the row's owner gets. */
  readonly owner: readonly Field[]
}

export interface Setting {
  readonly name: string
  readonly min: number
  readonly max: number
  readonly default: number
}

/** All that a client needs to decode one game. It comes with the welcome. */
export interface Schema {
  /** Ticks a second. */
  readonly tickRate: number
  readonly tables: readonly TableSchema[]
  readonly input: readonly MessageField[]
  readonly commands: readonly Message[]
  readonly events: readonly Message[]
  readonly settings: readonly Setting[]
}

/** Reads the schema that ends a welcome. */
export function readSchema(c: Cursor): Schema {
  return {
    tickRate: c.uint(),
    tables: c.list(() => readTable(c)),
    input: c.list(() => readMessageField(c)),
    commands: c.list(() => readMessage(c)),
    events: c.list(() => readMessage(c)),
    settings: c.list(() => ({ name: c.str(), min: c.int(), max: c.int(), default: c.int() })),
  }
}

function readTable(c: Cursor): TableSchema {
  return {
    name: c.str(),
    one: (c.uint() & 1) !== 0,
    fields: c.list(() => readField(c)),
    owner: c.list(() => readField(c)),
  }
}

function readField(c: Cursor): Field {
  return { name: c.str(), kind: c.uint(), length: c.uint(), step: c.uint(), flags: c.uint() }
}

function readMessage(c: Cursor): Message {
  return { name: c.str(), fields: c.list(() => readMessageField(c)) }
}

function readMessageField(c: Cursor): MessageField {
  return { name: c.str(), kind: c.uint(), length: c.uint(), min: c.int(), max: c.int(), flags: c.uint() }
}
