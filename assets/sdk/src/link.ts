import { Clock } from './clock.js'
import { Commands } from './commands.js'
import type { Cursor } from './cursor.js'
import { addTo, type Listeners, type Off } from './emitter.js'
import { ClosedError, ProtocolError, RefusedError } from './errors.js'
import type { LobbyEvents, Stats } from './events.js'
import { Hands } from './input.js'
import { Mirror } from './mirror.js'
import { Pacer } from './pacer.js'
import { Predicted, type PredictOptions } from './predict.js'
import { reasonOf } from './reason.js'
import { counted, In, readFields, receive, type Frame, type Welcome } from './receive.js'
import { Room } from './room.js'
import { Out, pack, type Element } from './send.js'
import { Socket, type Connection, type WebSocketMaker } from './socket.js'
import { Timeline } from './timeline.js'
import type { Table } from './table.js'
import type { Ways } from './ways.js'

/** What a Lobby needs to be opened. */
export interface LinkOptions {
  readonly ways: Ways
  readonly make: WebSocketMaker
  readonly lastCommand: number
}

// Attempts before the first welcome; later ones go on for ever.
const firstAttempts = 4

/** What is behind a Lobby: its connection, and all that is known from it. */
export class Link {
  readonly room = new Room()
  readonly socket: Socket
  readonly ways: Ways
  readonly commands: Commands
  readonly timeline = new Timeline(1000 / 30)
  readonly pacer: Pacer
  readonly hands = new Hands([])
  readonly predicted = new Set<Predicted<any, any>>()
  clock = new Clock()
  mirror: Mirror | null = null
  welcome: Welcome | null = null
  frames = 0
  bytesIn = 0
  private match = 0 // number of the newest one
  private renewal: ReturnType<typeof setTimeout> | undefined // the next try for a token
  private readonly heard = new Map<string, Listeners<any[]>>()
  private ready: { resolve: () => void; reject: (err: Error) => void } | null = null

  constructor(options: LinkOptions) {
    this.ways = options.ways
    this.commands = new Commands(options.lastCommand)
    this.pacer = new Pacer({
      send: (frame) => this.socket.send(frame),
      drop: () => this.socket.drop(),
      hands: this.hands,
      plays: () => this.welcome?.role === 0 && this.room.phase === 'running' && this.hands.wanted && this.mirror?.based === true,
      tick: () => this.mirror?.tick ?? 0,
      shown: () => Math.max(0, Math.floor(this.shown())),
      sent: (input) => this.predicted.forEach((p) => p.advance(input)),
    })
    this.socket = new Socket(options.make, {
      way: () => this.ways.next(),
      message: (data) => this.receive(data),
      state: (c) => this.changed(c),
      again: (reason, attempt) => {
        this.pacer.stop()
        return this.ways.again(reason) && (this.welcome !== null || attempt < firstAttempts)
      },
    })
  }

  /** A table by its name; undefined if the game has none of it. */
  table(name: string): Table<any> | undefined {
    return this.mirror?.tables.find((t) => t.name === name)
  }

  predict(name: string, options: PredictOptions<any, any>): Predicted<any, any> {
    const { pacer, hands, predicted } = this
    const made: Predicted<any, any> = new Predicted<any, any>({
      table: () => this.table(name),
      me: () => this.welcome?.player ?? 0,
      tick: () => this.mirror?.tick ?? 0,
      pending: () => pacer.pending,
      hands: () => hands.named(hands.peek()),
      part: (now) => pacer.part(now),
      close: () => predicted.delete(made),
    }, options)
    predicted.add(made)
    return made
  }

  get stats(): Stats {
    const { clock, timeline, pacer, frames, bytesIn, socket } = this
    return {
      ping: clock.ping, rtt: clock.rtt, jitter: clock.jitter, interval: timeline.interval, lateness: timeline.jitter, delay: timeline.delay,
      margin: pacer.lastMargin, pending: pacer.pending.length, frames, bytesIn, bytesOut: socket.sent,
    }
  }

  /** Connects; resolves once the server has said what this lobby is. */
  open(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.ready = { resolve, reject }
      this.socket.open()
    })
  }

  on<K extends keyof LobbyEvents>(kind: K, fn: (...args: LobbyEvents[K]) => void): Off {
    return addTo(this.heard, kind, fn as (...args: any[]) => void)
  }

  /** Sends one frame now. False if that is not possible. */
  say(type: Out, ...rest: Element[]): boolean {
    return this.socket.send(pack(type, ...rest))
  }

  /** Sends what a member wants done. What becomes of it is heard of where it cannot be done: also where it could not be sent. */
  act(type: Out, ...rest: Element[]): void {
    if (!this.say(type, ...rest)) queueMicrotask(() => this.tell('error', new RefusedError('unsent', 'there is no connection, so it was not sent', type)))
  }

  /** The tick that views show now. */
  shown(): number {
    return this.timeline.at(performance.now())
  }

  /** The hands change: those who predict may want to know. */
  turn(change: () => void): void {
    const now = performance.now()
    let turned = change
    for (const p of this.predicted) {
      const inner = turned
      turned = () => p.turn(inner, now)
    }
    turned()
  }

  private tell<K extends keyof LobbyEvents>(kind: K, ...args: LobbyEvents[K]): void {
    this.heard.get(kind)?.emit(...args)
  }

  private changed(c: Connection): void {
    if (c.state === 'reconnecting') this.commands.hold()
    this.tell('connection', c)
    if (c.state !== 'closed') return
    this.pacer.stop()
    clearTimeout(this.renewal)
    this.commands.fail(new ClosedError(c.reason))
    this.ready?.reject(new ClosedError(c.reason))
    this.ready = null
    this.tell('leave', c.reason)
  }

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
    const was = this.welcome
    const moved = was?.player !== w.player || was.lobby !== w.lobby // to another seat, or the first
    const jumped = moved || w.events !== this.ways.seen
    const same = was && JSON.stringify(w.schema) === JSON.stringify(was.schema)
    this.welcome = w
    this.ways.welcomed(w)
    if (jumped) this.room.members.clear() // they are about to be told afresh
    this.room.knocks.clear() // told again to a host
    if (!this.mirror) this.mirror = new Mirror(w.schema, () => this.shown())
    else if (!same) this.mirror.adopt(w.schema)
    this.mirror.based = false
    if (!same) this.hands.adopt(w.schema.input)
    this.timeline.reset(1000 / w.schema.tickRate, this.shown())
    const now = performance.now()
    const theirs = w.serverUs / 1000
    // Another one's clock; or ours stood still, as it does in browsers while a computer sleeps.
    if (was?.instance !== w.instance || Math.abs(this.clock.now(now) - theirs) > 1000) this.clock = new Clock()
    this.clock.guess(now, theirs)
    this.socket.settled()
    this.pacer.begin(w.schema.tickRate)
    if (this.room.phase !== 'running' || moved) this.commands.drop()
    if (was) this.tell('reconnect')
    else setTimeout(() => this.opened(), 300) // the lobby frame is on its way
  }

  private opened(): void {
    this.ready?.resolve()
    this.ready = null
  }

  private take(f: Exclude<Frame, Welcome>): void {
    const { room } = this
    switch (f.type) {
      case In.State:
        return this.state(f.body)
      case In.Event:
        return this.event(f.index, f.body)
      case In.Lobby: {
        const before = room.phase
        room.lobby(f, this.welcome!.schema.settings)
        if (f.host !== this.welcome!.player) room.knocks.clear()
        if (room.phase !== 'running') this.commands.drop()
        this.opened()
        this.tell('lobby')
        if (room.phase !== before) this.tell('phase', room.phase, before)
        return
      }
      case In.Member:
        for (const one of f.members) this.tell('member', room.member(one, this.welcome!.player))
        return
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
        room.result = f.places
        return this.tell('result', f.places)
      case In.Pong:
        this.clock.note(f.clientTime / 1000, performance.now(), f.receivedUs / 1000, f.sentUs / 1000)
        return this.pacer.pong()
      case In.Error: {
        const err = new RefusedError(f.code, f.message, f.about)
        if (f.code === 'expiring') {
          void this.renew(err, 0)
          return
        }
        return this.tell('error', err)
      }
      case In.Knock:
        if (f.waiting) room.knocks.set(f.number, f.name)
        else room.knocks.delete(f.number)
        return this.tell('knock', f.number, f.name, f.waiting)
      case In.Slip:
        this.timeline.slip(f.ticks)
        return this.tell('slip', f.ticks)
      case In.Match: {
        const begins = f.number !== this.match
        if (begins) this.commands.drop()
        this.match = f.number
        this.mirror!.clear()
        this.timeline.reset(1000 / f.tickRate)
        this.pacer.match(f.tickRate, begins)
        this.foresee()
        return this.tell('match', f.number)
      }
      case In.Done:
        return this.commands.done(f.n, f.code ? new RefusedError(f.code, f.message!, Out.Command) : null)
    }
  }

  // The signed-in time is nearly over: goes on with a new token. Where there is none, the program is told.
  private async renew(told: RefusedError, attempt: number): Promise<void> {
    try {
      const token = await this.ways.another()
      if (token) this.say(Out.Renew, token)
      else this.tell('error', told)
    } catch {
      if (this.socket.connection.state === 'closed') return
      if (attempt < 5) this.renewal = setTimeout(() => void this.renew(told, attempt + 1), 5000 * Math.random() + 2000)
      else this.tell('error', told)
    }
  }

  private state(body: Cursor): void {
    let applied
    try {
      applied = this.mirror!.apply(body)
    } catch (err) {
      if (!(err instanceof ProtocolError)) throw err
      this.pacer.lost() // asks for a keyframe
      return
    }
    this.timeline.note(applied.tick, performance.now(), applied.heartbeat)
    this.pacer.stated(applied)
    this.commands.release((f) => this.socket.send(f)) // the first state of a connection is a keyframe of this match
    this.foresee()
    applied.tell()
    this.tell('state', applied.tick)
  }

  private foresee(): void {
    for (const p of this.predicted) p.reconcile(performance.now())
  }

  private event(index: number, body: Cursor): void {
    const message = this.welcome!.schema.events[index]
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
