import type { Lobby, Row } from '@sandlot/client'
import { colourOf } from '../colours'
import type { Undo } from '../dom'
import { sound } from '../sound'
import type { Effects } from './effects'
import { pickupColours } from './ground'
import type { Highlights } from './highlights'
import type { Hud } from './hud'
import type { Shake } from './shake'
import { radians, unit, type Hit, type Killed, type Picked, type Railed, type Respawned, type Ship, type Shot } from './types'

/** What feedback needs of the view. Places in units. */
export interface Scene {
  readonly lobby: Lobby
  readonly effects: Effects
  readonly shake: Shake
  readonly hud: Hud
  /** Of this round: another in the next. */
  readonly highlights: Highlights
  /** Where the camera's ship is. */
  readonly ear: { readonly x: number; readonly y: number }
  /** Where a ship is drawn now. */
  drawn(id: number): { x: number; y: number } | null
  flash(id: number): void
}

// Beyond so many units nothing is heard; so many to the side is all the way to one ear.
const hearing = 30
const side = 16

/** Lets what happens in the match be seen, felt and heard. */
export function feedback(scene: Scene, undo: Undo): void {
  const { lobby, effects, shake, hud } = scene

  function heard(name: Parameters<typeof sound.play>[0], x: number, y: number, loud = 1): void {
    const dx = x - scene.ear.x
    const far = Math.hypot(dx, y - scene.ear.y)
    sound.play(name, loud * Math.max(0, 1 - far / hearing) ** 1.5, dx / side)
  }

  function hit(e: Hit): void {
    const [x, y] = [e.x / unit, e.y / unit]
    effects.sparks(x, y, e.damage > 0 ? 0xffc24a : 0x6fc7ff, 10, 6)
    if (e.victim === lobby.me && e.damage > 0) {
      shake.add(0.42)
      hud.struck()
      sound.play('hurt')
    } else if (e.shooter === lobby.me) {
      hud.marked()
      sound.play('hit')
    }
  }

  function killed(e: Killed): void {
    const [x, y] = [e.x / unit, e.y / unit]
    const { hex } = colourOf(e.victim)
    effects.splinters(x, y, hex, 16, 10)
    effects.sparks(x, y, 0xffc24a, 18, 8)
    effects.ring(x, y, hex, 2.4)
    effects.ring(x, y, 0xffffff, 1.2)
    heard('boom', x, y)
    shake.add(e.victim === lobby.me ? 0.9 : e.killer === lobby.me ? 0.35 : 0.5 * Math.max(0, 1 - Math.hypot(x - scene.ear.x, y - scene.ear.y) / 10))
    if (e.killer === lobby.me && e.victim !== lobby.me) sound.play('kill')
    hud.killed(e.killer, e.victim, e.points)
    scene.highlights.killed(e.killer, e.victim, performance.now() / 1000)
  }

  function respawned(e: Respawned): void {
    const [x, y] = [e.x / unit, e.y / unit]
    const { hex } = colourOf(e.player)
    effects.ring(x, y, hex, 1.8)
    effects.sparks(x, y, hex, 8, 4)
    if (e.player === lobby.me) sound.play('spawn')
  }

  function picked(e: Picked): void {
    const [x, y] = [e.x / unit, e.y / unit]
    effects.ring(x, y, 0xffffff, 0.9)
    effects.sparks(x, y, pickupColours[e.kind] ?? 0xffffff, 8, 4)
    scene.highlights.picked(e.player)
    if (e.player !== lobby.me) return heard('pick', x, y, 0.4)
    hud.picked(e.kind)
    sound.play('pick')
  }

  // Hits are told to the two whom they concern; all others see the hit points fall.
  function hurt(now: number, before: number, ship: Row<Ship>): void {
    if (now >= before) return
    scene.flash(ship.id)
    const at = scene.drawn(ship.id)
    if (at && ship.owner !== lobby.me) effects.sparks(at.x, at.y, 0xffc24a, 5, 4)
  }

  function fired(shot: Row<Shot>): void {
    const [x, y] = [shot.x / unit, shot.y / unit]
    const a = radians(shot.aim)
    effects.sparks(x + Math.cos(a) * 0.3, y + Math.sin(a) * 0.3, 0xffe9b0, 2, 2.5)
    heard('fire', x, y, shot.owner === lobby.me ? 0.8 : 0.45)
  }

  function railed(e: Railed): void {
    const [x, y, toX, toY] = [e.x / unit, e.y / unit, e.toX / unit, e.toY / unit]
    effects.beam(x, y, toX, toY, colourOf(e.shooter).hex)
    effects.sparks(toX, toY, 0xffe9b0, 6, 4)
    heard('fire', x, y, e.shooter === lobby.me ? 1 : 0.7)
  }

  const ships = lobby.table<Ship>('ships')
  undo.add(
    lobby.onMessage<Hit>('hit', hit),
    lobby.onMessage<Railed>('railed', railed),
    lobby.onMessage<Killed>('killed', killed),
    lobby.onMessage<Respawned>('respawned', respawned),
    lobby.onMessage<Picked>('picked', picked),
    ships.listen('hp', (now, before, ship) => hurt(now as number, before as number, ship)),
    ships.listen('dash', (now, before, ship) => {
      if (ship.owner === lobby.me && (now as number) > (before as number)) sound.play('dash', 0.8)
    }),
    lobby.table<Shot>('shots').onAdd((shot) => {
      if (lobby.tick - shot.born < 10) fired(shot)
    }),
  )
}
