import type { Lobby } from '@sandlot/client'
import { el } from './dom'
import { s } from './strings'
import { reasonWords } from './words'

/** What is said when a lobby is over for this page, and the ways on. Null where the visitor went by choice. */
export function endedCard(lobby: Lobby, home: () => void, rejoin: () => void): HTMLElement | null {
  const c = lobby.connection
  if (c.state !== 'closed' || c.reason.word === 'bye') return null
  const { word } = c.reason
  const lost = c.reason.detail === 'match_lost'
  const again = word !== 'kicked' && word !== 'closed' && !lost && lobby.code !== ''
  return el('div', { class: 'card' },
    el('h2', { id: 'ended' }, lost ? s.matchLost : word === 'replaced' ? s.elsewhere : word === 'refused' ? s.notIn : s.offline),
    el('p', { id: 'ended-why', 'data-test': 'reason' }, reasonWords(c.reason)),
    el('div', { class: 'row' },
      again && el('button', { type: 'button', class: 'primary', onClick: rejoin }, word === 'replaced' ? s.playHere : s.rejoin),
      el('button', { type: 'button', onClick: home }, s.backHome),
    ),
  )
}
