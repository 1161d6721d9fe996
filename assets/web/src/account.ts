import { Client, HttpError } from '@sandlot/client'
import { network } from './badnet/network'
import { keep } from './keep'

const make = (token?: string): Client => new Client({ WebSocket: network.socket, ...(token && { token }) })

/** Who this tab is: one client for it, another one for each name. It survives a reload. */
class Account {
  client: Client

  constructor() {
    const saved = keep.account
    this.client = make(saved?.token)
    if (saved) this.client.player = { id: saved.id, name: saved.name, colour: saved.colour }
  }

  /** Signed in by this name. */
  async as(name: string): Promise<Client> {
    if (this.client.player?.name === name && this.client.token) return this.client
    const fresh = make()
    const player = await fresh.signIn(name, keep.colour)
    keep.account = { token: fresh.token, id: player.id, name: player.name, colour: player.colour ?? 0 }
    return (this.client = fresh)
  }

  /** Does something signed in by this name; once more as anew where the server no longer believes who this is. */
  async by<T>(name: string, act: (client: Client) => Promise<T>): Promise<T> {
    const client = await this.as(name)
    try {
      return await act(client)
    } catch (err) {
      if (!(err instanceof HttpError) || err.status !== 401 || client !== this.client) throw err
      this.client = make()
      return act(await this.as(name))
    }
  }
}

/** The account of this tab. */
export const account = new Account()
