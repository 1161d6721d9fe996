// Arrivals remembered, about two seconds' worth at 30 a second.
const kept = 64
// Late arrivals that the delay covers: nine of ten. The tenth is worth less than what waiting for it costs.
const share = 0.9
// The delay covers no more lateness than this, in milliseconds: beyond it things stand still for a moment.
const most = 200

/**
 * Tells which tick to show. States arrive at uneven times; the earliest ones tell how ticks map to our clock, and what is shown lags by
 * the interval between states and by how late they come, so that there is nearly always one on each side.
 */
export class Timeline {
  /** How late states come after the earliest ones, in milliseconds: nine of ten by less. */
  jitter!: number
  /** How far behind the newest state things are shown, in milliseconds: the interval and the jitter. */
  delay!: number
  private period!: number
  private arrivals!: number[]
  private origin!: number // when tick 0 would have arrived, in ms by our clock; NaN before the first state
  private gap!: number // mean ticks between snapshots
  private last!: number // the newest tick noted
  private shown!: number

  constructor(period: number) {
    this.reset(period)
  }

  /** Starts anew, as at the begin of a match. `period` is that of a tick in milliseconds; `shown` is shown until the first state. */
  reset(period: number, shown = -1): void {
    this.period = period
    this.arrivals = []
    this.origin = NaN
    this.gap = 1
    this.last = -1
    this.shown = shown
    this.jitter = 0
    this.delay = period * 1.5
  }

  /** Notes the arrival of a state. Heartbeats tell the time but not the interval. */
  note(tick: number, now: number, heartbeat = false): void {
    if (Number.isNaN(this.origin)) this.shown = -Infinity
    const advance = tick - this.last
    if (this.last >= 0 && !heartbeat && advance > 0 && advance < 20) this.gap += (advance - this.gap) / 16
    this.last = tick
    this.arrivals.push(now - tick * this.period)
    if (this.arrivals.length > kept) this.arrivals.shift()
    const sorted = [...this.arrivals].sort((a, b) => a - b)
    const off = sorted[0]! - this.origin
    // A large error is a new truth; a small one is slewed, unseen.
    this.origin = Number.isNaN(this.origin) || Math.abs(off) > 250 ? sorted[0]! : this.origin + off / 8
    this.jitter = sorted[Math.floor((sorted.length - 1) * share)]! - sorted[0]!
    // Soon longer, slowly shorter: what is drawn slows down or hurries a little.
    const wanted = Math.min(Math.max(this.gap, 1), 8) * this.period + Math.min(this.jitter, most)
    this.delay += (wanted - this.delay) / (wanted > this.delay ? 4 : 32)
  }

  /** The match lost ticks to overload: its clock is later by as much. */
  slip(ticks: number): void {
    const late = ticks * this.period
    this.arrivals = this.arrivals.map((a) => a + late)
    this.origin += late
  }

  /** The mean interval between snapshots, in milliseconds. */
  get interval(): number {
    return this.gap * this.period
  }

  /** The tick to show now, with its fraction; never falls from the first state on. */
  at(now: number): number {
    if (Number.isNaN(this.origin)) return this.shown
    const tick = (now - this.delay - this.origin) / this.period
    this.shown = Math.max(this.shown, Math.min(tick, this.last))
    return this.shown
  }
}
