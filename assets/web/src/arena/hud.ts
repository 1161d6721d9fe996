import type { Lobby, Row } from '@sandlot/client'
import { el, say, svg } from '../dom'
import { sound } from '../sound'
import { s } from '../strings'
import { Feed } from './feed'
import { Minimap } from './minimap'
import { Scoreboard } from './scoreboard'
import { dashWait, maxAmmo, maxHP, type Match, type Score, type Ship } from './types'

// The last seconds of a round are heard.
const lastSeconds = 5

// Ships destroyed within so many milliseconds of each other were destroyed in one go.
const oneGo = 3000

// So near to the own ship, in pixels, the hud lets it through.
const around = 30

/** What lies over the canvas: time, scores, who destroyed whom, the map, the own ship's state. */
export class Hud {
  private readonly time = el('strong', { 'data-test': 'time' })
  private readonly goal = el('span', {})
  private readonly hp = meter('hp', s.hp)
  private readonly ammo = meter('ammo', s.ammo)
  private readonly dash = meter('dashed', s.dash)
  private readonly mine = el('div', { class: 'vitals' }, this.hp.element, this.ammo.element, this.dash.element)
  private readonly dead = el('div', { class: 'dead', role: 'status', hidden: true }, el('strong', {}), el('span', {}))
  private readonly note = el('div', { class: 'picked', role: 'status' })
  private readonly cross = el('div', { class: 'cross', 'aria-hidden': 'true' })
  private readonly help = el('p', { class: 'help' }, matchMedia('(pointer: coarse)').matches ? s.arenaTouch : s.arenaHelp)
  private readonly hurt = el('div', { class: 'hurt', 'aria-hidden': 'true' })
  private readonly nameOf = (player: number): string => this.lobby.members.get(player)?.name ?? s.nobody
  private readonly feed: Feed
  private readonly corner: HTMLElement
  private readonly scores: Scoreboard
  readonly minimap = new Minimap()
  private killer = ''
  private life = 0 // the own ship's id
  private heard = -1
  private run = 0 // destroyed in one go
  private felled = -Infinity // when the newest of them was, in milliseconds
  private cleared = -Infinity // when it was last asked what is under the hud, in milliseconds
  private scored = -Infinity // when the scores were drawn, in milliseconds
  private list: readonly (Score & { owner: number })[] = []
  readonly element: HTMLElement

  constructor(private readonly lobby: Lobby) {
    this.feed = new Feed(() => lobby.me, this.nameOf)
    this.scores = new Scoreboard(lobby)
    this.corner = el('div', { class: 'corner' }, this.minimap.element, this.feed.element)
    this.element = el('div', { class: 'hud' },
      this.hurt, el('div', { class: 'clock', role: 'timer', 'aria-label': s.timeLeft }, this.time, this.goal),
      this.corner,
      this.scores.element, this.mine, this.dead, this.note, this.cross, this.help)
    setTimeout(() => this.help.classList.add('gone'), 8000)
  }

  /** Draws what changes with the state; `tick` is the one shown. */
  draw(tick: number, match: Match, ship: Row<Ship> | undefined, scores: Iterable<Score & { owner: number }>): void {
    const rate = this.lobby.schema.tickRate
    this.clock(Math.max(0, Math.ceil((match.endsAt - tick) / rate)), match.kills)
    this.mine.hidden = !ship
    if (ship) {
      this.hp.show(ship.hp / maxHP, String(ship.hp))
      this.ammo.show(ship.rail > 0 ? 1 : ship.ammo / maxAmmo, ship.rail > 0 ? s.rails(ship.rail) : String(ship.ammo))
      this.dash.show(1 - ship.dash / dashWait, s.dash)
      // It is told before the ship is gone: only the next one is another life.
      if (ship.id !== this.life) this.killer = ''
      this.life = ship.id
    }
    // Scores change seldom: a few times a second is at once.
    const now = performance.now()
    if (now - this.scored >= 200) {
      this.scored = now
      this.list = [...scores]
      this.scores.draw(this.list)
    }
    const own = this.list.find((sc) => sc.owner === this.lobby.me)
    this.dead.hidden = !!ship || !own || own.respawnAt === 0 || this.lobby.phase !== 'running'
    if (this.dead.hidden) return
    say(this.dead.firstElementChild!, this.killer ? s.destroyedBy(this.killer) : '')
    say(this.dead.lastElementChild!, s.respawnIn(Math.max(1, Math.ceil((own!.respawnAt - tick) / rate))))
  }

  /** Lets through what is under the hud, where the own ship is: a place in pixels. */
  clear(at: { x: number; y: number }): void {
    const now = performance.now()
    if (now - this.cleared < 150) return
    this.cleared = now
    for (const part of [this.corner, this.scores.element]) {
      const { offsetLeft: x, offsetTop: y, offsetWidth: w, offsetHeight: h } = part
      part.classList.toggle('through', at.x > x - around && at.x < x + w + around && at.y > y - around && at.y < y + h + around)
    }
  }

  /** A ship was destroyed. */
  killed(killer: number, victim: number, points: number): void {
    this.feed.add(killer, victim)
    const { me } = this.lobby
    if (victim === me) this.killer = killer && killer !== victim ? this.nameOf(killer) : ''
    else if (killer === me) this.tell(s.youDestroyed(this.nameOf(victim), points, this.another()))
  }

  // Counts what was destroyed in one go.
  private another(): number {
    const now = performance.now()
    this.run = now - this.felled < oneGo ? this.run + 1 : 1
    this.felled = now
    return this.run
  }

  picked(kind: number): void {
    this.tell(s.picked[kind] ?? '')
  }

  /** The own shot hit something. */
  marked(): void {
    again(this.cross)
  }

  /** The own ship was hit. */
  struck(): void {
    again(this.hurt)
  }

  toggleScores(): void {
    this.scores.toggle()
  }

  private tell(text: string): void {
    say(this.note, text)
    again(this.note)
  }

  private clock(secs: number, kills: number): void {
    say(this.time, `${Math.floor(secs / 60)}:${String(secs % 60).padStart(2, '0')}`)
    this.time.classList.toggle('low', secs <= 10)
    say(this.goal, kills > 0 ? s.firstTo(kills) : '')
    if (secs !== this.heard && secs > 0 && secs <= lastSeconds && this.lobby.phase === 'running') sound.play('tick')
    this.heard = secs
  }
}

// Starts an element's animation from its beginning.
function again(node: HTMLElement): void {
  node.classList.remove('show')
  void node.offsetWidth
  node.classList.add('show')
}

// What a meter counts, drawn as on what refills it.
const signs = { hp: 'M6 1h4v5h5v4h-5v5H6v-5H1V6h5z', ammo: 'M2 3h3v10H2zM6.5 3h3v10h-3zM11 3h3v10h-3z', dashed: 'M2 2l6 6-6 6V10l2-2-2-2zM8 2l6 6-6 6V10l2-2-2-2z' }

function meter(kind: keyof typeof signs, title: string): { element: HTMLElement; show: (part: number, text: string) => void } {
  const bar = el('i', {})
  const words = el('b', {})
  const sign = svg('svg', { viewBox: '0 0 16 16', class: 'what', 'aria-hidden': 'true' }, svg('path', { d: signs[kind] }))
  const element = el('div', { class: `meter ${kind}`, role: 'img', 'aria-label': title, title }, bar, el('span', {}, sign, words))
  return {
    element,
    show: (part, text) => {
      element.dataset['low'] = part <= 0.25 ? 'very' : part <= 0.5 ? 'yes' : ''
      bar.style.transform = `scaleX(${Math.max(0, Math.min(1, part)).toFixed(3)})`
      say(words, text)
      if (element.dataset['value'] !== text) {
        element.dataset['value'] = text
        element.setAttribute('aria-label', `${title} ${text === title ? '' : text}`.trim())
      }
    },
  }
}
