import type { Client, Party, SandlotError, Ticket } from '@sandlot/client'
import { keep } from './keep'

/** What the page does when something befalls its party. */
export interface CompanyHooks {
  /** The party looks for a match. */
  ticket(ticket: Ticket): void
  /** The leader has taken seats for all in a lobby. */
  lobby(id: string): void
  /** This player is no longer in the party; with an error, against its will. */
  left(err: SandlotError | null): void
}

/** The party of this tab, if it is in one. It survives a reload. */
export class Company {
  party: Party | null = null
  private readonly heard = new Set<() => void>()

  constructor(private readonly hooks: CompanyHooks) {}

  /** There are others, and they follow this player. */
  get leads(): boolean {
    return this.party !== null && this.party.isLeader && this.party.members.length > 1
  }

  /** There are others, and one of them leads. */
  get follows(): boolean {
    return this.party !== null && !this.party.isLeader
  }

  async create(client: Client): Promise<void> {
    this.adopt(await client.createParty())
  }

  async join(client: Client, code: string): Promise<void> {
    this.adopt(await client.joinParty(code))
  }

  /** Takes up the party that this tab was in before a reload; it may be gone. */
  async resume(client: Client): Promise<void> {
    if (!keep.party) return
    try {
      this.adopt(await client.party(keep.party))
    } catch {
      keep.party = ''
    }
  }

  async leave(): Promise<void> {
    await this.party?.leave()
  }

  /** Calls fn when members come and go, or the party does. */
  on(fn: () => void): () => void {
    this.heard.add(fn)
    return () => this.heard.delete(fn)
  }

  private adopt(party: Party): void {
    this.party?.close()
    this.party = party
    keep.party = party.code
    party.onChange(() => this.tell())
    party.onQueue((ticket) => this.hooks.ticket(ticket))
    party.onLobby((id) => this.hooks.lobby(id))
    party.onLeave((err) => {
      if (this.party !== party) return
      this.party = null
      keep.party = ''
      this.tell()
      this.hooks.left(err)
    })
    this.tell()
  }

  private tell(): void {
    for (const fn of [...this.heard]) fn()
  }
}
