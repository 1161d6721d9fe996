import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import { accessible } from './axe'
import { launch, leave, shot, visit } from './browser'
import { start, type Server } from './server'
import { create, drop, inPhase, me, playNow } from './steps'

let server: Server
let browser: Browser

beforeAll(async () => {
  server = await start({ SANDLOT_LOBBY_COUNTDOWN: '300ms', SANDLOT_LOBBY_BOTS_AFTER: '200ms', SANDLOT_LOBBY_RESULTS: '60s' })
  browser = await launch()
})
afterEach(() => leave(browser))
afterAll(async () => {
  await browser?.close()
  expect(await server?.stop()).toBe(0)
})

// Waits until this page is to move or the match is over; says which.
async function turnOrOver(page: Page): Promise<'turn' | 'over'> {
  const mine = page.locator('[data-test=fours].mine')
  const over = page.locator('[data-test=fours][data-over=true]')
  await mine.or(over).waitFor({ timeout: 30_000 })
  return (await over.count()) > 0 ? 'over' : 'turn'
}

async function playOut(page: Page): Promise<void> {
  for (let move = 0; (await turnOrOver(page)) === 'turn'; move++) {
    const board = (await page.locator('[data-test=fours]').getAttribute('data-board'))!
    const open = [0, 6, 1, 5, 2, 4, 3].filter((c) => board[35 + c] === '0')
    await drop(page, open[move % open.length]!, move % 2 === 0 ? 'mouse' : 'keyboard')
    if (move !== 2) continue
    await shot(page, 'fours-light')
    await accessible(page)
  }
}

describe('four in a row', () => {
  it('is played to the end against a bot, by mouse and keyboard', async () => {
    const { page, faults } = await visit(browser, { name: 'Ann' })
    await playNow(page, server.url, 'fours')
    await playOut(page)
    await page.locator('[data-test=results]').waitFor()
    await shot(page, 'fours-over-light')
    expect(await page.locator('[data-test=results] tbody tr').count()).toBe(2)
    await accessible(page)
    expect(faults).toEqual([])
  })

  it('is played by two, survives a reload in mid game', async () => {
    const ann = await visit(browser, { name: 'Ann', dark: true })
    const bob = await visit(browser, { name: 'Bob', size: 'phone' })
    const code = await create(ann.page, server.url, { game: 'fours', settings: { seconds: 60 } })
    await bob.page.goto(`${server.url}/#${code}`)
    await bob.page.locator('[data-test=play]').click()
    await inPhase(bob.page, 'waiting')
    await shot(bob.page, 'waiting-phone')
    await accessible(bob.page)
    await ann.page.locator('.members li').nth(1).waitFor()
    await ann.page.locator('[data-test=start]').click()
    await Promise.all([inPhase(ann.page, 'running'), inPhase(bob.page, 'running')])
    const seat = await me(ann.page)
    const turn = ann.page.locator('[data-test=fours].mine')
    await turn.or(ann.page.locator('[data-test=turn]').getByText('Bob is thinking')).first().waitFor()
    if ((await turn.count()) === 0) await drop(bob.page, 3, 'mouse')
    await turn.waitFor()
    await drop(ann.page, 3, 'keyboard')
    const board = await ann.page.locator('[data-test=fours]').getAttribute('data-board')
    await ann.page.reload()
    await inPhase(ann.page, 'running')
    await ann.page.waitForFunction((b) => document.querySelector<HTMLElement>('[data-test=fours]')?.dataset['board'] === b, board)
    expect(await me(ann.page)).toBe(seat)
    // The one who came back can still move: commands go on where they were.
    await drop(bob.page, 2, 'mouse')
    await turn.waitFor()
    await drop(ann.page, 4, 'mouse')
    await shot(ann.page, 'fours-dark')
    await accessible(ann.page)
    await shot(bob.page, 'fours-phone')
    expect([...ann.faults, ...bob.faults]).toEqual([])
  })
})
