/** The address that brings a friend into a lobby. */
export function linkTo(code: string, origin = location.origin): string {
  return `${origin}/?lobby=${encodeURIComponent(code)}`
}

/** The address that brings a friend into a party. */
export function partyLink(code: string, origin = location.origin): string {
  return `${origin}/?party=${encodeURIComponent(code)}`
}

/** A party's code, in what somebody typed or pasted, or in an address; '' if there is none. */
export function partyCode(text: string): string {
  const t = text.trim()
  const [, given] = /[?&]party=([^&#]*)/.exec(t) ?? []
  if (given !== undefined) return clean(given)
  return /[:/?#]/.test(t) ? '' : clean(t)
}

/** The code in an address: ?lobby=CODE or #CODE; '' if there is none. */
export function codeOf(address: string): string {
  let url: URL
  try {
    url = new URL(address)
  } catch {
    return ''
  }
  const code = url.searchParams.get('lobby') ?? decodeURIComponent(url.hash.slice(1)).replace(/^lobby=/, '')
  return clean(code)
}

/** Reads what somebody typed or pasted: a link or a code. */
export function typed(text: string): string {
  const t = text.trim()
  return /[:/?#]/.test(t) ? codeOf(/^[a-z]+:\/\//i.test(t) ? t : `http://${t}`) : clean(t)
}

// Codes are of letters and digits; people type spaces, dashes and small letters.
function clean(code: string): string {
  const c = code.replace(/[\s-]/g, '').toUpperCase()
  return /^[0-9A-Z]{4,16}$/.test(c) ? c : ''
}

/** Makes the address bar the link to this lobby or party, or to the start. */
export function showLink(code: string, party = ''): void {
  const to = code ? `/?lobby=${encodeURIComponent(code)}` : party ? `/?party=${encodeURIComponent(party)}` : '/'
  if (location.pathname + location.search + location.hash !== to) history.replaceState(null, '', to)
}
