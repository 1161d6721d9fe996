/** The first wait of a reconnect lies below this, in milliseconds. */
export const firstWait = 500

/** No wait of a reconnect lies above this, in milliseconds. */
export const longestWait = 15_000

/**
 * How long to wait before an attempt, in milliseconds: full jitter over a bound
 * that doubles, so that clients dropped together come back spread out.
 * `attempt` counts from 0, `chance` lies in 0…1, `after` is the least wait that
 * the server asked for, in seconds.
 */
export function backoff(attempt: number, chance: number, after = 0): number {
  const bound = Math.min(longestWait, firstWait * 2 ** Math.min(attempt, 16))
  return after * 1000 + chance * bound
}
