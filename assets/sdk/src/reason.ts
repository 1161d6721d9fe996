/** Why a connection ended, and whether to come back. */
export interface Reason {
  /** The WebSocket close code. */
  readonly code: number
  /** One word that names the reason, such as `slow` or `kicked`. */
  readonly word: string
  /** Whether a client should come back. */
  readonly retry: boolean
  /** Seconds to wait at least before coming back. */
  readonly after: number
  /** Where to go, for `moved`. */
  readonly url: string
  /** What the server says beside the word, for people; may be empty. */
  readonly detail: string
  /** The close frame's text as it came. */
  readonly text: string
}

// The close frames of Sandlot begin with their word. These are the codes that others use too, or that stand for no frame at all.
const words: Readonly<Record<number, string>> = {
  1000: 'bye',
  1001: 'restart',
  1002: 'protocol',
  1003: 'binary',
  1006: 'lost',
  1007: 'encoding',
  1008: 'refused',
  1009: 'toobig',
  1011: 'internal',
}

// 1005 and 1015 never travel: they stand for a close without a code and for a
// failed TLS handshake, both of which may pass.
const passing = new Set([1001, 1005, 1006, 1011, 1012, 1013, 1015])

/** Reads a close frame: `word`, `word;after=5` or `moved;url=…`. */
export function reasonOf(code: number, text: string): Reason {
  const [first = '', ...rest] = text.split(';')
  let after = 0
  let url = ''
  let detail = ''
  rest.forEach((part, i) => {
    if (part.startsWith('after=')) after = Math.max(0, Number(part.slice(6)) || 0)
    else if (part.startsWith('url=') && !url) url = rest.slice(i).join(';').slice(4)
    else if (!url) detail += (detail && ';') + part
  })
  const known = words[code]
  const word = known ?? (first || 'lost')
  const retry = passing.has(code) || (code >= 4000 && code <= 4499)
  return { code, word, retry, after, url, detail: detail.trim(), text }
}
