import { describe, it } from 'vitest'
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
    // Lively moments, of which somebody picks one: with others in sight, alive, and not just hit, before the picture and after it.
    const well = (): Promise<boolean> => page.evaluate(() => {
      const arena = document.querySelector<HTMLElement>('[data-test=arena]')
      const me = JSON.parse(arena?.dataset['me'] || 'null')
      return me?.hp >= 30 && getComputedStyle(document.querySelector('.hurt')!).opacity === '0' && Number(arena?.dataset['seen']) >= 5 && Number(arena?.dataset['tick']) > 300
    })
    for (let n = 0, began = Date.now(); n < 8 && Date.now() - began < 100_000; ) {
      if (!(await well())) {
        await page.waitForTimeout(50)
        continue
      }
      await picture(page, n + 1)
      if (await well()) n++
      await page.waitForTimeout(3000)
    }
  })
})
