import type { Off } from './emitter.js'
import { ClosedError, SandlotError } from './errors.js'
import type { LobbyEvents, Stats } from './events.js'
import { Link, type LinkOptions } from './link.js'
import type { Predicted, PredictOptions } from './predict.js'
import { reasonOf, type Reason } from './reason.js'
import type { ChatMessage, Member, Phase, Place } from './room.js'
import type { Row, Value } from './row.js'
import { Kind, type Schema } from './schema.js'
import { roles, type LobbyOptions } from './options.js'
import { element, layout, Manage, Out, type Fields, type FieldValue } from './send.js'
import type { Connection } from './socket.js'
import type { Table } from './table.js'
import type { AnyGame, GameTypes, MatchRow, Names, Unknown } from './types.js'
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
export class Lobby<G extends GameTypes = AnyGame> {
  private readonly link: Link

  /** @internal Use Client.joinLobby and its like. */
  constructor(options: LinkOptions) {
    this.link = new Link(options)
  }

  /** @internal Connects; resolves once the server has said what this lobby is. */
  async open(): Promise<this> {
    await this.link.open()
    return this
  }

  // Who and where.

  get id(): string {
    return this.link.welcome?.lobby ?? ''
  }

  get game(): string {
    return this.link.welcome?.game ?? ''
  }

  /** The name of the instance that serves this client. */
  get instance(): string {
    return this.link.welcome?.instance ?? ''
  }

  /** This client's player number; 0 if it has no seat. */
  get me(): number {
    return this.link.welcome?.player ?? 0
  }

  get role(): 'player' | 'spectator' | 'chat' {
    return roles[this.link.welcome?.role ?? 0] ?? 'chat'
  }

  /** What the game syncs, takes and says. */
  get schema(): Schema {
    if (!this.link.welcome) throw new SandlotError('early', 'the server has not spoken yet')
    return this.link.welcome.schema
  }

  get phase(): Phase {
    return this.link.room.phase
  }

  /** The host's player number; 0 if there is none. */
  get host(): number {
    return this.link.room.host
  }

  get isHost(): boolean {
    return this.me !== 0 && this.host === this.me
  }

  /** What to give to a friend. */
  get code(): string {
    return this.link.room.code
  }

  get minPlayers(): number {
    return this.link.room.min
  }

  get maxPlayers(): number {
    return this.link.room.max
  }

  get isPrivate(): boolean {
    return this.link.room.private
  }

  get settings(): Readonly<G['settings']> {
    return this.link.room.settings as Readonly<G['settings']>
  }

  /** Who is here, by player number. */
  get members(): ReadonlyMap<number, Member> {
    return this.link.room.members
  }

  /** To the host: who waits to be let in, by the number that approve and deny take. */
  get knocks(): ReadonlyMap<number, string> {
    return this.link.room.knocks
  }

  /** The last messages of the chat, oldest first. */
  get chat(): readonly ChatMessage[] {
    return this.link.room.chat
  }

  /** How the last match ended; null while one runs. */
  get result(): readonly Place[] | null {
    return this.link.room.result
  }

  /** Milliseconds until the phase ends by itself; Infinity if it does not. */
  get phaseEndsIn(): number {
    const { deadline } = this.link.room
    return deadline === 0 ? Infinity : deadline - this.serverNow()
  }

  // State.

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
    this.table<object>(name as Unknown<G['tables']>) // throws where there is none
    return this.link.predict(name, options)
  }

  // Actions.

  /**
   * Says what the player's hands do from now on; sent at the tick rate while a match runs. Merged into what is held; press fields count once for
   * each time they are set. Throws a SandlotError where the schema refuses a value.
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
    if (this.connection.state === 'closed') throw new ClosedError(this.connection.reason)
    return this.link.commands.add(index, layout(this.schema.commands[index]!.fields, fields), (f) => this.link.socket.send(f))
  }

  /**
   * Says something to the lobby, or to the own team. False if it could not be sent now. Throws a SandlotError where it is longer than 500 bytes.
   *
   * @example
   * lobby.say('well played')
   */
  say(text: string, team = false): boolean {
    return this.link.say(Out.Chat, team ? 1 : 0, element({ name: 'a message', kind: Kind.Text, min: 0, max: 500 }, text))
  }

  /**
   * Says whether this player is ready for the match.
   *
   * @example
   * lobby.setReady(true)
   */
  setReady(ready: boolean): void {
    this.link.act(Out.Ready, ready)
  }

  /**
   * Starts the match; the host's.
   *
   * @example
   * if (lobby.isHost) lobby.start()
   */
  start(): void {
    this.link.act(Out.Start)
  }

  /**
   * Removes a member; the host's.
   *
   * @example
   * lobby.kick(member.player)
   */
  kick(player: number): void {
    this.link.act(Out.Kick, player)
  }

  /**
   * Removes a member for good; the host's. A kick bars for a minute.
   *
   * @example
   * lobby.ban(member.player)
   */
  ban(player: number): void {
    this.link.act(Out.Manage, Manage.Ban, player, 0)
  }

  /**
   * Takes a member's voice in the chat, or gives it back; the host's.
   *
   * @example
   * lobby.mute(member.player, !member.muted)
   */
  mute(player: number, muted: boolean): void {
    this.link.act(Out.Manage, Manage.Mute, player, muted ? 1 : 0)
  }

  /**
   * Mutes, kicks or bans whoever said a message in the lobby's chat, also who only talks and so has no number; the host's.
   *
   * @example
   * lobby.moderate(message, 'mute')
   */
  moderate(message: ChatMessage, what: 'mute' | 'unmute' | 'kick' | 'ban'): void {
    this.link.act(Out.Manage, Manage.MuteSender + ['mute', 'unmute', 'kick', 'ban'].indexOf(what), 0, message.offset)
  }

  /**
   * Makes another member the host; the host's.
   *
   * @example
   * lobby.makeHost(member.player)
   */
  makeHost(player: number): void {
    this.link.act(Out.Manage, Manage.Host, player, 0)
  }

  /**
   * Puts a player into a team; anyone may move itself, the host all.
   *
   * @example
   * lobby.setTeam(lobby.me, 2)
   */
  setTeam(player: number, team: number): void {
    this.link.act(Out.Manage, Manage.Team, player, team)
  }

  /**
   * Chooses the own colour, 1 to 16; 0 leaves it to the server, which gives one that few have.
   *
   * @example
   * lobby.setColour(5)
   */
  setColour(colour: number): void {
    this.link.act(Out.Manage, Manage.Colour, 0, colour)
  }

  /**
   * Lets in who knocked; the host's. lobby.knocks has who waits.
   *
   * @example
   * lobby.on('knock', (number, name, waiting) => { if (waiting && confirm(name)) lobby.approve(number) })
   */
  approve(knock: number): void {
    this.link.act(Out.Manage, Manage.Admit, knock, 0)
  }

  /**
   * Turns away who knocked, for a minute; the host's.
   *
   * @example
   * for (const number of lobby.knocks.keys()) lobby.deny(number)
   */
  deny(knock: number): void {
    this.link.act(Out.Manage, Manage.Refuse, knock, 0)
  }

  /**
   * Changes what the lobby was made with, as in Client.createLobby: the host's. What is left out stays. `fillTo` 0 is without bots.
   *
   * @example
   * lobby.setOptions({ private: true, approval: false, maxPlayers: 4, fillTo: 4, level: 1 })
   */
  setOptions(options: LobbyOptions): void {
    // By the numbers of the actions; between them is one that is no option.
    const keys = ['private', 'approval', 'maxPlayers', 'fillTo', 'level', , 'spectatorDelay'] as const
    keys.forEach((key, i) => {
      if (key && options[key] !== undefined) this.link.act(Out.Manage, Manage.Private + i, 0, +options[key])
    })
  }

  /**
   * Has the server simulate a bad network for all members, where it is configured so; empty ends it. The host's. Throws a SandlotError where the
   * text is longer than 96 bytes.
   *
   * @example
   * lobby.setNetwork('150ms±30ms,1%')
   */
  setNetwork(link: string): void {
    this.link.act(Out.Network, element({ name: 'a network', kind: Kind.Text, min: 0, max: 96 }, link))
  }

  /**
   * Changes a setting by name; the host's. Throws a SandlotError if the game has no such setting, or not with such a value.
   *
   * @example
   * lobby.setSetting('seconds', 120)
   */
  setSetting(name: Names<G['settings']>, value: number): void {
    const index = this.schema.settings.findIndex((s) => s.name === name)
    if (index < 0) throw new SandlotError('setting', `the game has no setting ${name}`)
    this.link.act(Out.Setting, index, element({ ...this.schema.settings[index]!, kind: Kind.Int }, value))
  }

  /**
   * Gives up the seat for good; where the connection is lost, over HTTP.
   *
   * @example
   * addEventListener('pagehide', () => lobby.leave())
   */
  leave(): void {
    if (!this.link.say(Out.Leave) && this.connection.state !== 'closed') this.link.ways.leave()
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

  // Connection.

  get connection(): Connection {
    return this.link.socket.connection
  }

  /**
   * The server's clock, in milliseconds since 1970. It never goes back for small errors.
   *
   * @example
   * const left = deadline - lobby.serverNow()
   */
  serverNow(): number {
    return this.link.clock.now(performance.now())
  }

  /** Figures of the connection, as for a network graph. */
  get stats(): Stats {
    return this.link.stats
  }

  // Listening.

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
    if (typeof a === 'function') return this.on('message', a as (name: string, fields: Record<string, FieldValue>) => void)
    return this.on('message', (name, fields) => name === a && (b as (f: unknown) => void)(fields))
  }

  /**
   * Calls fn after each state was applied.
   *
   * @example
   * lobby.onStateChange((tick) => console.log(tick, lobby.match()))
   */
  onStateChange(fn: (tick: number) => void): Off {
    return this.on('state', fn)
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
