import { s } from '../strings'

/** What a network is like, as "sandlot bots --net" reads it too. Times in milliseconds; all of it zero is one without faults. */
export interface Link {
  /** The round trip, half of it each way, and how far one may be off. */
  ping: number
  jitter: number
  /** The share of messages that is lost, each way: over TCP that is a stall of all that is behind. */
  loss: number
  /** Bytes a second each way; 0 is unbounded. */
  rate: number
  /** Nothing passes for so long, about so often. */
  outage: number
  every: number
  /** The connection breaks after about so long. */
  cut: number
  /** Nothing passes after about so long, and nobody is told. */
  hang: number
}

export const perfect: Readonly<Link> = { ping: 0, jitter: 0, loss: 0, rate: 0, outage: 0, every: 0, cut: 0, hang: 0 }

const hour = 3_600_000
const units: Readonly<Record<string, number>> = { us: 0.001, 'µs': 0.001, ms: 1, s: 1000, m: 60_000, h: hour }
const rates: Readonly<Record<string, number>> = { 'MB/s': 1 << 20, 'KB/s': 1 << 10, 'Mbit/s': 125_000, 'kbit/s': 125, 'B/s': 1 }

/** Reads a link such as "150ms±30ms,1%,64KB/s,outage=5s/1m,cut=30s,hang=1m". Throws an Error that names the part. */
export function parse(text: string): Link {
  const link: Link = { ...perfect }
  const seen = new Set<string>()
  for (const part of text.split(',').map((p) => p.trim())) {
    if (!part && !text.trim()) return link
    const kind = take(link, part)
    if (seen.has(kind)) throw new Error(s.net.twice(kind))
    seen.add(kind)
  }
  check(link)
  return link
}

function take(link: Link, part: string): string {
  const [, key, value = ''] = /^(\w+)=(.*)$/.exec(part) ?? []
  if (key === 'cut' || key === 'hang') return (link[key] = time(value)), key
  if (key === 'outage') {
    const [long = '', every = ''] = value.split('/')
    link.outage = time(long)
    link.every = time(every)
    return key
  }
  if (key) throw new Error(s.net.unknown(key))
  if (part.endsWith('%')) return (link.loss = number(part.slice(0, -1)) / 100), 'loss'
  const unit = Object.keys(rates).find((u) => part.endsWith(u))
  if (unit) return (link.rate = Math.floor(number(part.slice(0, -unit.length)) * rates[unit]!)), 'rate'
  const [ping = '', jitter] = part.replace(/\+\/?-/, '±').split('±')
  link.ping = time(ping)
  if (jitter !== undefined) link.jitter = time(jitter)
  return 'ping'
}

function time(text: string): number {
  const t = text.trim()
  if (t === '0') return 0
  if (!/^(\d+(\.\d+)?(us|µs|ms|s|m|h))+$/.test(t)) throw new Error(s.net.noTime(t))
  return [...t.matchAll(/([\d.]+)(us|µs|ms|s|m|h)/g)].reduce((sum, [, n, unit]) => sum + Number(n) * units[unit!]!, 0)
}

function number(text: string): number {
  const t = text.trim()
  if (!/^\d+(\.\d+)?$/.test(t)) throw new Error(s.net.noNumber(t))
  return Number(t)
}

function check(l: Link): void {
  if ([l.ping, l.jitter, l.outage, l.every, l.cut, l.hang].some((t) => t > hour)) throw new Error(s.net.tooLong)
  if (l.jitter > l.ping) throw new Error(s.net.jitter)
  if (l.loss > 0.5) throw new Error(s.net.loss)
  if (l.rate !== 0 && (l.rate < 64 || l.rate > 2 ** 30)) throw new Error(s.net.rate)
  if (l.outage > 0 !== l.every > 0 || (l.every > 0 && l.every < 2 * l.outage)) throw new Error(s.net.outage)
}

export function isPerfect(l: Link): boolean {
  return Object.values(l).every((v) => v === 0)
}
