import 'pixi.js/unsafe-eval' // so that no policy has to allow eval
import { Application, Container, Graphics } from 'pixi.js'
import type { Lobby, Predicted, Row } from '@sandlot/client'
import { calm } from '../calm'
import { colourOf } from '../colours'
import { el, Undo } from '../dom'
import { frames } from '../frames'
import { looks } from '../looks'
import type { GameView, Summary } from '../stage'
import { s } from '../strings'
import { Camera } from './camera'
import { Controls } from './controls'
import { Effects } from './effects'
import { feedback } from './feedback'
import { feel } from './feel'
import { drawGround } from './ground'
import { Highlights } from './highlights'
import { Hud } from './hud'
import type { Intent } from './intent'
import { move } from './move'
import { Pickups } from './pickups'
import { Probe } from './probe'
import { Governor, quality, sharpest } from './quality'
import { Shake } from './shake'
import { px, ShipSprite } from './ship'
import { Shots } from './shots'
import { onTheme, theme } from './theme'
import { dashWait, radians, unit, type Match, type Score, type Ship, type Wall } from './types'

/** Opens the canvas and draws the arena until closed. */
export async function arena(lobby: Lobby): Promise<GameView> {
  const app = new Application()
  const element = el('div', { class: 'arena', 'data-test': 'arena' })
  const { antialias, resolution, maxFPS } = quality()
  await app.init({ preference: 'webgl', backgroundAlpha: 0, antialias, autoDensity: true, resolution, width: 640, height: 480 })
  app.ticker.maxFPS = maxFPS
  app.canvas.setAttribute('aria-label', s.arenaPicture)
  app.canvas.setAttribute('role', 'img')
  element.append(app.canvas)
  const view = new ArenaView(lobby, app, element, maxFPS === 0)
  return { element, close: () => view.close(), summary: () => view.summary() }
}

// What the game's input holds.
type Hands = Intent & { readonly dash: boolean }

class ArenaView {
  private readonly undo = new Undo()
  private readonly world = new Container()
  private readonly ground = new Graphics()
  private readonly shipLayer = new Container()
  private readonly pickups = new Pickups()
  private readonly shots = new Shots()
  private readonly effects = new Effects()
  private readonly camera = matchMedia('(pointer: coarse)').matches ? new Camera(130, 170) : new Camera()
  private readonly shake = new Shake(calm)
  private readonly governor = new Governor()
  private highlights = new Highlights()
  private readonly hud: Hud
  private readonly controls: Controls
  private readonly probe: Probe
  private readonly ships = new Map<number, ShipSprite>()
  private readonly own: Predicted<Ship, Hands>
  private readonly look = { x: 32, y: 20 }
  private walls: Wall[] = []
  private stale = true // the ground must be drawn anew
  private clock = 0

  constructor(private readonly lobby: Lobby, private readonly app: Application, private readonly element: HTMLElement, private readonly governed: boolean) {
    this.world.addChild(this.ground, this.pickups.node, this.shots.node, this.shipLayer, this.effects.node)
    app.stage.addChild(this.world)
    this.hud = new Hud(lobby)
    element.append(this.hud.element)
    this.controls = new Controls(element, () => this.camera.toScreen(this.look.x, this.look.y, this.view), () => lobby.setInput({ dash: true }))
    this.probe = new Probe(lobby, element.dataset)
    // The own ship is shown where the hands have put it, not in the past like the others: they expect an answer at once.
    this.own = lobby.predict<Ship, Hands>('ships', { apply: (ship, input) => this.move(ship, input), snap: 3 * unit })
    this.listen()
    this.fitting()
    const frame = (): void => this.frame(app.ticker.elapsedMS / 1000)
    app.ticker.add(frame)
    this.undo.add(() => app.ticker.remove(frame))
  }

  close(): void {
    this.undo.run()
    this.own.close()
    this.controls.close()
    this.app.destroy({ removeView: true }, { children: true })
  }

  /** What the results say beside places and points. */
  summary(): Summary {
    const scores = new Map([...this.lobby.table<Score>('scores')].map((sc) => [sc.owner, sc]))
    const cell = (player: number, key: 'kills' | 'deaths'): string => String(scores.get(player)?.[key] ?? '')
    return {
      columns: [s.kills, s.deaths],
      cells: (player) => [cell(player, 'kills'), cell(player, 'deaths')],
      highlights: this.highlights.list((p) => this.name(p)),
    }
  }

  private get view(): { w: number; h: number } {
    return { w: this.app.screen.width, h: this.app.screen.height }
  }

  // Keeps the canvas as large as its place, and as sharp as the screen: windows, rotation, zoom, another screen.
  private fitting(): void {
    const fit = (): void => {
      const { clientWidth: w, clientHeight: h } = this.element
      if (w > 0 && h > 0) this.app.renderer.resize(w, h, this.governed ? sharpest() * this.governor.share : 1)
    }
    const sizes = new ResizeObserver(fit)
    sizes.observe(this.element)
    this.undo.on(window, 'resize', fit)
    this.undo.add(() => sizes.disconnect(), onTheme(() => this.repaint()), looks.on(() => this.repaint()))
    this.refit = fit
  }
  private refit = (): void => {}

  private repaint(): void {
    this.stale = true
    for (const sprite of this.ships.values()) sprite.close()
    this.ships.clear()
    this.pickups.clear()
  }

  private listen(): void {
    const { lobby, undo } = this
    const redraw = (): void => {
      this.stale = true
    }
    const walls = lobby.table<Wall>('walls')
    const view = this
    feedback({
      lobby, effects: this.effects, shake: this.shake, hud: this.hud, ear: this.look,
      get highlights() { return view.highlights },
      drawn: (id) => this.drawn(id),
      flash: (id) => this.ships.get(id)?.flash(),
    }, undo)
    undo.add(
      walls.onAdd(redraw),
      walls.onRemove(redraw),
      lobby.table<Match>('match').onChange((_, changed) => {
        if (changed.has('width') || changed.has('height') || changed.has('map')) redraw()
      }),
      lobby.on('match', () => {
        this.highlights = new Highlights()
        this.repaint()
      }),
    )
    for (const kind of ['keydown', 'pointerdown', 'pointermove']) undo.on(window, kind, (ev: Event) => feel.hand(ev.timeStamp), { capture: true, passive: true })
    undo.add(feel.follow(this.own))
    undo.on(window, 'keydown', (ev: KeyboardEvent) => {
      const typing = ev.target instanceof HTMLElement && ev.target.closest('input, textarea, select, dialog')
      if (ev.code === 'KeyQ' && !ev.repeat && !typing && !ev.ctrlKey && !ev.metaKey && !ev.altKey) this.hud.toggleScores()
    })
  }

  private name(player: number): string {
    return this.lobby.members.get(player)?.name ?? s.nobody
  }

  private drawn(id: number): { x: number; y: number } | null {
    const sprite = this.ships.get(id)
    return sprite ? { x: sprite.node.x / px, y: sprite.node.y / px } : null
  }

  private frame(passed: number): void {
    frames.note(passed * 1000)
    if (this.governed && this.governor.note(passed)) this.refit()
    const dt = Math.min(passed, 0.1)
    const { lobby } = this
    this.clock += dt
    const match = lobby.match<Match>()
    if (!match || match.width === 0) return
    if (this.stale) {
      this.stale = false
      this.walls = [...lobby.table<Wall>('walls')]
      drawGround(this.ground, match, this.walls, theme())
    }
    let aim: number | null = null
    let moving = false
    if (lobby.phase === 'running' && lobby.role === 'player') {
      const intent = this.controls.read()
      lobby.setInput({ ...intent })
      aim = feel.predict ? intent.aim : (this.mine()?.aim ?? intent.aim)
      moving = intent.moveX !== 0 || intent.moveY !== 0
    }
    const mine = aim === null ? undefined : this.mine()
    feel.frame(performance.now(), moving, mine ? { id: mine.id, x: mine.x / unit, y: mine.y / unit } : null, lobby.schema.tickRate)
    this.drawShips(dt, mine, aim)
    this.shots.draw(lobby, match, mine && feel.predict ? this.own.tick() : lobby.shownTick)
    this.pickups.draw(lobby, this.clock)
    this.effects.step(dt)
    this.aimCamera(dt, match, mine)
    if (mine) this.controls.ready(1 - mine.dash / dashWait)
    this.hud.draw(Math.max(lobby.shownTick, 0), match, mine, lobby.table<Score>('scores'))
    this.hud.clear(this.camera.toScreen(this.look.x, this.look.y, this.view))
    this.hud.minimap.draw(lobby, match, this.camera, this.view, dt)
    this.probe.note(dt, mine, this.camera, this.look, this.view)
  }

  // The own ship as it is drawn: ahead of the server or, to see the difference, in the past like the others.
  private mine(): Row<Ship> | undefined {
    if (feel.predict) return this.own.view()
    const ships = this.lobby.table<Ship>('ships')
    const ship = ships.owned(this.lobby.me)[0]
    return ship && ships.view(ship.id)
  }

  private aimCamera(dt: number, match: Match, mine: Row<Ship> | undefined): void {
    const { camera, look, lobby } = this
    const perSecond = lobby.schema.tickRate / unit
    if (mine) {
      Object.assign(look, { x: mine.x / unit, y: mine.y / unit })
      camera.lead(dt, mine.vx * perSecond, mine.vy * perSecond, radians(mine.aim))
    } else camera.lead(dt)
    if (lobby.role !== 'player') this.watch(dt)
    camera.follow(look.x, look.y, this.view, { w: match.width / unit, h: match.height / unit }, dt)
    const knock = this.shake.step(dt)
    this.world.scale.set(camera.scale / px)
    this.world.position.set(
      this.view.w / 2 - camera.x * camera.scale + knock.x,
      this.view.h / 2 - camera.y * camera.scale + knock.y,
    )
  }

  // Who watches sees the one who leads.
  private watch(dt: number): void {
    const best = [...this.lobby.table<Score>('scores')].sort((a, b) => b.score - a.score || a.owner - b.owner)
    for (const sc of best) {
      const ship = this.lobby.table<Ship>('ships').owned(sc.owner)[0]
      const at = ship && this.drawn(ship.id)
      if (!at) continue
      const part = 1 - Math.exp(-dt * 3)
      this.look.x += (at.x - this.look.x) * part
      this.look.y += (at.y - this.look.y) * part
      return
    }
  }

  private drawShips(dt: number, mine: Row<Ship> | undefined, aiming: number | null): void {
    const { lobby } = this
    const table = lobby.table<Ship>('ships')
    const seen = new Set<number>()
    const zoom = this.camera.scale / px
    for (const ship of table.views()) {
      seen.add(ship.id)
      const own = mine?.id === ship.id
      const x = (own ? mine.x : ship.x) / unit
      const y = (own ? mine.y : ship.y) / unit
      const aim = own && aiming !== null ? aiming : ship.aim
      let sprite = this.ships.get(ship.id)
      if (!sprite) {
        sprite = new ShipSprite(ship.owner, this.name(ship.owner), ship.owner === lobby.me, theme())
        this.ships.set(ship.id, sprite)
        this.shipLayer.addChild(sprite.node)
      }
      sprite.name(this.name(ship.owner))
      this.burn(sprite, x, y, dt, colourOf(ship.owner).hex)
      sprite.draw(ship, x, y, aim, dt, this.clock, zoom)
    }
    for (const [id, sprite] of this.ships) {
      if (seen.has(id)) continue
      sprite.close()
      this.ships.delete(id)
    }
  }

  // Gas behind what moves, the more the faster.
  private burn(sprite: ShipSprite, x: number, y: number, dt: number, colour: number): void {
    const dx = x - sprite.node.x / px
    const dy = y - sprite.node.y / px
    const speed = Math.hypot(dx, dy) / Math.max(dt, 1e-3)
    if (speed < 3 || speed > 60 || !this.camera.sees(x, y, this.view)) return
    if (Math.random() > dt * Math.min(speed, 30) * 2.2) return
    this.effects.exhaust(x - (dx / Math.hypot(dx, dy)) * 0.6, y - (dy / Math.hypot(dx, dy)) * 0.6, Math.atan2(dy, dx), colour, speed > 14 ? 1.7 : 1)
  }

  // The server's own rules. While the match stands still, so do ships.
  private move(ship: Ship, input: Hands): void {
    const match = this.lobby.match<Match>()
    if (match && match.width > 0) move(ship, input, { width: match.width, height: match.height, walls: this.walls })
  }
}
