import type { Lobby } from '@sandlot/client'
import { el } from '../dom'
import { looks } from '../looks'
import { sign } from '../shape'
import { s } from '../strings'
import type { Score } from './types'

// Rows of the short board; the own one is always there.
const short = 5

type Line = Score & { readonly owner: number }

/** The best first. */
export function ranked<T extends Line>(scores: Iterable<T>): T[] {
  return [...scores].sort((a, b) => b.score - a.score || b.kills - a.kills || a.deaths - b.deaths || a.owner - b.owner)
}

/** The scores: the first few, or, opened by its button or the key Q, all with kills and deaths. */
export class Scoreboard {
  private readonly body = el('tbody', {})
  private readonly button = el('button', { type: 'button', 'aria-expanded': 'false', title: s.scoresKey, onClick: () => this.toggle() }, s.score)
  private whole = false
  private drawn = ''
  readonly element = el('div', { class: 'scores' }, this.button,
    el('table', {}, el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, el('span', { class: 'offscreen' }, s.place)), el('th', { scope: 'col', class: 'who' }, s.player),
      el('th', { scope: 'col', class: 'more' }, s.kills), el('th', { scope: 'col', class: 'more' }, s.deaths), el('th', { scope: 'col' }, s.score))), this.body))

  constructor(private readonly lobby: Lobby) {}

  toggle(): void {
    this.whole = !this.whole
    this.button.setAttribute('aria-expanded', String(this.whole))
    this.element.classList.toggle('whole', this.whole)
  }

  draw(scores: Iterable<Line>): void {
    const { members, me } = this.lobby
    const name = (p: number): string => members.get(p)?.name ?? s.nobody
    const all = ranked(scores).map((sc, i) => ({ sc, place: i + 1 }))
    const rows = this.whole ? all : all.filter(({ sc, place }) => place <= short || sc.owner === me)
    this.element.hidden = rows.length === 0
    const key = JSON.stringify([looks.version, rows.map(({ sc, place }) => [place, sc.owner, name(sc.owner), sc.kills, sc.deaths, sc.score])])
    if (key === this.drawn) return
    this.drawn = key
    this.body.replaceChildren(...rows.map(({ sc, place }) =>
      el('tr', { class: sc.owner === me ? 'me' : '' },
        el('td', {}, String(place)), el('td', { class: 'who' }, el('span', {}, sign(sc.owner), el('span', {}, name(sc.owner)))),
        el('td', { class: 'more' }, String(sc.kills)), el('td', { class: 'more' }, String(sc.deaths)), el('td', {}, String(sc.score)))))
  }
}
