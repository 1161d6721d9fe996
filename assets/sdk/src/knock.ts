import type { Home } from './home.js'
import type { Joined } from './http.js'
import { sleep } from './stream.js'

/** Joins where the host must let players in: asks again until it does. Rejects once it turns this player away. */
export async function knock(home: Home, path: string, body: object, pending: (seconds: number) => void, signal?: AbortSignal): Promise<Joined> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await home.http.post<Joined>(path, body, signal)
    } catch (err) {
      const { status, code, retryAfter = 0 } = err as { status?: number; code?: string; retryAfter?: number }
      const waits = code === 'approval_pending'
      const after = retryAfter || 2
      if (waits) {
        attempt = 0
        pending(after)
      } else if (attempt === 0 || attempt > 5 || (status !== 0 && status !== 429 && status !== 503)) throw err
      await sleep(waits ? after * 1000 : home.wait(attempt, retryAfter), signal)
      signal?.throwIfAborted()
    }
  }
}
