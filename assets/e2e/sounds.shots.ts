import { build } from 'esbuild'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import { launch, out } from './browser'

// What the sounds are like: npm run sounds. The page's own code plays into a device that is faster than time; a table is printed, and WAV files to
// listen to are written to out/.

type Play = readonly [at: number, name: string, loud: number, pan: number]

const names = ['fire', 'hit', 'hurt', 'boom', 'kill', 'pick', 'spawn', 'dash', 'tick', 'go', 'win', 'over', 'drop', 'turn', 'chat']
const rate = 48_000
const lead = 0.512 // in seconds: a device that has just begun is quieter, so what is heard before is left out
const source = fileURLToPath(new URL('../web/src/sound.ts', import.meta.url))
let browser: Browser
let page: Page

beforeAll(async () => {
  browser = await launch()
  page = await browser.newPage()
  const made = await build({ entryPoints: [source], bundle: true, format: 'iife', globalName: 'made', write: false, target: 'es2022' })
  await page.evaluate(`globalThis.fresh = () => { ${made.outputFiles[0]!.text}; return made.sound }`)
})
afterAll(() => browser?.close())

// Plays sounds at their times, in order, and gives the samples of both ears.
function heard(list: readonly Play[], seconds: number): Promise<number[][]> {
  return page.evaluate(async ([list, seconds, rate, lead]) => {
    let device!: OfflineAudioContext
    class Device extends OfflineAudioContext {
      constructor() {
        super(2, rate * (seconds + lead), rate)
        device = this // eslint-disable-line
      }
      override get state(): AudioContextState {
        return 'running'
      }
    }
    Object.assign(globalThis, { AudioContext: Device })
    Object.defineProperty(navigator, 'userActivation', { value: { hasBeenActive: true }, configurable: true })
    const sound = (globalThis as any).fresh()
    const due = [...list]
    const play = (until: number): void => {
      while (due[0] && due[0][0] <= until - lead) sound.play(...due.shift()!.slice(1))
    }
    sound.play('chat', 0.03)
    // Like frames: what came since the last one begins now. In whole blocks of the device, 128 samples.
    for (let at = lead; at < seconds + lead; at += 1024 / rate) {
      void device.suspend(at).then(() => {
        play(at)
        return OfflineAudioContext.prototype.resume.call(device)
      })
    }
    const buffer = await device.startRendering()
    return [0, 1].map((c) => Array.from(buffer.getChannelData(c).subarray(rate * lead)))
  }, [list, seconds, rate, lead] as const)
}

const db = (v: number): number => Math.round(200 * Math.log10(Math.max(v, 1e-6))) / 10
const rms = (x: readonly number[]): number => Math.sqrt(x.reduce((a, v) => a + v * v, 0) / x.length)
const largest = (x: readonly number[]): number => x.reduce((a, v) => Math.max(a, Math.abs(v)), 0)

// Levels in dB below full; loud is of the loudest tenth of a second, the pitch is that of a sine as steep, the step is the largest at either end.
function figures(x: readonly number[]): Record<string, number> {
  const peak = largest(x)
  const body = x.slice(x.findIndex((v) => Math.abs(v) > 1e-5), x.findLastIndex((v) => Math.abs(v) > peak / 1000) + 1)
  const slope = body.map((v, i) => v - (body[i - 1] ?? 0))
  const parts = Array.from({ length: Math.ceil(x.length / 1200) }, (_, i) => rms(x.slice(i * 1200, i * 1200 + 4800)))
  return {
    ms: Math.round((1000 * body.length) / rate), peak: db(peak), rms: db(rms(body)), loud: db(largest(parts)),
    Hz: Math.round((rms(slope) / rms(body)) * (rate / 2 / Math.PI)),
    offset: db(Math.abs(body.reduce((a, v) => a + v, 0) / body.length)), step: db(Math.max(largest(slope.slice(0, 48)), largest(slope.slice(-48)))),
  }
}

function wav(channels: readonly number[][]): Uint8Array {
  const file = new DataView(new ArrayBuffer(44 + channels[0]!.length * 4))
  Array.from('RIFF    WAVEfmt \x10\0\0\0\x01\0\x02\0        \x04\0\x10\0data    ', (c, i) => file.setUint8(i, c.charCodeAt(0)))
  for (const [at, v] of [[4, file.byteLength - 8], [24, rate], [28, rate * 4], [40, file.byteLength - 44]] as const) file.setUint32(at, v, true)
  channels.forEach((x, c) => x.forEach((v, i) => file.setInt16(44 + i * 4 + c * 2, Math.round(Math.max(-1, Math.min(1, v)) * 32767), true)))
  return new Uint8Array(file.buffer)
}

it('are heard', async () => {
  const rows: Record<string, unknown> = {}
  // Sixteen ships: what fires, hits and bursts within a second, sixty of them, near and far; and all sounds at once.
  const fight = Array.from({ length: 240 }, (_, i): Play => [i / 60, names[[0, 0, 0, 1, 0, 2, 0, 3, 0, 5, 7][i % 11]!]!, [1, 0.3, 0.1, 0.6, 0.8][i % 5]!, Math.sin(i)])
  const all: (readonly [string, readonly Play[], number])[] = [...names.map((n) => [n, [[0, n, 1, 0]], 1.2] as const), ['fight', fight, 4.5], ['together', names.map((n): Play => [0, n, 1, 0]), 1.5]]
  for (const [title, list, seconds] of all) {
    const ears = await heard(list, seconds)
    writeFileSync(path.join(out, `sound-${title}.wav`), wav(ears))
    rows[title] = figures(ears[0]!)
    expect(largest(ears.flat()), title).toBeLessThan(0.95)
  }
  console.table(rows)
})
