import { describe, expect, it } from 'vitest'
import { chanceOf, Lane, Outages } from '../src/badnet/lane'
import { isPerfect, parse, perfect, type Link } from '../src/badnet/link'

const lanes = (text: string, seed = 1): { link: Link; up: Lane; down: Lane } => {
  const link = parse(text)
  const outages = new Outages(link, chanceOf(seed), 0)
  return { link, up: new Lane(link, chanceOf(seed + 1), outages), down: new Lane(link, chanceOf(seed + 2), outages) }
}

describe('a link', () => {
  it('is read from its parts, in any order', () => {
    expect(parse(' ')).toEqual(perfect)
    expect(isPerfect(parse('0ms'))).toBe(true)
    expect(parse('150ms±30ms,1%')).toEqual({ ...perfect, ping: 150, jitter: 30, loss: 0.01 })
    expect(parse('64kbit/s, 1.5s+-1s')).toEqual({ ...perfect, ping: 1500, jitter: 1000, rate: 8000 })
    expect(parse('outage=5s/1m,cut=1m30s,hang=1h')).toEqual({ ...perfect, outage: 5000, every: 60_000, cut: 90_000, hang: 3_600_000 })
  })

  it.each([
    ['150', /no time/], ['fast', /no time/], ['10ms,20ms', /twice/], ['10ms±20ms', /jitter/], ['60%', /50%/], ['x%', /no number/], ['1B/s', /64B/],
    ['outage=5s', /no time/], ['outage=5s/6s', /half/], ['lag=5s', /no lag/], ['2h', /hour/], ['10ms,', /no time/],
  ])('is refused as %s', (text, why) => {
    expect(() => parse(text)).toThrow(why)
  })
})

describe('a lane', () => {
  it('takes half the ping each way, jittered, and nothing overtakes', () => {
    const { up, down } = lanes('100ms±40ms')
    let last = 0
    for (let now = 0; now < 10_000; now += 10) {
      const at = up.due(now, 20)
      expect(at).toBeGreaterThanOrEqual(Math.max(last, now + 30))
      expect(at).toBeLessThanOrEqual(Math.max(last, now + 70))
      last = at
    }
    expect(down.due(0, 20)).toBeLessThanOrEqual(70)
  })

  it('stalls for a loss, and what is behind with it', () => {
    const { up } = lanes('100ms,5%', 3)
    const late = Array.from({ length: 2000 }, (_, i) => up.due(i * 10, 20) - i * 10)
    expect(Math.min(...late)).toBe(50)
    expect(Math.max(...late)).toBeGreaterThanOrEqual(350)
    const held = late.filter((d) => d > 50).length
    expect(held).toBeGreaterThan(600)
    expect(held).toBeLessThan(1800)
  })

  it('sends no faster than its rate, and nothing in an outage or after it hangs', () => {
    expect(lanes('20ms,10KB/s').up.due(0, 51_200)).toBe(5010)
    const { up, down } = lanes('10ms,outage=5s/20s')
    const waits = Array.from({ length: 6000 }, (_, i) => up.due(i * 100, 1) - i * 100)
    expect(Math.max(...waits)).toBeGreaterThan(4000)
    expect(Math.max(...waits)).toBeLessThanOrEqual(5005)
    expect(down.due(600_000, 1)).toBeLessThan(606_000)
    const dead = lanes('hang=10s').up
    expect(dead.due(4000, 1)).toBe(4000)
    expect(dead.due(15_001, 1)).toBe(Infinity)
  })

  it('does the same again for the same seed', () => {
    const evening = (seed: number): number[] => {
      const { up } = lanes('100ms±50ms,3%', seed)
      return Array.from({ length: 50 }, (_, i) => up.due(i * 33, 30))
    }
    expect(evening(7)).toEqual(evening(7))
    expect(evening(7)).not.toEqual(evening(8))
  })
})
