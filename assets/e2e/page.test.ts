import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import { accessible } from './axe'
import { launch, leave, shot, visit } from './browser'
import { start, type Server } from './server'
import { arenaData, create, inPhase, me, ownShip, playNow } from './steps'

let server: Server
let browser: Browser

const quick = { SANDLOT_LOBBY_COUNTDOWN: '300ms', SANDLOT_LOBBY_BOTS_AFTER: '200ms' }

beforeAll(async () => {
  server = await start(quick)
  browser = await launch()
})
const others: Server[] = []
afterEach(async () => {
  await leave(browser)
  await Promise.all(others.splice(0).map((s) => s.stop()))
})
afterAll(async () => {
  await browser?.close()
  expect(await server?.stop()).toBe(0)
})

async function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
}

describe('the page', () => {
  it('works on a phone, with thumbs', async () => {
    const { page, context, faults } = await visit(browser, { name: 'Ann', size: 'phone' })
    await page.goto(server.url)
    await page.locator('[data-game=arena]').waitFor()
    await shot(page, 'home-phone')
    await accessible(page)
    expect(await overflow(page)).toBe(0)
    await playNow(page, server.url, 'arena')
    const from = await ownShip(page)
    expect(await overflow(page)).toBe(0)
    await shot(page, 'arena-phone')
    await accessible(page)

    // The left thumb pushes a stick towards the middle of the map.
    const box = (await page.locator('[data-test=arena]').boundingBox())!
    const [x, y] = [box.x + 90, box.y + box.height - 200]
    const touch = await context.newCDPSession(page)
    await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x, y }] })
    await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [{ x: x + (from.x < 32 ? 60 : -60), y }] })
    await page.waitForFunction((was) => {
      const mine = JSON.parse(document.querySelector<HTMLElement>('[data-test=arena]')?.dataset['me'] || 'null')
      return mine && Math.abs(mine.x - was) > 1.5
    }, from.x, { timeout: 40_000 })
    await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })

    await page.locator('[data-tab=chat]').click()
    await page.locator('[data-test=say]').fill('from my phone')
    await page.locator('.chat form button').click()
    await page.locator('[data-test=chat]').getByText('from my phone').waitFor()
    await shot(page, 'chat-phone')
    await accessible(page)
    expect(await overflow(page)).toBe(0)
    expect(faults).toEqual([])
  })

  it('lists lobbies live, and joins from the list', async () => {
    const ann = await visit(browser, { name: 'Ann' })
    const bob = await visit(browser, { name: 'Bob', dark: true })
    await bob.page.goto(server.url)
    const code = await create(ann.page, server.url, { game: 'fours', title: 'Come and play' })
    const row = bob.page.locator('.lobby', { hasText: 'Come and play' })
    await row.waitFor()
    await shot(bob.page, 'home-dark')
    await accessible(bob.page)
    await bob.page.locator('[data-test=create]').click()
    await shot(bob.page, 'create-dark')
    await accessible(bob.page)
    await bob.page.keyboard.press('Escape')
    await row.getByRole('button').click()
    await inPhase(bob.page, 'waiting')
    expect(await bob.page.locator('[data-test=code]').textContent()).toBe(code)
    await ann.page.locator('.members li').nth(1).waitFor()
    // A typed code with a small mistake in form still finds its way.
    await bob.page.locator('[data-test=leave]').click()
    await bob.page.locator('[data-screen=home]').waitFor()
    await bob.page.locator('#code').fill(` ${code.toLowerCase().slice(0, 4)}-${code.toLowerCase().slice(4)} `)
    await bob.page.keyboard.press('Enter')
    await inPhase(bob.page, 'waiting')
    await bob.page.locator('[data-test=leave]').click()
    await bob.page.locator('#code').fill('ZZZZ9999')
    await bob.page.keyboard.press('Enter')
    await bob.page.locator('.notice').getByText('no lobby').waitFor()
    expect(ann.faults).toEqual([])
  })

  it('comes back by itself after a lost connection, in the same seat', async () => {
    const { page } = await visit(browser, { name: 'Ann' })
    const slow = { code: 4008, reason: 'slow' }
    const sockets: { close: (o: typeof slow) => Promise<void> }[] = []
    let cut = false
    await page.routeWebSocket(/\/v1\/ws/, (ws) => {
      if (cut) return void ws.close(slow)
      ws.connectToServer()
      sockets.push(ws)
    })
    await playNow(page, server.url, 'arena')
    await ownShip(page)
    const seat = await me(page)
    const before = await arenaData<number>(page, 'tick')
    cut = true
    await sockets[0]!.close(slow)
    await page.locator('[data-test=status][data-state=reconnecting]').waitFor()
    await shot(page, 'reconnecting-light')
    await accessible(page)
    cut = false
    await page.locator('[data-test=status][data-state=open]').waitFor() // a wait is 15 s at most
    await page.waitForFunction((t) => Number(document.querySelector<HTMLElement>('[data-test=arena]')?.dataset['tick']) > t + 30, before)
    expect(await me(page)).toBe(seat)
    expect(sockets.length).toBeGreaterThan(1)
  })

  it('says why it ended when the server stops, and plays on when it is back', async () => {
    const other = await start(quick)
    others.push(other)
    const { page } = await visit(browser, { name: 'Ann' })
    await playNow(page, other.url, 'arena')
    await ownShip(page)
    expect(await other.stop()).toBe(0)
    const status = page.locator('[data-test=status][data-state=reconnecting]')
    await status.waitFor()
    expect(await status.getAttribute('title')).toMatch(/restarting|lost/)
    const again = await start(quick, Number(new URL(other.url).port))
    others.push(again)
    // Its lobbies are gone: the page says so and offers a way on.
    await page.locator('[data-test=reason]').waitFor({ timeout: 30_000 })
    await shot(page, 'ended-light')
    await accessible(page)
    await page.locator('.over button').last().click()
    await playNow(page, again.url, 'arena')
  })
})
