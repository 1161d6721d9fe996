// Arrivals remembered, about two seconds' worth at 30 a second.
const kept = 64

// The delay covers this many intervals between snapshots.
const intervals = 2

/**
 * Tells which tick to show. States arrive at uneven times; the earliest ones
 * tell how ticks map to our clock, and what is shown lags by about two
 * snapshot intervals so that there is nearly always one on each side.
 */
export class Timeline {
  private arrivals: number[] = []
  private origin = NaN // when tick 0 would have arrived, in ms by our clock
  private gap = 1 // mean ticks between snapshots
  private last = -1 // the newest tick noted
  private shown = -Infinity

  constructor(private period: number) {}

  /** Starts anew, as at the begin of a match. `period` is that of a tick in milliseconds. */
  reset(period = this.period): void {
    this.period = period
    this.arrivals = []
    this.origin = NaN
    this.gap = 1
    this.last = -1
    this.shown = -Infinity
  }

  /** Notes the arrival of a state. Heartbeats tell the time but not the interval. */
  note(tick: number, now: number, heartbeat = false): void {
    const advance = tick - this.last
    if (this.last >= 0 && !heartbeat && advance > 0 && advance < 20) this.gap += (advance - this.gap) / 16
    this.last = tick
    this.arrivals.push(now - tick * this.period)
    if (this.arrivals.length > kept) this.arrivals.shift()
    const earliest = Math.min(...this.arrivals)
    const off = earliest - this.origin
    // A large error is a new truth; a small one is slewed, unseen.
    this.origin = Number.isNaN(this.origin) || Math.abs(off) > 250 ? earliest : this.origin + off / 8
  }

  /** The match lost ticks to overload: its clock is later by as much. */
  slip(ticks: number): void {
    const late = ticks * this.period
    this.arrivals = this.arrivals.map((a) => a + late)
    this.origin += late
  }

  /** How far behind the newest state things are shown, in milliseconds. */
  get delay(): number {
    return Math.min(Math.max(this.gap, 1), 8) * intervals * this.period
  }

  /** The mean interval between snapshots, in milliseconds. */
  get interval(): number {
    return this.gap * this.period
  }

  /** The tick to show now, with its fraction; never falls. -1 before the first state. */
  at(now: number): number {
    if (Number.isNaN(this.origin)) return -1
    const tick = (now - this.delay - this.origin) / this.period
    this.shown = Math.max(this.shown, Math.min(tick, this.last))
    return this.shown
  }
}
