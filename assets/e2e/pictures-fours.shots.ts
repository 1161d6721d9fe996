import { describe, it } from 'vitest'
import type { Page } from 'playwright-core'
import { look, open, passes, shut, studio } from './gallery'
import { create, drop, inPhase } from './steps'

const st = studio()
// Fills the board, and nobody has four.
const drawn = [...'646230021662464536151305212023541143543500'].map(Number)
const mine = '[data-test=fours].mine'

/** Two play the columns one after the other; gives who began first. */
async function play(ann: Page, bob: Page, columns: readonly number[]): Promise<readonly [Page, Page]> {
  await ann.locator(mine).or(ann.locator('[data-test=turn]', { hasText: 'thinking' })).first().waitFor()
  const pair = (await ann.locator(mine).count()) > 0 ? ([ann, bob] as const) : ([bob, ann] as const)
  for (const [i, column] of columns.entries()) {
    await pair[i % 2]!.locator(mine).waitFor()
    await drop(pair[i % 2]!, column, 'mouse')
  }
  return pair
}

const results = (page: Page, hidden: boolean): Promise<unknown> => page.locator('[data-test=results]').evaluate((sheet: HTMLElement, hide) => (sheet.hidden = hide), hidden)

describe.each(passes)('$first', (pass) => {
  it('four in a row', async () => {
    const { page: ann } = await st.visit(pass)
    const { page: bob } = await st.visit(pass, 'Bartholomew the Longnamed')
    const eve = await st.visit(pass, 'Eve')
    const code = await create(ann, st.url, { game: 'fours', title: `Rainy afternoon, ${pass.first}`, settings: { seconds: 60 } })
    await bob.goto(`${st.url}/?lobby=${code}`)
    await bob.locator('[data-test=play]').click()
    await inPhase(bob, 'waiting')
    await look(ann, pass, 'fours-waiting')
    await ann.locator('.members li').nth(1).waitFor({ state: 'attached' })
    await ann.locator('[data-test=start]').click()
    await Promise.all([inPhase(ann, 'running'), inPhase(bob, 'running')])
    const [one, two] = await play(ann, bob, [3, 2, 3, 2, 4, 2])
    await one.locator(mine).waitFor()
    await one.locator('.keys [data-column="3"]').focus()
    await look(one, pass, 'fours-turn')
    await look(two, pass, 'fours-theirs')
    await eve.page.goto(st.url)
    await eve.page.locator('.lobby', { hasText: `Rainy afternoon, ${pass.first}` }).getByRole('button', { name: 'Watch' }).click()
    await inPhase(eve.page, 'running')
    await look(eve.page, pass, 'fours-watching')
    await look(eve.page, pass, 'fours-watching-members', { before: () => open(eve.page, 'members') })
    await shut(eve.page)
    for (const [who, column] of [[one, 3], [two, 5], [one, 3]] as const) {
      await who.locator(mine).waitFor()
      await drop(who, column, 'keyboard')
    }
    for (const [page, name] of [[one, 'won'], [two, 'lost']] as const) {
      await page.locator('[data-test=results]').waitFor()
      await results(page, true)
      await look(page, pass, `fours-${name}`)
      await results(page, false)
      await page.waitForTimeout(2500)
      await look(page, pass, `fours-${name}-results`)
    }
    await Promise.all([ann, bob].map((p) => p.locator('[data-test=again]').click()))
    await Promise.all([ann, bob].map((p) => p.waitForFunction(() => /^0*$/.test(document.querySelector<HTMLElement>('[data-test=fours]')?.dataset['board'] ?? 'none'), undefined, { timeout: 80_000 })))
    await Promise.all([inPhase(ann, 'running'), inPhase(bob, 'running')])
    await play(ann, bob, drawn)
    await ann.locator('[data-test=results]').waitFor()
    await results(ann, true)
    await look(ann, pass, 'fours-draw')
    await results(ann, false)
    await ann.waitForTimeout(2500)
    await look(ann, pass, 'fours-draw-results')
  })
})
