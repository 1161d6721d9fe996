import { HttpError, type Client, type CreateOptions, type GameInfo, type Lobby, type Mode, type Ticket } from '@sandlot/client'
import type { Company } from './company'
import { createDialog } from './create'
import { el, say } from './dom'
import { gamePicker } from './gamepicker'
import { keep } from './keep'
import { GaveUp } from './knocking'
import { partyCode, showLink, typed } from './link'
import { lobbyList } from './list'
import { modeButtons } from './modes'
import { partyPanel } from './partypanel'
import { reachPill } from './reach'
import { s } from './strings'
import { whoAmI } from './whoami'
import { wordsOf } from './words'

/** What a visitor can do here. Each signs in by the name given; what it rejects with is shown. */
export interface Ways {
  join(name: string, idOrCode: string, role: 'player' | 'spectator'): Promise<Lobby | void>
  quick(name: string, game: string): Promise<Lobby | void>
  create(name: string, game: string, options: CreateOptions): Promise<Lobby | void>
  queue(name: string, game: string, mode: Mode): Promise<Ticket | void>
  party(name: string, code: string): Promise<void>
}

export interface HomeOptions {
  client(): Client
  /** The code of a lobby that this visitor was invited to; '' if none. */
  readonly code: string
  /** The same for a party. */
  readonly party: string
  readonly notice: string
  readonly company: Company
  readonly ways: Ways
  /** The server's games are known. */
  games(list: readonly GameInfo[]): void
}

/** The start: a name, play now, the lobbies. */
export function home(o: HomeOptions): { element: HTMLElement; close: () => void } {
  const { company, ways } = o
  let busy = false
  let games: readonly GameInfo[] = []
  let { code, party } = o

  const who = whoAmI()
  const notice = el('p', { class: 'notice', role: 'alert' }, o.notice)
  const play = el('button', { class: 'primary big', type: 'submit', 'data-test': 'play' }, s.playNow)
  const invite = el('p', { class: 'invite' })
  const modes = el('div', { class: 'modes' })
  const matched = el('section', { class: 'matched', 'aria-label': s.matched }, el('h2', {}, s.matched), modes)
  const picker = gamePicker(() => draw())
  const typedCode = el('input', { id: 'code', autocomplete: 'off', spellcheck: false, autocapitalize: 'characters', placeholder: s.codeOrLink, 'aria-label': s.codeOrLink })

  /** Goes one way at a time, and says what came of it. */
  async function go(way: (name: string) => Promise<unknown>): Promise<void> {
    const name = who.name.value.trim()
    if (!name) {
      say(notice, s.nameNeeded)
      who.name.focus()
      return
    }
    if (busy) return
    busy = true
    element.classList.add('busy')
    say(notice, '')
    keep.name = name
    try {
      await way(name)
    } catch (err) {
      if (!(err instanceof GaveUp)) say(notice, wordsOf(err))
    } finally {
      busy = false
      element.classList.remove('busy')
    }
  }
  const join = (idOrCode: string, role: 'player' | 'spectator' = 'player'): void => void go((name) => ways.join(name, idOrCode, role))
  const joinParty = (which: string): void => void go(async (name) => {
    await ways.party(name, which)
    party = ''
    invited('')
  })

  const panel = partyPanel({
    company,
    create: () => joinParty(''),
    join: joinParty,
    leave: () => void go(() => company.leave()),
    remove: (player) => void go(async () => company.party?.remove(player)),
    me: () => o.client().player?.id ?? '',
  })
  const aside = el('div', { class: 'card' }, panel.element)
  const reach = reachPill(() => {
    list.now()
    void load()
  })
  const list = lobbyList({ client: o.client, join, titleOf: (n) => games.find((g) => g.name === n)?.title ?? n, reached: reach.set })

  function draw(): void {
    const game = games.find((g) => g.name === picker.chosen())
    who.lock(company.party !== null)
    const buttons = modeButtons(game, company.follows, (mode) => void go((name) => ways.queue(name, picker.chosen(), mode)))
    matched.hidden = (games.length > 0 && buttons.length === 0) || !!code || !!party
    modes.replaceChildren(...buttons)
    picker.element.hidden = !!code || !!party
    aside.hidden = !!code || !!party
    play.disabled = company.follows && !code && !party
    say(play, code ? s.joinThis : party ? s.partyJoin : s.playNow)
  }
  function invited(text: string): void {
    say(invite, text)
    invite.hidden = !text
    showLink(code, party)
    draw()
  }

  const start = el('form', {
    class: 'card hero',
    onSubmit: (ev: Event) => {
      ev.preventDefault()
      const own = games.find((g) => g.name === picker.chosen())?.page
      if (code) join(code)
      else if (party) joinParty(party)
      else if (own) location.assign(own)
      else void go((name) => ways.quick(name, picker.chosen()))
    },
  }, ...who.elements, invite, picker.element, play, matched, notice)

  const byCode = el('form', {
    class: 'row',
    onSubmit: (ev: Event) => {
      ev.preventDefault()
      const c = typed(typedCode.value)
      const p = /[?&]party=/.test(typedCode.value) ? partyCode(typedCode.value) : ''
      if (p) joinParty(p)
      else if (c) join(c)
      else {
        say(notice, s.codeNeeded)
        typedCode.focus()
      }
    },
  }, typedCode, el('button', { type: 'submit' }, s.join))

  const create = el('button', {
    type: 'button', 'data-test': 'create',
    onClick: () => createDialog(games, picker.chosen(), (g, options) => void go((name) => ways.create(name, g, options))),
  }, s.create)

  const element = el('div', { class: 'home', 'data-screen': 'home' },
    el('header', { class: 'top' }, el('img', { src: '/icon.svg', alt: '', width: 36, height: 36 }), el('h1', {}, s.brand), el('p', {}, s.tagline), el('span', { class: 'grow' }), reach.element),
    el('main', {},
      el('div', { class: 'left-side' }, start, aside),
      el('section', { class: 'card lobbies', 'aria-label': s.openLobbies },
        el('div', { class: 'bar' }, el('h2', {}, s.openLobbies), byCode, create),
        list.element,
      ),
    ),
    el('footer', { class: 'foot' }, s.writeYourOwn, ' ', el('a', { href: '/docs' }, s.apiDocs), ' · ', el('a', { href: '/sdk/sandlot.js' }, s.sdk)),
  )
  invited(code ? s.invited(code) : party ? s.partyInvited(party) : '')

  let retry: ReturnType<typeof setTimeout> | undefined
  async function load(): Promise<void> {
    clearTimeout(retry)
    try {
      games = await o.client().games()
      o.games(games)
      picker.games(games)
      list.games(games)
      if (code) await look(code)
    } catch (err) {
      reach.set(false)
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
    }
  }
  void load()
  const off = company.on(draw)

  return {
    element,
    close: () => {
      clearTimeout(retry)
      off()
      list.close()
      reach.close()
      panel.close()
    },
  }
}
