import 'pixi.js/unsafe-eval' // so that no policy has to allow eval
import { Application, Container, Graphics } from 'pixi.js'
import type { Lobby, Row } from '@sandlot/client'
import { colourOf } from '../colours'
import { el, Undo } from '../dom'
import type { GameView } from '../stage'
import { s } from '../strings'
import { Camera } from './camera'
import { Controls } from './controls'
import { Effects } from './effects'
import { drawGround, pickupSprite } from './ground'
import { Hud } from './hud'
import { quality } from './quality'
import { px, ShipSprite } from './ship'
import { onTheme, theme } from './theme'
import { radians, radius, unit, type Hit, type Killed, type Match, type Picked, type Pickup, type Respawned, type Score, type Ship, type Shot, type Wall } from './types'

/** Opens the canvas and draws the arena until closed. */
export async function arena(lobby: Lobby): Promise<GameView> {
  const app = new Application()
  const element = el('div', { class: 'arena', 'data-test': 'arena' })
  const { antialias, resolution, maxFPS } = quality()
  await app.init({ preference: 'webgl', backgroundAlpha: 0, antialias, autoDensity: true, resolution, width: 640, height: 480 })
  app.ticker.maxFPS = maxFPS
  element.append(app.canvas)
  const view = new ArenaView(lobby, app, element)
  return { element, close: () => view.close() }
}

class ArenaView {
  private readonly undo = new Undo()
  private readonly world = new Container()
  private readonly ground = new Graphics()
  private readonly pickupLayer = new Container()
  private readonly shotLayer = new Graphics()
  private readonly shipLayer = new Container()
  private readonly effects = new Effects()
  private readonly camera = new Camera()
  private readonly hud: Hud
  private readonly controls: Controls
  private readonly ships = new Map<number, ShipSprite>()
  private readonly pickups = new Map<number, Container>()
  private readonly own = { id: 0, x: 0, y: 0 }
  private readonly look = { x: 32, y: 20 }
  private stated = performance.now() // when the newest state came
  private stale = true // the ground must be drawn anew
  private hooked = 0
  private clock = 0

  constructor(private readonly lobby: Lobby, private readonly app: Application, private readonly element: HTMLElement) {
    this.world.addChild(this.ground, this.pickupLayer, this.shotLayer, this.shipLayer, this.effects.node)
    app.stage.addChild(this.world)
    this.hud = new Hud(lobby)
    element.append(this.hud.element)
    this.controls = new Controls(element, () => this.camera.toScreen(this.look.x, this.look.y, this.view), () => lobby.setInput({ dash: true }))
    this.listen()
    const sizes = new ResizeObserver(() => this.resize())
    sizes.observe(element)
    this.undo.add(() => sizes.disconnect(), onTheme(() => this.repaint()))
    const frame = (): void => this.frame(Math.min(app.ticker.deltaMS / 1000, 0.1))
    app.ticker.add(frame)
    this.undo.add(() => app.ticker.remove(frame))
  }

  close(): void {
    this.undo.run()
    this.controls.close()
    this.app.destroy({ removeView: true }, { children: true })
  }

  private get view(): { w: number; h: number } {
    return { w: this.app.screen.width, h: this.app.screen.height }
  }

  private resize(): void {
    const { clientWidth: w, clientHeight: h } = this.element
    if (w > 0 && h > 0) this.app.renderer.resize(w, h)
  }

  private repaint(): void {
    this.stale = true
    for (const sprite of this.ships.values()) sprite.close()
    this.ships.clear()
    for (const sprite of this.pickups.values()) sprite.destroy({ children: true })
    this.pickups.clear()
  }

  private listen(): void {
    const { lobby, undo } = this
    const redraw = (): void => {
      this.stale = true
    }
    const walls = lobby.table<Wall>('walls')
    undo.add(
      walls.onAdd(redraw),
      walls.onRemove(redraw),
      lobby.table<Match>('match').onChange((_, changed) => {
        if (changed.has('width') || changed.has('height') || changed.has('map')) redraw()
      }),
      lobby.on('match', () => this.repaint()),
      lobby.onStateChange(() => {
        this.stated = performance.now()
      }),
      lobby.onMessage<Hit>('hit', (e) => this.hit(e)),
      lobby.onMessage<Killed>('killed', (e) => this.killed(e)),
      lobby.onMessage<Respawned>('respawned', (e) => this.effects.ring(e.x / unit, e.y / unit, colourOf(e.player).hex, 1.6)),
      lobby.onMessage<Picked>('picked', (e) => {
        this.effects.ring(e.x / unit, e.y / unit, 0xffffff, 0.8)
        if (e.player === lobby.me) this.hud.picked(e.kind)
      }),
    )
  }

  private hit(e: Hit): void {
    this.effects.sparks(e.x / unit, e.y / unit, e.damage > 0 ? 0xffc24a : 0x6fc7ff, 8, 5)
    for (const ship of this.lobby.table<Ship>('ships').owned(e.victim)) this.ships.get(ship.id)?.flash()
  }

  private killed(e: Killed): void {
    const { hex } = colourOf(e.victim)
    this.effects.sparks(e.x / unit, e.y / unit, hex, 26, 9)
    this.effects.sparks(e.x / unit, e.y / unit, 0xffc24a, 12, 6)
    this.effects.ring(e.x / unit, e.y / unit, hex, 2.4)
    const name = (p: number): string => this.name(p)
    this.hud.killed(e.killer, e.victim, name)
    if (e.victim === this.lobby.me) this.hud.destroyedBy(e.killer && e.killer !== e.victim ? name(e.killer) : '')
  }

  private name(player: number): string {
    return this.lobby.members.get(player)?.name ?? s.nobody
  }

  private frame(dt: number): void {
    const { lobby } = this
    this.clock += dt
    const match = lobby.match<Match>()
    if (!match || match.width === 0) return
    if (this.stale) {
      this.stale = false
      drawGround(this.ground, match, lobby.table<Wall>('walls'), theme())
    }
    if (lobby.phase === 'running' && lobby.role === 'player') {
      const { moveX, moveY, aim, fire } = this.controls.read()
      lobby.setInput({ moveX, moveY, aim, fire })
    }
    const mine = this.drawShips(dt)
    this.drawShots(match)
    this.drawPickups()
    this.effects.step(dt)
    if (mine) Object.assign(this.look, { x: this.own.x, y: this.own.y })
    this.camera.follow(this.look.x, this.look.y, this.view, { w: match.width / unit, h: match.height / unit }, dt)
    const scale = this.camera.scale / px
    this.world.scale.set(scale)
    this.world.position.set(this.view.w / 2 - this.camera.x * this.camera.scale, this.view.h / 2 - this.camera.y * this.camera.scale)
    this.hud.draw(Math.max(lobby.shownTick, 0), match, mine, lobby.table<Score>('scores'))
    this.hook(mine)
  }

  /** Ticks since the newest state, by which the own ship is drawn ahead; at most two. */
  private get ahead(): number {
    return Math.min(((performance.now() - this.stated) * this.lobby.schema.tickRate) / 1000, 2)
  }

  private drawShips(dt: number): Row<Ship> | undefined {
    const { lobby } = this
    const table = lobby.table<Ship>('ships')
    const mine = table.owned(lobby.me)[0]
    const seen = new Set<number>()
    const running = lobby.phase === 'running'
    for (const ship of table.views()) {
      seen.add(ship.id)
      let { x, y, aim } = ship
      x /= unit
      y /= unit
      if (mine && ship.id === mine.id && running) {
        this.steer(mine, dt)
        x = this.own.x
        y = this.own.y
        aim = this.controls.read().aim
      }
      let sprite = this.ships.get(ship.id)
      if (!sprite) {
        sprite = new ShipSprite(ship.owner, this.name(ship.owner), ship.owner === lobby.me, theme())
        this.ships.set(ship.id, sprite)
        this.shipLayer.addChild(sprite.node)
      }
      sprite.name(this.name(ship.owner))
      sprite.draw(ship, x, y, aim, dt, this.clock, this.camera.scale / px)
    }
    for (const [id, sprite] of this.ships) {
      if (seen.has(id)) continue
      sprite.close()
      this.ships.delete(id)
    }
    return mine
  }

  // The own ship is shown where its newest exact state and speed put it, not in
  // the past like the others: hands expect an answer at once.
  private steer(ship: Row<Ship>, dt: number): void {
    const { own, ahead } = this
    const x = (ship.x + ship.vx * ahead) / unit
    const y = (ship.y + ship.vy * ahead) / unit
    const jump = own.id !== ship.id || Math.hypot(x - own.x, y - own.y) > 4
    const part = jump ? 1 : 1 - Math.exp(-dt * 22)
    own.id = ship.id
    own.x += (x - own.x) * part
    own.y += (y - own.y) * part
  }

  private drawShots(match: Match): void {
    const { lobby } = this
    const g = this.shotLayer.clear()
    const draw = (shot: Row<Shot>, tick: number): void => {
      const age = tick - shot.born
      if (age < 0) return
      const a = radians(shot.aim)
      const far = match.shotSpeed * age
      const x = ((shot.x + Math.cos(a) * far) / unit) * px
      const y = ((shot.y + Math.sin(a) * far) / unit) * px
      const tail = Math.min(far, match.shotSpeed * 1.2) * (px / unit)
      const colour = colourOf(shot.owner).hex
      g.moveTo(x - Math.cos(a) * tail, y - Math.sin(a) * tail).lineTo(x, y).stroke({ width: 5, color: colour, alpha: 0.45, cap: 'round' })
      g.circle(x, y, 5).fill(colour).circle(x, y, 2.4).fill(0xffffff)
    }
    // Own shots belong to the own ship's present, all others to the past that is shown.
    const table = lobby.table<Shot>('shots')
    for (const shot of table.owned(lobby.me)) draw(shot, lobby.tick + this.ahead)
    for (const shot of table.views()) if (shot.owner !== lobby.me) draw(shot, lobby.shownTick)
  }

  private drawPickups(): void {
    const seen = new Set<number>()
    for (const p of this.lobby.table<Pickup>('pickups')) {
      seen.add(p.id)
      let sprite = this.pickups.get(p.id)
      if (!sprite) {
        sprite = pickupSprite(p, theme())
        this.pickups.set(p.id, sprite)
        this.pickupLayer.addChild(sprite)
      }
      sprite.scale.set(1 + 0.06 * Math.sin(this.clock * 4 + p.id))
    }
    for (const [id, sprite] of this.pickups) {
      if (seen.has(id)) continue
      sprite.destroy({ children: true })
      this.pickups.delete(id)
    }
  }

  // What tests may read: positions in units, five times a second.
  private hook(mine: Row<Ship> | undefined): void {
    if (this.clock - this.hooked < 0.2) return
    this.hooked = this.clock
    const data = this.element.dataset
    const round = (v: number): number => Math.round((v / unit) * 100) / 100
    data['tick'] = String(this.lobby.tick)
    data['me'] = mine ? JSON.stringify({ x: round(mine.x), y: round(mine.y), hp: mine.hp, ammo: mine.ammo }) : ''
    const onScreen = [...this.ships.values()].filter((p) => {
      const c = this.camera.toScreen(p.node.x / px, p.node.y / px, this.view)
      return c.x > 0 && c.y > 0 && c.x < this.view.w && c.y < this.view.h
    })
    data['seen'] = String(onScreen.length)
    data['ships'] = JSON.stringify([...this.lobby.table<Ship>('ships').views()].map((p) => ({ player: p.owner, x: round(p.x), y: round(p.y) })))
    const at = this.camera.toScreen(this.look.x, this.look.y, this.view)
    data['at'] = JSON.stringify({ x: Math.round(at.x), y: Math.round(at.y), r: Math.round(radius * this.camera.scale) })
  }
}
