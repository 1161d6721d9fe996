import { describe, it } from 'vitest'
import type { Page } from 'playwright-core'
import { picture } from './browser'
import { passes, studio } from './gallery'
import { create, inPhase } from './steps'

const st = studio()

describe('the README', () => {
  it('has a picture', async () => {
    const { page } = await st.visit(passes[0])
    await page.emulateMedia({ colorScheme: (process.env['SANDLOT_ONLY'] ?? '').includes('dark') ? 'dark' : 'light' })
    await create(page, st.url, { game: 'arena', bots: true, private: true, settings: { fillTo: 12 } })
    await page.locator('[data-test=start]').click()
    await inPhase(page, 'running')
    await page.keyboard.press('Enter')
    await page.keyboard.type('Good luck, have fun!')
    await page.keyboard.press('Enter')
    await page.locator('[data-test=chat]').getByText('have fun').waitFor()
    await page.locator('[data-test=chat]').click()
    // Lively moments, of which somebody picks one: in the middle of things, alive, and not just hit, before the picture and after it.
    const held = new Set<string>()
    for (let n = 0, began = Date.now(); n < 10 && Date.now() - began < 110_000; ) {
      const now = await page.evaluate(() => {
        const { dataset: d } = document.querySelector<HTMLElement>('[data-test=arena]')!
        return {
          me: JSON.parse(d['me'] || 'null') as { x: number; y: number; hp: number } | null, at: JSON.parse(d['at'] || 'null') as { x: number; y: number }, seen: Number(d['seen']),
          ships: JSON.parse(d['ships'] || '[]') as { x: number; y: number }[], well: getComputedStyle(document.querySelector('.hurt')!).opacity === '0',
        }
      })
      await play(page, now, held)
      if (!now.me || now.me.hp < 30 || now.seen < 4 || !now.well || Math.abs(now.me.x - 32) > 18) continue
      await picture(page, n + 1)
      if (await page.evaluate(() => getComputedStyle(document.querySelector('.hurt')!).opacity === '0')) n++
    }
  })
})

type Seen = { me: { x: number; y: number } | null; at: { x: number; y: number }; ships: { x: number; y: number }[] }

/** Flies towards the middle, and fires at whoever is nearest. */
async function play(page: Page, { me, at, ships }: Seen, held: Set<string>): Promise<void> {
  if (!me) return
  for (const [key, on] of [['d', me.x < 28], ['a', me.x > 36], ['s', me.y < 17], ['w', me.y > 23]] as const) {
    if (on === held.has(key)) continue
    await (on ? page.keyboard.down(key) : page.keyboard.up(key))
    if (on) held.add(key)
    else held.delete(key)
  }
  const [, near] = ships.map((s) => [Math.hypot(s.x - me.x, s.y - me.y), s] as const).sort((a, b) => a[0] - b[0])
  if (!near || near[0] < 0.1) return
  await page.mouse.move(at.x + ((near[1].x - me.x) / near[0]) * 120, at.y + 58 + ((near[1].y - me.y) / near[0]) * 120)
  await page.mouse.down()
}
