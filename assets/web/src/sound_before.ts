import { keep } from './keep'

/** What can be heard. All of it is made here, from waves and noise; there are no files. */
export type Sound =
  | 'fire' | 'hit' | 'hurt' | 'boom' | 'kill' | 'pick' | 'spawn' | 'dash'
  | 'tick' | 'go' | 'win' | 'over' | 'drop' | 'turn' | 'chat'

/** One voice: a wave or noise, from one pitch (Hz) to another, loud for so long (s), after so long. */
interface Voice {
  readonly wave: OscillatorType | 'noise'
  readonly from: number
  readonly to: number
  readonly long: number
  readonly loud: number
  readonly after?: number
}

const note = (from: number, after: number, long = 0.16, loud = 0.16): Voice => ({ wave: 'triangle', from, to: from, long, loud, after })

const sounds: Readonly<Record<Sound, readonly Voice[]>> = {
  fire: [{ wave: 'square', from: 720, to: 190, long: 0.09, loud: 0.07 }],
  hit: [{ wave: 'triangle', from: 1400, to: 900, long: 0.05, loud: 0.18 }],
  hurt: [{ wave: 'sawtooth', from: 220, to: 70, long: 0.18, loud: 0.2 }, { wave: 'noise', from: 1200, to: 300, long: 0.12, loud: 0.15 }],
  boom: [{ wave: 'noise', from: 900, to: 60, long: 0.55, loud: 0.4 }, { wave: 'sine', from: 120, to: 36, long: 0.45, loud: 0.35 }],
  kill: [note(660, 0, 0.1), note(990, 0.08, 0.2)],
  pick: [note(520, 0, 0.08), note(780, 0.06, 0.08), note(1040, 0.12, 0.14)],
  spawn: [{ wave: 'sine', from: 240, to: 720, long: 0.3, loud: 0.16 }],
  dash: [{ wave: 'noise', from: 400, to: 2600, long: 0.2, loud: 0.16 }],
  tick: [note(440, 0, 0.1, 0.14)],
  go: [note(880, 0, 0.3, 0.16)],
  win: [note(523, 0), note(659, 0.12), note(784, 0.24), note(1047, 0.36, 0.4)],
  over: [note(523, 0), note(440, 0.14), note(349, 0.28, 0.35)],
  drop: [{ wave: 'sine', from: 300, to: 130, long: 0.12, loud: 0.32 }, { wave: 'noise', from: 2400, to: 700, long: 0.05, loud: 0.12 }],
  turn: [note(587, 0, 0.1, 0.12), note(880, 0.1, 0.18, 0.12)],
  chat: [note(1175, 0, 0.07, 0.07)],
}

// The same sound again within so many seconds is one sound; so many voices at a time.
const apart = 0.045
const most = 24

/** Plays generated sounds, unless muted. Browsers allow it once the visitor has done something on the page. */
class Sounds {
  private ctx: AudioContext | null = null
  private out: AudioNode | null = null
  private noise: AudioBuffer | null = null
  private last = new Map<Sound, number>()
  private voices = 0
  private readonly listeners = new Set<() => void>()
  /** Sounds asked for so far, muted or not. */
  played = 0

  get muted(): boolean {
    return keep.muted
  }

  set muted(value: boolean) {
    keep.muted = value
    if (value) void this.ctx?.suspend()
    else void this.ctx?.resume()
    for (const fn of this.listeners) fn()
  }

  /** Calls fn when the mute changes. */
  onMute(fn: () => void): () => void {
    this.listeners.add(fn)
    return () => this.listeners.delete(fn)
  }

  /** Plays a sound; `pan` from -1 (left) to 1, `loud` from 0 to 1. */
  play(sound: Sound, loud = 1, pan = 0): void {
    this.played++
    if (this.muted || loud < 0.03) return
    const ctx = this.open()
    if (!ctx || ctx.state !== 'running') return
    const now = ctx.currentTime
    if (now - (this.last.get(sound) ?? -1) < apart || this.voices >= most) return
    this.last.set(sound, now)
    const panner = new StereoPannerNode(ctx, { pan: Math.max(-1, Math.min(1, pan)) })
    panner.connect(this.out!)
    for (const v of sounds[sound]) this.voice(ctx, panner, v, now + (v.after ?? 0), loud)
  }

  private open(): AudioContext | null {
    if (!this.ctx) {
      if (!navigator.userActivation?.hasBeenActive || typeof AudioContext === 'undefined') return null
      this.ctx = new AudioContext({ latencyHint: 'interactive' })
      const even = new DynamicsCompressorNode(this.ctx, { threshold: -18, ratio: 6 })
      even.connect(new GainNode(this.ctx, { gain: 0.7 })).connect(this.ctx.destination)
      this.out = even
    }
    if (this.ctx.state === 'suspended') void this.ctx.resume()
    return this.ctx
  }

  private voice(ctx: AudioContext, to: AudioNode, v: Voice, at: number, loud: number): void {
    const gain = new GainNode(ctx, { gain: 0 })
    gain.gain.setValueAtTime(v.loud * loud, at)
    gain.gain.exponentialRampToValueAtTime(0.0001, at + v.long)
    gain.connect(to)
    const source = v.wave === 'noise' ? this.hiss(ctx, v, at, gain) : this.wave(ctx, v, at, gain)
    this.voices++
    source.onended = () => {
      this.voices--
      gain.disconnect()
    }
    source.start(at)
    source.stop(at + v.long + 0.02)
  }

  private wave(ctx: AudioContext, v: Voice, at: number, to: AudioNode): AudioScheduledSourceNode {
    const osc = new OscillatorNode(ctx, { type: v.wave as OscillatorType, frequency: v.from })
    osc.frequency.setValueAtTime(v.from, at)
    osc.frequency.exponentialRampToValueAtTime(v.to, at + v.long)
    osc.connect(to)
    return osc
  }

  private hiss(ctx: AudioContext, v: Voice, at: number, to: AudioNode): AudioScheduledSourceNode {
    if (!this.noise) {
      this.noise = ctx.createBuffer(1, ctx.sampleRate / 2, ctx.sampleRate)
      const data = this.noise.getChannelData(0)
      for (let i = 0; i < data.length; i++) data[i] = Math.random() * 2 - 1
    }
    const source = new AudioBufferSourceNode(ctx, { buffer: this.noise, loop: true })
    const filter = new BiquadFilterNode(ctx, { type: 'lowpass', frequency: v.from, Q: 1 })
    filter.frequency.setValueAtTime(v.from, at)
    filter.frequency.exponentialRampToValueAtTime(v.to, at + v.long)
    source.connect(filter).connect(to)
    return source
  }
}

/** The page's sounds. */
export const sound = new Sounds()
