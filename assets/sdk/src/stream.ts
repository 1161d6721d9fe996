import type { HttpError } from './errors.js'
import type { Home } from './home.js'

// The first event comes at once. Where none does, something on the way holds events back. In milliseconds.
const firstWithin = 10_000
// A stream that lasted so long was a success: the wait before the next begins anew. In milliseconds.
const stable = 5_000
// After so many patient questions a stream is tried again.
const tryAgain = 10
// The server shows every 15 s that a stream lives. In milliseconds.
const deadAfter = 40_000

/** Reads server-sent events until the stream ends. Rejects where it breaks, is silent for too long, or is refused. */
async function read(home: Home, path: string, signal: AbortSignal, each: (event: string, data: any) => void): Promise<void> {
  const bound = within(signal, firstWithin)
  try {
    const res = await home.http.call(path, { headers: { Accept: 'text/event-stream' }, signal: bound.signal })
    const reader = res.body!.getReader()
    const text = new TextDecoder()
    for (let rest = ''; ; ) {
      const { done, value } = await reader.read()
      if (done || signal.aborted) return
      bound.again(deadAfter)
      const parts = (rest + text.decode(value, { stream: true })).split('\n\n')
      rest = parts.pop()!
      for (const part of parts) {
        const line = (name: string): string | undefined => part.split('\n').find((l) => l.startsWith(name))?.slice(name.length)
        const event = line('event: ') ?? ''
        const data = line('data: ')
        if (event === 'problem') throw home.refused(JSON.parse(data ?? '{}'))
        if (data) each(event, JSON.parse(data))
      }
    }
  } finally {
    bound.end()
  }
}

// How long one long poll waits, and how much longer for its answer; shorter than what cuts idle answers off.
const pollFor = 20
const pollWithin = 30_000

/** Asks for what has a version; answers when it changes, or after a while. */
export async function poll<T>(home: Home, path: string, version: number, signal: AbortSignal): Promise<T> {
  const bound = within(signal, pollWithin)
  try {
    return (await (await home.http.call(`${path}?wait=${pollFor}s&version=${version}`, { signal: bound.signal })).json()) as T
  } finally {
    bound.end()
  }
}

// A signal that ends with another, or in so many milliseconds.
function within(outer: AbortSignal, ms: number): { signal: AbortSignal; again(ms: number): void; end(): void } {
  const own = new AbortController()
  const stop = (): void => own.abort()
  let timer = setTimeout(stop, ms)
  outer.addEventListener('abort', stop)
  const clear = (): void => clearTimeout(timer)
  return {
    signal: own.signal,
    again(more) {
      clear()
      timer = setTimeout(stop, more)
    },
    end() {
      clear()
      outer.removeEventListener('abort', stop)
      stop()
    },
  }
}

/** What is kept up to date, and how. */
export interface Kept {
  /** Of the event stream. */
  readonly path: string
  readonly signal: AbortSignal
  each(event: string, data: any): void
  /** Asks once, where events do not come through. */
  ask(): Promise<void>
  /** ask waits for a change by itself, so that it may be all there is. */
  readonly patient: boolean
  /** The stream, or what stands in for it, works or does not. */
  live?(live: boolean): void
}

/**
 * Keeps listening until the signal: a stream that ends is opened again, after a wait that grows while none comes through; where none
 * does, ask stands in. Rejects with the HttpError of a refusal that waiting will not mend.
 */
export async function keep(home: Home, k: Kept): Promise<void> {
  let streams = true // events come through
  let asked = 0
  for (let attempt = 0; !k.signal.aborted; ) {
    let after = 0
    let heard = false
    const began = performance.now()
    try {
      if (streams) {
        await read(home, k.path, k.signal, (event, data) => {
          heard = true
          if (performance.now() - began > stable) attempt = 0
          k.live?.(true)
          k.each(event, data)
        })
      } else {
        await k.ask()
        k.live?.(true)
        if (k.patient && ++asked % tryAgain) {
          attempt = 0
          continue
        }
      }
    } catch (err) {
      const { status = 0, retryAfter = 0 } = err as Partial<HttpError>
      if (status >= 400 && status < 500 && status !== 408 && status !== 429) throw err
      after = retryAfter
      if (!streams || heard) k.live?.(false)
    }
    if (streams && !heard && !k.signal.aborted) {
      streams = false
      continue
    }
    streams = true
    await sleep(home.wait(attempt++, after), k.signal)
  }
}

/** Waits; ends early, without a fault, with the signal. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve()
    const over = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', over)
      resolve()
    }
    const timer = setTimeout(over, ms)
    signal?.addEventListener('abort', over)
  })
}
