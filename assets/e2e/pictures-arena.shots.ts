import { describe, it } from 'vitest'
import { sizes } from './browser'
import { look, open, passes, shut, studio, tap } from './gallery'
import { create, inPhase } from './steps'

const st = studio()

describe.each(passes)('$first', (pass) => {
  it('the arena', async () => {
    const { page, context } = await st.visit(pass)
    const socket = await tap(page)
    await create(page, st.url, { game: 'arena', bots: true, title: `Friday night, ${pass.first}`, settings: { seconds: 150, kills: 0, fillTo: 16 } })
    await page.locator('[data-test=start]').click()
    await inPhase(page, 'running')
    await look(page, pass, 'arena-begins')
    await page.waitForFunction(() => {
      const d = document.querySelector<HTMLElement>('[data-test=arena]')?.dataset
      return d?.['me'] && Number(d['seen']) >= 3 && Number(d['tick']) > 250
    }, undefined, { timeout: 40_000 })
    await look(page, pass, 'arena')
    if (pass.touch) {
      const touch = await context.newCDPSession(page)
      await look(page, pass, 'arena-sticks', {
        before: async (size) => {
          const { width: w, height: h } = sizes[size]
          const y = h - (h < 480 ? 110 : 170)
          const at = (dx: number, dy: number): { x: number; y: number; id: number }[] => [{ x: w * 0.2 + dx, y: y + dy, id: 1 }, { x: w * 0.8 + dx, y: y - dy, id: 2 }]
          await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at(0, 0) })
          await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: at(34, -18) })
        },
        after: () => touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] }),
      })
    }
    const killed = page.locator('.hud .dead:not([hidden])')
    await killed.waitFor({ timeout: 60_000 })
    await page.waitForTimeout(150)
    socket.hold()
    await look(page, pass, 'arena-killed')
    socket.go()
    await page.locator('.scores > button').click()
    await look(page, pass, 'arena-scores')
    await page.locator('.scores > button').click()
    await page.keyboard.press('Backquote')
    await page.locator('[data-test=overlay] .rows td').first().waitFor()
    await page.locator('[data-test=overlay] .inspector select').selectOption('ships')
    await page.locator('[data-test=net-usual]').selectOption('50ms±10ms')
    await page.waitForTimeout(1500)
    await look(page, pass, 'arena-overlay')
    await page.locator('[data-test=net-usual]').selectOption('')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
    await look(page, pass, 'arena-chat', { before: () => open(page, 'chat') })
    await shut(page)
    const eve = await st.visit(pass, 'Eve')
    await eve.page.goto(st.url)
    await eve.page.locator('.lobby', { hasText: `Friday night, ${pass.first}` }).getByRole('button', { name: 'Watch' }).click()
    await inPhase(eve.page, 'running')
    await eve.page.locator('.scores tr').nth(3).waitFor()
    await look(eve.page, pass, 'arena-watching')
    await eve.context.close()
    await page.locator('[data-test=results]').waitFor({ timeout: 140_000 })
    await page.waitForTimeout(1500)
    await look(page, pass, 'arena-results')
    await page.locator('[data-test=again]').click()
    await look(page, pass, 'arena-results-asked')
  })
})
