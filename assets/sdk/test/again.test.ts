import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Client } from '../src/client.js'
import { DroppedError, RefusedError } from '../src/errors.js'
import type { Lobby } from '../src/lobby.js'
import { FakeSocket, lobbyFrame, welcome } from './fake.js'
import { join, json, serve, url } from './joined.js'

beforeEach(() => {
  vi.useFakeTimers()
  FakeSocket.made = []
})
afterEach(() => vi.useRealTimers())

const keyframe = [65, 0, 100, 0, 0, 0]

// In match 7, with a command sent that the line swallowed and one made while it was down.
async function lost(): Promise<{ lobby: Lobby; second: FakeSocket; commands: Promise<string>[] }> {
  const { lobby, socket } = await join()
  socket.say(...lobbyFrame(2))
  socket.say(75, 7, 20)
  socket.say(...keyframe)
  const fate = (p: Promise<void>): Promise<string> => p.then(() => 'done', (err: unknown) => (err instanceof DroppedError ? err.code : String(err)))
  const commands = [fate(lobby.send('drop', { column: 2 }))]
  expect(socket.of(3)).toEqual([[3, 1, 0, 2]])
  const opened = FakeSocket.next()
  socket.end(1006)
  commands.push(fate(lobby.send('drop', { column: 4 })))
  await vi.advanceTimersByTimeAsync(1000)
  return { lobby, second: await opened, commands }
}

describe('commands of a lost connection', () => {
  it('go again once a state shows that it is the same match', async () => {
    const { lobby, second, commands } = await lost()
    second.say(...welcome('resume-2', 4))
    const third = lobby.send('drop', { column: 5 })
    expect(second.of(3)).toEqual([])
    second.say(...keyframe)
    expect(second.of(3)).toEqual([[3, 1, 0, 2], [3, 2, 0, 4], [3, 3, 0, 5]])
    for (const n of [1, 2, 3]) second.say(76, n)
    await third
    expect(await Promise.all(commands)).toEqual(['done', 'done'])
  })

  it('go again also where the lobby is told afresh, in the same match', async () => {
    const { second, commands } = await lost()
    second.say(...welcome('resume-2', 90))
    second.say(...lobbyFrame(2))
    second.say(75, 7, 20)
    second.say(76, 1) // the answer that was lost
    second.say(...keyframe)
    expect(second.of(3)).toEqual([[3, 2, 0, 4]])
    second.say(76, 2)
    expect(await Promise.all(commands)).toEqual(['done', 'done'])
  })

  it.each<[string, (s: FakeSocket) => void]>([
    ['in another match', (s) => {
      s.say(...welcome('resume-2', 4))
      s.say(75, 8, 20)
      s.say(...keyframe)
    }],
    ['when the match has ended', (s) => {
      s.say(...welcome('resume-2', 4))
      s.say(...lobbyFrame(3))
      s.say(...lobbyFrame(0))
    }],
    ['in another seat', (s) => {
      const other = welcome('resume-2', 4)
      other[5] = 9 // the player
      s.say(...other)
      s.say(...keyframe)
    }],
  ])('are dropped %s', async (_, comeBack) => {
    const { lobby, second, commands } = await lost()
    comeBack(second)
    expect(await Promise.all(commands)).toEqual(['dropped', 'dropped'])
    expect(second.of(3)).toEqual([])
    const next = lobby.send('drop', { column: 6 }) // numbers go on
    expect(second.of(3)).toEqual([[3, 3, 0, 6]])
    second.say(76, 3)
    await next
  })
})

describe('inputs of a connection after another', () => {
  const applied = (n: number): unknown[] => [65, 0, 100, n, 0, 0]

  it('have numbers that an earlier page cannot have used', async () => {
    const { socket } = await join()
    socket.say(...lobbyFrame(2))
    socket.say(75, 7, 20)
    socket.say(...applied(100)) // up to eight more may lie at the server
    expect(socket.of(1).map(([, n]) => n)).toEqual([109])
    socket.say(75, 8, 20)
    socket.say(...applied(0))
    await vi.advanceTimersByTimeAsync(200)
    expect(socket.of(1).map(([, n]) => n).slice(0, 3)).toEqual([109, 1, 2])
  })

  it('go on above their own, also where the match is told afresh', async () => {
    const { socket } = await join()
    socket.say(...lobbyFrame(2))
    socket.say(75, 7, 20)
    socket.say(...applied(0))
    await vi.advanceTimersByTimeAsync(100)
    expect(socket.of(1).map(([, n]) => n)).toEqual([1, 2, 3])
    const opened = FakeSocket.next()
    socket.end(1006)
    await vi.advanceTimersByTimeAsync(1000)
    const second = await opened
    second.say(...welcome('resume-2', 90))
    second.say(...lobbyFrame(2))
    second.say(75, 7, 20)
    second.say(...applied(0))
    expect(second.of(1).map(([, n]) => n)).toEqual([4])
  })
})

describe('a member', () => {
  it('of another seat is not one of the new one, whatever the counts say', async () => {
    const { lobby, socket } = await join()
    const opened = FakeSocket.next()
    socket.end(1006)
    await vi.advanceTimersByTimeAsync(1000)
    const other = welcome('resume-2', 2) // as many events as were seen on the first
    other[5] = 9
    ;(await opened).say(...other)
    expect([lobby.me, lobby.members.size]).toEqual([9, 0])
  })

  it('who leaves while the connection is lost gives up the seat all the same', async () => {
    const asked: string[] = []
    const { lobby, socket } = await join(new Client({ url, WebSocket: FakeSocket, fetch: serve((path) => void asked.push(path)) }))
    socket.end(1006)
    lobby.leave()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(asked.slice(-1)).toEqual(['/v1/lobbies/LOBBY1/leave'])
    expect([lobby.connection, FakeSocket.made.length]).toEqual([{ state: 'closed', reason: expect.objectContaining({ word: 'bye' }) }, 1])
    const again = await join()
    again.lobby.leave()
    expect(again.socket.of(11)).toEqual([[11]])
    expect(asked.filter((path) => path.endsWith('/leave')).length).toBe(1)
  })
})

describe('signed-in time', () => {
  const token = (name: string, life: number): string => {
    const now = Date.now() / 1000
    return `x.${btoa(JSON.stringify({ sub: `guest-${name}`, name, iat: now, exp: now + life }))}.x`
  }
  const expiring = [73, 'expiring', 'nearly over', 14]
  const errors = (lobby: Lobby): unknown[] => {
    const heard: unknown[] = []
    lobby.on('error', (err) => heard.push(err))
    return heard
  }

  it("goes on with a guest's next token, also when it takes a second try", async () => {
    let fails = 1
    const shown: (string | null)[] = []
    const client = new Client({
      url, WebSocket: FakeSocket, token: token('Ann', 3600),
      fetch: serve((path, init) => {
        if (path !== '/v1/guests') return
        shown.push(new Headers(init.headers).get('Authorization'))
        if (fails-- > 0) return json({}, 503)
        return json({ token: token('Ann', 7200), player: { id: 'guest-Ann', name: 'Ann' } }, 201)
      }),
    })
    expect(client.player).toEqual({ id: 'guest-Ann', name: 'Ann' })
    const before = client.token
    const { lobby, socket } = await join(client)
    const heard = errors(lobby)
    socket.say(...expiring)
    await vi.advanceTimersByTimeAsync(8_000)
    expect(socket.of(14)).toEqual([[14, client.token]])
    expect(client.token).not.toBe(before)
    expect(shown).toEqual([before, before].map((t) => `Bearer ${t}`))
    expect(heard).toEqual([])
  })

  it("goes on with the program's token, one for all lobbies", async () => {
    const renew = vi.fn(async () => 'second')
    const client = new Client({ url, WebSocket: FakeSocket, fetch: serve(), token: 'first', renew })
    const one = await join(client)
    const two = await join(client)
    one.socket.say(...expiring)
    two.socket.say(...expiring)
    await vi.advanceTimersByTimeAsync(0)
    expect([one.socket.of(14), two.socket.of(14)]).toEqual([[[14, 'second']], [[14, 'second']]])
    expect(renew).toHaveBeenCalledTimes(1)
  })

  it('tells the program where there is no other token', async () => {
    const { lobby, socket } = await join(new Client({ url, WebSocket: FakeSocket, fetch: serve(), token: 'only' }))
    const heard = errors(lobby)
    socket.say(...expiring)
    await vi.advanceTimersByTimeAsync(0)
    expect(heard).toEqual([expect.any(RefusedError)])
    expect(socket.of(14)).toEqual([])
  })

  it('comes back when the network does that kept the next token away', async () => {
    let down = true
    const renew = async (): Promise<string> => {
      if (down) throw new TypeError('fetch failed')
      return 'second'
    }
    const fetch = (async (input: string, init: RequestInit) => {
      if (down && input.endsWith('/join')) throw new TypeError('fetch failed')
      return serve()(input, init)
    }) as typeof globalThis.fetch
    const client = new Client({ url, WebSocket: FakeSocket, fetch, token: 'first', renew })
    const { lobby, socket } = await join(client)
    socket.end(4010, 'expired')
    await vi.advanceTimersByTimeAsync(5000)
    expect(lobby.connection.state).toBe('reconnecting')
    down = false
    const opened = FakeSocket.next()
    lobby.retryNow()
    await vi.advanceTimersByTimeAsync(0)
    expect([(await opened).credential, client.token]).toEqual(['the-pass', 'second'])
  })

  it('ends the lobby as expired where there is no other token', async () => {
    const fetch = serve((path) => (path.endsWith('/join') ? json({ code: 'unauthorized' }, 401) : undefined))
    const { lobby, socket } = await join(new Client({ url, WebSocket: FakeSocket, fetch, token: 'only' }))
    socket.end(4010, 'expired')
    await vi.advanceTimersByTimeAsync(1000)
    expect(lobby.connection).toMatchObject({ state: 'closed', reason: { code: 4010, word: 'expired' } })
  })

  it('is no matter any more of a lobby that is left', async () => {
    const renew = vi.fn(async () => {
      throw new TypeError('fetch failed')
    })
    const { lobby, socket } = await join(new Client({ url, WebSocket: FakeSocket, fetch: serve(), token: 'first', renew }))
    const heard = errors(lobby)
    socket.say(...expiring)
    await vi.advanceTimersByTimeAsync(0)
    lobby.leave()
    await vi.advanceTimersByTimeAsync(60_000)
    expect([renew.mock.calls.length, heard]).toEqual([1, []])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is renewed before a request that would come too late, and after one that did', async () => {
    const used: (string | null)[] = []
    let next = 0
    const client = new Client({
      url, WebSocket: FakeSocket, token: token('Ann', 100),
      renew: async () => `t${++next}`,
      fetch: serve((path, init) => {
        const bearer = new Headers(init.headers).get('Authorization')!.slice(7)
        used.push(bearer)
        if (bearer === 't1') return json({ code: 'unauthorized' }, 401)
        if (path === '/v1/games') return bearer === 't2' ? json(null, 304) : json({ games: [] }, 200, { ETag: '"t1"' })
      }),
    })
    const first = client.token
    await client.games()
    vi.advanceTimersByTime(91_000)
    expect(await client.games()).toEqual([]) // renewed to t1, which the server does not like
    expect(used).toEqual([first, 't1', 't2'])
  })
})
