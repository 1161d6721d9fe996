import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, it } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import { launch, leave, out, picture, shot, sizes, visit, type Size } from './browser'
import type { Server } from './server'
import { squads } from './squads'
import { arenaData, create, inPhase } from './steps'

// Every screen at every size, light and dark, to be looked at: npm run pictures. SANDLOT_ONLY=phone-dark makes only those.

let server: Server
let browser: Browser

beforeAll(async () => {
  server = await squads({ SANDLOT_LOBBY_COUNTDOWN: '2s', SANDLOT_LOBBY_COUNTDOWN_ALONE: '2s', SANDLOT_LOBBY_RESULTS: '60s', SANDLOT_LOBBY_BOTS_AFTER: '200ms', SANDLOT_QUEUE_ACCEPT: '60s' })
  browser = await launch()
})
afterEach(() => leave(browser))
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

const only = process.env['SANDLOT_ONLY'] ?? ''

async function sheet(page: Page, which: string, name: string): Promise<void> {
  const tab = page.locator(`[data-tab=${which}]`)
  if (!(await tab.isVisible())) return
  await tab.click()
  await shot(page, name)
  await tab.click()
}

describe.each((Object.keys(sizes) as Size[]).flatMap((size) => [false, true].map((dark) => ({ size, dark, tag: `${size}-${dark ? 'dark' : 'light'}` }))).filter((c) => c.tag.includes(only)))('$tag', ({ size, dark, tag }) => {
  it('the start, a lobby, the arena', async () => {
    const { page } = await visit(browser, { name: 'Ann', size, dark })
    const bob = await visit(browser, { name: 'Bartholomew the Longnamed', size })
    await create(bob.page, server.url, { game: 'fours', title: `Come and play, ${tag}` })
    await page.goto(server.url)
    await page.locator('.lobby').first().waitFor()
    await shot(page, `${tag}-home`)
    const code = await bob.page.locator('[data-test=code]').textContent()
    await page.goto(`${server.url}/?lobby=${code}`)
    await page.locator('.invite').getByText('Come and play').waitFor()
    await shot(page, `${tag}-invited`)
    await page.goto(server.url)
    await page.locator('[data-test=create]').click()
    await shot(page, `${tag}-create`)
    await page.keyboard.press('Escape')
    await create(page, server.url, { game: 'arena', bots: true, title: 'Friday night', settings: { seconds: 30, kills: 0, fillTo: 12 } })
    await shot(page, `${tag}-waiting`)
    await sheet(page, 'members', `${tag}-members`)
    await page.locator('.sheet [data-test=qr]').click()
    await shot(page, `${tag}-qr`)
    await page.locator('dialog .primary').click()
    await page.locator('[data-test=start]').click()
    await inPhase(page, 'countdown')
    await page.locator('.countdown strong').waitFor()
    await shot(page, `${tag}-countdown`)
    await inPhase(page, 'running')
    await page.waitForFunction(() => {
      const d = document.querySelector<HTMLElement>('[data-test=arena]')?.dataset
      return d?.['me'] && Number(d['seen']) >= 3 && Number(d['tick']) > 150
    }, undefined, { timeout: 40_000 })
    await shot(page, `${tag}-arena`)
    await page.keyboard.press('KeyQ')
    await page.keyboard.press('Backquote')
    await page.locator('[data-test=overlay] .rows td').first().waitFor()
    await page.locator('[data-test=overlay] .inspector select').selectOption('ships')
    await page.waitForTimeout(700)
    await shot(page, `${tag}-overlay`)
    await page.keyboard.press('Backquote')
    await page.keyboard.press('KeyQ')
    await sheet(page, 'chat', `${tag}-chat`)
    await page.locator('[data-test=results]').waitFor({ timeout: 60_000 })
    await page.waitForTimeout(1500)
    await shot(page, `${tag}-results`)
  })

  it('a party, a search, a door, teams', async () => {
    const { page } = await visit(browser, { name: 'Ann', size, dark })
    const bob = await visit(browser, { name: 'Bartholomew the Longnamed', size, dark })
    await page.goto(server.url)
    await page.locator('[data-game=arena]').click()
    await page.locator('[data-test=colour]').click()
    await page.locator('[data-colour="6"]').click()
    await shot(page, `${tag}-colours`)
    await page.locator('[data-test=colour]').click()
    await page.locator('[data-test=party-create]').click()
    const code = page.locator('[data-test=party]')
    await code.getByText(/\w{8}/).waitFor()
    await bob.page.goto(`${server.url}/?party=${await code.textContent()}`)
    await bob.page.locator('.invite').getByText('party').waitFor()
    await shot(bob.page, `${tag}-party-invited`)
    await bob.page.locator('[data-test=play]').click()
    await page.locator('.company li').nth(1).waitFor()
    await page.screenshot({ path: path.join(out, `${tag}-party.png`), fullPage: true })
    await page.locator('[data-mode=ranked]').click()
    await page.locator('[data-screen=queue]').waitFor()
    await shot(page, `${tag}-queue`)
    await page.locator('[data-test=queue-cancel]').click()
    await page.locator('[data-mode=duel]').click()
    await page.locator('[data-test=accept]').waitFor()
    await shot(page, `${tag}-offer`)
    await page.locator('[data-test=accept]').click()
    await page.getByText('Accepted').waitFor()
    await shot(page, `${tag}-accepted`)
    await bob.page.locator('[data-test=decline]').click()
    await page.locator('[data-test=party-leave]').click()
    await page.locator('[data-test=party-create]').waitFor()
    const door = await create(page, server.url, { game: 'squads', approval: true, private: true })
    await bob.page.goto(`${server.url}/?lobby=${door}`)
    await bob.page.locator('[data-test=play]').click()
    await bob.page.locator('[data-test=knocking]').waitFor()
    await shot(bob.page, `${tag}-knocking`)
    await page.locator('[data-test=knocks] li').waitFor()
    await shot(page, `${tag}-knocks`)
    await page.locator('[data-test=knocks] .primary').click()
    await inPhase(bob.page, 'waiting')
    await page.locator('[data-team="2"] li', { hasText: 'Bart' }).waitFor()
    await shot(page, `${tag}-teams`)
    await shot(bob.page, `${tag}-teams-guest`)
    const tab = page.locator('[data-tab=members]')
    if (await tab.isVisible()) await tab.click()
    await page.locator('.members li', { hasText: 'Bart' }).locator('.more').click()
    await shot(page, `${tag}-menu`)
    await page.locator('.members li', { hasText: 'Bart' }).locator('.more').click()
    await page.locator('.members li', { hasText: 'Ann' }).locator('.more').click()
    await shot(page, `${tag}-own-menu`)
  })

  it('a lost connection', async () => {
    const { page } = await visit(browser, { name: 'Ann', size, dark })
    const slow = { code: 4008, reason: 'slow;after=8' }
    const sockets: { close: (o: typeof slow) => Promise<void> }[] = []
    await page.routeWebSocket(/\/v1\/ws/, (ws) => {
      ws.connectToServer()
      sockets.push(ws)
    })
    await create(page, server.url, { game: 'arena', bots: true, settings: { fillTo: 8 } })
    await page.locator('[data-test=start]').click()
    await inPhase(page, 'running')
    await page.waitForFunction(() => document.querySelector<HTMLElement>('[data-test=arena]')?.dataset['me'])
    await sockets[0]!.close(slow)
    await page.locator('[data-test=trouble]').waitFor()
    await page.waitForTimeout(600)
    await shot(page, `${tag}-reconnecting`)
    await page.locator('[data-test=retry]').click()
    await page.locator('[data-test=status][data-state=open]').waitFor()
    await sockets.at(-1)!.close({ code: 4500, reason: 'replaced' })
    await page.locator('[data-test=reason]').waitFor()
    await shot(page, `${tag}-ended`)
  })

  it('four in a row', async () => {
    const { page } = await visit(browser, { name: 'Ann', size, dark })
    await create(page, server.url, { game: 'fours', bots: true })
    await page.locator('[data-test=start]').click()
    await inPhase(page, 'running')
    const mine = page.locator('[data-test=fours].mine')
    const over = page.locator('[data-test=fours][data-over=true]')
    for (let move = 0; ; move++) {
      await mine.or(over).waitFor({ timeout: 30_000 })
      if ((await over.count()) > 0) break
      if (move === 4) await shot(page, `${tag}-fours`)
      const board = (await page.locator('[data-test=fours]').getAttribute('data-board'))!
      const open = [0, 6, 1, 5, 2, 4, 3].filter((c) => board[35 + c] === '0')
      await page.keyboard.press(String(open[move % open.length]! + 1))
      await page.waitForFunction((was) => document.querySelector<HTMLElement>('[data-test=fours]')?.dataset['board'] !== was, board)
    }
    await page.waitForTimeout(1200)
    await shot(page, `${tag}-fours-won`)
    await page.locator('[data-test=results]').waitFor()
    await page.waitForTimeout(2500)
    await shot(page, `${tag}-fours-results`)
  })
})

describe.runIf(!only)('the README', () => {
  it('has a picture', async () => {
    const { page } = await visit(browser, { name: 'Ann' })
    await create(page, server.url, { game: 'arena', bots: true, private: true, settings: { fillTo: 12 } })
    await page.locator('[data-test=start]').click()
    await inPhase(page, 'running')
    await page.keyboard.press('Enter')
    await page.keyboard.type('Good luck, have fun!')
    await page.keyboard.press('Enter')
    await page.locator('[data-test=chat]').getByText('have fun').waitFor()
    // A lively moment: with others in sight, and still alive once the picture is taken.
    for (let alive = false; !alive; alive = (await arenaData(page, 'me')) !== null) {
      await page.waitForFunction(() => {
        const arena = document.querySelector<HTMLElement>('[data-test=arena]')
        const me = JSON.parse(arena?.dataset['me'] || 'null')
        return me?.hp >= 60 && getComputedStyle(document.querySelector('.hurt')!).opacity === '0' && Number(arena?.dataset['seen']) >= 4 && Number(arena?.dataset['tick']) > 300
      }, undefined, { timeout: 40_000 })
      await picture(page)
    }
  })
})
