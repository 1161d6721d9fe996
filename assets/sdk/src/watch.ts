import type { Home } from './home.js'
import type { LobbyInfo } from './http.js'
import { keep } from './stream.js'

/** Which lobbies to watch. */
export interface WatchOptions {
  readonly game?: string
  readonly phase?: string
  /** Only those that can be joined now. */
  readonly open?: boolean
}

/** What a watched list is. */
export interface WatchedLobbies {
  /** Newest first. */
  readonly lobbies: readonly LobbyInfo[]
  /** False while the server cannot be reached: the list is as it was last. */
  readonly live: boolean
}

/** Tells of the public lobbies as they change, until the signal. */
export function watch(home: Home, options: WatchOptions, tell: (list: WatchedLobbies) => void, signal: AbortSignal): Promise<void> {
  const filter = new URLSearchParams(Object.entries(options).flatMap(([k, v]) => (v === undefined ? [] : [[k, String(v)]])))
  const query = filter.size > 0 ? `?${filter}` : ''
  const known = new Map<string, LobbyInfo>()
  let live = false
  let due = false
  const changed = (): void => {
    if (due) return
    due = true
    queueMicrotask(() => { // one event for all that came at once
      due = false
      if (!signal.aborted) tell({ lobbies: [...known.values()].sort(newest), live })
    })
  }
  const whole = (lobbies: readonly LobbyInfo[]): void => {
    known.clear()
    for (const l of lobbies) known.set(l.id, l)
    changed()
  }
  return keep(home, {
    path: `/v1/lobbies/events${query}`,
    signal,
    patient: false,
    each(event, data) {
      if (event === 'lobbies') return whole(data.lobbies)
      if (event === 'lobby') known.set(data.lobby.id, data.lobby)
      else if (event === 'gone') known.delete(data.id)
      changed()
    },
    async ask() {
      whole((await home.http.get<{ lobbies: LobbyInfo[] | null }>(`/v1/lobbies${query}`, signal)).lobbies ?? [])
    },
    live(now) {
      if (live !== now) changed()
      live = now
    },
  })
}

const newest = (a: LobbyInfo, b: LobbyInfo): number => (b.createdAt ?? '').localeCompare(a.createdAt ?? '') || b.id.localeCompare(a.id)
