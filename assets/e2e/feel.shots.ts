import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, it } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import { launch, leave, out, visit } from './browser'
import { badnet } from './node/program'
import { start, type Server } from './server'
import { arenaData, create, inPhase, ownShip } from './steps'

// How the arena feels on bad networks, with prediction and without: npm run feel. Each link is a proxy of its own before the server, so all of the page
// goes through it. It writes out/feel.md, a table, and for 150 ms ± 30 ms with stalls out/feel.png, pictures of the moments after a push.
// Input to screen: from the key's event to the end of the drawing of the first frame that shows the own ship moving; the screen itself comes after.
// The picture is so small that also a processor draws it at nearly the pace of a screen, and the page is not told that one does: it would draw less often.

let server: Server
let browser: Browser
const rows: string[] = []
const stalls = '150ms±30ms,1%'
const links = (process.env['FEEL'] ?? `0ms 50ms 150ms ${stalls} 300ms`).split(' ')
const pushes = Number(process.env['PUSHES'] ?? 12)

beforeAll(async () => {
  server = await start({ SANDLOT_LOBBY_COUNTDOWN: '300ms', SANDLOT_LOBBY_COUNTDOWN_ALONE: '300ms', SANDLOT_LOBBY_HOLD: '10m' })
  browser = await launch()
})
afterEach(() => leave(browser))
afterAll(async () => {
  const head = ['| link | prediction | input to screen, median | p90 | pushes | corrections | mean | largest | leaps | largest leap | frame |', '|---|---|---|---|---|---|---|---|---|---|---|']
  writeFileSync(path.join(out, 'feel.md'), [...head, ...rows, '', 'Times in ms, lengths in units (a ship is 1.5 across). Frame: median time from frame to frame, which no answer can be much faster than.', ''].join('\n'))
  console.log(readFileSync(path.join(out, 'feel.md'), 'utf8'))
  await browser?.close()
  await server?.stop()
})

interface Felt {
  screen: number[]
  leaps: number
  largestLeap: number
  corrections: number
  meanCorrection: number
  largestCorrection: number
}

/** Lets the page draw as it does with a graphics card. */
async function asWithACard(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const real = WebGL2RenderingContext.prototype.getParameter
    WebGL2RenderingContext.prototype.getParameter = function (name: number): unknown {
      const value: unknown = real.call(this, name)
      return typeof value === 'string' && /swiftshader/i.test(value) ? 'a graphics card' : value
    }
  })
}

/** Waits until the own ship lives and has stood still for a while, at the figures' own pace: five a second. */
async function still(page: Page): Promise<{ x: number; y: number }> {
  await ownShip(page)
  const handle = await page.waitForFunction(() => {
    const w = window as unknown as { stood?: { at: string; n: number; tick: string } }
    const { me = '', tick = '' } = document.querySelector<HTMLElement>('[data-test=arena]')?.dataset ?? {}
    if (!me) return null
    const { x, y } = JSON.parse(me) as { x: number; y: number }
    const at = `${x} ${y}`
    if (w.stood?.at !== at) w.stood = { at, n: 0, tick }
    else if (w.stood.tick !== tick) w.stood = { at, n: w.stood.n + 1, tick }
    return w.stood.n >= 3 ? { x, y } : null
  }, undefined, { timeout: 30_000 })
  return (await handle.jsonValue())!
}

/** Pushes the ship one way for a moment, from rest, away from the nearer wall. */
async function push(page: Page): Promise<void> {
  const { x } = await still(page)
  const key = x < 32 ? 'd' : 'a'
  await page.keyboard.down(key)
  await page.waitForFunction(([from, before]) => {
    const d = document.querySelector<HTMLElement>('[data-test=arena]')!.dataset
    const { screen } = JSON.parse(d['feel'] || '{"screen":[]}') as { screen: unknown[] }
    const me = JSON.parse(d['me'] || 'null') as { x: number } | null
    return !me || screen.length > before! || Math.abs(me.x - from!) > 2
  }, [x, ((await arenaData<Felt>(page, 'feel'))?.screen ?? []).length] as const, { timeout: 10_000 })
  await page.keyboard.up(key)
}

async function predict(page: Page, on: boolean): Promise<void> {
  await page.keyboard.press('Backquote')
  await page.locator('[data-test=predict]').setChecked(!on)
  await page.locator('[data-test=predict]').setChecked(on) // the figures begin anew
  await page.keyboard.press('Escape')
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
}

const quantile = (list: number[], q: number): number => [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(q * list.length))] ?? NaN

/** Takes pictures of what the page has just drawn, where asked to: see film. */
async function withACamera(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const reel = { pressed: 0, wanted: [] as number[], taken: [] as { at: number; canvas: HTMLCanvasElement }[] }
    let drew = false
    for (const name of ['drawElements', 'drawElementsInstanced'] as const) {
      const real = WebGL2RenderingContext.prototype[name] as (...args: unknown[]) => void
      Object.assign(WebGL2RenderingContext.prototype, { [name](this: unknown, ...args: unknown[]) {
        drew = true
        real.apply(this, args)
      } })
    }
    addEventListener('keydown', (ev) => {
      if (reel.wanted.length > 0) reel.pressed ||= ev.timeStamp
    }, { capture: true })
    const raf = requestAnimationFrame.bind(window)
    window.requestAnimationFrame = (fn) => raf((now) => {
      drew = false
      fn(now)
      if (!drew || !reel.pressed) return
      for (const at = performance.now() - reel.pressed; at >= reel.wanted[0]!; reel.wanted.shift()) {
        const from = document.querySelector<HTMLCanvasElement>('[data-test=arena] canvas')!
        const canvas = Object.assign(document.createElement('canvas'), { width: from.clientWidth, height: from.clientHeight }) // the page may draw more coarsely
        const to = canvas.getContext('2d')!
        to.fillStyle = '#e4dcc8'
        to.fillRect(0, 0, canvas.width, canvas.height)
        to.drawImage(from, 0, 0, canvas.width, canvas.height)
        reel.taken.push({ at, canvas })
      }
    })
    Object.assign(window, { reel })
  })
}

/** Pictures of the moments after a push, in milliseconds after the key: each of the first frame that was drawn then. */
const moments = [0, 50, 100, 200, 300, 400, 500, 600, 800]
type Still = { at: number; picture: string }
interface Reel { pressed: number; wanted: number[]; taken: { at: number; canvas: HTMLCanvasElement }[] }
async function film(page: Page): Promise<Still[]> {
  const { x } = await still(page)
  await page.evaluate((wanted) => Object.assign((window as unknown as { reel: Reel }).reel, { pressed: 0, wanted, taken: [] }), moments)
  await page.keyboard.down(x < 32 ? 'd' : 'a')
  await page.waitForFunction(() => (window as unknown as { reel: Reel }).reel.wanted.length === 0, undefined, { timeout: 10_000 })
  await page.keyboard.up(x < 32 ? 'd' : 'a')
  return page.evaluate(() => (window as unknown as { reel: Reel }).reel.taken.map(({ at, canvas }) => ({ at: Math.round(at), picture: canvas.toDataURL('image/jpeg', 0.9) })))
}

/** Of three takes the one whose answer was neither the first nor the last to come. */
async function usual(page: Page): Promise<Still[]> {
  const takes: { answer: number; film: Still[] }[] = []
  while (takes.length < 3) {
    const before = (await arenaData<Felt>(page, 'feel')).screen.length
    const taken = await film(page)
    const answer = (await arenaData<Felt>(page, 'feel')).screen[before]
    if (answer !== undefined) takes.push({ answer, film: taken })
  }
  return takes.sort((a, b) => a.answer - b.answer)[1]!.film
}

async function strip(films: Map<string, Still[]>, link: string): Promise<void> {
  const { page } = await visit(browser)
  const line = [...films].map(([name, list]) => `<h2>${name}</h2><div>${list.map((f) => `<figure><figcaption>${f.at} ms</figcaption><p><img src="${f.picture}"></p></figure>`).join('')}</div>`).join('')
  await page.setViewportSize({ width: moments.length * 212 + 20, height: 440 })
  await page.setContent(`<style>body{font:15px system-ui;margin:10px;width:max-content}h1{font-size:18px}h2{font-size:15px;margin:8px 0 2px}div{display:flex;gap:6px}figure{margin:0}
    p{margin:0;position:relative;width:206px;height:152px;overflow:hidden}p::after{content:"";position:absolute;inset:0 50% 0 auto;border-left:1px dashed #d00}
    img{position:absolute;left:50%;top:50%;transform:translate(-50%,-50%)}</style><h1>${link}: after a key is pressed. The red line stays where it is; the ground moves under the ship.</h1>${line}`)
  await page.locator('body').screenshot({ path: path.join(out, 'feel.png') })
}

describe.each(links)('%s', (link) => {
  it('is felt', async () => {
    const net = await badnet(server.url, link)
    const films = new Map<string, Still[]>()
    try {
      const { page } = await visit(browser, { name: 'Ann' })
      await asWithACard(page)
      await withACamera(page)
      await page.setViewportSize({ width: 320, height: 240 })
      const code = await create(page, net.url, { game: 'arena', private: true, settings: { map: 1, seconds: 600, kills: 0 } })
      // The other player's connection is lost at once, and the seat is kept: a ship that stands still.
      const other = await visit(browser, { name: 'Bob', size: 'small' })
      await other.page.goto(`${server.url}/?lobby=${code}`)
      await other.page.locator('[data-test=play]').click()
      await page.locator('.members li').nth(1).waitFor({ state: 'attached' })
      await page.locator('[data-test=start]').click()
      await inPhase(page, 'running')
      await other.context.close()
      for (const on of [true, false]) {
        await predict(page, on)
        for (let i = 0; i < pushes; i++) await push(page)
        const felt = await arenaData<Felt>(page, 'feel')
        await page.keyboard.press('Backquote')
        const frame = await page.locator('[data-figure=frame] dd').textContent()
        await page.keyboard.press('Escape')
        const f = (v: number): string => v.toFixed(2)
        rows.push(`| ${link} | ${on ? 'yes' : 'no'} | ${quantile(felt.screen, 0.5).toFixed(0)} | ${quantile(felt.screen, 0.9).toFixed(0)} | ${felt.screen.length} | ${
          on ? `${felt.corrections} | ${f(felt.meanCorrection)} | ${f(felt.largestCorrection)}` : '– | – | –'} | ${felt.leaps} | ${f(felt.largestLeap)} | ${/^[\d.]+/.exec(frame ?? '')?.[0]} |`)
        if (link === stalls) films.set(on ? 'with prediction' : 'without', await usual(page))
      }
    } finally {
      await net.stop()
    }
    if (films.size > 0) await strip(films, link)
  })
})
