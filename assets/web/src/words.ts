import { ClosedError, HttpError, SandlotError, type Reason } from '@sandlot/client'
import { TurnedAway } from './knocking'
import { s } from './strings'

/** Says an error to people. */
export function wordsOf(err: unknown): string {
  if (err instanceof TurnedAway) return s.turnedAway
  if (err instanceof ClosedError) return reasonWords(err.reason)
  if (err instanceof HttpError) {
    const text = s.errors[err.code] ?? (err.message ? sentence(err.message) : s.failed)
    return err.retryAfter ? `${text} ${s.retryIn(Math.ceil(err.retryAfter))}` : text
  }
  if (err instanceof SandlotError) return s.errors[err.code] ?? sentence(err.message)
  return s.failed
}

/** Says why a connection ended. */
export function reasonWords(reason: Reason): string {
  const text = s.reasons[reason.word] ?? s.offline
  // A refusal's detail is a code, or words of the server.
  const why = s.errors[reason.detail] ?? s.refusals[reason.detail] ?? ''
  if (why) return why
  return reason.detail && !/^[a-z_]+$/.test(reason.detail) ? `${text} (${reason.detail})` : text
}

function sentence(text: string): string {
  const t = text.charAt(0).toUpperCase() + text.slice(1)
  return /[.!?]$/.test(t) ? t : t + '.'
}
