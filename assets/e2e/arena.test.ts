import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Browser } from 'playwright-core'
import { accessible } from './axe'
import { launch, leave, shot, sizes, visit } from './browser'
import { start, type Server } from './server'
import { arenaData, create, holdUntilMoved, inPhase, me, networkForAll, ownShip, phasesFromNow, pingOf, playNow, type Place } from './steps'

let server: Server
let browser: Browser

beforeAll(async () => {
  server = await start({ SANDLOT_LOBBY_COUNTDOWN: '300ms', SANDLOT_LOBBY_RESULTS: '8s', SANDLOT_LOBBY_BOTS_AFTER: '200ms', SANDLOT_LOBBY_SIMULATE_NETWORK: 'true' })
  browser = await launch()
})
afterEach(() => leave(browser))
afterAll(async () => {
  await browser?.close()
  expect(await server?.stop()).toBe(0)
})

// Also true where the results are over.
function ownPlaceInView(): boolean {
  const row = document.querySelector('.results .me')?.getBoundingClientRect()
  const head = document.querySelector('.results thead th')?.getBoundingClientRect()
  const box = document.querySelector('.results .scroll')?.getBoundingClientRect()
  return !row || (row.top >= head!.bottom - 1 && row.bottom <= box!.bottom + 1)
}

describe('arena', () => {
  it('is a running match with bots two clicks away, and answers to keys and mouse', async () => {
    const { page, faults } = await visit(browser, { name: 'Ann' })
    await page.goto(server.url)
    await page.locator('[data-game=arena]').waitFor()
    await shot(page, 'home-light')
    await accessible(page)
    await playNow(page, server.url, 'arena')
    await page.waitForFunction(() => document.querySelectorAll('.members li').length >= 4)

    const east = (await ownShip(page)).x < 32
    const { from, to } = await holdUntilMoved(page, east ? 'd' : 'a', 2)
    expect(Math.sign(to.x - from.x)).toBe(east ? 1 : -1)

    // Aim to the right and hold fire: shots cost ammunition.
    const ammo = (await arenaData<{ ammo: number }>(page, 'me'))?.ammo ?? 24
    const box = (await page.locator('[data-test=arena]').boundingBox())!
    await page.mouse.move(box.x + box.width * 0.9, box.y + box.height / 2)
    await page.mouse.down()
    await page.waitForFunction((was) => {
      const mine = JSON.parse(document.querySelector<HTMLElement>('[data-test=arena]')?.dataset['me'] || 'null')
      return mine && mine.ammo < was
    }, ammo, { timeout: 40_000 })
    await page.mouse.up()
    await shot(page, 'arena-light')
    await accessible(page)
    expect(faults).toEqual([])
  })

  it('survives a reload in the same seat, and chats', async () => {
    const { page, faults } = await visit(browser, { name: 'Bob', dark: true })
    await playNow(page, server.url, 'arena')
    const before = { me: await me(page), code: await page.locator('[data-test=code]').textContent() }
    await page.locator('[data-test=say]').fill('<img src=x onerror=alert(1)> good luck')
    await page.keyboard.press('Enter')
    await page.locator('[data-test=chat]').getByText('good luck').waitFor()
    expect(await page.locator('[data-test=chat] img').count()).toBe(0)
    await ownShip(page)
    await shot(page, 'arena-dark')
    await accessible(page)

    await page.reload()
    await inPhase(page, 'running')
    expect({ me: await me(page), code: await page.locator('[data-test=code]').textContent() }).toEqual(before)
    await page.locator('[data-test=chat]').getByText('good luck').waitFor()
    const from = await ownShip(page)
    await holdUntilMoved(page, from.y < 20 ? 's' : 'w', 1)
    await page.locator(`.members [data-player="${before.me}"]`).getByText('you').waitFor()
    expect(faults).toEqual([])
  })

  it('plays a round to its result, and again', async () => {
    const { page, faults } = await visit(browser, { name: '<b>Eve</b>' })
    const code = await create(page, server.url, { game: 'arena', bots: true, level: 1, settings: { kills: 1, seconds: 30, fillTo: 10 } })
    expect(await page.locator('.members .who').first().textContent()).toBe('<b>Eve</b>')
    await inPhase(page, 'waiting')
    // How good bots are is the host's to change until the match begins.
    const level = page.locator('[data-test=options] [data-setting=level] select')
    expect(await level.inputValue()).toBe('1')
    await level.selectOption('2')
    await page.waitForFunction(async (c) => (await (await fetch(`/v1/lobbies/${c}`)).json()).lobby.level === 2, code)
    // A slider keeps the focus when what it changed comes back from the server.
    const seconds = page.locator('[data-setting=seconds] input')
    await seconds.evaluate((e) => e.setAttribute('data-before', ''))
    await seconds.press('ArrowRight')
    await page.locator('[data-setting=seconds] input:not([data-before])').waitFor()
    expect(await seconds.evaluate((e) => e === document.activeElement)).toBe(true)
    await shot(page, 'waiting-light')
    await accessible(page)
    await page.locator('[data-test=start]').click()
    await page.locator('[data-test=results]').waitFor({ timeout: 60_000 })
    const phases = await phasesFromNow(page)
    expect(await page.locator('[data-test=results] tbody tr').count()).toBeGreaterThan(1)
    await page.locator('[data-test=again]').press('Enter') // a click waits for the picture to stand still, for too long on a slow machine
    // However the screen is turned, the own place is in view.
    for (const size of [sizes.small, sizes.landscape, sizes.desktop]) {
      await page.setViewportSize(size)
      await page.waitForFunction(ownPlaceInView)
      await page.evaluate(() => {
        const row = document.querySelector<HTMLElement>('.results .me')
        const box = row?.closest('.scroll')
        if (box) box.scrollTop = row!.offsetTop > 100 ? 0 : box.scrollHeight
      })
    }
    await shot(page, 'results-light')
    await accessible(page)
    // The next round may be over before a slow machine has looked at the results of this one.
    await expect.poll(phases, { timeout: 40_000 }).toContain('running')
    expect(faults).toEqual([])
  })

  it('shows two players in one lobby each other, by link, and tells who was removed', async () => {
    const ann = await visit(browser, { name: 'Ann' })
    const bob = await visit(browser, { name: 'Bob' })
    const code = await create(ann.page, server.url, { game: 'arena', private: true, title: 'Friday night' })
    expect(ann.page.url()).toContain(`?lobby=${code}`)
    await bob.page.goto(`${server.url}/?lobby=${code}`)
    await bob.page.locator('.invite').getByText('Friday night').waitFor()
    await shot(bob.page, 'invited-light')
    await bob.page.locator('[data-test=play]').click()
    await inPhase(bob.page, 'waiting')
    await bob.page.locator('[data-test=ready]').click()
    await ann.page.locator('.members .ready').waitFor()
    await ann.page.locator('[data-test=start]').click()
    await Promise.all([inPhase(ann.page, 'running'), inPhase(bob.page, 'running')])
    await networkForAll(ann.page, '150ms±30ms')

    const annIs = Number(await me(ann.page))
    const bobIs = Number(await me(bob.page))
    for (const [mover, watcher, who] of [[ann.page, bob.page, annIs], [bob.page, ann.page, bobIs]] as const) {
      const { from } = await holdUntilMoved(mover, (await ownShip(mover)).x < 32 ? 'd' : 'a', 3)
      // What a test reads is up to some frames old, so it asks for the way gone, not for the place.
      await watcher.waitForFunction(([player, x, y]) => {
        const ships = JSON.parse(document.querySelector<HTMLElement>('[data-test=arena]')?.dataset['ships'] || '[]') as (Place & { player: number })[]
        const seen = ships.find((s) => s.player === player)
        return seen !== undefined && Math.hypot(seen.x - x!, seen.y - y!) > 2
      }, [who, from.x, from.y] as const, { timeout: 40_000 })
    }
    await pingOf(bob.page, 100, 500)
    await networkForAll(ann.page, '')
    await bob.page.locator('[data-test=say]').fill('hello from Bob')
    await bob.page.keyboard.press('Enter')
    await ann.page.locator('[data-test=chat]').getByText('hello from Bob').waitFor()

    const row = ann.page.locator(`.members [data-player="${bobIs}"]`)
    await row.locator('.more').click()
    await row.locator('[data-act=mute]').click()
    await row.getByText('muted').waitFor()
    await row.locator('.more').click()
    await shot(ann.page, 'host-light')
    await pingOf(bob.page, 0, 90)
    await row.locator('[data-act=kick]').click()
    await bob.page.locator('[data-test=reason]').getByText('removed').waitFor()
    await shot(bob.page, 'kicked-light')
    await accessible(bob.page)
    await ann.page.locator('[data-test=chat]').getByText('Bob was removed').waitFor()
    expect([...ann.faults, ...bob.faults]).toEqual([])
  })
})
