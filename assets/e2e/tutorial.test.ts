import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import { launch, out, visit } from './browser'
import { binary, start, type Server } from './server'

const root = fileURLToPath(new URL('../..', import.meta.url))
const dir = mkdtempSync(path.join(tmpdir(), 'sandlot-tutorial-'))
let server: Server
let browser: Browser

// The game that "sandlot new" writes, which is the one that the README prints.
beforeAll(async () => {
  execFileSync(binary(), ['new', 'gems', '--replace', root], { cwd: dir })
  const game = path.join(dir, 'gems')
  copyFileSync(path.join(root, 'go.sum'), path.join(game, 'go.sum'))
  const env = { ...process.env, GOFLAGS: '-mod=mod', GOPROXY: 'off', GOWORK: 'off', GOSUMDB: 'off' }
  execFileSync('go', ['build', '-o', 'program', './server'], { cwd: game, env, stdio: 'pipe' })
  server = await start({ SANDLOT_LOBBY_COUNTDOWN: '100ms', SANDLOT_LOBBY_COUNTDOWN_ALONE: '100ms', SANDLOT_LOBBY_BOTS_AFTER: '100ms' }, 0, path.join(game, 'program'))
  browser = await launch()
}, 180_000)
afterAll(async () => {
  await browser?.close()
  expect(await server?.stop()).toBe(0)
  rmSync(dir, { recursive: true })
})

// Where on the canvas the player's own square is.
const own = (page: Page): Promise<{ x: number; y: number } | null> =>
  page.evaluate(() => {
    const canvas = document.querySelector('canvas')!
    const { data, width } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
    let n = 0
    let x = 0
    let y = 0
    for (let i = 0; i < data.length; i += 4) {
      if (data[i] !== 220 || data[i + 1] !== 20 || data[i + 2] !== 60) continue // crimson
      n++
      x += (i / 4) % width
      y += Math.floor(i / 4 / width)
    }
    return n > 100 ? { x: x / n, y: y / n } : null
  })

describe('the game of the tutorial', () => {
  it('is played on its own page', async () => {
    const { page, faults } = await visit(browser)
    await page.goto(`${server.url}/games/gems/`)
    await expect.poll(() => own(page), { timeout: 20_000 }).not.toBeNull()
    await page.keyboard.down('ArrowRight')
    await expect.poll(async () => (await own(page))?.x ?? 0, { timeout: 20_000 }).toBeGreaterThan(600)
    await page.keyboard.up('ArrowRight')
    await page.keyboard.down('ArrowUp')
    await expect.poll(async () => (await own(page))?.y ?? 640, { timeout: 20_000 }).toBeLessThan(40)
    await page.keyboard.up('ArrowUp')
    await page.screenshot({ path: path.join(out, 'tutorial.png') })
    expect(faults).toEqual([])
  })
})
