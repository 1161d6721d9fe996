import { SandlotError } from './errors.js'
import { packed, type Element } from './flat.js'
import { Kind, type MessageField } from './schema.js'

export type { Element }

/** The fields of an input, command or event by name. */
export type Fields = Readonly<Record<string, FieldValue>>
export type FieldValue = Element | readonly (number | boolean)[]

/** Types of frames a client sends. */
export const enum Out {
  Input = 1,
  Ack = 2,
  Command = 3,
  Chat = 4,
  Ping = 5,
  Ready = 6,
  Start = 7,
  Kick = 8,
  Setting = 9,
  Hello = 10,
  Leave = 11,
  Keyframe = 12,
  Manage = 13,
  Renew = 14,
  Network = 15,
}

/** What the frame of type Manage does. */
export const enum Manage {
  Ban = 0,
  Mute = 1,
  Host = 2,
  Team = 3,
  Admit = 4,
  Refuse = 5,
  Private = 6,
  Approval = 7,
  Players = 8,
  Bots = 9,
  Level = 10,
  Colour = 11,
  Delay = 12,
  MuteSender = 13,
  UnmuteSender = 14,
  KickSender = 15,
  BanSender = 16,
}

/** Packs one flat frame. */
export function pack(type: Out, ...rest: readonly Element[]): Uint8Array<ArrayBuffer> {
  return packed([type, ...rest])
}

/**
 * Lays fields out in schema order. What is left out is zero, brought into range. A name the schema lacks, a value of the wrong
 * type or out of range throws a SandlotError with code `field` or `range`.
 */
export function layout(schema: readonly MessageField[], fields: Fields): Element[] {
  for (const name of Object.keys(fields)) {
    if (!schema.some((f) => f.name === name)) throw new SandlotError('field', `there is no field ${name}`)
  }
  const out: Element[] = []
  for (const f of schema) {
    const value = fields[f.name]
    const list = (f.length === 0 ? [value] : (value ?? [])) as readonly (Element | undefined)[]
    const length = f.length || 1
    if (!Array.isArray(list) || list.length > length) throw new SandlotError('field', `${f.name} takes a list of ${length}`)
    for (let i = 0; i < length; i++) out.push(element(f, list[i]))
  }
  return out
}

const utf8 = new TextEncoder()

/** What one element is to be: a text of at most `max` bytes, an integer from min to max, or a boolean. */
export type Range = Pick<MessageField, 'name' | 'kind' | 'min' | 'max'>

/** A value as an element; zero, brought into range, where there is none. Throws a SandlotError with code `field` or `range`. */
export function element(f: Range, value: Element | undefined): Element {
  switch (f.kind) {
    case Kind.Bool:
      if (!['boolean', 'number'].includes(typeof (value ?? 0))) throw new SandlotError('field', `${f.name} takes a boolean`)
      return !!value
    case Kind.Text: {
      const text = value ?? ''
      if (typeof text !== 'string') throw new SandlotError('field', `${f.name} takes a text`)
      if (utf8.encode(text).length > f.max) throw new SandlotError('range', `${f.name} is longer than ${f.max} bytes`)
      return text
    }
    default: {
      const n = value ?? Math.min(Math.max(0, f.min), f.max)
      if (typeof n !== 'number' || !Number.isSafeInteger(n)) throw new SandlotError('field', `${f.name} takes an integer`)
      if (n < f.min || n > f.max) throw new SandlotError('range', `${f.name} is not within ${f.min}..${f.max}`)
      return n
    }
  }
}
