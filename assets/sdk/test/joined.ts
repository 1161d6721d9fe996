import { Client } from '../src/client.js'
import type { Lobby } from '../src/lobby.js'
import { FakeSocket, lobbyFrame, welcome } from './fake.js'

export const url = 'http://server.example'

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(status === 204 || status === 304 ? null : JSON.stringify(body), { status, headers })
}

/** A server's HTTP side: guests and quick play; `over` answers in its place. */
export function serve(over: (path: string, init: RequestInit) => Response | undefined = () => undefined): typeof fetch {
  return (async (input: string, init: RequestInit) => {
    const path = input.replace(url, '')
    const made = over(path, init)
    if (made) return made
    if (path === '/v1/guests') return json({ token: 'player-token', player: { id: 'p1', name: 'Ann' } }, 201)
    if (path.startsWith('/v1/')) return json({ lobby: { id: 'LOBBY1' }, url: 'ws://server.example/v1/ws?lobby=LOBBY1', pass: 'the-pass' })
    return json({}, 404)
  }) as typeof fetch
}

/** A lobby of four in its first phase, with the one socket to it. */
export async function join(client = new Client({ url, WebSocket: FakeSocket, fetch: serve() })): Promise<{ lobby: Lobby; socket: FakeSocket }> {
  if (!client.token) await client.signIn('Ann')
  const opened = FakeSocket.next()
  const joined = client.quickPlay('arena')
  const socket = await opened
  socket.say(...welcome('resume-1'))
  socket.say(...lobbyFrame(0))
  socket.say(68, 1, 'Ann', 1, 0, 5)
  return { lobby: await joined, socket }
}
