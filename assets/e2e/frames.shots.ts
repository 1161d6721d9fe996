import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, it } from 'vitest'
import type { Browser } from 'playwright-core'
import { launch, out, visit } from './browser'
import { start, type Server } from './server'
import { create, inPhase } from './steps'

// How long frames of the arena take with 16 ships: npm run pictures -- frames. Without a graphics card the processor draws, slowly, and
// the page itself then asks for at most 30 frames a second; what our own code takes of each frame is told apart from that.

let server: Server
let browser: Browser

beforeAll(async () => {
  server = await start({ SANDLOT_LOBBY_COUNTDOWN: '300ms', SANDLOT_LOBBY_COUNTDOWN_ALONE: '300ms' })
  browser = await launch()
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

const quantile = (list: number[], q: number): number => [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(q * list.length))] ?? 0

describe.each(['desktop', 'phone'] as const)('%s', (size) => {
  it('traces frames', async () => {
    const { page, context } = await visit(browser, { name: 'Ann', size })
    // Times each animation callback: that is our work, drawing calls included, without what the screen waits for.
    await page.addInitScript(() => {
      const times: { gap: number; work: number }[] = []
      let last = 0
      const raf = window.requestAnimationFrame.bind(window)
      window.requestAnimationFrame = (fn) => raf((now) => {
        const begun = performance.now()
        fn(now)
        const work = performance.now() - begun
        // Several callbacks may share a frame.
        if (now === last && times.length) times.at(-1)!.work += work
        else times.push({ gap: last ? now - last : 0, work })
        last = now
      })
      Object.assign(window, { sandlotFrames: times })
    })
    await create(page, server.url, { game: 'arena', bots: true, settings: { fillTo: 16, seconds: 180, kills: 0 } })
    await page.locator('[data-test=start]').click()
    await inPhase(page, 'running')
    await page.waitForFunction(() => Number(document.querySelector<HTMLElement>('[data-test=arena]')?.dataset['tick']) > 90, undefined, { timeout: 40_000 })
    await page.evaluate(() => (window as unknown as { sandlotFrames: unknown[] }).sandlotFrames.splice(0))
    await page.waitForTimeout(20_000)
    const list = (await page.evaluate(() => (window as unknown as { sandlotFrames: { gap: number; work: number }[] }).sandlotFrames)).slice(1)
    const gaps = list.map((f) => f.gap)
    const work = list.map((f) => f.work)
    const figures = {
      size, frames: list.length, seconds: 20,
      'ms between frames': { median: quantile(gaps, 0.5), p95: quantile(gaps, 0.95), p99: quantile(gaps, 0.99), worst: Math.max(...gaps) },
      'ms of work a frame': { median: quantile(work, 0.5), p95: quantile(work, 0.95), p99: quantile(work, 0.99), worst: Math.max(...work) },
    }
    console.log(JSON.stringify(figures))
    writeFileSync(path.join(out, `frames-${size}.json`), JSON.stringify({ ...figures, list }))
    await context.close()
  })
})
