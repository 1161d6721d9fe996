/** What a host may change of its lobby beside the game's settings. */
export interface LobbyOptions {
  /** Not listed. */
  readonly private?: boolean
  /** Players knock, and the host lets them in. */
  readonly approval?: boolean
  readonly maxPlayers?: number
  /** Bots fill a match to so many players; 0: none. */
  readonly fillTo?: number
  /** How good bots are: 0 as they are, 1 easier, 2 easiest. */
  readonly level?: 0 | 1 | 2
  /** Spectators see the match so many seconds later than players; while the lobby waits. */
  readonly spectatorDelay?: number
}

/** By their numbers on the wire. */
export const roles = ['player', 'spectator', 'chat'] as const
