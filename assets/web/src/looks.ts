import type { Lobby, Member } from '@sandlot/client'

/** How a player is drawn: a colour of the palette, from 1, and one of the shapes, from 0. */
export interface Look {
  readonly colour: number
  readonly shape: number
}

/** How many shapes there are. */
export const shapes = 5

/**
 * Gives each member a look. The colour is the one that the member has; in games with teams it is the team's. Two may have the same colour: then
 * the one who came later gets another shape, as far as there are any.
 */
export function assign(members: Iterable<Pick<Member, 'player' | 'team' | 'colour'>>): Map<number, Look> {
  const taken = new Map<number, Set<number>>()
  const made = new Map<number, Look>()
  for (const m of [...members].sort((a, b) => a.player - b.player)) {
    const colour = m.team || m.colour || usual(m.player).colour
    const used = taken.get(colour) ?? new Set()
    taken.set(colour, used)
    const first = usual(m.player).shape
    const free = Array.from({ length: shapes }, (_, i) => (first + i) % shapes).find((shape) => !used.has(shape))
    used.add(free ?? first)
    made.set(m.player, { colour, shape: free ?? first })
  }
  return made
}

function usual(player: number): Look {
  return { colour: ((player - 1) % 16) + 1, shape: (player - 1) % shapes }
}

/** How the players of this tab's lobby look. Who left is remembered. */
class Looks {
  private known = new Map<number, Look>()
  private readonly heard = new Set<() => void>()
  /** Rises with each change. */
  version = 0

  of(player: number): Look {
    return this.known.get(player) ?? usual(player)
  }

  /** Follows a lobby until the returned function is called. */
  follow(lobby: Lobby): () => void {
    this.known = new Map()
    const look = (): void => {
      const now = new Map([...this.known, ...assign(lobby.members.values())])
      const same = now.size === this.known.size && [...now].every(([p, l]) => this.known.get(p)?.colour === l.colour && this.known.get(p)?.shape === l.shape)
      if (same) return
      this.known = now
      this.version++
      for (const fn of [...this.heard]) fn()
    }
    const offs = [lobby.on('member', look), lobby.on('gone', look)]
    look()
    return () => offs.forEach((off) => off())
  }

  /** Calls fn when somebody looks otherwise than before. */
  on(fn: () => void): () => void {
    this.heard.add(fn)
    return () => this.heard.delete(fn)
  }
}

export const looks = new Looks()
