import { DroppedError, SandlotError, type RefusedError } from './errors.js'
import { Out, pack, type Element } from './send.js'

// Commands that may wait for their answer at a time; more are refused. All may go out at once after a reconnect, which servers take.
const most = 32

interface Waiting {
  readonly n: number
  readonly frame: Uint8Array<ArrayBuffer>
  readonly resolve: () => void
  readonly reject: (err: Error) => void
}

/**
 * Numbers commands and keeps each until the server said that it is done, so that one sent into a dying connection
 * is sent again on the next and still applied once. From when the connection is lost they are held, until a state shows that it is the
 * same match.
 */
export class Commands {
  private waiting: Waiting[] = []
  private held = false

  /** `last` is the number of the newest command of this seat, from an earlier page. */
  constructor(public last = 0) {}

  /** Queues a command and hands its frame to send, unless commands are held. Resolves once the game has it. */
  add(index: number, fields: readonly Element[], send: (frame: Uint8Array<ArrayBuffer>) => void): Promise<void> {
    if (this.waiting.length >= most) return Promise.reject(new SandlotError('busy', 'too many commands wait for an answer'))
    const n = ++this.last
    const frame = pack(Out.Command, n, index, ...fields)
    const done = new Promise<void>((resolve, reject) => this.waiting.push({ n, frame, resolve, reject }))
    if (!this.held) send(frame)
    return done
  }

  /** The game has a command, or it was refused. */
  done(n: number, refusal: RefusedError | null = null): void {
    this.last = Math.max(this.last, n)
    const at = this.waiting.findIndex((w) => w.n === n)
    if (at < 0) return
    const [w] = this.waiting.splice(at, 1)
    if (refusal) w!.reject(refusal)
    else w!.resolve()
  }

  /** The connection is lost. */
  hold(): void {
    this.held = true
  }

  /** The match goes on: sends all that were held and not answered. */
  release(send: (frame: Uint8Array<ArrayBuffer>) => void): void {
    if (!this.held) return
    this.held = false
    for (const w of this.waiting) send(w.frame)
  }

  /** What was held was meant for a match, or a seat, that is over. */
  drop(): void {
    if (!this.held) return
    this.held = false
    this.fail(new DroppedError())
  }

  /** None of them will be answered any more. */
  fail(err: SandlotError): void {
    for (const w of this.waiting.splice(0)) w.reject(err)
  }
}
