import { HttpError, type Client, type GameInfo, type Lobby } from '@sandlot/client'
import { createDialog } from './create'
import { el, say } from './dom'
import { gameIcon } from './icons'
import { keep, someName } from './keep'
import { showLink, typed } from './link'
import { lobbyList } from './list'
import { reachPill } from './reach'
import { s } from './strings'
import { wordsOf } from './words'

export interface HomeOptions {
  client(): Client
  /** The code of a lobby that this visitor was invited to; '' if none. */
  code: string
  notice: string
  /** The server's games are known. */
  games(list: readonly GameInfo[]): void
  /** Signs in by this name and goes the way given. */
  enter(name: string, way: (client: Client) => Promise<Lobby>): Promise<void>
}

/** The start: a name, play now, the lobbies. */
export function home(o: HomeOptions): { element: HTMLElement; close: () => void } {
  let busy = false
  let games: readonly GameInfo[] = []
  let game = keep.game || 'arena'

  const name = el('input', {
    id: 'name', name: 'nickname', maxlength: 24, autocomplete: 'nickname', spellcheck: false, required: true,
    value: keep.name || someName(),
  })
  const notice = el('p', { class: 'notice', role: 'alert' }, o.notice)
  const play = el('button', { class: 'primary big', type: 'submit', 'data-test': 'play' }, s.playNow)
  const invite = el('p', { class: 'invite' })
  const picker = el('div', { class: 'games', role: 'radiogroup', 'aria-label': s.gamePick })
  const typedCode = el('input', { id: 'code', autocomplete: 'off', spellcheck: false, autocapitalize: 'characters', placeholder: s.codeOrLink, 'aria-label': s.codeOrLink })

  async function go(way: (client: Client) => Promise<Lobby>): Promise<void> {
    const who = name.value.trim()
    if (!who) {
      say(notice, s.nameNeeded)
      name.focus()
      return
    }
    if (busy) return
    busy = true
    element.classList.add('busy')
    say(notice, '')
    keep.name = who
    try {
      await o.enter(who, way)
    } catch (err) {
      say(notice, wordsOf(err))
    } finally {
      busy = false
      element.classList.remove('busy')
    }
  }

  const join = (idOrCode: string, role: 'player' | 'spectator' = 'player'): void => void go((c) => c.joinLobby(idOrCode, { role }))
  const reach = reachPill(() => list.now())
  const list = lobbyList({ client: o.client, join, titleOf: (n) => games.find((g) => g.name === n)?.title ?? n, reached: reach.set })

  function choose(to: string): void {
    game = keep.game = to
    drawGames()
    picker.querySelector<HTMLElement>('[aria-checked=true]')?.focus()
  }
  // One stop for the tab key, and arrows within, as in any group of which one is chosen.
  picker.addEventListener('keydown', (ev) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[ev.key]
    if (!step || games.length === 0) return
    ev.preventDefault()
    const at = games.findIndex((g) => g.name === game)
    choose(games[(at + step + games.length) % games.length]!.name)
  })

  function drawGames(): void {
    if (games.length > 0 && !games.some((g) => g.name === game)) game = games[0]!.name
    picker.replaceChildren(
      ...games.map((g) =>
        el('button', {
          type: 'button', role: 'radio', class: 'game', 'aria-checked': String(g.name === game), 'data-game': g.name,
          tabindex: g.name === game ? 0 : -1, onClick: () => choose(g.name),
        }, gameIcon(g.name), el('span', {}, g.title)),
      ),
    )
  }

  const start = el('form', {
    class: 'card hero',
    onSubmit: (ev: Event) => {
      ev.preventDefault()
      const own = games.find((g) => g.name === game)?.page
      if (code) join(code)
      else if (own) location.assign(own)
      else void go((c) => c.quickPlay(game))
    },
  },
    el('label', { for: 'name' }, s.name), name,
    invite, picker, play, notice,
  )
  let code = o.code
  invited(code ? s.invited(code) : '')
  function invited(text: string): void {
    say(invite, text)
    invite.hidden = !text
    picker.hidden = !!text
    say(play, text ? s.joinThis : s.playNow)
  }

  const byCode = el('form', {
    class: 'row',
    onSubmit: (ev: Event) => {
      ev.preventDefault()
      const c = typed(typedCode.value)
      if (c) join(c)
      else {
        say(notice, s.codeNeeded)
        typedCode.focus()
      }
    },
  }, typedCode, el('button', { type: 'submit' }, s.join))

  const create = el('button', {
    type: 'button', 'data-test': 'create',
    onClick: () => createDialog(games, game, (g, options) => void go((c) => c.createLobby(g, options))),
  }, s.create)

  const element = el('div', { class: 'home', 'data-screen': 'home' },
    el('header', { class: 'top' }, el('img', { src: '/icon.svg', alt: '', width: 36, height: 36 }), el('h1', {}, s.brand), el('p', {}, s.tagline), el('span', { class: 'grow' }), reach.element),
    el('main', {},
      start,
      el('section', { class: 'card lobbies', 'aria-label': s.openLobbies },
        el('div', { class: 'bar' }, el('h2', {}, s.openLobbies), byCode, create),
        list.element,
      ),
    ),
    el('footer', { class: 'foot' }, s.writeYourOwn, ' ', el('a', { href: '/docs' }, s.apiDocs), ' · ', el('a', { href: '/sdk/sandlot.js' }, s.sdk)),
  )

  const load = async (): Promise<void> => {
    try {
      games = await o.client().games()
      drawGames()
      list.games(games)
      o.games(games)
      if (code) await look(code)
    } catch (err) {
      say(notice, wordsOf(err))
      retry = setTimeout(() => void load(), 3000)
    }
  }
  // Says what the invitation is to, or that it is over.
  async function look(to: string): Promise<void> {
    try {
      const l = await o.client().lobby(to)
      invited(s.invitedTo(l.title, games.find((g) => g.name === l.game)?.title ?? l.game, s.players(l.players, l.bots, l.maxPlayers)))
    } catch (err) {
      if (!(err instanceof HttpError) || err.status !== 404) return
      say(notice, wordsOf(err))
      code = ''
      invited('')
      showLink('')
    }
  }
  let retry: ReturnType<typeof setTimeout> | undefined
  void load()

  return {
    element,
    close: () => {
      clearTimeout(retry)
      list.close()
      reach.close()
    },
  }
}
