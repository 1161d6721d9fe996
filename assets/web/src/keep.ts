import type { Saved } from '@sandlot/client'

// What survives: name and colour in this browser, all else in this tab.

/** A seat, and the code of its lobby. */
export type Seat = Saved & { readonly code: string }

const nameKey = 'sandlot.name'
const colourKey = 'sandlot.colour'
const gameKey = 'sandlot.game'
const seatKey = 'sandlot.seat'
const muteKey = 'sandlot.muted'
const accountKey = 'sandlot.account'
const partyKey = 'sandlot.party'
const ticketKey = 'sandlot.ticket'
const doneKey = 'sandlot.done'
const netKey = 'sandlot.net'

function read(store: () => Storage, key: string): string {
  try {
    return store().getItem(key) ?? ''
  } catch {
    return '' // storage may be forbidden
  }
}

function write(store: () => Storage, key: string, value: string): void {
  try {
    if (value) store().setItem(key, value)
    else store().removeItem(key)
  } catch {
    // Then it is not kept.
  }
}

const local = (): Storage => localStorage
const session = (): Storage => sessionStorage

/** Whom a token is for. */
export interface Kept {
  readonly token: string
  readonly id: string
  readonly name: string
  readonly colour: number
}

// What was kept as JSON; null if it is none.
function parsed<T>(key: string): T | null {
  try {
    return JSON.parse(read(session, key) || 'null') as T | null
  } catch {
    return null
  }
}

export const keep = {
  get name(): string {
    return read(local, nameKey)
  },
  set name(value: string) {
    write(local, nameKey, value)
  },
  /** The colour chosen, from 1; 0 for any. */
  get colour(): number {
    const n = Number(read(local, colourKey))
    return Number.isInteger(n) && n >= 1 && n <= 16 ? n : 0
  },
  set colour(value: number) {
    write(local, colourKey, value ? String(value) : '')
  },
  get game(): string {
    return read(local, gameKey)
  },
  set game(value: string) {
    write(local, gameKey, value)
  },
  get muted(): boolean {
    return read(local, muteKey) === 'yes'
  },
  set muted(value: boolean) {
    write(local, muteKey, value ? 'yes' : '')
  },
  /** The network that this tab pretends to have. */
  get net(): { text: string; seed: number } {
    const saved = parsed<{ text: string; seed: number }>(netKey)
    return typeof saved?.text === 'string' && typeof saved.seed === 'number' ? saved : { text: '', seed: 1 }
  },
  set net(value: { text: string; seed: number }) {
    write(session, netKey, value.text ? JSON.stringify(value) : '')
  },
  /** Who this tab is signed in as. It holds a secret. */
  get account(): Kept | null {
    const saved = parsed<Kept>(accountKey)
    return typeof saved?.token === 'string' && typeof saved.name === 'string' ? saved : null
  },
  set account(value: Kept | null) {
    write(session, accountKey, value ? JSON.stringify(value) : '')
  },
  /** The code of the party that this tab is in. */
  get party(): string {
    return read(session, partyKey)
  },
  set party(value: string) {
    write(session, partyKey, value)
  },
  /** The ticket that this tab waits by, and since when by its own clock. */
  get ticket(): { id: string; began: number } | null {
    const saved = parsed<{ id: string; began: number }>(ticketKey)
    return typeof saved?.id === 'string' && typeof saved.began === 'number' ? saved : null
  },
  set ticket(value: { id: string; began: number } | null) {
    write(session, ticketKey, value ? JSON.stringify(value) : '')
  },
  /** The ticket that this tab waited by last: it is over. */
  get done(): string {
    return read(session, doneKey)
  },
  set done(value: string) {
    write(session, doneKey, value)
  },
  get seat(): Seat | null {
    const saved = parsed<Seat>(seatKey)
    return saved && typeof saved.resume === 'string' && typeof saved.url === 'string' ? saved : null
  },
  set seat(saved: Seat | null) {
    write(session, seatKey, saved ? JSON.stringify(saved) : '')
  },
}

const firsts = ['Sandy', 'Swift', 'Lucky', 'Brave', 'Quiet', 'Sunny', 'Rusty', 'Dizzy', 'Merry', 'Nimble']
const seconds = ['Fox', 'Otter', 'Heron', 'Badger', 'Comet', 'Pebble', 'Falcon', 'Maple', 'Beetle', 'Lark']

/** A name for who does not want to think of one. */
export function someName(): string {
  const pick = (list: readonly string[]): string => list[Math.floor(Math.random() * list.length)]!
  return `${pick(firsts)} ${pick(seconds)}`
}
