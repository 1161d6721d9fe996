import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Client } from '../src/client.js'
import { UnmatchedError } from '../src/errors.js'
import type { WatchedLobbies } from '../src/watch.js'
import { FakeSocket } from './fake.js'
import { json, url } from './joined.js'

/** An event stream whose server the test plays. */
class FakeStream {
  private control!: ReadableStreamDefaultController<Uint8Array>
  cut = false
  readonly response: Response

  constructor(signal?: AbortSignal | null) {
    const body = new ReadableStream<Uint8Array>({ start: (c) => void (this.control = c) })
    signal?.addEventListener('abort', () => {
      if (this.cut) return
      this.cut = true
      this.control.error(new DOMException('cut', 'AbortError'))
    })
    this.response = new Response(body, { headers: { 'Content-Type': 'text/event-stream' } })
  }

  raw(text: string): void {
    this.control.enqueue(new TextEncoder().encode(text))
  }

  say(event: string, data: unknown): void {
    this.raw(`id: 1\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
  }

  end(): void {
    this.cut = true
    this.control.close()
  }
}

let streams: FakeStream[]
let asked: string[]
// What streams and other requests get; undefined: a stream that stands, or an empty answer.
let answer: (path: string, init: RequestInit) => Response | undefined

const client = (): Client => new Client({
  url, WebSocket: FakeSocket, token: 'x',
  fetch: (async (input: string, init: RequestInit) => {
    const path = input.replace(url, '')
    asked.push(path)
    const made = answer(path, init)
    if (made) return made
    if (!path.includes('/events')) return json({})
    streams.push(new FakeStream(init.signal))
    return streams.at(-1)!.response
  }) as typeof fetch,
})
const settle = (ms = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(ms)
// The lazily loaded part is loaded by real time.
const loaded = async (): Promise<void> => {
  while (streams.length === 0 && asked.length === 0) {
    await new Promise<void>((resolve) => setImmediate(resolve))
    await settle()
  }
  await settle()
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] })
  // Waits are half of what they may be; keys are still distinct.
  let n = 0
  vi.spyOn(Math, 'random').mockImplementation(() => 0.5 + ++n / 7e9)
  streams = []
  asked = []
  answer = () => undefined
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

const lobby = (id: string, players = 1): object => ({ id, game: 'arena', players, createdAt: `2026-01-0${id.charCodeAt(0) - 64}T00:00:00Z` })

describe('a watched list', () => {
  async function watched(): Promise<{ seen: WatchedLobbies[]; off: () => void; now: () => string }> {
    const seen: WatchedLobbies[] = []
    const off = client().watch({ game: 'arena', open: true }, (list) => seen.push(list))
    await loaded()
    const now = (): string => `${seen.at(-1)?.lobbies.map((l) => `${l.id}${l.players}`).join(' ')} ${seen.at(-1)?.live}`
    return { seen, off, now }
  }

  it('follows a stream, whatever pieces it comes in, and comes back when it ends', async () => {
    const { seen, off, now } = await watched()
    expect(asked).toEqual(['/v1/lobbies/events?game=arena&open=true'])
    streams[0]!.raw('retry: 2000\n\nid: 1\nevent: lobbies\nda')
    await settle()
    streams[0]!.raw(`ta: ${JSON.stringify({ lobbies: [lobby('B'), lobby('A')] })}\n`)
    await settle()
    expect(seen).toEqual([])
    streams[0]!.raw('\n: \n\n')
    await settle()
    expect(now()).toBe('B1 A1 true')
    streams[0]!.say('lobby', { lobby: lobby('C') })
    streams[0]!.say('lobby', { lobby: lobby('A', 5) })
    streams[0]!.say('gone', { id: 'B' })
    await settle()
    expect(now()).toBe('C1 A5 true')
    streams[0]!.end()
    await settle(500)
    expect(streams.length).toBe(2)
    streams[1]!.say('lobbies', { lobbies: [lobby('D')] })
    await settle()
    expect(now()).toBe('D1 true')
    expect(asked.every((path) => path.includes('/events'))).toBe(true)
    off()
    await settle(100_000)
    expect([streams.length, streams[1]!.cut]).toEqual([2, true])
  })

  it('takes a silent stream for dead', async () => {
    const { off } = await watched()
    streams[0]!.say('lobbies', { lobbies: [] })
    for (let i = 0; i < 10; i++) {
      await settle(15_000)
      streams[0]!.raw(': \n\n')
    }
    await settle(39_000)
    expect(streams.length).toBe(1)
    await settle(2_000)
    expect([streams.length, streams[0]!.cut]).toEqual([2, true])
    off()
  })

  it('asks where something holds streams back, and says when nothing can be reached', async () => {
    const { off, now } = await watched()
    answer = (path) => (path.includes('/events') ? undefined : json({ lobbies: [lobby('A')] }))
    await settle(10_000) // the stream says nothing
    expect(now()).toBe('A1 true')
    await settle(15_000)
    expect(asked.filter((path) => !path.includes('/events')).length).toBeLessThan(4)
    answer = () => json({ code: 'unavailable' }, 503)
    streams.at(-1)!.end()
    await settle(15_000)
    expect(now()).toBe('A1 false')
    const before = asked.length
    await settle(60_000)
    expect(asked.length - before).toBeLessThan(30)
    answer = () => undefined
    await settle(16_000)
    streams.at(-1)!.say('lobbies', { lobbies: [lobby('B')] })
    await settle()
    expect(now()).toBe('B1 true')
    off()
  })
})

describe('a ticket', () => {
  const ticket = (version: number, state: string, more: object = {}): object => ({ id: 'T', version, state, game: 'arena', mode: 'duel', players: ['Ann'], rating: 1500, ...more })
  const offer = { until: '2026-01-01T00:00:15Z', accepted: 0, of: 1, people: 2, you: false }

  it('goes through offers to a lobby, with a pass that is fresh', async () => {
    let looks = 0
    answer = (path, init) => {
      if (path === '/v1/tickets') {
        expect(new Headers(init.headers).get('Idempotency-Key')).toMatch(/^\w{20,64}$/)
        return json(ticket(1, 'queued'), 201)
      }
      if (path.endsWith('/accept')) return json(ticket(3, 'offered', { offer: { ...offer, you: true } }))
      if (path === '/v1/tickets/T') return json(ticket(4, 'matched', { lobby: 'L', seats: [{ url: 'ws://b.example/v1/ws', pass: `pass-${++looks}` }] }))
      return undefined
    }
    const t = await client().queue('arena', { mode: 'duel' })
    const states: string[] = []
    t.onChange((one) => states.push(`${one.info.version} ${one.state}`))
    await settle()
    streams[0]!.say('ticket', ticket(2, 'offered', { offer }))
    await settle()
    expect(asked).not.toContain('/v1/tickets/T/accept') // nobody has asked to be in yet
    const opened = FakeSocket.next()
    void t.joined().catch(() => {})
    await settle()
    expect(t.offer?.you).toBe(true)
    streams[0]!.say('ticket', ticket(2, 'offered', { offer })) // late news
    streams[0]!.say('ticket', ticket(4, 'matched', { lobby: 'L', seats: [{ url: 'ws://b.example/v1/ws', pass: 'first' }] }))
    await settle()
    const socket = await opened
    expect([socket.credential, new URL(socket.url).host, looks]).toEqual(['first', 'b.example', 0])
    expect(states).toEqual(['2 offered', '3 offered', '4 matched'])
    expect(streams[0]!.cut).toBe(true)
  })

  it('ends with what is wrong, and passes over what is only for a while', async () => {
    answer = (path) => (path === '/v1/tickets' ? json(ticket(1, 'queued'), 201) : path.includes('wait=') ? json({ code: 'stopping' }, 503) : undefined)
    const t = await client().queue('arena')
    const end = t.joined().catch((err: unknown) => err)
    await settle()
    streams[0]!.say('problem', { status: 503, code: 'stopping', retryAfter: 2 })
    await settle()
    expect(asked.at(-1)).toBe('/v1/tickets/T?wait=20s&version=1') // at once, by asking
    await settle(1_000)
    expect(streams.length).toBe(2)
    streams[1]!.say('problem', { status: 404, code: 'ticket_not_found', detail: 'no such ticket' })
    await settle()
    expect(await end).toMatchObject({ status: 404, code: 'ticket_not_found' })
    expect([t.state, t.info.reason]).toEqual(['cancelled', 'ticket_not_found'])
  })

  it('is asked for patiently where streams do not come through', async () => {
    let version = 1
    answer = (path) => {
      if (path === '/v1/tickets') return json(ticket(version, 'queued'), 201)
      if (path.endsWith('/events')) return json({}, 502)
      if (!path.includes('wait=')) return undefined
      version++
      return json(version < 4 ? ticket(version, 'queued') : ticket(version, 'expired', { reason: 'too_long' }))
    }
    const t = await client().queue('arena')
    await settle()
    await expect(t.joined()).rejects.toMatchObject({ code: 'too_long', state: 'expired' })
    await expect(t.joined()).rejects.toBeInstanceOf(UnmatchedError)
    expect(asked.filter((path) => path.includes('wait='))).toEqual([1, 2, 3].map((v) => `/v1/tickets/T?wait=20s&version=${v}`))
  })
})
