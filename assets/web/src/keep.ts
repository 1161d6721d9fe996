import type { Saved } from '@sandlot/client'

// What survives: the name in this browser, the seat in this tab.

/** A seat, and the code of its lobby. */
export type Seat = Saved & { readonly code: string }

const nameKey = 'sandlot.name'
const gameKey = 'sandlot.game'
const seatKey = 'sandlot.seat'
const muteKey = 'sandlot.muted'
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

export const keep = {
  get name(): string {
    return read(local, nameKey)
  },
  set name(value: string) {
    write(local, nameKey, value)
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
    try {
      const saved = JSON.parse(read(session, netKey) || 'null') as { text?: unknown; seed?: unknown } | null
      return { text: typeof saved?.text === 'string' ? saved.text : '', seed: typeof saved?.seed === 'number' ? saved.seed : 1 }
    } catch {
      return { text: '', seed: 1 }
    }
  },
  set net(value: { text: string; seed: number }) {
    write(session, netKey, value.text ? JSON.stringify(value) : '')
  },
  get seat(): Seat | null {
    try {
      const saved = JSON.parse(read(session, seatKey) || 'null') as Seat | null
      return saved && typeof saved.resume === 'string' && typeof saved.url === 'string' ? saved : null
    } catch {
      return null
    }
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
