import { keep } from './keep'
import { mixer, ring, sounds, type Sound } from './synth'

// Within so many seconds a sound is heard again only if it is louder.
const apart = 0.045
// Voices at a time. Quiet sounds give way first: one half as loud is left out when half as many are heard.
const most = 24
// What is asked for while the device starts is heard so late at most, in milliseconds; later it would be of something else.
const late = 250
// The device is asked to start so often at most, in milliseconds.
const again = 1000
// Heard of a tab that nobody sees: what calls somebody back to it.
const calls: ReadonlySet<Sound> = new Set(['go', 'turn', 'chat'])
// What a sleeping tab was not told comes all at once when it is seen again: so long nothing but calls is heard, in milliseconds.
const settle = 300
// It sleeps after so long without a sound, in milliseconds: it costs a phone its battery.
const idle = 20_000

/** Plays generated sounds, unless muted. Browsers allow it once the visitor has done something on the page. */
class Sounds {
  private ctx: AudioContext | null = null
  private level: GainNode | null = null
  private off = keep.muted // kept here too: storage may be forbidden, and other tabs write it
  private asked = -Infinity // when the device was last asked to start, in milliseconds
  private readonly last = new Map<Sound, { at: number; loud: number }>()
  private voices = 0
  private sleep: ReturnType<typeof setTimeout> | undefined
  private readonly listeners = new Set<() => void>()
  private seen = -Infinity // when the tab came into view again, in milliseconds

  constructor() {
    globalThis.document?.addEventListener('visibilitychange', () => {
      this.seen = performance.now()
    })
  }

  get muted(): boolean {
    return this.off
  }

  set muted(value: boolean) {
    this.off = keep.muted = value
    // Faded within hundredths of a second: what is cut off clicks.
    if (this.ctx) this.level?.gain.setTargetAtTime(value ? 0 : 1, this.ctx.currentTime, 0.01)
    for (const fn of this.listeners) fn()
  }

  /** Calls fn when the mute changes. */
  onMute(fn: () => void): () => void {
    this.listeners.add(fn)
    return () => this.listeners.delete(fn)
  }

  /** Plays a sound; `pan` from -1 (left) to 1, `loud` from 0 to 1. A tab that nobody sees lets only calls be heard. */
  play(sound: Sound, loud = 1, pan = 0): void {
    if (this.off || loud < 0.03 || (this.unseen && !calls.has(sound))) return
    const ctx = this.wake()
    if (!ctx || this.voices >= most * loud) return
    const before = this.last.get(sound)
    if (before && ctx.currentTime - before.at < apart && loud <= before.loud) return
    this.last.set(sound, { at: ctx.currentTime, loud })
    const { length } = sounds[sound]
    this.voices += length
    ring(ctx, this.level!, sound, Math.min(loud, 1), Math.max(-1, Math.min(1, pan)), () => {
      this.voices -= length
    })
    clearTimeout(this.sleep)
    this.sleep = setTimeout(() => void ctx.suspend(), idle)
  }

  // Nobody sees what would be heard.
  private get unseen(): boolean {
    return globalThis.document?.hidden || performance.now() - this.seen < settle
  }

  // The device, if it plays or is about to.
  private wake(): AudioContext | null {
    const ctx = (this.ctx ??= this.open())
    if (!ctx || ctx.state === 'running') return ctx
    const now = performance.now()
    if (now - this.asked > again) {
      this.asked = now
      ctx.resume().catch(() => {}) // not allowed yet: perhaps next time
    }
    return now - this.asked < late ? ctx : null
  }

  // Null before the visitor has done anything: browsers would complain.
  private open(): AudioContext | null {
    if (typeof AudioContext === 'undefined' || navigator.userActivation?.hasBeenActive === false) return null
    const ctx = new AudioContext({ latencyHint: 'interactive' })
    this.level = mixer(ctx)
    return ctx
  }
}

/** The page's sounds. */
export const sound = new Sounds()
