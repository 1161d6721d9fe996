import { describe, expect, it } from 'vitest'
import { ProtocolError } from '../src/errors.js'
import { Mirror } from '../src/mirror.js'
import { counted, In, readFields, receive, type Frame, type Welcome } from '../src/receive.js'
import { layout, Out, pack, type Element, type Fields } from '../src/send.js'
import type { MessageField, Schema } from '../src/schema.js'
import type { Table } from '../src/table.js'
import { hex, vectors } from './vectors.js'

const server = vectors('server')
const schema = (receive(server[0]!.bytes) as Welcome).schema

describe('what this client sends', () => {
  for (const v of vectors('client')) {
    it(v.name, () => expect(hex(encode(v.json.message))).toBe(hex(v.bytes)))
  }
})

describe('what a server sends', () => {
  for (const v of server) {
    it(v.name, () => expect(describeFrame(receive(v.bytes)!)).toEqual(v.json.message))
  }
  it('counts the events lane', () => {
    const lane = server.filter((v) => counted((receive(v.bytes) as Frame).type)).map((v) => v.json.message.type)
    expect(new Set(lane)).toEqual(new Set(['event', 'lobby', 'member', 'gone', 'chat', 'result', 'slip', 'match', 'done']))
  })
})

describe('state', () => {
  const mirror = new Mirror(schema)
  for (const v of vectors('state')) {
    it(v.name, () => {
      if (v.json.keyframe && mirror.based) mirror.clear()
      const a = applyTo(mirror, v.bytes)
      expect([a.keyframe, a.tick, a.applied, a.margin]).toEqual([v.json.keyframe, v.json.tick, v.json.applied, v.json.margin])
      expect(Object.fromEntries(mirror.tables.map((t) => [t.name, rowsOf(t, 1)]))).toEqual(v.json.tables)
    })
  }
})

describe('what this client refuses', () => {
  for (const v of vectors('bad_server')) {
    // Types of later versions are passed over, not refused.
    if (v.json.code === 'unknown_type') {
      it(v.name, () => expect(receive(v.bytes)).toBeNull())
      continue
    }
    // Ranges are the sender's business; the client only needs the right shape.
    const shape = v.name !== 'event out of range'
    it(v.name, () => {
      const read = (): unknown => {
        if (!v.name.startsWith('state ') && !v.name.startsWith('head ')) return whole(v.bytes)
        const mirror = new Mirror(schema)
        applyTo(mirror, vectors('state')[0]!.bytes)
        try {
          return applyTo(mirror, v.bytes)
        } catch (err) {
          expect(mirror.based).toBe(false)
          throw err
        }
      }
      if (shape) expect(read).toThrow(ProtocolError)
      else expect(read).not.toThrow()
    })
  }
})

function whole(bytes: Uint8Array): unknown {
  const frame = receive(bytes)
  if (frame?.type !== In.Event) return frame
  const event = schema.events[frame.index]
  if (!event) throw new ProtocolError('unknown event')
  return readFields(event, frame.body)
}

function applyTo(mirror: Mirror, bytes: Uint8Array): ReturnType<Mirror['apply']> {
  const frame = receive(bytes)
  if (frame?.type !== In.State) throw new Error('not a state')
  return mirror.apply(frame.body)
}

function rowsOf(t: Table, viewer: number): unknown[] {
  const own = t.schema.owner.map((f) => f.name)
  return [...t].map((row) => {
    const names = [...t.schema.fields.map((f) => f.name), ...(row.owner === viewer ? own : [])]
    return { id: row.id, owner: row.owner, values: Object.fromEntries(names.map((n) => [n, (row as Fields)[n]])) }
  })
}

// Gives a flat list of values the names of a message's fields.
function named(fields: readonly MessageField[], flat: readonly Element[]): Fields {
  let at = 0
  const take = (f: MessageField): unknown => (f.length === 0 ? flat[at++] : flat.slice(at, (at += f.length)))
  return Object.fromEntries(fields.map((f) => [f.name, take(f)])) as Fields
}

function encode(m: any): Uint8Array {
  switch (m.type) {
    case 'input':
      return pack(Out.Input, m.seq, m.ack, m.viewed, ...layout(schema.input, named(schema.input, m.fields)))
    case 'command': {
      const { fields } = schema.commands[m.command]!
      return pack(Out.Command, m.n, m.command, ...layout(fields, named(fields, m.fields)))
    }
    case 'ack':
      return pack(Out.Ack, m.tick)
    case 'chat':
      return pack(Out.Chat, m.channel, m.text)
    case 'ping':
      return pack(Out.Ping, m.clientTime)
    case 'ready':
      return pack(Out.Ready, m.ready)
    case 'start':
      return pack(Out.Start)
    case 'kick':
      return pack(Out.Kick, m.player)
    case 'setting':
      return pack(Out.Setting, m.setting, m.value)
    case 'manage':
      return pack(Out.Manage, m.action, m.player, m.value)
    case 'network':
      return pack(Out.Network, m.link)
    case 'renew':
      return pack(Out.Renew, m.token)
    case 'hello':
      return pack(Out.Hello, m.credential, m.lobby)
    case 'leave':
      return pack(Out.Leave)
    case 'keyframe':
      return pack(Out.Keyframe)
    default:
      throw new Error(`no message ${m.type}`)
  }
}

const words: Record<number, string> = {
  64: 'welcome', 66: 'event', 67: 'lobby', 68: 'member', 69: 'gone', 70: 'chat', 71: 'result', 72: 'pong', 73: 'error',
  74: 'slip', 75: 'match', 76: 'done', 77: 'knock',
}

function describeFrame(f: Frame): unknown {
  const { type, ...rest } = f as { type: number } & Record<string, unknown>
  if (f.type === In.Event) {
    const fields = Object.values(readFields(schema.events[f.index]!, f.body)).flat()
    return { type: 'event', event: f.index, fields }
  }
  if (f.type === In.Welcome) return { type: 'welcome', ...rest, schema: describeSchema(f.schema) }
  return { type: words[type], ...rest }
}

function describeSchema(s: Schema): unknown {
  return { ...s, tables: s.tables.map(({ one, ...t }) => ({ ...t, flags: one ? 1 : 0 })) }
}
