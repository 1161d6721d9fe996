import { type GameInfo, type Lobby, type Ticket } from '@sandlot/client'
import { account } from './account'
import { Company } from './company'
import { el } from './dom'
import { home, type Ways } from './home'
import { keep } from './keep'
import { join } from './knocking'
import { codeOf, partyCode, showLink } from './link'
import { lobbyPage } from './lobbypage'
import { queuePage } from './queuepage'
import { s } from './strings'
import { toast } from './toast'
import { wordsOf } from './words'

// The page shows one of three screens: the start, the search for a match, or a lobby.

const app = document.getElementById('app')!
let close = (): void => {}
let games: readonly GameInfo[] = []
let place: 'home' | 'queue' | 'lobby' = 'home'

function show(where: typeof place, view: { element: HTMLElement; close: () => void }): void {
  toast.clear()
  place = where
  app.replaceChildren(view.element)
  close = view.close
}

const company = new Company({
  ticket: (ticket) => {
    // A party may tell of its newest ticket once more, also of one that is long played.
    if (ticket.id === keep.done || (place === 'queue' && ticket.id === keep.ticket?.id)) ticket.close()
    else along(s.partyQueued, () => showQueue(ticket))
  },
  lobby: (id) => along(s.partyMoved, () => void account.client.joinLobby(id).then((lobby) => showLobby(lobby), (err: unknown) => showHome(wordsOf(err)))),
  left: (err) => {
    if (err) place === 'home' ? showHome(s.partyOver) : toast.show(s.partyOver)
  },
})

// Who is in a lobby is not torn out of it when the party moves on.
function along(words: string, go: () => void): void {
  if (place === 'lobby') toast.show(words, s.comeAlong, go)
  else go()
}

// What the leader of a party enters, all of it does: seats are taken for all, or for none.
async function together(lobby: Lobby): Promise<Lobby> {
  if (!company.leads) return lobby
  lobby.disconnect() // the seat is kept
  return company.party!.joinLobby(lobby.id)
}

const ways: Ways = {
  join: async (name, idOrCode, role) =>
    showLobby(await account.by(name, (client) => (company.leads && role === 'player' ? company.party!.joinLobby(idOrCode) : join(client, idOrCode, role)))),
  quick: async (name, game) =>
    account.by(name, async (client) => (company.leads ? void (await company.party!.queue(game)) : showLobby(await client.quickPlay(game)))),
  create: async (name, game, options) => showLobby(await together(await account.by(name, (client) => client.createLobby(game, options))), options.fillTo),
  queue: async (name, game, mode) =>
    account.by(name, async (client) => {
      // The party's ticket comes to all its members by itself.
      if (company.party?.isLeader) await company.party.queue(game, { mode: mode.name })
      else showQueue(await client.queue(game, { mode: mode.name }))
    }),
  party: async (name, code) => account.by(name, (client) => (code ? company.join(client, code) : company.create(client))),
}

function showHome(notice = '', code = '', party = ''): void {
  close()
  keep.seat = null
  showLink(code, party)
  show('home', home({ client: () => account.client, code, party, notice, company, ways, games: (list) => (games = list) }))
}

function showQueue(ticket: Ticket): void {
  close()
  keep.seat = null
  showLink('')
  const game = games.find((g) => g.name === ticket.info.game)
  show('queue', queuePage(ticket, {
    game: game?.title ?? s.titles[ticket.info.game] ?? ticket.info.game,
    mode: game?.modes?.find((m) => m.name === ticket.info.mode)?.title ?? ticket.info.mode,
    enter: (lobby) => showLobby(lobby),
    back: (notice) => showHome(notice),
  }))
}

function showLobby(lobby: Lobby, fillTo = 0): void {
  close()
  // Chosen, or given up, after signing in; or for a seat that was kept from before.
  const mine = lobby.members.get(lobby.me)
  if (mine && mine.colour !== keep.colour && (keep.colour || account.client.player?.colour)) lobby.setColour(keep.colour)
  show('lobby', lobbyPage(lobby, {
    home: (notice) => showHome(notice),
    rejoin: (code) => showHome('', code),
    games: () => games,
    info: (id) => account.client.lobby(id),
    fillTo,
  }))
}

// What the page can do without is not waited for when it fails.
const known = async (): Promise<void> => {
  try {
    games = await account.client.games()
  } catch {
    // The start asks again.
  }
}

async function begin(): Promise<void> {
  const { seat, ticket } = keep
  const code = codeOf(location.href)
  const party = partyCode(location.search && location.href)
  if (!seat || (code && seat.code && code !== seat.code)) {
    if (!party || party === keep.party) await company.resume(account.client)
    if (ticket && !code && !party) {
      const back = await Promise.all([account.client.ticket(ticket.id), known()]).catch(() => null)
      if (back) return showQueue(back[0])
    }
    keep.ticket = null
    return showHome('', code, party === keep.party ? '' : party)
  }
  app.replaceChildren(el('main', { class: 'splash', 'aria-busy': 'true' }, el('p', {}, s.reconnecting)))
  try {
    const [lobby] = await Promise.all([account.client.reconnect(seat), known(), company.resume(account.client)])
    showLobby(lobby)
  } catch (err) {
    showHome(wordsOf(err), code)
  }
}

void begin()
