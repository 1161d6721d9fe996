import { Clock } from './clock.js'
import { Commands } from './commands.js'
import type { Cursor } from './cursor.js'
import { Listeners, type Off } from './emitter.js'
import { ClosedError, ProtocolError, RefusedError, SandlotError } from './errors.js'
import { Hands } from './input.js'
import { Mirror } from './mirror.js'
import { Pacer, type Paced } from './pacer.js'
import { reasonOf, type Reason } from './reason.js'
import { counted, In, readFields, receive, type Frame, type Welcome } from './receive.js'
import { Room, type ChatMessage, type Member, type Phase, type Place, type Why } from './room.js'
import type { Schema } from './schema.js'
import { layout, Out, pack, type Fields, type FieldValue } from './send.js'
import { Socket, type Connection, type WebSocketMaker } from './socket.js'
import type { Table } from './table.js'
import { Timeline } from './timeline.js'
import { Ways, type Saved } from './ways.js'
import type { Row, Value } from './row.js'

/** What a lobby tells its listeners. */
export interface LobbyEvents {
  /** The connection changed: lost, back, over. */
  connection: [Connection]
  /** It is over for good. */
  leave: [Reason]
  /** The connection is back, in the same seat. */
  reconnect: []
  /** Phase, host, code or settings changed. */
  lobby: []
  phase: [phase: Phase, before: Phase]
  /** A member came or changed. */
  member: [Member]
  gone: [player: number, why: Why, member: Member | undefined]
  chat: [ChatMessage]
  /** A match begins; the tables are empty. */
  match: [number: number]
  /** How the match ended. */
  result: [readonly Place[]]
  /** A state was applied. */
  state: [tick: number]
  /** The game says something. */
  message: [name: string, fields: Record<string, FieldValue>]
  /** The server refused something that this client sent. */
  error: [RefusedError]
  /** The match lost so many ticks to overload. */
  slip: [ticks: number]
}

/** What a Lobby needs to be opened. */
export interface LobbyOptions {
  readonly ways: Ways
  readonly make: WebSocketMaker
  readonly lastCommand: number
}

// Attempts before the first welcome; later ones go on for ever.
const firstAttempts = 4

/**
 * One lobby that this client is in, over one WebSocket that comes back by itself.
 *
 * @example
 * const lobby = await client.quickPlay('arena')
 * lobby.table('ships').onAdd((ship) => console.log(ship.id))
 * lobby.setInput({ moveX: 127, fire: true })
 * lobby.onLeave((reason) => console.log(reason.word))
 */
export class Lobby {
  /** @internal */ readonly room = new Room()
  private readonly socket: Socket
  private readonly ways: Ways
  private readonly clockOf = new Clock()
  private readonly commands: Commands
  private readonly timeline = new Timeline(1000 / 30)
  private readonly paced: Pacer
  private readonly heard = new Map<string, Listeners<any[]>>()
  private hands = new Hands([])
  private mirror: Mirror | null = null
  private welcome: Welcome | null = null
  private frames = 0
  private bytesIn = 0
  private ready: { resolve: (l: Lobby) => void; reject: (err: Error) => void } | null = null

  /** @internal Use Client.joinLobby and its like. */
  constructor(options: LobbyOptions) {
    this.ways = options.ways
    this.commands = new Commands(options.lastCommand)
    this.paced = new Pacer(this.line())
    this.socket = new Socket(options.make, {
      way: () => this.ways.next(),
      message: (data) => this.receive(data),
      state: (c) => this.changed(c),
      again: (reason) => {
        this.paced.stop()
        const connection = this.socket.connection
        const attempts = connection.state === 'reconnecting' ? connection.attempt : 0
        return this.ways.again(reason) && (this.welcome !== null || attempts < firstAttempts)
      },
    })
  }

  /** @internal Connects; resolves once the server has said what this lobby is. */
  open(): Promise<Lobby> {
    return new Promise((resolve, reject) => {
      this.ready = { resolve, reject }
      this.socket.open()
    })
  }

  // Who and where.

  get id(): string {
    return this.welcome?.lobby ?? ''
  }

  get game(): string {
    return this.welcome?.game ?? ''
  }

  /** The name of the instance that serves this client. */
  get instance(): string {
    return this.welcome?.instance ?? ''
  }

  /** This client's player number; 0 if it has no seat. */
  get me(): number {
    return this.welcome?.player ?? 0
  }

  get role(): 'player' | 'spectator' | 'chat' {
    return (['player', 'spectator', 'chat'] as const)[this.welcome?.role ?? 0] ?? 'chat'
  }

  get schema(): Schema {
    if (!this.welcome) throw new SandlotError('early', 'the server has not spoken yet')
    return this.welcome.schema
  }

  get phase(): Phase {
    return this.room.phase
  }

  get host(): number {
    return this.room.host
  }

  get isHost(): boolean {
    return this.me !== 0 && this.room.host === this.me
  }

  /** What to give to a friend. */
  get code(): string {
    return this.room.code
  }

  get minPlayers(): number {
    return this.room.min
  }

  get maxPlayers(): number {
    return this.room.max
  }

  get isPrivate(): boolean {
    return this.room.private
  }

  get settings(): Readonly<Record<string, number>> {
    return this.room.settings
  }

  get members(): ReadonlyMap<number, Member> {
    return this.room.members
  }

  /** The last messages of the chat, oldest first. */
  get chat(): readonly ChatMessage[] {
    return this.room.chat
  }

  /** How the last match ended; null while one runs. */
  get result(): readonly Place[] | null {
    return this.room.result
  }

  /** Milliseconds until the phase ends by itself; Infinity if it does not. */
  get phaseEndsIn(): number {
    return this.room.deadline === 0 ? Infinity : this.room.deadline - this.serverNow()
  }

  // State.

  /** The tables of the game, by name. Throws if the game has no such table. */
  table<T = Record<string, Value>>(name: string): Table<T> {
    const table = this.mirror?.tables.find((t) => t.name === name)
    if (!table) throw new SandlotError('table', `the game has no table ${name}`)
    return table as unknown as Table<T>
  }

  /** The game's synced fields outside of tables. Undefined where it has none. */
  match<T = Record<string, Value>>(): Row<T> | undefined {
    return this.mirror?.tables.find((t) => t.schema.one)?.first as Row<T> | undefined
  }

  /** The tick of the newest state. */
  get tick(): number {
    return this.mirror?.tick ?? 0
  }

  /** The tick that views show now, a little in the past, with its fraction. */
  get shownTick(): number {
    return this.timeline.at(performance.now())
  }

  /** The newest input that the game has consumed. */
  get appliedInput(): number {
    return this.mirror?.applied ?? 0
  }

  // Actions.

  /**
   * Says what the player's hands do from now on; sent at the tick rate while a match runs. Press fields count once for each
   * time they are set. Throws where the schema refuses a value.
   */
  setInput(fields: Fields): void {
    this.hands.set(fields)
  }

  /** Lets go of all that setInput holds. */
  releaseInput(): void {
    this.hands.release()
  }

  /** Sends a command. Resolves once the game has it; rejects with a RefusedError or a ClosedError. Sent again after a reconnect if unanswered. */
  send(command: string, fields: Fields = {}): Promise<void> {
    const index = this.schema.commands.findIndex((c) => c.name === command)
    if (index < 0) return Promise.reject(new SandlotError('command', `the game has no command ${command}`))
    if (this.connection.state === 'closed') return Promise.reject(new ClosedError(this.connection.reason))
    return this.commands.add(index, layout(this.schema.commands[index]!.fields, fields), (f) => this.socket.send(f))
  }

  /** Says something to the lobby, or to the own team. False if it could not be sent now. */
  say(text: string, team = false): boolean {
    return this.socket.send(pack(Out.Chat, team ? 1 : 0, text))
  }

  setReady(ready: boolean): void {
    this.socket.send(pack(Out.Ready, ready))
  }

  /** Starts the match; the host's. */
  start(): void {
    this.socket.send(pack(Out.Start))
  }

  /** Removes a member; the host's. */
  kick(player: number): void {
    this.socket.send(pack(Out.Kick, player))
  }

  /** Changes a setting by name; the host's. */
  setSetting(name: string, value: number): void {
    const index = this.schema.settings.findIndex((s) => s.name === name)
    if (index < 0) throw new SandlotError('setting', `the game has no setting ${name}`)
    this.socket.send(pack(Out.Setting, index, value))
  }

  /** Gives up the seat for good. */
  leave(): void {
    this.socket.send(pack(Out.Leave))
    this.socket.end(reasonOf(1000, 'bye'))
  }

  /** Closes the connection but keeps the seat for the hold time; see Client.reconnect. */
  disconnect(): void {
    this.socket.end(reasonOf(1000, 'away'))
  }

  /** Cuts the wait for the next attempt short. */
  retryNow(): void {
    this.socket.retryNow()
  }

  /** What brings this client back to its seat after a page reload: keep it in sessionStorage, give it to Client.reconnect. Null if there is no way back. */
  save(): Saved | null {
    return this.connection.state === 'closed' ? null : this.ways.save(this.commands.last)
  }

  // Connection.

  get connection(): Connection {
    return this.socket.connection
  }

  /** The server's clock, in milliseconds since 1970. */
  serverNow(): number {
    return performance.now() + this.clockOf.offset
  }

  /** Figures of the connection: times in milliseconds. */
  get stats(): { ping: number; rtt: number; jitter: number; interval: number; delay: number; margin: number; frames: number; bytesIn: number } {
    const { ping, rtt, jitter } = this.clockOf
    const { interval, delay } = this.timeline
    return { ping, rtt, jitter, interval, delay, margin: this.paced.lastMargin, frames: this.frames, bytesIn: this.bytesIn }
  }

  // Listening.

  /** Calls fn on each such event until the returned function is called. */
  on<K extends keyof LobbyEvents>(kind: K, fn: (...args: LobbyEvents[K]) => void): Off {
    let set = this.heard.get(kind)
    if (!set) this.heard.set(kind, (set = new Listeners()))
    return set.add(fn as (...args: any[]) => void)
  }

  /** Calls fn on each event of the game, or on those of one name. */
  onMessage(fn: (name: string, fields: Record<string, FieldValue>) => void): Off
  onMessage<F = Record<string, FieldValue>>(name: string, fn: (fields: F) => void): Off
  onMessage(a: unknown, b?: unknown): Off {
    if (typeof a === 'function') return this.on('message', a as (name: string, fields: Record<string, FieldValue>) => void)
    return this.on('message', (name, fields) => name === a && (b as (f: unknown) => void)(fields))
  }

  /** Calls fn after each state was applied. */
  onStateChange(fn: (tick: number) => void): Off {
    return this.on('state', fn)
  }

  /** Calls fn once it is over for good. */
  onLeave(fn: (reason: Reason) => void): Off {
    return this.on('leave', fn)
  }

  /** Calls fn when a lost connection is back, in the same seat. */
  onReconnect(fn: () => void): Off {
    return this.on('reconnect', fn)
  }

  private tell<K extends keyof LobbyEvents>(kind: K, ...args: LobbyEvents[K]): void {
    this.heard.get(kind)?.emit(...args)
  }

  private changed(c: Connection): void {
    this.tell('connection', c)
    if (c.state !== 'closed') return
    this.paced.stop()
    this.commands.fail(c.reason)
    this.ready?.reject(new ClosedError(c.reason))
    this.ready = null
    this.tell('leave', c.reason)
  }

  // What the pacing of inputs, acks and pings needs of this lobby.
  private line(): Paced {
    return {
      send: (frame) => this.socket.send(frame),
      drop: () => this.socket.drop(),
      hands: () => this.hands,
      plays: () => this.role === 'player' && this.phase === 'running' && this.schema.input.length > 0 && this.mirror?.based === true,
      tick: () => (this.mirror?.based ? this.mirror.tick : 0),
      shown: () => Math.max(0, Math.floor(this.shownTick)),
    }
  }

  // Receiving.

  private receive(data: ArrayBuffer): void {
    this.bytesIn += data.byteLength
    this.frames++
    let frame: Frame | null
    try {
      frame = receive(data)
    } catch (err) {
      if (!this.welcome) return this.socket.end(reasonOf(1002, (err as Error).message))
      return // one frame that cannot be read is not worth the match
    }
    if (!frame) return
    if (frame.type === In.Welcome) return this.greet(frame)
    if (!this.welcome) return
    if (counted(frame.type)) this.ways.seen++
    this.take(frame)
  }

  private greet(w: Welcome): void {
    const first = this.welcome === null
    const jumped = first || w.events !== this.ways.seen
    const same = !first && JSON.stringify(w.schema) === JSON.stringify(this.welcome!.schema)
    this.welcome = w
    this.ways.welcomed(w)
    if (jumped) this.room.forget()
    if (!this.mirror) this.mirror = new Mirror(w.schema, () => this.shownTick)
    else if (!same) this.mirror.adopt(w.schema)
    this.mirror.based = false
    this.hands.adopt(w.schema.input)
    this.timeline.reset(1000 / w.schema.tickRate)
    this.clockOf.guess(performance.now(), w.serverUs / 1000)
    this.paced.begin(w.schema.tickRate)
    this.socket.settled()
    this.commands.again((f) => this.socket.send(f))
    if (!first) this.tell('reconnect')
    else setTimeout(() => this.opened(), 300) // the lobby frame is on its way
  }

  private opened(): void {
    this.ready?.resolve(this)
    this.ready = null
  }

  private take(f: Exclude<Frame, Welcome>): void {
    const room = this.room
    switch (f.type) {
      case In.State:
        return this.state(f.body)
      case In.Event:
        return this.event(f.index, f.body)
      case In.Lobby: {
        const before = room.phase
        room.lobby(f, this.schema.settings)
        this.opened()
        this.tell('lobby')
        if (room.phase !== before) this.tell('phase', room.phase, before)
        return
      }
      case In.Member:
        return this.tell('member', room.member(f))
      case In.Gone: {
        const { member, why } = room.gone(f.player, f.why)
        return this.tell('gone', f.player, why, member)
      }
      case In.Chat: {
        const message = room.say(f)
        if (message) this.tell('chat', message)
        return
      }
      case In.Result:
        room.finish(f)
        return this.tell('result', f.places)
      case In.Pong: {
        const now = performance.now()
        this.clockOf.note(f.clientTime / 1000, now, f.receivedUs / 1000, f.sentUs / 1000)
        return this.paced.pong()
      }
      case In.Error: {
        const err = new RefusedError(f.code, f.message, f.about)
        if (f.about === Out.Command) this.commands.refused(err)
        return this.tell('error', err)
      }
      case In.Slip:
        this.timeline.slip(f.ticks)
        return this.tell('slip', f.ticks)
      case In.Match:
        this.mirror!.clear()
        this.timeline.reset(1000 / f.tickRate)
        this.paced.match(f.tickRate)
        return this.tell('match', f.number)
      case In.Done:
        return this.commands.done(f.n)
    }
  }

  private state(body: Cursor): void {
    const mirror = this.mirror!
    let applied
    try {
      applied = mirror.apply(body)
    } catch (err) {
      if (!(err instanceof ProtocolError)) throw err
      this.paced.lost() // asks for a keyframe
      return
    }
    this.timeline.note(applied.tick, performance.now(), applied.heartbeat)
    this.paced.stated(applied)
    applied.tell()
    this.tell('state', applied.tick)
  }

  private event(index: number, body: Cursor): void {
    const message = this.schema.events[index]
    if (!message) return
    let fields
    try {
      fields = readFields(message, body)
    } catch {
      return // of a version that this client does not know
    }
    this.tell('message', message.name, fields)
  }
}
