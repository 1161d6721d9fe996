import type { Reason } from './reason.js'

/**
 * What every failure of this package is. `code` is stable and meant for
 * programs; `message` is for people.
 */
export class SandlotError extends Error {
  readonly code: string

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }

  // In full here and below: what is minified has classes of other names.
  static {
    this.prototype.name = 'SandlotError'
  }
}

/** An HTTP request was refused, or did not get through (`status` 0). */
export class HttpError extends SandlotError {
  readonly status: number
  /** Seconds to wait before trying again; 0 if the server did not say. */
  readonly retryAfter: number

  constructor(status: number, code: string, message: string, retryAfter = 0, options?: ErrorOptions) {
    super(code, message, options)
    this.status = status
    this.retryAfter = retryAfter
  }

  static {
    this.prototype.name = 'HttpError'
  }
}

/** A command was not sent again after a lost connection: its match is over, or its seat is another. The game did not get it, or its answer was lost. */
export class DroppedError extends SandlotError {
  constructor() {
    super('dropped', 'the match that the command was for is over')
  }

  static {
    this.prototype.name = 'DroppedError'
  }
}

/** A ticket is over without a match. `code` is its reason, such as `not_accepted`; `state` is `expired` or `cancelled`. */
export class UnmatchedError extends SandlotError {
  constructor(
    readonly state: string,
    reason: string,
  ) {
    super(reason, `the ticket is ${state}: ${reason}`)
  }

  static {
    this.prototype.name = 'UnmatchedError'
  }
}

/**
 * The server sent what this client cannot read. No error of programs: what they see of it is at most a ClosedError with the code `protocol`, before
 * the first welcome.
 */
export class ProtocolError extends Error {}

/** The connection ended for good. */
export class ClosedError extends SandlotError {
  readonly reason: Reason

  constructor(reason: Reason) {
    super(reason.word, reason.text || reason.word)
    this.reason = reason
  }

  static {
    this.prototype.name = 'ClosedError'
  }
}

/** The server refused one message (frame type 73), or it could not be sent (code `unsent`). `about` is its type, 0 if none. */
export class RefusedError extends SandlotError {
  readonly about: number

  constructor(code: string, message: string, about: number) {
    super(code, message)
    this.about = about
  }

  static {
    this.prototype.name = 'RefusedError'
  }
}
