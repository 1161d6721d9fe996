import { HttpError } from './errors.js'

/** A game that the server offers, with the settings a lobby of it may have. */
export interface GameInfo {
  readonly name: string
  readonly title: string
  readonly rate: number
  readonly minPlayers: number
  readonly maxPlayers: number
  readonly lateJoin: boolean
  readonly bots: boolean
  readonly teams: number
  readonly settings: readonly { readonly name: string; readonly min: number; readonly max: number; readonly default: number }[]
  /** Ways to be matched by tickets, for Client.queue; the first is the usual one. */
  readonly modes?: readonly Mode[]
  /** Address of the game's own page; empty if it has none. */
  readonly page: string
}

/** A way to be matched by tickets. */
export interface Mode {
  readonly name: string
  readonly title: string
  /** 0: everyone plays alone. */
  readonly teams: number
  /** Players a team; in all where there are no teams. A party has at most so many. */
  readonly size: number
  /** Results change ratings. */
  readonly ranked: boolean
  /** Each player must accept a match before it is made. */
  readonly accept: boolean
}

/** A lobby as lists show it. */
export interface LobbyInfo {
  readonly id: string
  readonly code?: string
  readonly game: string
  /** Whose players were matched by tickets; left out if they joined. */
  readonly mode?: string
  readonly title: string
  readonly phase: string
  readonly players: number
  readonly bots: number
  readonly minPlayers?: number
  readonly maxPlayers: number
  readonly spectators: number
  /** The bad network that the server simulates for its members, as `150ms±30ms,1%`. */
  readonly network?: string
  /** Seconds that spectators see the match later than players; left out for none. */
  readonly spectatorDelay?: number
  readonly private: boolean
  /** Players knock, and the host lets them in. */
  readonly approval?: boolean
  /** Of bots, from the next match on: left out as they are, 1 easier, 2 easiest. */
  readonly level?: 0 | 1 | 2
  readonly lateJoin: boolean
  /** A player could join now. */
  readonly open?: boolean
  readonly settings?: Readonly<Record<string, number>>
  readonly host?: { readonly name: string }
  readonly instance?: string
  readonly createdAt?: string
  /** Told by Client.lobby to those with a seat. */
  readonly members?: readonly LobbyMember[]
}

/** Somebody with a seat, as Client.lobby tells. */
export interface LobbyMember {
  readonly player: number
  readonly name: string
  readonly team?: number
  readonly host?: boolean
  readonly ready?: boolean
  readonly connected?: boolean
  readonly bot?: boolean
  readonly spectator?: boolean
  readonly muted?: boolean
}

/** A seat taken over HTTP: where to connect, and with what right. */
export interface Joined {
  readonly lobby: Pick<LobbyInfo, 'id' | 'game'>
  readonly url: string
  readonly pass: string
}

export interface Page<T> {
  readonly items: readonly T[]
  /** Goes into the next request's cursor; empty at the end. */
  readonly next: string
}

/** Where guests get their tokens. */
export const guests = '/v1/guests'

/** Sends JSON requests; whatever fails is an HttpError. */
export class Http {
  private readonly tags = new Map<string, { tag: string; body: unknown }>()
  /** When the token should be renewed, by Date.now(). */
  renewAt = Infinity

  /** `renew` sets another token, where there is a way to one. */
  constructor(
    readonly base: string,
    private readonly fetcher: typeof fetch,
    public token: string,
    private readonly renew: () => Promise<unknown>,
  ) {}

  /** Gets JSON; an unchanged answer costs the server no body. */
  async get<T>(path: string, signal?: AbortSignal): Promise<T> {
    const known = this.tags.get(path)
    const res = await this.call(path, { headers: known ? { 'If-None-Match': known.tag } : {}, signal })
    if (res.status === 304 && known) return known.body as T
    const body = (await this.json(res, signal)) as T
    const tag = res.headers.get('ETag')
    if (tag) {
      if (this.tags.size > 64) this.tags.clear()
      this.tags.set(path, { tag, body })
    }
    return body
  }

  post<T>(path: string, body: unknown, signal?: AbortSignal, headers?: Record<string, string>): Promise<T> {
    return this.send('POST', path, body, signal, headers)
  }

  async send<T>(method: string, path: string, body?: unknown, signal?: AbortSignal, headers?: Record<string, string>): Promise<T> {
    const res = await this.call(path, {
      method,
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(body),
      signal,
    })
    return (res.status === 204 ? undefined : await this.json(res, signal)) as T
  }

  /** Makes a request; the answer is one that was not refused. A token that ends soon, or is over, is renewed. */
  async call(path: string, init: RequestInit): Promise<Response> {
    if (Date.now() > this.renewAt) {
      this.renewAt = Infinity
      await this.renew().catch(() => {}) // the old one may still do
    }
    const { token } = this
    const res = await this.once(path, init)
    // A guest's next token cannot wait for itself.
    if (res.status !== 401 || !token || path === guests) return granted(res)
    if (token === this.token) await this.renew().catch(() => {})
    return granted(token === this.token ? res : await this.once(path, init))
  }

  /** Makes one request, whatever its answer. */
  async once(path: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers)
    if (this.token) headers.set('Authorization', `Bearer ${this.token}`)
    try {
      return await this.fetcher(this.base + path, { ...init, headers, cache: 'no-store' })
    } catch (err) {
      if (init.signal?.aborted) throw err
      throw new HttpError(0, 'unreachable', 'the server cannot be reached', 0, { cause: err })
    }
  }

  // An answer that breaks off is none; nor is the page that a network shows to whom it does not let out yet.
  private async json(res: Response, signal?: AbortSignal): Promise<unknown> {
    try {
      return await res.json()
    } catch (err) {
      signal?.throwIfAborted()
      throw new HttpError(0, 'malformed', 'the answer is not JSON', 0, { cause: err })
    }
  }
}

// The answer, if it is not a refusal.
async function granted(res: Response): Promise<Response> {
  if (res.ok || res.status === 304) return res
  throw await problem(res)
}

// Reads problem+json; falls back to the status where the body says nothing.
async function problem(res: Response): Promise<HttpError> {
  const after = Number(res.headers.get('Retry-After')) || 0
  let body: Record<string, unknown> = {}
  try {
    body = (await res.json()) as Record<string, unknown>
  } catch {
    // A proxy's page, perhaps.
  }
  const word = (key: string): string => (typeof body?.[key] === 'string' ? (body[key] as string) : '')
  const code = word('code') || `http_${res.status}`
  const message = word('detail') || word('title') || res.statusText || code
  return new HttpError(res.status, code, message, after)
}
