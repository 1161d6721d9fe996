import type { Lobby } from '@sandlot/client'
import { colourOf } from '../colours'
import { el, say } from '../dom'
import { s } from '../strings'
import { dashWait, maxAmmo, maxHP, type Match, type Score, type Ship } from './types'

// Lines of the kill feed, and how long one stays, in milliseconds.
const feedLines = 5
const feedStays = 6000

/** What lies over the canvas: time, scores, who destroyed whom, the own ship's state. */
export class Hud {
  private readonly time = el('strong', { 'data-test': 'time' })
  private readonly goal = el('span', {})
  private readonly board = el('ol', { class: 'scores', 'aria-label': s.score })
  private readonly feed = el('ol', { class: 'feed', 'aria-live': 'polite' })
  private readonly hp = el('i', {})
  private readonly hpText = el('span', {})
  private readonly ammo = el('i', {})
  private readonly ammoText = el('span', {})
  private readonly dash = el('i', {})
  private readonly mine = el('div', { class: 'vitals' },
    el('div', { class: 'meter hp', title: s.hp }, this.hp, this.hpText),
    el('div', { class: 'meter ammo', title: s.ammo }, this.ammo, this.ammoText),
    el('div', { class: 'meter dashed', title: s.dash }, this.dash, el('span', {}, s.dash)),
  )
  private readonly dead = el('div', { class: 'dead', role: 'status', hidden: true }, el('strong', {}), el('span', {}))
  private readonly note = el('div', { class: 'picked', role: 'status' })
  private readonly help = el('p', { class: 'help' }, matchMedia('(pointer: coarse)').matches ? s.arenaTouch : s.arenaHelp)
  private killer = ''
  private scores = ''
  readonly element = el('div', { class: 'hud' },
    el('div', { class: 'clock' }, this.time, this.goal), this.board, this.feed, this.mine, this.dead, this.note, this.help)

  constructor(private readonly lobby: Lobby) {
    setTimeout(() => this.help.classList.add('gone'), 8000)
  }

  /** Draws what changes with the state; `tick` is the one shown. */
  draw(tick: number, match: Match | undefined, ship: Ship | undefined, scores: Iterable<Score & { owner: number }>): void {
    const rate = this.lobby.schema.tickRate
    if (match) {
      const secs = Math.max(0, Math.ceil((match.endsAt - tick) / rate))
      say(this.time, `${Math.floor(secs / 60)}:${String(secs % 60).padStart(2, '0')}`)
      this.time.classList.toggle('low', secs <= 10)
      say(this.goal, match.kills > 0 ? s.firstTo(match.kills) : '')
    }
    this.mine.hidden = !ship
    if (ship) {
      this.fill(this.hp, ship.hp / maxHP)
      say(this.hpText, String(ship.hp))
      this.fill(this.ammo, ship.ammo / maxAmmo)
      say(this.ammoText, String(ship.ammo))
      this.fill(this.dash, 1 - ship.dash / dashWait)
      this.killer = ''
    }
    const list = [...scores]
    this.drawScores(list)
    const own = list.find((sc) => sc.owner === this.lobby.me)
    this.dead.hidden = !!ship || !own || own.respawnAt === 0 || this.lobby.phase !== 'running'
    if (!this.dead.hidden) {
      say(this.dead.firstElementChild!, this.killer ? s.destroyedBy(this.killer) : '')
      say(this.dead.lastElementChild!, s.respawnIn(Math.max(1, Math.ceil((own!.respawnAt - tick) / rate))))
    }
  }

  destroyedBy(name: string): void {
    this.killer = name
  }

  /** Adds a line to the kill feed. Names are text, whatever they hold. */
  killed(killer: number, victim: number, nameOf: (p: number) => string): void {
    const who = (p: number): HTMLElement => {
      const b = el('b', {}, nameOf(p))
      b.style.color = colourOf(p).text
      return b
    }
    const line = el('li', {}, killer && killer !== victim ? who(killer) : '', ' ✕ ', who(victim))
    if (killer === this.lobby.me || victim === this.lobby.me) line.classList.add('mine')
    this.feed.append(line)
    while (this.feed.children.length > feedLines) this.feed.firstElementChild!.remove()
    setTimeout(() => line.remove(), feedStays)
  }

  picked(kind: number): void {
    say(this.note, s.picked[kind] ?? '')
    this.note.classList.remove('show')
    void this.note.offsetWidth // starts the animation again
    this.note.classList.add('show')
  }

  private fill(bar: HTMLElement, part: number): void {
    bar.style.transform = `scaleX(${Math.max(0, Math.min(1, part)).toFixed(3)})`
  }

  private drawScores(list: (Score & { owner: number })[]): void {
    const { members, me } = this.lobby
    const names = (p: number): string => members.get(p)?.name ?? s.nobody
    list.sort((a, b) => b.score - a.score || b.kills - a.kills || a.owner - b.owner)
    const rows = list.map((sc, i) => ({ sc, place: i + 1 })).filter(({ sc }, i) => i < 6 || sc.owner === me)
    const key = JSON.stringify(rows.map(({ sc, place }) => [place, sc.owner, names(sc.owner), sc.kills, sc.deaths, sc.score]))
    if (key === this.scores) return
    this.scores = key
    this.board.replaceChildren(...rows.map(({ sc, place }) => {
      const dot = el('i', { class: 'dot' })
      dot.style.background = colourOf(sc.owner).css
      return el('li', { class: sc.owner === me ? 'me' : '', title: `${s.kills} ${sc.kills} · ${s.deaths} ${sc.deaths}` },
        el('small', {}, String(place)), dot, el('span', { class: 'who' }, names(sc.owner)), el('b', {}, String(sc.score)))
    }))
  }
}
