import type { Off } from './emitter.js'
import { ClosedError, SandlotError } from './errors.js'
import { LobbyActions } from './lobbyactions.js'
import type { Predicted, PredictOptions } from './predict.js'
import type { Row, Value } from './row.js'
import { layout, type Fields, type FieldValue } from './send.js'
import type { Table } from './table.js'
import type { AnyGame, GameTypes, MatchRow, Names, Unknown } from './types.js'

/** The match of a Lobby: the part of Lobby that has its state, its inputs and commands, and what it says. */
export class LobbyMatch<G extends GameTypes = AnyGame> extends LobbyActions<G> {
  /**
   * A table of the game, by name: always the same object. Throws if the game has no such table.
   *
   * @example
   * for (const ship of lobby.table('ships').views()) draw(ship.x, ship.y)
   */
  table<K extends Names<G['tables']>>(name: K): Table<G['tables'][K]>
  table<T = Record<string, Value>>(name: Unknown<G['tables']>): Table<T>
  table(name: string): Table<any> {
    const table = this.link.table(name)
    if (!table) throw new SandlotError('table', `the game has no table ${name}`)
    return table
  }

  /**
   * The game's synced fields outside of tables. Undefined where it has none.
   *
   * @example
   * const left = (lobby.match()?.endsAt ?? 0) - lobby.tick
   */
  match<T = MatchRow<G>>(): Row<T> | undefined {
    return this.link.mirror?.tables.find((t) => t.schema.one)?.first as Row<T> | undefined
  }

  /** The tick of the newest state. */
  get tick(): number {
    return this.link.mirror?.tick ?? 0
  }

  /** The tick that views show now, a little in the past, with its fraction. */
  get shownTick(): number {
    return this.link.shown()
  }

  /** The number of the newest input that the game has consumed. */
  get appliedInput(): number {
    return this.link.mirror?.applied ?? 0
  }

  /**
   * Predicts the player's row of a table: the newest state, and on top of it all inputs that it does not hold yet. For tables of which a player
   * owns one row, with the fields that `apply` needs tagged predict. Throws a SandlotError if the game has no such table.
   *
   * @example
   * const own = lobby.predict('ships', { apply: (ship, input) => move(ship, input, map), snap: 1024 })
   * const ship = own.view() // each frame: undefined while the player has none
   */
  predict<K extends Names<G['tables']>>(name: K, options: PredictOptions<G['tables'][K], G['input']>): Predicted<G['tables'][K], G['input']>
  predict<T, I>(name: Unknown<G['tables']>, options: PredictOptions<T, I>): Predicted<T, I>
  predict(name: string, options: PredictOptions<any, any>): Predicted<any, any> {
    this.table(name as never) // throws where there is none
    return this.link.predict(name, options)
  }

  /**
   * Says what the player's hands do from now on; sent at the tick rate while a match runs. Merged into what is held; press fields are in one
   * input, the next, with all that was pressed until it. Throws a SandlotError where the schema refuses a value.
   *
   * @example
   * lobby.setInput({ moveX: 127 })
   */
  setInput(fields: Partial<G['input']>): void {
    this.link.turn(() => this.link.hands.set(fields as Fields))
  }

  /**
   * Lets go of all that setInput holds, as when the window loses the focus.
   *
   * @example
   * addEventListener('blur', () => lobby.releaseInput())
   */
  releaseInput(): void {
    this.link.turn(() => this.link.hands.release())
  }

  /**
   * Sends a command. Resolves once the game has it; rejects with a RefusedError, a ClosedError or a DroppedError, or with another SandlotError where
   * the schema refuses it or 32 wait already. Never throws by itself. Sent again after a reconnect if unanswered, and applied once.
   *
   * @example
   * await lobby.send('drop', { column: 3 }).catch((err) => show(err.message))
   */
  send<K extends Names<G['commands']>>(command: K, fields?: Partial<G['commands'][K]>): Promise<void>
  async send(command: string, fields: Fields = {}): Promise<void> {
    const index = this.schema.commands.findIndex((c) => c.name === command)
    if (index < 0) throw new SandlotError('command', `the game has no command ${command}`)
    const { connection } = this.link.socket
    if (connection.state === 'closed') throw new ClosedError(connection.reason)
    return this.link.commands.add(index, layout(this.schema.commands[index]!.fields, fields), (f) => this.link.socket.send(f))
  }

  /**
   * Calls fn on each event of the game, or on those of one name.
   *
   * @example
   * lobby.onMessage('killed', (e) => boom(e.x, e.y))
   * lobby.onMessage((name, fields) => console.log(name, fields))
   */
  onMessage(fn: (name: string, fields: Record<string, FieldValue>) => void): Off
  onMessage<K extends Names<G['events']>>(name: K, fn: (fields: G['events'][K]) => void): Off
  onMessage<F = Record<string, FieldValue>>(name: Unknown<G['events']>, fn: (fields: F) => void): Off
  onMessage(a: unknown, b?: unknown): Off {
    if (typeof a === 'function') return this.link.on('message', a as (name: string, fields: Record<string, FieldValue>) => void)
    return this.link.on('message', (name, fields) => name === a && (b as (f: unknown) => void)(fields))
  }

  /**
   * Calls fn after each state was applied.
   *
   * @example
   * lobby.onStateChange((tick) => console.log(tick, lobby.match()))
   */
  onStateChange(fn: (tick: number) => void): Off {
    return this.link.on('state', fn)
  }
}
