import type { Predicted } from '@sandlot/client'
import { radius, unit } from './types'

// What a ship can do in a tick at most, in units: a dash. What is drawn beyond that is a leap.
const fastest = 330 / unit
// So far the ship must have moved to be seen moving, in units; and so long it must have stood still before, in frames.
const seen = radius / 24
const still = 6
// A leap that is worth counting, in units.
const noticed = 0.1
// Answers remembered.
const kept = 200

/** Figures since they were last forgotten. Times in milliseconds, lengths in units: a ship is 1.5 across. */
export interface Felt {
  /** From a key or thumb to the first frame that shows the own ship moving. */
  readonly screen: readonly number[]
  /** How often what was drawn of it went further between two frames than a ship can, and by how much. */
  readonly leaps: number
  readonly largestLeap: number
  /** How often a state said otherwise than was foreseen, and by how much: smoothed away in a tenth of a second, or, above 3 units, jumped. */
  readonly corrections: number
  readonly meanCorrection: number
  readonly largestCorrection: number
}

/** Measures what hands feel: how soon the screen answers, and how far the own ship leaps. */
export class Feel {
  /** Whether the own ship is shown where the hands have put it, or where the server last said it was. */
  predict = true
  private own: Predicted<any, any> | null = null
  private screen: number[] = []
  private leaps = 0
  private largestLeap = 0
  private last: { id: number; x: number; y: number; at: number } | null = null
  private stood = 0
  private pushed: { at: number; id: number; x: number; y: number } | null = null
  private moving = false
  private touched = 0 // when a hand last did something, by the browser's clock of events

  /** A hand did something, at that time. */
  hand(at: number): void {
    this.touched = at
  }

  /** A frame is drawn with the own ship there, or without it. `rate` is the game's ticks a second. */
  frame(now: number, moving: boolean, ship: { id: number; x: number; y: number } | null, rate: number): void {
    const { last } = this
    const began = moving && !this.moving
    this.moving = moving
    if (!ship || last?.id !== ship.id) {
      this.last = ship && { ...ship, at: now }
      this.pushed = null
      this.stood = 0
      return
    }
    const gone = Math.hypot(ship.x - last.x, ship.y - last.y)
    const leap = gone - fastest * Math.max(((now - last.at) / 1000) * rate, 0.5)
    if (leap > 0) this.largestLeap = Math.max(this.largestLeap, leap)
    if (leap > noticed) this.leaps++
    // The press may be some milliseconds older than the frame that sees it; what was before is another press.
    if (began && this.stood >= still) this.pushed = { ...ship, x: last.x, y: last.y, at: now - this.touched < 250 ? this.touched : now }
    if (!moving) this.pushed = null
    this.stood = gone < 0.002 && !moving ? this.stood + 1 : 0
    if (this.pushed && Math.hypot(ship.x - this.pushed.x, ship.y - this.pushed.y) >= seen) {
      this.screen.push(now - this.pushed.at)
      if (this.screen.length > kept) this.screen.shift()
      this.pushed = null
    }
    this.last = { ...ship, at: now }
  }

  /** Null while no ship is predicted. */
  read(): Felt | null {
    if (!this.own) return null
    const { count, largest, sum } = this.own.corrections
    return {
      screen: this.screen, leaps: this.leaps, largestLeap: this.largestLeap,
      corrections: count, meanCorrection: count ? sum / count / unit : 0, largestCorrection: largest / unit,
    }
  }

  /** A ship is predicted, until the returned function is called. */
  follow(own: Predicted<any, any>): () => void {
    this.own = own
    this.forget()
    return () => {
      if (this.own === own) this.own = null
    }
  }

  /** Shows the own ship ahead of the server, or not; the figures begin anew. */
  switch(predict: boolean): void {
    this.predict = predict
    this.forget()
  }

  /** Begins anew. */
  forget(): void {
    if (this.own) this.own.corrections = { count: 0, last: 0, largest: 0, sum: 0 }
    this.screen = []
    this.leaps = this.largestLeap = 0
    this.pushed = null
  }
}

/** The feel of this page. */
export const feel = new Feel()

/** The middle of a list; NaN of none. */
export function middle(list: readonly number[]): number {
  return [...list].sort((a, b) => a - b)[list.length >> 1] ?? NaN
}
