import { HttpError, type Client, type Lobby } from '@sandlot/client'
import { el } from './dom'
import { s } from './strings'

/** What is thrown when a visitor no longer wants to be let in. */
export class GaveUp extends Error {}

/** What is thrown when the host turned a visitor away. */
export class TurnedAway extends Error {}

/** Joins a lobby; where the host lets players in, waits at the door with a way back. */
export async function join(client: Client, idOrCode: string, role: 'player' | 'spectator' = 'player'): Promise<Lobby> {
  const stop = new AbortController()
  let dialog: HTMLDialogElement | null = null
  const pending = (): void => {
    if (dialog) return
    dialog = el('dialog', { class: 'knocking', 'aria-labelledby': 'knocking', 'data-test': 'knocking' },
      el('h2', { id: 'knocking' }, s.knockingTitle),
      el('p', { role: 'status' }, el('i', { class: 'spin', 'aria-hidden': 'true' }), ' ', s.knockingHint),
      el('div', { class: 'row end' }, el('button', { type: 'button', onClick: () => dialog?.close() }, s.giveUp)))
    dialog.addEventListener('close', () => stop.abort())
    document.body.append(dialog)
    dialog.showModal()
  }
  try {
    return await client.joinLobby(idOrCode, { role, onPending: pending, signal: stop.signal })
  } catch (err) {
    if (stop.signal.aborted) throw new GaveUp()
    if (dialog && err instanceof HttpError && err.code === 'kicked') throw new TurnedAway()
    throw err
  } finally {
    ;(dialog as HTMLDialogElement | null)?.remove()
  }
}
