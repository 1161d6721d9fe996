import { Client, type GameInfo, type Lobby } from '@sandlot/client'
import { network } from './badnet/network'
import { el } from './dom'
import { home } from './home'
import { keep } from './keep'
import { codeOf, showLink } from './link'
import { lobbyPage } from './lobbypage'
import { s } from './strings'
import { wordsOf } from './words'

// The page shows one of two screens: the start, or a lobby.

const app = document.getElementById('app')!
let close = (): void => {}
let games: readonly GameInfo[] = []

/** One client for the tab; a new one for each name. */
const make = (): Client => new Client({ WebSocket: network.socket })
let client = make()

async function signedIn(name: string): Promise<Client> {
  if (client.player?.name === name && client.token) return client
  const fresh = make()
  await fresh.signIn(name)
  client = fresh
  return client
}

function showHome(notice = '', code = ''): void {
  close()
  keep.seat = null
  showLink(code)
  const view = home({
    client: () => client,
    code,
    notice,
    games: (list) => (games = list),
    enter: async (name, way) => {
      const lobby = await way(await signedIn(name))
      showLobby(lobby)
    },
  })
  app.replaceChildren(view.element)
  close = view.close
}

function showLobby(lobby: Lobby): void {
  close()
  const view = lobbyPage(lobby, {
    home: (notice) => showHome(notice),
    rejoin: (code) => showHome('', code),
    games: () => games,
  })
  app.replaceChildren(view.element)
  close = view.close
}

async function begin(): Promise<void> {
  const seat = keep.seat
  const code = codeOf(location.href)
  if (!seat || (code && seat.code && code !== seat.code)) return showHome('', code)
  app.replaceChildren(el('main', { class: 'splash', 'aria-busy': 'true' }, el('p', {}, s.reconnecting)))
  try {
    showLobby(await client.reconnect(seat))
  } catch (err) {
    showHome(wordsOf(err), code)
  }
}

void begin()
