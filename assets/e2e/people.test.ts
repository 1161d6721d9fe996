import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import { accessible } from './axe'
import { launch, leave, shot, visit } from './browser'
import type { Server } from './server'
import { squads } from './squads'
import { create, inPhase, me } from './steps'

// What players do with and to each other, on a server that has a game of teams as well.

let server: Server
let browser: Browser

beforeAll(async () => {
  server = await squads({ SANDLOT_LOBBY_COUNTDOWN: '300ms', SANDLOT_LOBBY_COUNTDOWN_ALONE: '300ms', SANDLOT_LOBBY_BOTS_AFTER: '200ms', SANDLOT_QUEUE_ACCEPT: '60s' })
  browser = await launch()
}, 180_000)
afterEach(() => leave(browser))
afterAll(async () => {
  await browser?.close()
  expect(await server?.stop()).toBe(0)
})

// What is asked again until it is so: at most so long, on a busy machine too.
const slowly = { timeout: 20_000 }

/** Goes to a lobby by its link and asks to be let in. */
async function come(page: Page, code: string): Promise<void> {
  await page.goto(`${server.url}/?lobby=${code}`)
  await page.locator('.invite').waitFor()
  await page.locator('[data-test=play]').click()
}

const member = (page: Page, name: string): ReturnType<Page['locator']> => page.locator('.members li', { has: page.locator('.who', { hasText: new RegExp(`^${name}$`) }) })

async function act(page: Page, name: string, what: string): Promise<void> {
  await member(page, name).locator('.more').click()
  await member(page, name).locator(`[data-act=${what}]`).click()
}

const isHost = (page: Page): Promise<unknown> => page.locator('[data-screen=lobby][data-host=true]').waitFor()

describe('players', () => {
  it('knock at a private lobby, are turned away or let in, become host, and ban', async () => {
    const [ann, bob, cat] = await Promise.all([visit(browser, { name: 'Ann' }), visit(browser, { name: 'Bob', size: 'phone' }), visit(browser, { name: 'Cat', dark: true })])
    const code = await create(ann.page, server.url, { game: 'fours', private: true, approval: true, title: 'Behind a door' })
    await Promise.all([come(bob.page, code), come(cat.page, code)])
    await bob.page.locator('[data-test=knocking]').waitFor()
    await shot(bob.page, 'knocking-phone')
    await accessible(bob.page)
    const door = ann.page.locator('[data-test=knocks]')
    await door.getByText('Bob knocks').waitFor()
    await door.getByText('Cat knocks').waitFor()
    await shot(ann.page, 'knocks-light')
    await accessible(ann.page)
    await ann.page.getByRole('button', { name: 'Turn away Bob' }).click()
    await bob.page.locator('.notice', { hasText: 'did not let you in' }).waitFor()
    await ann.page.getByRole('button', { name: 'Let in Cat' }).click()
    await inPhase(cat.page, 'waiting')
    await door.waitFor({ state: 'hidden' })
    expect(await bob.page.locator('.lobby', { hasText: 'Behind a door' }).count()).toBe(0)

    await member(ann.page, 'Cat').locator('.more').click()
    await accessible(ann.page)
    await member(ann.page, 'Cat').locator('[data-act=host]').click()
    await isHost(cat.page)
    await ann.page.locator('[data-test=start]').waitFor({ state: 'hidden' })
    await act(cat.page, 'Ann', 'ban')
    await ann.page.locator('[data-test=reason]', { hasText: 'removed you' }).waitFor()
    await ann.page.locator('.over button').last().click()
    await come(ann.page, code)
    await ann.page.locator('.notice', { hasText: 'removed you' }).waitFor()
    // Who may come in is the new host's to say.
    await cat.page.locator('[data-option=approval]').uncheck()
    await cat.page.locator('[data-option=private]').uncheck()
    const dan = await visit(browser, { name: 'Dan' })
    await dan.page.goto(server.url)
    await dan.page.locator('.lobby', { hasText: 'Behind a door' }).getByRole('button', { name: 'Join' }).click()
    await inPhase(dan.page, 'waiting')
    // Refusals of the interface itself are what was asked for.
    expect([...ann.faults, ...bob.faults, ...cat.faults, ...dan.faults].filter((f) => !/40[349]/.test(f))).toEqual([])
  })

  it('choose colours, say that they are ready, and are watched', async () => {
    const [ann, bob, cat] = await Promise.all([visit(browser, { name: 'Ann', size: 'phone', dark: true }), visit(browser, { name: 'Bob' }), visit(browser, { name: 'Cat' })])
    await ann.page.goto(server.url)
    await ann.page.locator('[data-test=colour]').click()
    await ann.page.locator('[data-colour="9"]').click()
    await accessible(ann.page)
    const code = await create(ann.page, server.url, { game: 'fours', title: 'For all to see' })
    await come(bob.page, code)
    await inPhase(bob.page, 'waiting')
    const colour = (page: Page, name: string): Promise<string | null> => member(page, name).locator('.sign polygon').first().getAttribute('fill')
    const hers = await colour(bob.page, 'Ann')
    expect(await colour(bob.page, 'Bob')).not.toBe(hers)
    await member(bob.page, 'Bob').locator('.more').click()
    await bob.page.locator('.members [data-colour="9"]').click()
    // Of one colour, they have different shapes, on each page the same.
    await expect.poll(() => colour(ann.page, 'Bob'), slowly).toBe(hers)
    const shape = (page: Page, name: string): Promise<string | null> => member(page, name).locator('.sign polygon').first().getAttribute('points')
    expect(await shape(ann.page, 'Bob')).not.toBe(await shape(ann.page, 'Ann'))
    expect(await shape(ann.page, 'Bob')).toBe(await shape(bob.page, 'Bob'))
    await accessible(bob.page)

    await bob.page.locator('[data-test=ready]').click()
    await member(ann.page, 'Bob').locator('.ready').waitFor({ state: 'attached' })
    await ann.page.locator('[data-test=start]').click()
    await inPhase(bob.page, 'running')
    await cat.page.goto(server.url)
    await cat.page.locator('.lobby', { hasText: 'For all to see' }).getByRole('button', { name: 'Watch' }).click()
    await inPhase(cat.page, 'running')
    await cat.page.locator('[data-test=fours]').waitFor()
    await member(bob.page, 'Cat').getByText('watching').waitFor()
    await expect.poll(async () => (await ann.page.locator('[data-test=fours].mine').count()) + (await bob.page.locator('[data-test=fours].mine').count()), slowly).toBe(1)
    const turn = (await ann.page.locator('[data-test=fours].mine').count()) > 0 ? ann.page : bob.page
    await turn.locator('.keys [data-column="3"]').click()
    await cat.page.waitForFunction(() => /[12]/.test(document.querySelector<HTMLElement>('[data-test=fours]')?.dataset['board'] ?? ''))
    expect(await cat.page.locator('.keys [data-column="2"]').isEnabled()).toBe(false)
    expect([...ann.faults, ...bob.faults, ...cat.faults]).toEqual([])
  })

  it('change teams, are moved by the host, and wear the colour of their team', async () => {
    const [ann, bob] = await Promise.all([visit(browser, { name: 'Ann' }), visit(browser, { name: 'Bob', size: 'phone' })])
    const code = await create(ann.page, server.url, { game: 'squads', settings: { kills: 0, seconds: 60 } })
    await come(bob.page, code)
    await inPhase(bob.page, 'waiting')
    const team = (page: Page, n: number, name: string): ReturnType<Page['locator']> => page.locator(`[data-team="${n}"] li`, { hasText: name })
    await team(bob.page, 1, 'Ann').waitFor()
    await team(bob.page, 2, 'Bob').waitFor()
    await shot(bob.page, 'teams-phone')
    await accessible(bob.page)
    await bob.page.getByRole('button', { name: 'Join team 1' }).click()
    await team(ann.page, 1, 'Bob').waitFor()
    await act(ann.page, 'Bob', 'team-2')
    await team(bob.page, 2, 'Bob').waitFor()
    await ann.page.locator('[data-test=start]').click()
    await inPhase(ann.page, 'running')
    const rows = ann.page.locator('.scores tbody tr')
    await expect.poll(() => rows.count(), slowly).toBe(2)
    const fill = (name: string): Promise<string | null> => rows.filter({ hasText: name }).locator('polygon').getAttribute('fill')
    expect([await fill('Ann'), await fill('Bob')]).toEqual(['#fb6f13', '#1450ff'])
    expect([...ann.faults, ...bob.faults]).toEqual([])
  })

  it('queue as a party, decline, cancel, come back after a reload, and are matched together', async () => {
    const [ann, bob] = await Promise.all([visit(browser, { name: 'Ann' }), visit(browser, { name: 'Bob', size: 'phone', dark: true })])
    const both = [ann.page, bob.page]
    const home = (page: Page, words: string): Promise<unknown> => page.locator('.notice', { hasText: words }).waitFor()
    const searching = (): Promise<unknown> => Promise.all(both.map((p) => p.locator('[data-screen=queue]').waitFor()))
    await ann.page.goto(server.url)
    await ann.page.locator('[data-test=party-create]').click()
    await ann.page.locator('[data-test=party]', { hasText: /\w{8}/ }).waitFor()
    await bob.page.goto(`${server.url}/?party=${await ann.page.locator('[data-test=party]').textContent()}`)
    await bob.page.locator('.invite', { hasText: 'party' }).waitFor()
    await bob.page.locator('[data-test=play]').click()
    await ann.page.locator('[data-member=Bob]').waitFor()
    await bob.page.locator('.party', { hasText: 'The leader starts' }).waitFor()
    await accessible(bob.page)
    expect(await bob.page.locator('[data-mode=ranked]').isEnabled()).toBe(false)

    // Nobody else wants to play ranked: the party waits, and any of it ends that.
    await ann.page.locator('[data-mode=ranked]').click()
    await searching()
    await accessible(ann.page)
    await bob.page.reload()
    await searching()
    await bob.page.locator('[data-test=queue-cancel]').click()
    await Promise.all(both.map((p) => home(p, 'cancelled')))

    await ann.page.reload()
    await ann.page.locator('[data-member=Bob]').waitFor()
    await ann.page.locator('[data-mode=duel]').click()
    await bob.page.locator('[data-test=decline]').click()
    await Promise.all(both.map((p) => home(p, 'declined')))

    await ann.page.locator('[data-mode=duel]').click()
    await bob.page.locator('[data-test=accept]').waitFor()
    await shot(bob.page, 'offer-phone')
    await accessible(bob.page)
    await bob.page.locator('[data-test=accept]').click()
    await bob.page.getByText('Accepted: 1 of your 2').waitFor()
    await ann.page.locator('[data-test=accept]').click()
    await Promise.all(both.map((p) => inPhase(p, 'running')))
    expect(await me(ann.page)).not.toBe(await me(bob.page))
    // A match that is found is found once.
    await ann.page.reload()
    await inPhase(ann.page, 'running')
    expect(await ann.page.locator('[data-test=toast]').count()).toBe(0)
    expect(await ann.page.locator('[data-test=code]').textContent()).toBe(await bob.page.locator('[data-test=code]').textContent())
    expect([...ann.faults, ...bob.faults]).toEqual([])
  })
})
