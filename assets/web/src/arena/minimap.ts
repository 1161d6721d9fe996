import type { Lobby } from '@sandlot/client'
import { colourOf } from '../colours'
import { el } from '../dom'
import { shapeOf } from '../shape'
import { s } from '../strings'
import type { Camera } from './camera'
import { theme } from './theme'
import { radians, unit, type Match, type Pickup, type Ship, type Wall } from './types'

// Drawn so often, in seconds: dots on a map need no more.
const every = 1 / 15

const kinds = ['#2f9e5f', '#2f8fd0', '#e0a01e']

/** The whole arena in small: walls, pickups, ships, and what of it is in the picture. */
export class Minimap {
  readonly element = el('canvas', { class: 'minimap', role: 'img', 'aria-label': s.minimap })
  private readonly g = this.element.getContext('2d')
  private wait = 0
  private last = ''

  draw(lobby: Lobby, match: Match, camera: Camera, view: { w: number; h: number }, dt: number): void {
    this.wait -= dt
    const { g } = this
    if (this.wait > 0 || !g) return
    this.wait = every
    this.fit(match)
    const k = (this.element.width / match.width) * unit // pixels a unit
    const t = theme()
    g.clearRect(0, 0, this.element.width, this.element.height)
    g.fillStyle = css(t.wallTop)
    for (const b of lobby.table<Wall>('walls')) g.fillRect((b.x / unit) * k, (b.y / unit) * k, (b.w / unit) * k, (b.h / unit) * k)
    for (const p of lobby.table<Pickup>('pickups')) {
      g.fillStyle = kinds[p.kind] ?? '#888'
      g.fillRect((p.x / unit) * k - k * 0.6, (p.y / unit) * k - k * 0.6, k * 1.2, k * 1.2)
    }
    g.strokeStyle = css(t.ink)
    g.globalAlpha = 0.55
    g.lineWidth = Math.max(1, k * 0.25)
    const w = view.w / camera.scale
    const h = view.h / camera.scale
    g.strokeRect((camera.x - w / 2) * k, (camera.y - h / 2) * k, w * k, h * k)
    g.globalAlpha = 1
    for (const ship of lobby.table<Ship>('ships').views()) this.ship(g, ship, ship.owner, ship.owner === lobby.me, k)
  }

  private ship(g: CanvasRenderingContext2D, ship: Ship, owner: number, mine: boolean, k: number): void {
    const size = mine ? k * 1.9 : k * 1.4
    const points = shapeOf(owner)
    g.save()
    g.translate((ship.x / unit) * k, (ship.y / unit) * k)
    if (mine) {
      g.strokeStyle = css(theme().ink)
      g.lineWidth = Math.max(1, k * 0.4)
      g.beginPath()
      g.arc(0, 0, size * 1.4, 0, Math.PI * 2)
      g.stroke()
    }
    g.rotate(radians(ship.aim))
    g.fillStyle = colourOf(owner).css
    g.beginPath()
    for (let i = 0; i < points.length; i += 2) g.lineTo(points[i]! * size, points[i + 1]! * size)
    g.fill()
    g.restore()
  }

  // The canvas has as many pixels as the screen has for it.
  private fit(match: Match): void {
    const sharp = Math.min(window.devicePixelRatio || 1, 3)
    const key = `${this.element.clientWidth} ${sharp} ${match.width} ${match.height}`
    if (key === this.last) return
    this.last = key
    this.element.style.aspectRatio = `${match.width} / ${match.height}`
    this.element.width = Math.max(1, Math.round(this.element.clientWidth * sharp))
    this.element.height = Math.max(1, Math.round((this.element.width * match.height) / match.width))
  }
}

function css(hex: number): string {
  return `#${hex.toString(16).padStart(6, '0')}`
}
