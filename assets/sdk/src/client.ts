import { backoff } from './backoff.js'
import { HttpError, SandlotError, UnmatchedError } from './errors.js'
import type { Home } from './home.js'
import { guests, Http, type GameInfo, type Joined, type LobbyInfo, type Page } from './http.js'
import { Lobby } from './lobby.js'
import { roles } from './options.js'
import type { Off } from './emitter.js'
import type { Party } from './party.js'
import type { WebSocketMaker } from './socket.js'
import type { QueueOptions, Ticket, TicketInfo } from './ticket.js'
import type { AnyGame, GameTypes } from './types.js'
import type { WatchedLobbies, WatchOptions } from './watch.js'
import { Ways, type Saved } from './ways.js'

/** How to reach a server, and as whom. */
export interface ConnectOptions {
  /** The server's address, such as https://play.example.com. In a page, its own origin unless given. */
  readonly url?: string
  /** The name to sign in with as a guest, at most 24 characters. */
  readonly name?: string
  /** The colour to sign in with as a guest, 1 to 16; left out: the server gives one that few in the lobby have. */
  readonly colour?: number
  /** A token of a player who is signed in already, instead of a name. */
  readonly token?: string
  /**
   * Gives the next token of the same player, where guests are not how players sign in: asked for before the old one ends, as long as this client
   * is used. Guests need none.
   */
  readonly renew?: () => Promise<string>
  /** The WebSocket to use where there is no global one (Node before 22). */
  readonly WebSocket?: WebSocketMaker
  readonly fetch?: typeof fetch
}

/** Where to play. */
export interface PlayOptions {
  /** Where a new lobby is best played, as the server's instances name where they are; left out: anywhere. */
  readonly region?: string
  /** Gives up, unless there is a seat already. */
  readonly signal?: AbortSignal
}

/** What to create a lobby with. */
export interface CreateOptions<G extends GameTypes = AnyGame> extends PlayOptions {
  readonly title?: string
  /** Not listed; joined by its code only. */
  readonly private?: boolean
  /** By the game's names; what is left out has its default. */
  readonly settings?: Readonly<Partial<G['settings']>>
  /** Fill free seats with bots when the match starts. */
  readonly bots?: boolean
  /** How many players, bots included, a match is filled to; left out: the least that the game needs. */
  readonly fillTo?: number
  /** How good bots are: 0 as they are, 1 easier, 2 easiest. */
  readonly level?: 0 | 1 | 2
  /** At most so many players; left out: as many as the game takes. */
  readonly maxPlayers?: number
  /** Players knock, and the host lets them in: see Lobby.knocks. */
  readonly approval?: boolean
  /** Spectators see the match so many seconds later than players, 0 to 120 unless the server says otherwise; left out: as the server has it. */
  readonly spectatorDelay?: number
}

/** As what, and how, to join a lobby. */
export interface JoinOptions {
  /** `player` has a place in the match, `spectator` sees it, `chat` only talks. */
  readonly role?: 'player' | 'spectator' | 'chat'
  /**
   * Where the host lets players in one by one: called each time that it has not yet answered, with the seconds until it is asked again. With it,
   * joining goes on until the host lets this player in or turns it away (an HttpError with the code `kicked`); without, joining rejects with an
   * HttpError of the code `approval_pending`.
   */
  readonly onPending?: (seconds: number) => void
  /** Gives up joining. */
  readonly signal?: AbortSignal
}

/** What a member may do in a lobby; all but ready, and the own team and colour, is the host's. */
export type LobbyAction =
  | 'admit' | 'approval' | 'ban' | 'banSender' | 'bots' | 'colour' | 'delay' | 'host' | 'kick' | 'kickSender' | 'level' | 'mute' | 'muteSender'
  | 'network' | 'players' | 'private' | 'ready' | 'refuse' | 'setting' | 'start' | 'team' | 'unmuteSender'

/** What an action is about. */
export interface ActionOptions {
  /** Whom: a number of LobbyInfo.members; of admit and refuse the knock's. */
  readonly player?: number
  /** 1 or 0 for yes or no; the team; the number of players; the setting's value; of whoever said it, the offset of the chat message. */
  readonly value?: number
  /** Of the setting. */
  readonly name?: string
  /** Of network: what it is to be like. */
  readonly link?: string
}

/** Which lobbies to list. */
export interface ListOptions {
  readonly game?: string
  readonly phase?: string
  /** Only those that can be joined now. */
  readonly open?: boolean
  readonly limit?: number
  readonly cursor?: string
  readonly signal?: AbortSignal
}

/** Who this client is. */
export interface Account {
  readonly id: string
  readonly name: string
  /** The colour chosen, 1 to 16; left out where none was. */
  readonly colour?: number
}

/**
 * Signs in to a server. Without a name and a token, a client can list games and lobbies and come back to a seat.
 *
 * @example
 * const client = await connect({ url: 'http://localhost:7777', name: 'Ann' })
 * const lobby = await client.quickPlay('arena')
 */
export async function connect(options: ConnectOptions = {}): Promise<Client> {
  const client = new Client(options)
  if (options.name !== undefined && !options.token) await client.signIn(options.name, options.colour)
  return client
}

/**
 * A server, as one player sees it. What the server refuses rejects with an HttpError or, where a socket was refused, a ClosedError.
 *
 * @example
 * const client = new Client({ url: 'http://localhost:7777' })
 * await client.signIn('Ann')
 */
export class Client {
  /** Who is signed in, as far as the token tells; null before. */
  player: Account | null = null
  private readonly http: Http
  private renewing: Promise<string> | null = null
  private readonly make: WebSocketMaker

  constructor(private readonly options: ConnectOptions = {}) {
    const base = options.url ?? globalThis.location?.origin
    if (!base) throw new SandlotError('url', 'the address of a server is needed')
    const make = options.WebSocket ?? (globalThis.WebSocket as unknown as WebSocketMaker | undefined)
    if (!make) throw new SandlotError('websocket', 'there is no WebSocket here: give one as an option')
    this.make = make
    const fetcher = options.fetch ?? globalThis.fetch.bind(globalThis)
    this.http = new Http(base.replace(/\/+$/, ''), fetcher, '', () => this.renew())
    this.adopt(options.token ?? '')
  }

  private get home(): Home {
    return {
      http: this.http,
      me: () => this.player?.id ?? '',
      enter: (joined) => this.enter(joined),
      wait: (attempt, after) => backoff(attempt, Math.random(), after),
      refused: (p) => new HttpError(p.status, p.code, p.detail ?? p.code, p.retryAfter),
      unmatched: (state, reason) => new UnmatchedError(state, reason),
    }
  }

  /** The player's token; '' before signing in. */
  get token(): string {
    return this.http.token
  }

  /**
   * Signs in as a guest, with a colour of 16 if one is chosen. A guest who does so again stays the same player, with a new token.
   *
   * @example
   * const { id } = await client.signIn('Ann', 5)
   */
  async signIn(name: string, colour = 0): Promise<Account> {
    const { token, player } = await this.http.post<{ token: string; player: Account }>(guests, { name, colour })
    this.adopt(token, true)
    return (this.player = player)
  }

  /**
   * The games that the server offers.
   *
   * @example
   * for (const game of await client.games()) console.log(game.title, game.settings)
   */
  async games(): Promise<readonly GameInfo[]> {
    return (await this.http.get<{ games: GameInfo[] | null }>('/v1/games')).games ?? []
  }

  /**
   * The public lobbies, newest first. An unchanged list gives the same items again.
   *
   * @example
   * const { items, next } = await client.lobbies({ game: 'arena', open: true })
   */
  async lobbies(options: ListOptions = {}): Promise<Page<LobbyInfo>> {
    const { signal, ...filter } = options
    const query = new URLSearchParams()
    for (const [key, value] of Object.entries(filter)) if (value !== undefined) query.set(key, String(value))
    const text = query.toString()
    const body = await this.http.get<{ lobbies: LobbyInfo[] | null; next?: string }>('/v1/lobbies' + (text && `?${text}`), signal)
    return { items: body.lobbies ?? [], next: body.next ?? '' }
  }

  /**
   * One lobby by its id or code.
   *
   * @example
   * const { title, players } = await client.lobby('K7QPXW2M')
   */
  async lobby(idOrCode: string): Promise<LobbyInfo> {
    return (await this.http.get<{ lobby: LobbyInfo }>(`/v1/lobbies/${encodeURIComponent(idOrCode)}`)).lobby
  }

  /**
   * Joins a match of this game at once: a running one, or a new one.
   *
   * @example
   * const lobby = await client.quickPlay<Arena>('arena') // the types are those of "sandlot types"
   */
  async quickPlay<G extends GameTypes = AnyGame>(game: string, { signal, region }: PlayOptions = {}): Promise<Lobby<G>> {
    return this.enter(await this.http.post<Joined>('/v1/quickplay', { game, region }, signal))
  }

  /**
   * Makes a lobby of this game and joins it as its host.
   *
   * @example
   * const lobby = await client.createLobby('arena', { private: true, settings: { seconds: 120 } })
   * console.log(`Come along: ${lobby.code}`)
   */
  async createLobby<G extends GameTypes = AnyGame>(game: string, { signal, ...options }: CreateOptions<G> = {}): Promise<Lobby<G>> {
    return this.enter(await this.http.post<Joined>('/v1/lobbies', { game, ...options }, signal))
  }

  /**
   * Joins a lobby by its id or code.
   *
   * @example
   * const lobby = await client.joinLobby('K7QPXW2M', { role: 'spectator' })
   */
  async joinLobby<G extends GameTypes = AnyGame>(idOrCode: string, options: JoinOptions = {}): Promise<Lobby<G>> {
    const { role = 'player', onPending, signal } = options
    const path = joinPath(idOrCode)
    if (!onPending) return this.enter(await this.http.post<Joined>(path, { role }, signal))
    return this.enter(await (await more()).knock(this.home, path, { role }, onPending, signal))
  }

  /**
   * Gives up a seat in a lobby that this client is not connected to, as after a page reload.
   *
   * @example
   * await client.leaveLobby(saved.lobby)
   */
  async leaveLobby(idOrCode: string): Promise<void> {
    await this.http.post(`/v1/lobbies/${encodeURIComponent(idOrCode)}/leave`, {})
  }

  /**
   * Does something in a lobby without a connection to it; Lobby has a method for each. Says what is wrong, unlike those, by an HttpError.
   *
   * @example
   * await client.act(lobby.id, 'kick', { player: 3 })
   */
  async act(idOrCode: string, action: LobbyAction, about: ActionOptions = {}): Promise<void> {
    await this.http.post(`/v1/lobbies/${encodeURIComponent(idOrCode)}/actions`, { action, ...about })
  }

  /**
   * Tells of the public lobbies, as they change, until the returned function is called. Nothing is asked again and again: the server
   * sends what is new. A lost connection comes back by itself.
   *
   * @example
   * const off = client.watch({ game: 'arena', open: true }, ({ lobbies, live }) => draw(lobbies, live))
   */
  watch(options: WatchOptions, fn: (list: WatchedLobbies) => void): Off {
    const stop = new AbortController()
    more()
      .then((m) => m.watch(this.home, options, fn, stop.signal))
      .catch((err: unknown) => console.error(err)) // a filter that the server does not know
    return () => stop.abort()
  }

  /**
   * Looks for a match: asks for a ticket, which goes on by itself until there is one.
   *
   * @example
   * const ticket = await client.queue<Arena>('arena', { mode: 'ranked' })
   * const lobby = await ticket.joined()
   */
  async queue<G extends GameTypes = AnyGame>(game: string, options: QueueOptions = {}): Promise<Ticket<G>> {
    return (await more()).queue<G>(this.home, game, options)
  }

  /**
   * Takes up a ticket again by its id, as after a page reload.
   *
   * @example
   * const id = sessionStorage.getItem('ticket')
   * if (id) play(await (await client.ticket(id)).joined())
   */
  async ticket<G extends GameTypes = AnyGame>(id: string): Promise<Ticket<G>> {
    const { Ticket } = await more()
    return new Ticket<G>(this.home, await this.http.get<TicketInfo>(`/v1/tickets/${encodeURIComponent(id)}`))
  }

  /**
   * Makes a party that this player leads; it leaves the one it was in.
   *
   * @example
   * const party = await client.createParty()
   * console.log(`Come along: ${party.code}`)
   */
  createParty(): Promise<Party> {
    return this.company('')
  }

  /**
   * Joins a party by its code; this player leaves the one it was in.
   *
   * @example
   * const party = await client.joinParty('K7QPXW2M')
   */
  joinParty(code: string): Promise<Party> {
    return this.company(`/${encodeURIComponent(code.trim())}/join`)
  }

  /**
   * Takes up a party again that this player is in, as after a page reload.
   *
   * @example
   * const code = sessionStorage.getItem('party')
   * if (code) show(await client.party(code))
   */
  async party(code: string): Promise<Party> {
    const { Party } = await more()
    return new Party(this.home, await this.http.get(`/v1/parties/${encodeURIComponent(code)}`))
  }

  /**
   * Comes back to a seat with what Lobby.save gave. Rejects with a ClosedError where it is not held any longer.
   *
   * @example
   * const seat = sessionStorage.getItem('seat')
   * if (seat) lobby = await client.reconnect(JSON.parse(seat))
   */
  async reconnect<G extends GameTypes = AnyGame>(saved: Saved): Promise<Lobby<G>> {
    if (!this.token && saved.token) this.adopt(saved.token)
    return this.open(this.ways(saved.url, saved.lobby, '', saved.resume), saved.command)
  }

  private async company(path: string): Promise<Party> {
    const { Party } = await more()
    return new Party(this.home, await this.http.post(`/v1/parties${path}`, {}))
  }

  private enter<G extends GameTypes>(joined: Joined): Promise<Lobby<G>> {
    return this.open(this.ways(joined.url, joined.lobby.id, joined.pass, ''), 0)
  }

  private ways(url: string, lobby: string, pass: string, resume: string): Ways {
    return new Ways(this.secure(url), lobby, pass, resume, {
      token: () => this.token,
      renew: () => this.renew(),
      join: async (id, role) => {
        const joined = await this.http.post<Joined>(joinPath(id), { role: roles[role] })
        return { url: this.secure(joined.url), pass: joined.pass }
      },
      leave: (id) => this.leaveLobby(id).catch(() => {}), // the seat is held for a while, no more
      site: (id) => this.secure(`${this.http.base.replace(/^http/, 'ws')}/v1/ws?lobby=${id}`),
    })
  }

  private open<G extends GameTypes>(ways: Ways, lastCommand: number): Promise<Lobby<G>> {
    return new Lobby<G>({ ways, make: this.make, lastCommand }).open()
  }

  // Gives a new token; the one there is where there is no way to another.
  private renew(): Promise<string> {
    return (this.renewing ??= this.another().finally(() => (this.renewing = null)))
  }

  private async another(): Promise<string> {
    const { renew } = this.options
    const { player } = this
    if (renew) this.adopt(await renew(), true)
    else if (player && isGuest(player)) await this.signIn(player.name, player.colour)
    return this.token
  }

  // Goes on with a token, which is fresh or has been kept for a while.
  private adopt(token: string, fresh = false): void {
    const c = claims(token)
    if (c.sub && c.sub !== this.player?.id) this.player = { id: c.sub, name: c.name ?? '', ...(c.colour && { colour: c.colour }) }
    this.http.token = token
    // Well before its end. Its times are the server's; what is fresh needs no clock that agrees with it.
    const spare = ((c.exp ?? NaN) - (c.iat ?? NaN)) * 100
    const end = fresh ? Date.now() + spare * 10 : (c.exp ?? NaN) * 1000
    this.http.renewAt = end - spare || Infinity
  }

  // Behind a TLS proxy a server may know itself as ws:, which pages loaded over https may not open.
  private secure(url: string): string {
    const here = new URL(this.http.base)
    const there = new URL(url, here.href.replace(/^http/, 'ws'))
    if (here.protocol === 'https:' && there.protocol === 'ws:' && there.hostname === here.hostname) there.protocol = 'wss:'
    return there.href
  }
}

// What only some programs need is a file of its own, loaded when it is first used.
async function more(): Promise<typeof import('./matchmaking.js')> {
  try {
    return await import('./matchmaking.js')
  } catch (err) {
    throw new HttpError(0, 'unreachable', 'a part of the SDK cannot be loaded', 0, { cause: err })
  }
}

const joinPath = (idOrCode: string): string => `/v1/lobbies/${encodeURIComponent(idOrCode.trim())}/join`

const isGuest = (player: Account): boolean => player.id.startsWith('guest-')

interface Claims {
  readonly sub?: string
  readonly name?: string
  readonly colour?: number
  readonly iat?: number
  readonly exp?: number
}

// What a token says; nothing if it cannot be read.
function claims(token: string): Claims {
  try {
    const bytes = atob(token.split('.')[1]!.replace(/-/g, '+').replace(/_/g, '/'))
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(bytes, (c) => c.charCodeAt(0)))) as Claims
  } catch {
    return {}
  }
}
