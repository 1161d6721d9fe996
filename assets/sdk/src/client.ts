import { SandlotError } from './errors.js'
import { Http, type GameInfo, type Joined, type LobbyInfo, type Page } from './http.js'
import { Lobby } from './lobby.js'
import type { WebSocketMaker } from './socket.js'
import type { AnyGame, GameTypes } from './types.js'
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
  /** Gives a new token when the old one is over, where guests are not how players sign in. */
  readonly renew?: () => Promise<string>
  /** The WebSocket to use where there is no global one (Node before 22). */
  readonly WebSocket?: WebSocketMaker
  readonly fetch?: typeof fetch
}

/** What to create a lobby with. */
export interface CreateOptions {
  readonly title?: string
  /** Not listed; joined by its code only. */
  readonly private?: boolean
  /** By the game's names; what is left out has its default. */
  readonly settings?: Readonly<Record<string, number>>
  /** Fill free seats with bots when the match starts. */
  readonly bots?: boolean
  /** How many players, bots included, a match is filled to; left out: the least that the game needs. */
  readonly fillTo?: number
  readonly maxPlayers?: number
}

export interface JoinOptions {
  readonly role?: 'player' | 'spectator' | 'chat'
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
  /** Who is signed in; null before signIn, and with a token of one's own. */
  player: Account | null = null
  private readonly http: Http
  private readonly make: WebSocketMaker

  constructor(private readonly options: ConnectOptions = {}) {
    const base = options.url ?? globalThis.location?.origin
    if (!base) throw new SandlotError('url', 'the address of a server is needed')
    const make = options.WebSocket ?? (globalThis.WebSocket as unknown as WebSocketMaker | undefined)
    if (!make) throw new SandlotError('websocket', 'there is no WebSocket here: give one as an option')
    this.make = make
    const fetcher = options.fetch ?? globalThis.fetch.bind(globalThis)
    this.http = new Http(base.replace(/\/+$/, ''), fetcher, options.token ?? '')
  }

  /** The player's token; '' before signing in. */
  get token(): string {
    return this.http.token
  }

  /**
   * Signs in as a guest, with a colour of 16 if one is chosen.
   *
   * @example
   * const { id } = await client.signIn('Ann', 5)
   */
  async signIn(name: string, colour = 0): Promise<Account> {
    const { token, player } = await this.http.post<{ token: string; player: Account }>('/v1/guests', { name, colour })
    this.http.token = token
    this.player = player
    return player
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
  async quickPlay<G extends GameTypes = AnyGame>(game: string): Promise<Lobby<G>> {
    return this.enter(await this.http.post<Joined>('/v1/quickplay', { game }))
  }

  /**
   * Makes a lobby of this game and joins it as its host.
   *
   * @example
   * const lobby = await client.createLobby('arena', { private: true, settings: { seconds: 120 } })
   * console.log(`Come along: ${lobby.code}`)
   */
  async createLobby<G extends GameTypes = AnyGame>(game: string, options: CreateOptions = {}): Promise<Lobby<G>> {
    return this.enter(await this.http.post<Joined>('/v1/lobbies', { game, ...options }))
  }

  /**
   * Joins a lobby by its id or code.
   *
   * @example
   * const lobby = await client.joinLobby('K7QPXW2M', { role: 'spectator' })
   */
  async joinLobby<G extends GameTypes = AnyGame>(idOrCode: string, options: JoinOptions = {}): Promise<Lobby<G>> {
    const path = `/v1/lobbies/${encodeURIComponent(idOrCode.trim())}/join`
    return this.enter(await this.http.post<Joined>(path, { role: options.role ?? 'player' }))
  }

  /**
   * Comes back to a seat with what Lobby.save gave. Rejects with a ClosedError where it is not held any longer.
   *
   * @example
   * const seat = sessionStorage.getItem('seat')
   * if (seat) lobby = await client.reconnect(JSON.parse(seat))
   */
  async reconnect<G extends GameTypes = AnyGame>(saved: Saved): Promise<Lobby<G>> {
    return this.open(new Ways(this.secure(saved.url), saved.lobby, { resume: saved.resume }, (fresh) => this.renew(fresh)), saved.command)
  }

  private enter<G extends GameTypes>(joined: Joined): Promise<Lobby<G>> {
    return this.open(new Ways(this.secure(joined.url), joined.lobby.id, { pass: joined.pass }, (fresh) => this.renew(fresh)), 0)
  }

  private open<G extends GameTypes>(ways: Ways, lastCommand: number): Promise<Lobby<G>> {
    return new Lobby<G>({ ways, make: this.make, lastCommand }).open()
  }

  private async renew(fresh: boolean): Promise<string> {
    if (!fresh) return this.http.token
    if (this.options.renew) this.http.token = await this.options.renew()
    else if (this.player) await this.signIn(this.player.name, this.player.colour)
    return this.http.token
  }

  // Behind a TLS proxy a server may know itself as ws:, which pages loaded over https may not open.
  private secure(url: string): string {
    const here = new URL(this.http.base)
    const there = new URL(url, here.href.replace(/^http/, 'ws'))
    if (here.protocol === 'https:' && there.protocol === 'ws:' && there.hostname === here.hostname) there.protocol = 'wss:'
    return there.href
  }
}
