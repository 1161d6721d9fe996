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

const note = (from: number, after: number, long = 0.16, loud = 0.28): Voice => ({ wave: 'triangle', from, to: from, long, loud, after })

/**
 * The voices of each sound. Measured (npm run sounds), each is as loud as it matters: bursts and what happens to oneself most, shots, steps and words
 * least; and each has something above 300 Hz, since phones play nothing below.
 */
export const sounds: Readonly<Record<Sound, readonly Voice[]>> = {
  fire: [{ wave: 'square', from: 720, to: 190, long: 0.09, loud: 0.2 }],
  hit: [{ wave: 'triangle', from: 1400, to: 900, long: 0.07, loud: 0.36 }],
  hurt: [{ wave: 'sawtooth', from: 220, to: 70, long: 0.18, loud: 0.45 }, { wave: 'noise', from: 1200, to: 300, long: 0.12, loud: 0.36 }],
  boom: [{ wave: 'noise', from: 1800, to: 90, long: 0.55, loud: 0.45 }, { wave: 'sine', from: 120, to: 36, long: 0.45, loud: 0.35 }],
  kill: [note(660, 0, 0.1, 0.36), note(990, 0.08, 0.2, 0.36)],
  pick: [note(520, 0, 0.08), note(780, 0.06, 0.08), note(1040, 0.12, 0.14)],
  spawn: [{ wave: 'sine', from: 330, to: 990, long: 0.3, loud: 0.24 }],
  dash: [{ wave: 'noise', from: 4000, to: 700, long: 0.25, loud: 0.4 }],
  tick: [note(440, 0, 0.1, 0.36)],
  go: [note(880, 0, 0.3, 0.32)],
  win: [note(523, 0), note(659, 0.12), note(784, 0.24), note(1047, 0.36, 0.4)],
  over: [note(523, 0), note(440, 0.14), note(349, 0.28, 0.35)],
  drop: [{ wave: 'sine', from: 300, to: 130, long: 0.12, loud: 0.4 }, { wave: 'noise', from: 2400, to: 700, long: 0.05, loud: 0.2 }],
  turn: [note(587, 0, 0.1, 0.26), note(880, 0.1, 0.18, 0.26)],
  chat: [note(1175, 0, 0.07, 0.2)],
}

// Every voice swells and fades so long at least, in seconds: a wave that is there or gone at once is a click.
const swell = 0.003
const fade = 0.012
// Where a fade stops being exponential, as a share of what is full: an exponential one never ends at nothing.
const faint = 0.002
// No shot is quite like the one before, as a share of the pitch. Notes keep theirs.
const loose = 0.05

/** What all sounds go through on their way to the device; its gain fades them. However many there are, nothing leaves it that clips. */
export function mixer(ctx: BaseAudioContext): GainNode {
  const level = new GainNode(ctx, { gain: 1 })
  // One that is quick begins by holding down, for a tenth of a second, the very sound that it was made for.
  const even = new DynamicsCompressorNode(ctx, { threshold: -18, ratio: 6, attack: 0.03, release: 0.1 })
  level.connect(even).connect(new GainNode(ctx, { gain: 0.7 })).connect(new WaveShaperNode(ctx, { curve: curve() })).connect(ctx.destination)
  return level
}

/** Straight up to 0.6, then bent so that it stays below 0.9: it holds what is too quick to be evened out. */
export function curve(): Float32Array<ArrayBuffer> {
  const out = new Float32Array(1025)
  for (let i = 0; i < out.length; i++) {
    const x = i / 512 - 1
    const over = Math.max(0, Math.abs(x) - 0.6)
    out[i] = Math.sign(x) * (Math.abs(x) - over + 0.3 * Math.tanh(over / 0.3))
  }
  return out
}

/** Begins a sound now; `pan` from -1 to 1, `loud` from 0 to 1. Calls `ended` when the last of it has been heard; then nothing of it is left. */
export function ring(ctx: BaseAudioContext, to: AudioNode, sound: Sound, loud: number, pan: number, ended: () => void): void {
  const panner = new StereoPannerNode(ctx, { pan })
  panner.connect(to)
  const off = 1 + (Math.random() - 0.5) * loose
  let left = sounds[sound].length
  for (const v of sounds[sound]) {
    const at = ctx.currentTime + (v.after ?? 0)
    const gain = new GainNode(ctx, { gain: 0 })
    gain.gain.setValueAtTime(0, at)
    gain.gain.linearRampToValueAtTime(v.loud * loud, at + swell)
    gain.gain.exponentialRampToValueAtTime(v.loud * loud * faint, at + v.long)
    gain.gain.linearRampToValueAtTime(0, at + v.long + fade)
    gain.connect(panner)
    const source = v.wave === 'noise' ? hiss(ctx, v, at, gain) : wave(ctx, v, v.from === v.to ? 1 : off, at, gain)
    source.onended = () => {
      gain.disconnect()
      if (--left > 0) return
      panner.disconnect()
      ended()
    }
    source.start(at)
    source.stop(at + v.long + fade)
  }
}

function wave(ctx: BaseAudioContext, v: Voice, off: number, at: number, to: AudioNode): AudioScheduledSourceNode {
  const osc = new OscillatorNode(ctx, { type: v.wave as OscillatorType, frequency: v.from * off })
  osc.frequency.setValueAtTime(v.from * off, at)
  osc.frequency.exponentialRampToValueAtTime(v.to * off, at + v.long)
  osc.connect(to)
  return osc
}

function hiss(ctx: BaseAudioContext, v: Voice, at: number, to: AudioNode): AudioScheduledSourceNode {
  const source = new AudioBufferSourceNode(ctx, { buffer: noise(ctx), loop: true })
  const filter = new BiquadFilterNode(ctx, { type: 'lowpass', frequency: v.from, Q: 1 })
  filter.frequency.setValueAtTime(v.from, at)
  filter.frequency.exponentialRampToValueAtTime(v.to, at + v.long)
  source.connect(filter).connect(to)
  return source
}

const noises = new WeakMap<BaseAudioContext, AudioBuffer>()

// Half a second of noise, made once for a device.
function noise(ctx: BaseAudioContext): AudioBuffer {
  const known = noises.get(ctx)
  if (known) return known
  const made = ctx.createBuffer(1, ctx.sampleRate / 2, ctx.sampleRate)
  const data = made.getChannelData(0)
  for (let i = 0; i < data.length; i++) data[i] = Math.random() * 2 - 1
  noises.set(ctx, made)
  return made
}
