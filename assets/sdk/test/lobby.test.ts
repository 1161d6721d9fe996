import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ClosedError, HttpError, RefusedError } from '../src/errors.js'
import { Client } from '../src/client.js'
import { FakeSocket, lobbyFrame, welcome } from './fake.js'
import { join, json, serve, url } from './joined.js'

beforeEach(() => {
  vi.useFakeTimers()
  FakeSocket.made = []
})
afterEach(() => vi.useRealTimers())

describe('joining', () => {
  it('carries the pass in the subprotocol and learns who is here', async () => {
    const { lobby, socket } = await join()
    expect(socket.protocols).toEqual(['sandlot.v1', 'bearer.the-pass'])
    expect(socket.binaryType).toBe('arraybuffer')
    expect({ id: lobby.id, me: lobby.me, host: lobby.isHost, code: lobby.code, phase: lobby.phase }).toEqual({
      id: 'LOBBY1', me: 1, host: true, code: 'CODE1234', phase: 'waiting',
    })
    expect(lobby.members.get(1)).toMatchObject({ name: 'Ann', colour: 5, you: true, connected: true, bot: false })
    expect(lobby.settings).toEqual({ minutes: 3 })
    expect(lobby.connection.state).toBe('open')
  })

  it('rejects with the reason where the server refuses', async () => {
    const client = new Client({ url, WebSocket: FakeSocket, fetch: serve() })
    const opened = FakeSocket.next()
    const joined = client.quickPlay('arena')
    const socket = await opened
    socket.end(1008, 'refused;lobby_full')
    await expect(joined).rejects.toMatchObject({ reason: { word: 'refused', detail: 'lobby_full' } })
  })

  it('rejects where it cannot read what the server says first', async () => {
    const opened = FakeSocket.next()
    const joined = new Client({ url, WebSocket: FakeSocket, fetch: serve() }).quickPlay('arena')
    const tomorrow = welcome('resume-1')
    tomorrow[1] = 2 // the version
    ;(await opened).say(...tomorrow)
    await expect(joined).rejects.toMatchObject({ name: 'ClosedError', code: 'protocol', message: expect.stringContaining('version 2') })
  })

  it('turns problems into errors', async () => {
    const client = new Client({
      url, WebSocket: FakeSocket,
      fetch: serve(() => json({ code: 'lobby_full', detail: 'no place left' }, 409, { 'Retry-After': '7' })),
    })
    const err = await client.joinLobby('X').catch((e: unknown) => e)
    expect(err).toBeInstanceOf(HttpError)
    expect(err).toMatchObject({ status: 409, code: 'lobby_full', message: 'no place left', retryAfter: 7 })
  })

  it('rejects where even a new token is refused, as by a proxy that wants a password', async () => {
    const client = new Client({ url, WebSocket: FakeSocket, token: 'old', fetch: serve(() => json({}, 401)) })
    client.player = { id: 'guest-1', name: 'Ann' }
    await expect(client.games()).rejects.toMatchObject({ status: 401 })
    await expect(client.signIn('Ann')).rejects.toMatchObject({ status: 401 })
  })

  it('takes an answer that breaks off, or a page that a network puts in its place, for none', async () => {
    const cut = new ReadableStream({ start: (c) => c.error(new TypeError('terminated')) })
    for (const body of [cut, '<h1>Welcome to our Wi-Fi</h1>']) {
      const client = new Client({ url, WebSocket: FakeSocket, fetch: async () => new Response(body) })
      await expect(client.quickPlay('arena')).rejects.toMatchObject({ name: 'HttpError', status: 0, code: 'malformed' })
    }
    const stop = new AbortController()
    const slow = new ReadableStream({ start: (c) => stop.signal.addEventListener('abort', () => c.error(stop.signal.reason)) })
    const given = new Client({ url, WebSocket: FakeSocket, fetch: async () => new Response(slow) }).quickPlay('arena', { signal: stop.signal })
    const enough = new Error('enough')
    setTimeout(() => stop.abort(enough), 10)
    void vi.advanceTimersByTimeAsync(10)
    await expect(given).rejects.toBe(enough)
  })

  it('says where to play, and gives up', async () => {
    const asked: unknown[] = []
    const over = serve((_, init) => void asked.push(JSON.parse(String(init.body))))
    const fetch: typeof globalThis.fetch = (path, init) => (init?.signal?.aborted ? Promise.reject(init.signal.reason) : over(path as string, init))
    const client = new Client({ url, WebSocket: FakeSocket, fetch })
    const signal = AbortSignal.abort()
    await expect(client.quickPlay('arena', { signal })).rejects.toBe(signal.reason)
    await expect(client.createLobby('arena', { signal })).rejects.toBe(signal.reason)
    expect(asked).toEqual([])
    void client.quickPlay('arena', { region: 'eu' })
    void client.createLobby('arena', { region: 'eu', private: true, signal: new AbortController().signal })
    await vi.advanceTimersByTimeAsync(0)
    expect(asked).toEqual([{ game: 'arena', region: 'eu' }, { game: 'arena', region: 'eu', private: true }])
  })

  it('asks for a list once and takes the 304 after', async () => {
    const asked: (string | null)[] = []
    const client = new Client({
      url, WebSocket: FakeSocket,
      fetch: serve((_, init) => {
        asked.push(new Headers(init.headers).get('If-None-Match'))
        return asked.length === 1 ? json({ lobbies: [{ id: 'A' }], next: '' }, 200, { ETag: '"t1"' }) : json(null, 304)
      }),
    })
    const first = await client.lobbies({ game: 'arena', open: true })
    expect((await client.lobbies({ game: 'arena', open: true })).items).toBe(first.items)
    expect(asked).toEqual([null, '"t1"'])
  })
})

describe('playing', () => {
  it('sends inputs at the tick rate with what it has, presses once', async () => {
    const { lobby, socket } = await join()
    lobby.setInput({ moveX: 5, dash: true })
    socket.say(75, 1, 20)
    socket.say(...lobbyFrame(2))
    socket.say(65, 0, 100, 0, 1, 8, 1, 2, 1, 1, 20, 0) // a keyframe with ship 1 of player 1 at x 10
    expect([...lobby.table('ships')]).toEqual([{ id: 1, owner: 1, x: 10 }])
    expect(socket.of(1)).toEqual([[1, 1, 100, expect.any(Number), 5, false, true]])
    vi.advanceTimersByTime(100)
    expect(socket.of(1).length).toBe(3)
    expect(socket.of(1)[1]).toEqual([1, 2, 100, expect.any(Number), 5, false, false])
    socket.say(...lobbyFrame(3))
    vi.advanceTimersByTime(500)
    expect(socket.of(1).length).toBe(3) // no match, no inputs
  })

  it('says nothing that would count as a bad message: three, and the server closes for good', async () => {
    const { lobby, socket } = await join()
    const before = socket.sent.length
    expect(() => lobby.say('ü'.repeat(251))).toThrow(/500 bytes/)
    expect(() => lobby.setNetwork('x'.repeat(97))).toThrow(/96 bytes/)
    expect(() => lobby.setSetting('minutes', 11)).toThrow(/minutes is not within 1..10/)
    expect(() => lobby.setSetting('minutes', 1.5)).toThrow(/integer/)
    expect(socket.sent.length).toBe(before)
    expect(lobby.say('ü'.repeat(250))).toBe(true)
    expect(() => lobby.predict('shps', { apply: () => {} })).toThrow(/no table shps/)
  })

  it('tells listeners after a whole state', async () => {
    const { lobby, socket } = await join()
    socket.say(65, 0, 1, 0, 1, 8, 1, 2, 1, 1, 20, 0)
    const ships = lobby.table<{ x: number }>('ships')
    const heard: unknown[] = []
    ships.onAdd((s) => heard.push(['add', s.id]))
    ships.onRemove((s) => heard.push(['remove', s.id]))
    ships.listen('x', (x, before) => heard.push([before, x]))
    lobby.onStateChange((tick) => heard.push(tick))
    socket.say(65, 1, 0, 1, 4, 1, 1, 0, 6, 0) // x + 3
    socket.say(65, 1, 0, 1, 9, 1, 0, 1, 2, 1, 1, 2, 0) // ship 1 goes, another comes
    expect(heard).toEqual([['add', 1], [10, 13], 2, ['remove', 1], ['add', 1], 3])
  })

  it('asks for a keyframe when it lost track', async () => {
    const { lobby, socket } = await join()
    socket.say(65, 1, 0, 1, 0)
    expect(socket.of(12).length).toBe(1)
    socket.say(65, 0, 7, 0, 1, 0)
    expect(lobby.tick).toBe(7)
  })

  it('hears the game and resolves commands', async () => {
    const { lobby, socket } = await join()
    const hits: unknown[] = []
    lobby.onMessage('hit', (e) => hits.push(e))
    socket.say(66, 0, 20)
    expect(hits).toEqual([{ damage: 20 }])
    const dropped = lobby.send('drop', { column: 3 })
    expect(socket.of(3)).toEqual([[3, 1, 0, 3]])
    socket.say(76, 1)
    await dropped
    const refused = lobby.send('drop', { column: 4 })
    const taken = lobby.send('drop', { column: 5 })
    socket.say(73, 'phase', 'not now', 3) // may come before the answer of one that was taken
    socket.say(76, 3)
    socket.say(76, 2, 'phase', 'not now')
    await taken
    await expect(refused).rejects.toThrow('not now')
    await expect(lobby.send('drop', { column: 7 })).rejects.toMatchObject({ code: 'range' })
    await expect(lobby.send('drop', { row: 1 })).rejects.toMatchObject({ code: 'field' })
    await expect(lobby.send('lift')).rejects.toMatchObject({ code: 'command' })
    expect(() => lobby.setInput({ moveX: 1000 })).toThrow(/within/)
  })
})

describe('coming back', () => {
  it('resumes with the newest token and what it has seen', async () => {
    const { lobby, socket } = await join()
    const states: string[] = []
    lobby.on('connection', (c) => states.push(c.state))
    void lobby.send('drop', { column: 2 }).catch(() => {})
    const opened = FakeSocket.next()
    socket.end(1006)
    await vi.advanceTimersByTimeAsync(1000)
    const second = await opened
    expect(second.credential).toBe('resume-1')
    expect(new URL(second.url).searchParams.get('seen')).toBe('2') // lobby and member
    second.say(...welcome('resume-2', 2))
    expect(lobby.members.size).toBe(1)
    expect(states).toEqual(['reconnecting', 'open'])
    expect(lobby.save()).toMatchObject({ resume: 'resume-2', command: 1, lobby: 'LOBBY1', token: 'player-token' })
  })

  it('tells of what could not be sent meanwhile, and does not send it later', async () => {
    const { lobby, socket } = await join()
    const errors: unknown[] = []
    lobby.on('error', (err) => errors.push([err instanceof RefusedError, err.code, err.about]))
    lobby.setReady(true)
    const opened = FakeSocket.next()
    socket.end(1006)
    lobby.setReady(false)
    lobby.start()
    lobby.kick(2)
    lobby.setOptions({ private: true })
    lobby.setSetting('minutes', 5)
    expect([lobby.say('hello?'), errors]).toEqual([false, []]) // told apart from the call, as by the server
    await vi.advanceTimersByTimeAsync(1000)
    expect(errors).toEqual([6, 7, 8, 13, 9].map((type) => [true, 'unsent', type]))
    const second = await opened
    second.say(...welcome('resume-2', 2))
    lobby.setReady(true)
    expect([socket, second].map((s) => s.sent.filter(([type]) => type !== 5))).toEqual([[[6, true]], [[6, true]]])
    lobby.leave()
    await vi.advanceTimersByTimeAsync(0)
    expect(errors.length).toBe(5)
  })

  it('waits longer while what it makes does not last', async () => {
    const { lobby, socket } = await join()
    const back = async (): Promise<number> => {
      const { connection } = lobby
      const opened = FakeSocket.next()
      lobby.retryNow()
      await vi.advanceTimersByTimeAsync(0)
      ;(await opened).say(...welcome('resume-2', 2))
      return connection.state === 'reconnecting' ? connection.attempt : 0
    }
    socket.end(1006)
    const attempts: number[] = []
    for (let i = 0; i < 4; i++) {
      attempts.push(await back())
      if (i === 2) await vi.advanceTimersByTimeAsync(9_000) // pings are not answered: nearly too long
      if (i < 3) FakeSocket.made.at(-1)!.end(1011, 'internal')
    }
    expect(attempts).toEqual([1, 2, 3, 4])
    for (let s = 0; s < 11; s++) {
      FakeSocket.made.at(-1)!.say(72, 0, 0, 0)
      await vi.advanceTimersByTimeAsync(1000)
    }
    FakeSocket.made.at(-1)!.end(1006)
    expect(await back()).toBe(1)
  })

  it('says nothing before it knows its next token, and tells the time also after a sleep', async () => {
    const { lobby, socket } = await join()
    socket.say(72, 0, 1_000_000, 1_000_000)
    expect(lobby.serverNow()).toBeLessThan(3000)
    const opened = FakeSocket.next()
    socket.end(1006)
    await vi.advanceTimersByTimeAsync(1000)
    const second = await opened
    expect(lobby.say('hello?')).toBe(false)
    expect(second.sent).toEqual([])
    const later = welcome('resume-2', 2)
    later[9] = 3_600_000_000
    second.say(...later)
    expect(lobby.say('hello')).toBe(true)
    expect(lobby.serverNow()).toBeCloseTo(3_600_000, -2)
  })

  it('goes on showing what it showed until the first state after', async () => {
    const { lobby, socket } = await join()
    const ships = lobby.table<{ x: number }>('ships')
    const seen = (): number[] => [...ships.views()].map((ship) => ship.x)
    for (let tick = 100; tick < 110; tick++) {
      socket.say(65, 0, tick, 0, 1, 8, 1, 2, 1, 1, 20, 0)
      await vi.advanceTimersByTimeAsync(50)
    }
    const opened = FakeSocket.next()
    socket.end(1006)
    await vi.advanceTimersByTimeAsync(1000)
    expect([seen(), lobby.shownTick]).toEqual([[10], 109])
    const second = await opened
    second.say(...welcome('resume-2', 2))
    expect([seen(), lobby.shownTick]).toEqual([[10], 109])
    second.say(65, 0, 90, 0, 1, 8, 1, 2, 1, 1, 20, 0) // its game time has slipped
    expect(lobby.shownTick).toBeLessThan(90)
    second.say(75, 2, 20)
    expect([seen(), lobby.shownTick]).toEqual([[], -1])
  })

  it('tries again where joining anew gets no answer at all', async () => {
    let joins = 0
    const { lobby, socket } = await join(new Client({
      url, WebSocket: FakeSocket,
      fetch: (async (input: string, init: RequestInit) => {
        if (input.endsWith('/join') && ++joins === 1) return new Promise<Response>(() => {})
        return serve()(input, init)
      }) as typeof fetch,
    }))
    socket.end(1006)
    await vi.advanceTimersByTimeAsync(1000)
    FakeSocket.made.at(-1)!.end(1008, 'refused;seat_lost')
    await vi.advanceTimersByTimeAsync(11_000)
    expect([joins, FakeSocket.made.length, lobby.connection.state]).toEqual([1, 2, 'reconnecting'])
    await vi.advanceTimersByTimeAsync(6000)
    expect([joins, FakeSocket.made.length, FakeSocket.made.at(-1)!.credential]).toEqual([2, 3, 'the-pass'])
  })

  it('joins as anew once the seat cannot be held any longer', async () => {
    const { socket } = await join()
    socket.end(1006)
    const tried = (): string[] => FakeSocket.made.slice(1).map((one) => one.credential)
    for (let s = 0; s < 120 && !tried().includes('the-pass'); s++) {
      await vi.advanceTimersByTimeAsync(1000)
      FakeSocket.made.at(-1)!.end(1006)
    }
    expect(new Set(tried())).toEqual(new Set(['resume-1', 'the-pass']))
    expect(tried().length).toBeLessThan(15)
  })

  it('asks the site where the lobby is when its instance cannot be reached', async () => {
    const { lobby, socket } = await join()
    let opened = FakeSocket.next()
    socket.end(4001, 'moved;url=ws://b.example/v1/ws')
    await vi.advanceTimersByTimeAsync(0)
    const moved = await opened
    moved.say(...welcome('resume-2', 2))
    moved.end(1006)
    const hosts = (): string[] => FakeSocket.made.slice(2).map((one) => new URL(one.url).host)
    while (hosts().length < 3) {
      await vi.advanceTimersByTimeAsync(1000)
      if (FakeSocket.made.at(-1)!.readyState === 1) FakeSocket.made.at(-1)!.end(1006)
    }
    expect(hosts()).toEqual(['b.example', 'b.example', 'server.example'])
    opened = FakeSocket.next()
    lobby.retryNow()
    await vi.advanceTimersByTimeAsync(0)
    const left = vi.fn()
    lobby.onLeave(left)
    ;(await opened).end(1008, 'refused;match_lost')
    expect(left).toHaveBeenCalledWith(expect.objectContaining({ word: 'refused', detail: 'match_lost' }))
  })

  it('joins again over HTTP where the seat is gone, and ends with what that says', async () => {
    let joins = 0
    const client = new Client({
      url, WebSocket: FakeSocket,
      fetch: serve((path) => {
        if (!path.endsWith('/join')) return
        return ++joins === 1 ? json({ code: 'unavailable' }, 503, { 'Retry-After': '3' }) : json({ code: 'lobby_not_found' }, 404)
      }),
    })
    const { lobby, socket } = await join(client)
    const left = vi.fn()
    lobby.onLeave(left)
    socket.end(1006)
    await vi.advanceTimersByTimeAsync(1000)
    FakeSocket.made.at(-1)!.end(1008, 'refused;seat_lost')
    await vi.advanceTimersByTimeAsync(2900)
    expect([joins, left.mock.calls.length]).toEqual([1, 0])
    await vi.advanceTimersByTimeAsync(4000)
    expect([joins, FakeSocket.made.length]).toEqual([2, 2])
    expect(left).toHaveBeenCalledWith(expect.objectContaining({ word: 'refused', detail: 'lobby_not_found' }))
  })

  it('hears of a lost line also where only an error tells', async () => {
    const { lobby, socket } = await join()
    socket.onerror?.({})
    await vi.advanceTimersByTimeAsync(100)
    expect(lobby.connection.state).toBe('reconnecting')
    const left = FakeSocket.made.length
    await vi.advanceTimersByTimeAsync(1000)
    expect(FakeSocket.made.length).toBe(left + 1)
  })

  it('does not come back where the reason says so', async () => {
    const { lobby, socket } = await join()
    const left = vi.fn()
    lobby.onLeave(left)
    const waiting = lobby.send('drop', { column: 2 })
    socket.end(4501, 'kicked')
    expect(left).toHaveBeenCalledWith(expect.objectContaining({ word: 'kicked' }))
    await expect(waiting).rejects.toBeInstanceOf(ClosedError)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(FakeSocket.made.length).toBe(1)
    expect(lobby.save()).toBeNull()
  })

  it('follows a move at once, and joins as anew when the seat is gone', async () => {
    const { socket } = await join()
    let opened = FakeSocket.next()
    socket.end(4001, 'moved;url=ws://other.example/v1/ws?lobby=LOBBY1')
    await vi.advanceTimersByTimeAsync(0)
    const second = await opened
    expect(new URL(second.url).host).toBe('other.example')
    opened = FakeSocket.next()
    second.end(1008, 'refused;seat_lost')
    await vi.advanceTimersByTimeAsync(1000)
    expect((await opened).credential).toBe('the-pass')
  })

  it('waits as long as it is told', async () => {
    const { lobby, socket } = await join()
    socket.end(1001, 'restart;after=5')
    await vi.advanceTimersByTimeAsync(4900)
    expect(FakeSocket.made.length).toBe(1)
    const opened = FakeSocket.next()
    lobby.retryNow()
    await opened
  })

  it('comes back sooner when the network does', async () => {
    const page = new EventTarget()
    vi.stubGlobal('addEventListener', page.addEventListener.bind(page))
    vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page))
    try {
      const { lobby, socket } = await join()
      for (let i = 0; i < 6; i++) {
        FakeSocket.made.at(-1)!.end(1006)
        lobby.retryNow()
        await vi.advanceTimersByTimeAsync(0)
      }
      FakeSocket.made.at(-1)!.end(1006)
      const made = FakeSocket.made.length
      page.dispatchEvent(new Event('online'))
      await vi.advanceTimersByTimeAsync(0)
      expect(FakeSocket.made.length).toBe(made + 1)
      page.dispatchEvent(new Event('online')) // one attempt at a time
      await vi.advanceTimersByTimeAsync(0)
      expect(FakeSocket.made.length).toBe(made + 1)
      FakeSocket.made.at(-1)!.end(1013, 'busy;after=5')
      page.dispatchEvent(new Event('online')) // the server wants its time
      await vi.advanceTimersByTimeAsync(1000)
      expect(FakeSocket.made.length).toBe(made + 1)
      void socket
    } finally {
      vi.unstubAllGlobals()
    }
  })

  it('gives up a line that does not answer pings', async () => {
    const { lobby, socket } = await join()
    expect(socket.of(5).length).toBeGreaterThan(0)
    await vi.advanceTimersByTimeAsync(13_000)
    expect(lobby.connection.state).not.toBe('open')
  })
})
