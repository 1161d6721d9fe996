import type { Off } from './emitter.js'
import type { LobbyEvents, Stats } from './events.js'
import { LobbyMatch } from './lobbymatch.js'
import { reasonOf, type Reason } from './reason.js'
import { Out } from './send.js'
import type { Connection } from './socket.js'
import type { AnyGame, GameTypes } from './types.js'
import type { Saved } from './ways.js'

/**
 * One lobby that this client is in, over one WebSocket that comes back by itself. What a member wants done, from setReady to setSetting, is not kept
 * while the connection is lost, as it may be out of date by then: `on('error')` hears of it, with the code `unsent`, as of what the server refuses.
 *
 * @example
 * const lobby = await client.quickPlay('arena')
 * lobby.table('ships').onAdd((ship) => console.log(ship.id))
 * lobby.setInput({ moveX: 127, fire: true })
 * lobby.onLeave((reason) => console.log(reason.word))
 */
export class Lobby<G extends GameTypes = AnyGame> extends LobbyMatch<G> {
  /** @internal Connects; resolves once the server has said what this lobby is. */
  async open(): Promise<this> {
    await this.link.open()
    return this
  }

  get connection(): Connection {
    return this.link.socket.connection
  }

  /** Figures of the connection, as for a network graph. */
  get stats(): Stats {
    return this.link.stats
  }

  /**
   * Gives up the seat for good; where the connection is lost, over HTTP.
   *
   * @example
   * addEventListener('pagehide', () => lobby.leave())
   */
  leave(): void {
    if (!this.link.say(Out.Leave) && this.connection.state !== 'closed') void this.link.ways.by.leave(this.id)
    this.link.socket.end(reasonOf(1000, 'bye'))
  }

  /**
   * Closes the connection but keeps the seat for the hold time; see Client.reconnect.
   *
   * @example
   * const saved = lobby.save()
   * lobby.disconnect()
   */
  disconnect(): void {
    this.link.socket.end(reasonOf(1000, 'away'))
  }

  /**
   * Cuts the wait for the next attempt to come back short.
   *
   * @example
   * addEventListener('online', () => lobby.retryNow())
   */
  retryNow(): void {
    this.link.socket.retryNow()
  }

  /**
   * What brings this client back to its seat after a page reload, for Client.reconnect. Null if there is no way back. It holds a secret.
   *
   * @example
   * sessionStorage.setItem('seat', JSON.stringify(lobby.save()))
   */
  save(): Saved | null {
    return this.connection.state === 'closed' ? null : this.link.ways.save(this.link.commands.last)
  }

  /**
   * Calls fn on each such event until the returned function is called.
   *
   * @example
   * const off = lobby.on('chat', (message) => print(message.name, message.text))
   */
  on<K extends keyof LobbyEvents>(kind: K, fn: (...args: LobbyEvents[K]) => void): Off {
    return this.link.on(kind, fn)
  }

  /**
   * Calls fn once it is over for good.
   *
   * @example
   * lobby.onLeave((reason) => show(reason.word)) // such as kicked, closed, replaced
   */
  onLeave(fn: (reason: Reason) => void): Off {
    return this.on('leave', fn)
  }

  /**
   * Calls fn when a lost connection is back: in the same seat, or in another (`me`) where that was not held any longer.
   *
   * @example
   * lobby.onReconnect(() => show('back again'))
   */
  onReconnect(fn: () => void): Off {
    return this.on('reconnect', fn)
  }
}
