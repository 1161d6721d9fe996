import { afterAll, beforeAll, describe, it } from 'vitest'
import type { Browser } from 'playwright-core'
import { launch, shot, visit } from './browser'
import { start, type Server } from './server'
import { create, inPhase, networkForAll, pingOf } from './steps'

// A bad network that the host has the server simulate for all, from the page, as the other player's graphs show it: npm run pictures -- network.

let server: Server
let browser: Browser

beforeAll(async () => {
  server = await start({ SANDLOT_LOBBY_COUNTDOWN: '300ms', SANDLOT_LOBBY_SIMULATE_NETWORK: 'true' })
  browser = await launch()
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

const link = process.env['NET'] ?? '150ms±30ms,1%'

describe('the network that the host simulates', () => {
  it('is seen by the other', async () => {
    const ann = await visit(browser, { name: 'Ann' })
    const bob = await visit(browser, { name: 'Bob' })
    for (const { page } of [ann, bob]) await page.setViewportSize({ width: 760, height: 640 }) // the processor draws both
    const code = await create(ann.page, server.url, { game: 'arena', private: true, settings: { seconds: 300, kills: 0 } })
    await bob.page.goto(`${server.url}/?lobby=${code}`)
    await bob.page.locator('[data-test=play]').click()
    await ann.page.locator('.members li').nth(1).waitFor({ state: 'attached' })
    await ann.page.locator('[data-test=start]').click()
    await Promise.all([inPhase(ann.page, 'running'), inPhase(bob.page, 'running')])
    await bob.page.keyboard.press('Backquote')
    const said = [`before: ${await pingOf(bob.page, 0, 90)}`]
    await bob.page.waitForTimeout(6000)
    await networkForAll(ann.page, link)
    said.push(`during: ${await pingOf(bob.page, 100, 1000)}`)
    await bob.page.waitForTimeout(12_000)
    await shot(bob.page, 'network-on')
    await ann.page.keyboard.press('Backquote')
    await shot(ann.page, 'network-host')
    await ann.page.keyboard.press('Escape')
    await networkForAll(ann.page, '')
    said.push(`after: ${await pingOf(bob.page, 0, 90)}`)
    await bob.page.waitForTimeout(6000)
    await shot(bob.page, 'network-off')
    console.log(`${link}, Bob's ping: ${said.join(', ')}`)
  })
})
