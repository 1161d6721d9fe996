import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import { accessible } from './axe'
import { launch, leave, shot, visit } from './browser'
import { start, type Server } from './server'
import { arenaData, create, drop, inPhase, ownShip, playNow, type Place } from './steps'

let server: Server
let browser: Browser

beforeAll(async () => {
  server = await start({ SANDLOT_LOBBY_COUNTDOWN: '300ms', SANDLOT_LOBBY_COUNTDOWN_ALONE: '300ms', SANDLOT_LOBBY_BOTS_AFTER: '200ms', SANDLOT_LOBBY_RESULTS: '6s' })
  browser = await launch()
})
afterEach(() => leave(browser))
afterAll(async () => {
  await browser?.close()
  expect(await server?.stop()).toBe(0)
})

const focused = (page: Page): Promise<string> => page.evaluate(() => {
  const e = document.activeElement as HTMLElement
  return e.dataset['test'] ?? e.dataset['game'] ?? e.dataset['mode'] ?? e.dataset['filter'] ?? e.id ?? ''
})

describe('the shell', () => {
  it('is reached and played by keyboard alone, and tells each move', async () => {
    const { page, faults } = await visit(browser, { name: 'Ann' })
    await page.goto(server.url)
    await page.locator('[data-game=arena]').waitFor()
    const way: string[] = []
    for (let i = 0; i < 16; i++) {
      await page.keyboard.press('Tab')
      way.push(await focused(page))
    }
    expect(way).toEqual(['name', 'colour', 'arena', 'play', 'open', 'ranked', 'duel', 'party-create', 'party-code', '', 'code', '', 'create', 'game', 'phase', 'open'])
    await page.locator('[data-test=colour]').focus()
    await page.keyboard.press('Tab')
    await page.keyboard.press('ArrowRight')
    expect(await focused(page)).toBe('fours')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await inPhase(page, 'running')
    await page.locator('[data-test=fours].mine').waitFor({ timeout: 40_000 })
    await page.locator('h1').click() // the focus is nowhere
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    await page.locator('[data-test=move]', { hasText: /(You|\w+): column \d, row \d\./ }).waitFor()
    await page.waitForFunction(() => /1|2/.test(document.querySelector<HTMLElement>('[data-test=fours]')?.dataset['board'] ?? ''))
    expect(await page.locator('[data-test=fours] table td', { hasText: /first|second/ }).count()).toBeGreaterThan(0)
    expect(faults).toEqual([])
  })

  it('counts what was said, links addresses safely, asks for a rematch', async () => {
    const ann = await visit(browser, { name: 'Ann', size: 'phone' })
    const bob = await visit(browser, { name: 'Bob', dark: true })
    const code = await create(ann.page, server.url, { game: 'fours' })
    await ann.page.locator('.sheet [data-test=qr]').click()
    await shot(ann.page, 'qr-phone')
    await accessible(ann.page)
    await ann.page.keyboard.press('Escape')
    await bob.page.goto(`${server.url}/?lobby=${code}`)
    await bob.page.locator('[data-test=play]').click()
    await inPhase(bob.page, 'waiting')
    await bob.page.locator('[data-test=say]').fill('look: https://example.com/a, javascript:alert(1)')
    await bob.page.keyboard.press('Enter')
    const badge = ann.page.locator('.badge')
    await badge.getByText('1').waitFor()
    expect(await ann.page.title()).toBe('(1) Sandlot')
    await ann.page.locator('[data-tab=chat]').click()
    expect(await badge.isVisible()).toBe(false)
    const links = ann.page.locator('[data-test=chat] a')
    expect(await links.count()).toBe(1)
    expect(await links.getAttribute('href')).toBe('https://example.com/a')
    expect(await links.getAttribute('rel')).toContain('noopener')
    await ann.page.locator('[data-tab=chat]').click()

    await bob.page.locator('[data-test=ready]').click()
    await ann.page.locator('[data-test=start]').click()
    await Promise.all([inPhase(ann.page, 'running'), inPhase(bob.page, 'running')])
    // Whoever begins stacks one column, the other answers beside it.
    const mine = '[data-test=fours].mine'
    await ann.page.locator(mine).or(ann.page.locator('[data-test=turn]', { hasText: 'Bob is thinking' })).first().waitFor()
    const [one, two] = (await ann.page.locator(mine).count()) > 0 ? [ann.page, bob.page] : [bob.page, ann.page]
    for (let i = 0; i < 3; i++) {
      await one.locator(mine).waitFor()
      await drop(one, 0, 'keyboard')
      await two.locator(mine).waitFor()
      await drop(two, 1, 'keyboard')
    }
    await one.locator(mine).waitFor()
    await drop(one, 0, 'keyboard')
    await ann.page.locator('[data-test=again]').waitFor()
    await bob.page.locator('[data-test=again]').click()
    await ann.page.locator('.wants').getByText('Bob wants a rematch').waitFor()
    await ann.page.locator('[data-test=again]').click()
    await ann.page.waitForFunction(() => /^0*$/.test(document.querySelector<HTMLElement>('[data-test=fours]')?.dataset['board'] ?? 'none'), undefined, { timeout: 40_000 })
    await Promise.all([inPhase(ann.page, 'running'), inPhase(bob.page, 'running')])
    expect([...ann.faults, ...bob.faults]).toEqual([])
  })

  it('keeps its mute, follows a gamepad, a rotation and a key for developers', async () => {
    const { page, context, faults } = await visit(browser, { name: 'Ann' })
    await context.addInitScript(() => {
      const pad = { connected: true, mapping: 'standard', axes: [0, 0, 0, 0], buttons: Array.from({ length: 17 }, () => ({ pressed: false })) }
      Object.assign(window, { pad })
      navigator.getGamepads = () => [pad] as never
      const shifts = { sum: 0 }
      Object.assign(window, { shifts })
      new PerformanceObserver((list) => {
        for (const e of list.getEntries() as unknown as { value: number; hadRecentInput: boolean }[]) if (!e.hadRecentInput) shifts.sum += e.value
      }).observe({ type: 'layout-shift', buffered: true })
    })
    await playNow(page, server.url, 'arena')
    const from = await ownShip(page)
    const push = (x: number): Promise<void> => page.evaluate((v) => void ((window as unknown as { pad: { axes: number[] } }).pad.axes[0] = v), x)
    await push(from.x < 32 ? 1 : -1)
    await page.waitForFunction((was) => {
      const me = JSON.parse(document.querySelector<HTMLElement>('[data-test=arena]')?.dataset['me'] || 'null') as Place | null
      return me && Math.abs(me.x - was) > 2
    }, from.x, { timeout: 40_000 })
    await push(0)
    expect(await arenaData<number>(page, 'tick')).toBeGreaterThan(0)

    await page.keyboard.press('Backquote')
    const out = page.locator('[data-figure=out] dd')
    await out.getByText(/[1-9].*B/).waitFor()
    await page.locator('[data-test=overlay] .inspector select').selectOption('ships')
    await page.locator('[data-test=overlay] tbody tr').first().waitFor()
    await page.locator('[data-test=overlay] tbody tr').nth(1).getByText('–').first().waitFor() // of another's ship the speed is not sent
    await accessible(page)
    await shot(page, 'overlay-light')
    // A bad network, of this tab alone: refused if it makes no sense, marked while it holds, cut at will.
    const net = page.locator('[data-test=net]')
    await net.fill('150ms±200ms')
    await page.locator('[data-test=net-apply]').click()
    await page.locator('.badnet', { hasText: 'the jitter is more than the ping' }).waitFor()
    await page.locator('[data-test=net-usual]').selectOption('150ms±30ms')
    await page.locator('[data-test=net-mark]').waitFor()
    await page.waitForFunction(() => parseInt(document.querySelector('[data-figure=ping] dd')?.textContent ?? '') >= 110, undefined, { timeout: 40_000 })
    await page.locator('[data-test=net-all]').click()
    await page.locator('.badnet', { hasText: 'simulates no networks' }).waitFor()
    await page.locator('[data-test=net-cut]').click()
    await page.locator('[data-test=status][data-state=reconnecting]').waitFor()
    await page.locator('[data-test=status][data-state=open]').waitFor({ timeout: 40_000 })
    await page.locator('[data-test=predict]').uncheck()
    await page.locator('[data-test=net-usual]').selectOption('')
    await page.locator('[data-test=net-mark]').waitFor({ state: 'hidden' })
    await page.locator('[data-test=predict]').check()
    await page.keyboard.press('Escape')
    expect(await page.locator('[data-test=overlay]').isVisible()).toBe(false)

    // Nothing has jumped so far; another size of the window is another matter.
    expect(await page.evaluate(() => (window as unknown as { shifts: { sum: number } }).shifts.sum)).toBeLessThan(0.02)
    await page.setViewportSize({ width: 844, height: 390 })
    await page.waitForFunction(() => {
      const [canvas, stage] = [document.querySelector('.arena > canvas')!, document.querySelector('.stage')!]
      return canvas.clientWidth === stage.clientWidth && canvas.clientHeight === stage.clientHeight
    })
    await shot(page, 'arena-landscape')
    await page.setViewportSize({ width: 320, height: 640 })
    await page.waitForFunction(() => document.querySelector('.arena > canvas')!.clientWidth === 320)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320)

    const mute = page.locator('[data-test=mute]')
    await page.keyboard.press('KeyM')
    expect(await mute.getAttribute('aria-pressed')).toBe('true')
    await page.reload()
    await mute.waitFor()
    expect(await mute.getAttribute('aria-pressed')).toBe('true')
    expect(faults).toEqual([])
  })

  it('filters the lobbies, and says when the server cannot be reached', async () => {
    const ann = await visit(browser, { name: 'Ann' })
    const bob = await visit(browser, { name: 'Bob' })
    await create(ann.page, server.url, { game: 'fours', title: 'For filters' })
    await bob.page.goto(server.url)
    const row = bob.page.locator('.lobby', { hasText: 'For filters' })
    await row.waitFor()
    await bob.page.locator('[data-filter=game]').selectOption('arena')
    await row.waitFor({ state: 'detached' })
    await bob.page.locator('[data-filter=game]').selectOption('fours')
    await bob.page.locator('[data-filter=phase]').selectOption('waiting')
    await bob.page.locator('[data-filter=open]').check()
    await row.waitFor()
    const reach = bob.page.locator('[data-test=reach]')
    expect(await reach.getAttribute('data-state')).toBe('open')
    await bob.context.setOffline(true)
    await reach.getByText('Offline').waitFor()
    await accessible(bob.page)
    await bob.context.setOffline(false)
    await reach.getByText('Online').waitFor()
    await row.waitFor()
    expect(ann.faults).toEqual([])
  })

  it('tells who went on elsewhere, and lets them come back', async () => {
    const { page } = await visit(browser, { name: 'Ann', dark: true })
    const sockets: { close: (o: { code: number; reason: string }) => Promise<void> }[] = []
    await page.routeWebSocket(/\/v1\/ws/, (ws) => {
      ws.connectToServer()
      sockets.push(ws)
    })
    await create(page, server.url, { game: 'fours' })
    await sockets[0]!.close({ code: 1001, reason: 'restart;after=60' })
    const trouble = page.locator('[data-test=trouble]')
    await trouble.getByText('The server is restarting').waitFor()
    expect(await trouble.textContent()).toMatch(/Reconnecting in \d+ s/)
    await page.locator('[data-test=spoken]', { hasText: 'restarting' }).waitFor({ state: 'attached' })
    await page.locator('[data-test=retry]').click()
    await page.locator('[data-test=status][data-state=open]').waitFor()
    await sockets.at(-1)!.close({ code: 4500, reason: 'replaced' })
    await page.locator('[data-test=reason]').getByText('another tab').waitFor()
    await accessible(page)
    await page.getByRole('button', { name: 'Play here instead' }).click()
    await page.locator('[data-screen=home] .invite').waitFor()
  })
})
