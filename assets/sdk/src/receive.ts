import { Cursor } from './cursor.js'
import { ProtocolError } from './errors.js'
import { Kind, readSchema, type Message, type Schema } from './schema.js'
import type { FieldValue } from './send.js'

/** Types of frames a server sends. */
export const enum In {
  Welcome = 64,
  State = 65,
  Event = 66,
  Lobby = 67,
  Member = 68,
  Gone = 69,
  Chat = 70,
  Result = 71,
  Pong = 72,
  Error = 73,
  Slip = 74,
  Match = 75,
  Done = 76,
  Knock = 77,
}

export interface Welcome {
  readonly type: In.Welcome
  readonly version: number
  readonly instance: string
  readonly lobby: string
  readonly game: string
  readonly player: number
  /** 0 player, 1 spectator, 2 chat only. */
  readonly role: number
  readonly resume: string
  readonly holdMs: number
  readonly serverUs: number
  readonly events: number
  readonly schema: Schema
}

export interface LobbyFrame {
  readonly type: In.Lobby
  readonly phase: number
  readonly deadlineMs: number
  readonly host: number
  readonly code: string
  readonly min: number
  readonly max: number
  readonly private: boolean
  readonly settings: readonly number[]
}

export interface OneMember {
  readonly player: number
  readonly name: string
  readonly flags: number
  readonly team: number
  readonly colour: number
}

export interface MemberFrame {
  readonly type: In.Member
  readonly members: readonly OneMember[]
}

export interface ChatFrame {
  readonly type: In.Chat
  readonly epoch: number
  readonly offset: number
  readonly player: number
  readonly name: string
  readonly channel: number
  readonly timeMs: number
  readonly text: string
}

export interface ResultFrame {
  readonly type: In.Result
  readonly places: readonly { readonly player: number; readonly rank: number; readonly score: number }[]
}

export type Frame =
  | Welcome
  | LobbyFrame
  | MemberFrame
  | ChatFrame
  | ResultFrame
  | { readonly type: In.State; readonly body: Cursor }
  | { readonly type: In.Event; readonly index: number; readonly body: Cursor }
  | { readonly type: In.Gone; readonly player: number; readonly why: number }
  | { readonly type: In.Pong; readonly clientTime: number; readonly receivedUs: number; readonly sentUs: number }
  | { readonly type: In.Error; readonly code: string; readonly message: string; readonly about: number }
  | { readonly type: In.Slip; readonly ticks: number }
  | { readonly type: In.Match; readonly number: number; readonly tickRate: number }
  | { readonly type: In.Done; readonly n: number; readonly code?: string; readonly message?: string }
  | { readonly type: In.Knock; readonly number: number; readonly name: string; readonly waiting: boolean }

/**
 * Whether frames of this type belong to the events lane, which is reliable,
 * ordered and counted.
 */
export function counted(type: number): boolean {
  return (type >= In.Event && type <= In.Result) || (type >= In.Slip && type <= In.Done)
}

/**
 * Unpacks one frame. The body of a state or event is left to read, as it takes
 * the schema. Types of later versions give null. Faults are ProtocolErrors.
 */
export function receive(data: ArrayBuffer | Uint8Array): Frame | null {
  const c = Cursor.of(data)
  const type = c.uint()
  if (type === In.State) return { type, body: c }
  if (type === In.Event) return { type, index: c.uint(), body: c }
  const frame = plain(type, c)
  if (frame) c.done()
  return frame
}

function plain(type: number, c: Cursor): Frame | null {
  switch (type) {
    case In.Welcome:
      return welcome(c)
    case In.Lobby:
      return {
        type, phase: c.uint(), deadlineMs: c.uint(), host: c.uint(), code: c.str(), min: c.uint(), max: c.uint(),
        private: c.bool(), settings: c.list(() => c.int()),
      }
    case In.Member:
      return { type, members: members(c) }
    case In.Gone:
      return { type, player: c.uint(), why: c.uint() }
    case In.Chat:
      return {
        type, epoch: c.uint(), offset: c.uint(), player: c.uint(), name: c.str(), channel: c.uint(),
        timeMs: c.uint(), text: c.str(),
      }
    case In.Result:
      return { type, places: c.list(() => ({ player: c.uint(), rank: c.uint(), score: c.int() })) }
    case In.Pong:
      return { type, clientTime: c.uint(), receivedUs: c.uint(), sentUs: c.uint() }
    case In.Error:
      return { type, code: c.str(), message: c.str(), about: c.uint() }
    case In.Slip:
      return { type, ticks: c.uint() }
    case In.Match:
      return { type, number: c.uint(), tickRate: c.uint() }
    case In.Done:
      return { type, n: c.uint(), ...(c.more && { code: c.str(), message: c.str() }) }
    case In.Knock:
      return { type, number: c.uint(), name: c.str(), waiting: c.bool() }
    default:
      return null
  }
}

function members(c: Cursor): OneMember[] {
  const all: OneMember[] = []
  do all.push({ player: c.uint(), name: c.str(), flags: c.uint(), team: c.uint(), colour: c.uint() })
  while (c.more)
  return all
}

function welcome(c: Cursor): Welcome {
  const version = c.uint()
  if (version !== 1) throw new ProtocolError(`the server speaks version ${version}, this client 1`)
  return {
    type: In.Welcome, version, instance: c.str(), lobby: c.str(), game: c.str(), player: c.uint(), role: c.uint(),
    resume: c.str(), holdMs: c.uint(), serverUs: c.uint(), events: c.uint(), schema: readSchema(c),
  }
}

/** Reads the fields of an event by the schema. */
export function readFields(message: Message, c: Cursor): Record<string, FieldValue> {
  const out: Record<string, FieldValue> = {}
  for (const f of message.fields) {
    const one = (): number | boolean | string => (f.kind === Kind.Bool ? c.bool() : f.kind === Kind.Text ? c.str() : c.int())
    out[f.name] = f.length === 0 ? one() : (Array.from({ length: f.length }, one) as number[])
  }
  c.done()
  return out
}
