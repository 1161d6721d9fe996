import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { curve, sounds, type Sound } from '../src/synth'

// A device that notes what is asked of it. Nothing of it sounds.
type Step = readonly [how: string, value: number, at: number]
class Param {
  readonly steps: Step[] = []
  private readonly note = (how: string) => (value: number, at: number): void => void this.steps.push([how, value, at])
  readonly setValueAtTime = this.note('set')
  readonly linearRampToValueAtTime = this.note('linear')
  readonly exponentialRampToValueAtTime = this.note('exponential')
  readonly setTargetAtTime = this.note('target')
}
class Part {
  readonly gain = new Param()
  readonly frequency = new Param()
  onended: () => void = () => {}
  begins = 0
  ends = 0
  connected = false
  constructor(readonly ctx: Device, readonly options: Record<string, unknown> = {}) {
    ctx.parts.push(this)
  }
  connect(to: Part): Part {
    this.connected = true
    return to
  }
  disconnect(): void {
    this.connected = false
  }
  start(at: number): void {
    this.begins = at
    this.ctx.sources.push(this)
  }
  stop(at: number): void {
    this.ends = at
  }
}
class Gain extends Part {}
class Panner extends Part {}
let devices: Device[] = []
class Device {
  readonly parts: Part[] = []
  readonly sources: Part[] = []
  readonly sampleRate = 8000
  state = 'suspended'
  currentTime = 0
  constructor() {
    devices.push(this)
  }
  createBuffer = (): unknown => ({ getChannelData: () => new Float32Array(4000) })
  resume = vi.fn(async () => void (this.state = 'running'))
  suspend = vi.fn(async () => void (this.state = 'suspended'))
  // Lets time go by: what has sounded ends.
  pass(seconds: number): void {
    this.currentTime += seconds
    for (const s of this.sources.splice(0)) s.ends <= this.currentTime ? s.onended() : this.sources.push(s)
  }
}

const stored = new Map<string, string>()
const user = { hasBeenActive: true }
const fresh = async () => {
  vi.resetModules()
  return (await import('../src/sound')).sound
}
beforeEach(() => {
  vi.useFakeTimers()
  devices = []
  stored.clear()
  user.hasBeenActive = true
  const globals = { AudioContext: Device, GainNode: Gain, StereoPannerNode: Panner, OscillatorNode: Part, AudioBufferSourceNode: Part, BiquadFilterNode: Part, DynamicsCompressorNode: Part, WaveShaperNode: Part }
  for (const [name, value] of Object.entries(globals)) vi.stubGlobal(name, value)
  vi.stubGlobal('navigator', { userActivation: user })
  vi.stubGlobal('localStorage', { getItem: (k: string) => stored.get(k) ?? null, setItem: (k: string, v: string) => stored.set(k, v), removeItem: (k: string) => stored.delete(k) })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('sounds', () => {
  it.each(Object.keys(sounds) as Sound[])('%s swells and fades, within bounds, and leaves nothing behind', async (name) => {
    const sound = await fresh()
    sound.play('chat')
    const [device] = devices
    device!.pass(2)
    const before = device!.parts.length
    sound.play(name, 7, -3)
    const made = device!.parts.slice(before)
    expect(made.filter((p) => p instanceof Panner).map((p) => p.options)).toEqual([{ pan: -1 }])
    for (const p of made.filter((p) => p instanceof Gain)) {
      const [set, swell, fade, end] = p.gain.steps
      expect([p.options['gain'], set![1], end![1]]).toEqual([0, 0, 0])
      expect([swell![0], fade![0], end![0]]).toEqual(['linear', 'exponential', 'linear'])
      expect(swell![2] - set![2]).toBeGreaterThan(0.002)
      expect(end![2] - fade![2]).toBeGreaterThan(0.005)
      expect(swell![1]).toBeLessThanOrEqual(0.6)
    }
    for (const src of device!.sources) expect(src.ends - 2).toBeLessThan(1)
    expect(device!.sources.length).toBe(sounds[name].length)
    device!.pass(1)
    expect(made.filter((p) => (p instanceof Gain || p instanceof Panner) && p.connected)).toEqual([])
  })

  it('are as loud as the device at most', () => {
    const bent = curve()
    expect(Math.max(...bent.map(Math.abs))).toBeLessThan(0.9)
    expect(bent.every((v, i) => i === 0 || v > bent[i - 1]!)).toBe(true)
    expect(bent[512]).toBe(0)
  })

  it('wait until the visitor has done something', async () => {
    user.hasBeenActive = false
    const sound = await fresh()
    sound.play('go')
    expect(devices).toEqual([])
    user.hasBeenActive = true
    sound.play('go')
    expect(devices[0]!.sources.length).toBe(sounds.go.length)
    expect(devices[0]!.resume).toHaveBeenCalledTimes(1)
  })

  it('are muted by a fade, and stay so', async () => {
    const sound = await fresh()
    sound.play('chat')
    const { parts, sources } = devices[0]!
    sources.length = 0
    sound.muted = true
    expect(parts[0]!.gain.steps).toEqual([['target', 0, 0]])
    sound.play('win')
    expect(sources).toEqual([])
    expect((await fresh()).muted).toBe(true)
    sound.muted = false
    expect(parts[0]!.gain.steps.at(-1)).toEqual(['target', 1, 0])
    expect((await fresh()).muted).toBe(false)
  })

  it('give way: the same again, and the quiet ones where there are many', async () => {
    const sound = await fresh()
    sound.play('fire', 0.3)
    sound.play('fire', 0.2)
    const { sources } = devices[0]!
    expect(sources.length).toBe(1)
    sound.play('fire', 0.8) // one's own is heard beside another's
    expect(sources.length).toBe(2)
    for (let i = 0; i < 200; i++) {
      devices[0]!.currentTime += 0.001
      sound.play('win', i < 100 ? 0.3 : 1)
      if (i === 99) expect(sources.length).toBeLessThan(12)
    }
    expect(sources.length).toBeLessThan(24 + 4)
  })

  it('of a tab that nobody sees are calls, and do not burst when it is seen again', async () => {
    const page = Object.assign(new EventTarget(), { hidden: true })
    vi.stubGlobal('document', page)
    const sound = await fresh()
    for (const name of Object.keys(sounds) as Sound[]) if (!['go', 'turn', 'chat'].includes(name)) sound.play(name)
    expect(devices).toEqual([])
    sound.play('turn')
    const { sources } = devices[0]!
    expect(sources.length).toBe(sounds.turn.length)
    sources.length = 0
    page.hidden = false
    page.dispatchEvent(new Event('visibilitychange'))
    for (let i = 0; i < 20; i++) sound.play('boom')
    expect(sources).toEqual([])
    await vi.advanceTimersByTimeAsync(400)
    sound.play('boom')
    expect(sources.length).toBe(sounds.boom.length)
  })

  it('let the device sleep, and wake it', async () => {
    const sound = await fresh()
    sound.play('chat')
    await vi.advanceTimersByTimeAsync(15_000)
    devices[0]!.pass(15)
    sound.play('chat')
    await vi.advanceTimersByTimeAsync(15_000)
    expect(devices[0]!.state).toBe('running')
    await vi.advanceTimersByTimeAsync(10_000)
    expect(devices[0]!.state).toBe('suspended')
    sound.play('chat')
    expect(devices[0]!.state).toBe('running')
    expect(devices.length).toBe(1)
  })
})
