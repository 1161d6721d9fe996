// Plays the arena for a while and says how it felt: a program for Node, run by prediction.test.ts.
import { connect } from '../../sdk/src/index'
import type { Arena } from '../../../cmd/testdata/types/arena'
import { move } from '../../web/src/arena/move'

const [url = '', seconds = '10', players = '2'] = process.argv.slice(2)
const unit = 256
const frame = 16

const client = await connect({ url, name: 'Feel' })
const lobby = await client.createLobby<Arena>('arena', { private: true, bots: true, fillTo: Number(players), settings: { map: 1, seconds: 120, kills: 0 } })
const ships = lobby.table('ships')
const own = lobby.predict('ships', {
  apply: (ship, input) => {
    const { width, height } = lobby.match()!
    move(ship, input, { width, height, walls: lobby.table('walls') })
  },
  snap: 3 * unit,
})
lobby.start()
await new Promise<void>((resolve) => {
  const off = lobby.onStateChange(() => {
    if (lobby.phase !== 'running' || lobby.appliedInput < 30 || !own.exact) return
    off()
    resolve()
  })
})

// The hands of somebody who plays: often another way, at times at rest, and then a push whose answer is timed.
let chance = 7
const random = (n: number): number => {
  chance = (chance * 1103515245 + 12345) % 2 ** 31
  return Math.floor((chance / 2 ** 31) * n)
}
const predicted: number[] = []
const stated: number[] = []
const shown: number[] = []
const leaps: number[] = []
let pushed: { at: number; id: number; x: number; told: number; seen: number; drawn: number } | null = null
let step = 0
let last: { x: number; y: number; id: number; at: number } | null = null
const begun = performance.now()
own.corrections = { count: 0, last: 0, largest: 0, sum: 0 }
await new Promise<void>((resolve) => {
  const timer = setInterval(() => {
    const now = performance.now()
    // A machine with much else to do may get to no push in time: then a while longer.
    if (now - begun > Number(seconds) * (stated.length > 0 ? 1000 : 3000)) {
      clearInterval(timer)
      return resolve()
    }
    const at = own.view(now)
    if (at && last?.id === at.id) {
      // What the eye sees beyond what a ship can do between two frames.
      const ticks = ((now - last.at) / 1000) * lobby.schema.tickRate
      leaps.push(Math.max(0, Math.hypot(at.x - last.x, at.y - last.y) - 330 * Math.max(ticks, 0.5)))
    }
    last = at ? { x: at.x, y: at.y, id: at.id, at: now } : null
    if (pushed && at?.id === pushed.id) {
      const moved = (x: number | undefined): boolean => x !== undefined && x - pushed!.x >= 8
      if (!pushed.drawn && moved(at.x)) predicted.push((pushed.drawn = now - pushed.at))
      if (!pushed.told && moved(ships.get(pushed.id)?.x)) stated.push((pushed.told = now - pushed.at))
      if (!pushed.seen && moved(ships.view(pushed.id)?.x)) shown.push((pushed.seen = now - pushed.at))
    }
    step++
    const beat = step % 190
    if (beat < 100) {
      if (beat % 20 === 0) lobby.setInput({ moveX: random(255) - 127, moveY: random(255) - 127, aim: random(256), dash: random(3) === 0 })
    } else if (beat === 100) {
      pushed = null
      lobby.setInput({ moveX: 0, moveY: 0 })
    } else if (beat === 160 && at && at.vx === 0 && at.vy === 0 && at.x < 60 * unit) {
      pushed = { at: now, id: at.id, x: at.x, told: 0, seen: 0, drawn: 0 }
      lobby.setInput({ moveX: 127 })
    }
  }, frame)
})

const quantile = (a: number[], q: number): number | null => (a.length ? Math.round(a.sort((x, y) => x - y)[Math.min(a.length - 1, Math.floor(a.length * q))]!) : null)
const middle = (a: number[]): number | null => quantile(a, 0.5)
const { count, largest, sum } = own.corrections
const { ping, jitter, delay, margin, interval, lateness } = lobby.stats
const round = (n: number): number => Math.round(n * 1000) / 1000
console.log(JSON.stringify({
  states: lobby.stats.frames, corrections: count, perMinute: Math.round((count * 60) / Number(seconds)), mean: count ? round(sum / count / unit) : 0, largest: round(largest / unit),
  leap: round(Math.max(0, ...leaps) / unit), pushes: predicted.length, withPrediction: middle(predicted), withPrediction90: quantile(predicted, 0.9), without: middle(shown), without90: quantile(shown, 0.9), newestState: middle(stated),
  ping: Math.round(ping), jitter: Math.round(jitter), interval: Math.round(interval), lateness: Math.round(lateness), delay: Math.round(delay), margin,
}))
lobby.leave()
process.exit(0)
