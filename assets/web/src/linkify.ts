/** A piece of a chat line: text, or an address that may be followed. */
export interface Piece {
  readonly text: string
  /** '' for text. */
  readonly href: string
}

// Only what begins as web addresses do; what browsers would run or mail is never a link.
const address = /https?:\/\/[^\s<>"'`{}|\\^]+/gi

// What ends a sentence is not part of an address, nor is a bracket that was not opened in it.
const tail = /[.,;:!?…]+$/

/** Cuts a text into words and links. */
export function linkify(text: string): Piece[] {
  const pieces: Piece[] = []
  let at = 0
  for (const found of text.matchAll(address)) {
    let raw = found[0].replace(tail, '')
    while (raw.endsWith(')') && count(raw, ')') > count(raw, '(')) raw = raw.slice(0, -1).replace(tail, '')
    const href = safe(raw)
    if (!href) continue
    if (found.index > at) pieces.push({ text: text.slice(at, found.index), href: '' })
    pieces.push({ text: raw, href })
    at = found.index + raw.length
  }
  if (at < text.length) pieces.push({ text: text.slice(at), href: '' })
  return pieces
}

// An address with a name and password in it looks like another place than where it leads.
function safe(raw: string): string {
  try {
    const url = new URL(raw)
    if ((url.protocol !== 'http:' && url.protocol !== 'https:') || url.username || url.password || !url.hostname) return ''
    return url.href
  } catch {
    return ''
  }
}

function count(text: string, c: string): number {
  return text.split(c).length - 1
}
