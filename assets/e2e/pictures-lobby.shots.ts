import { describe, it } from 'vitest'
import { look, open, passes, shut, studio, tap } from './gallery'
import { create, inPhase } from './steps'

// A lobby while it waits, its chat, and how its connection is.

const st = studio({ SANDLOT_LOBBY_COUNTDOWN: '15s', SANDLOT_LOBBY_COUNTDOWN_ALONE: '15s' })

describe.each(passes)('$first', (pass) => {
  it('waits', async () => {
    const { page } = await st.visit(pass)
    const code = await create(page, st.url, { game: 'arena', bots: true, title: 'Friday night', settings: { fillTo: 12 } })
    await look(page, pass, 'waiting-host')
    await look(page, pass, 'waiting-host-end', { before: () => page.locator('.sheet').evaluate((d) => d.scrollTo(0, d.scrollHeight)) })
    const bob = await st.visit(pass, 'Bartholomew the Longnamed')
    await bob.page.goto(`${st.url}/?lobby=${code}`)
    await bob.page.locator('[data-test=play]').click()
    await inPhase(bob.page, 'waiting')
    await bob.page.locator('[data-test=ready]').click()
    await look(bob.page, pass, 'waiting-member')
    const list = (): Promise<void> => open(page, 'members')
    await look(page, pass, 'members', { before: list })
    const member = page.locator('.members li', { hasText: 'Bart' }).locator('.more')
    await member.click()
    await look(page, pass, 'members-host-menu')
    await member.click()
    await page.locator('.members li', { hasText: 'Ann' }).locator('.more').click()
    await look(page, pass, 'members-own-menu')
    await shut(page)
    for (const [who, text] of [[bob.page, 'Hello! Is this the right place for Friday?'], [page, 'It is. Rules: https://example.com/rules/of/the/house?with=a-very-long-address-that-has-to-break-somewhere'], [bob.page, 'Supercalifragilisticexpialidocious 🎉']] as const) {
      await open(who, 'chat')
      await who.locator('[data-test=say]').fill(text)
      await who.keyboard.press('Enter')
      await page.locator('[data-test=chat]', { hasText: text.slice(0, 12) }).waitFor({ state: 'attached' })
      await shut(page)
    }
    await look(page, pass, 'chat-unread')
    await look(page, pass, 'chat', { before: () => open(page, 'chat') })
    await shut(page)
    await page.locator('.sheet [data-test=qr]').click()
    await look(page, pass, 'share-qr')
    await page.locator('dialog .primary').click()
    await page.locator('[data-test=start]').click()
    await page.locator('.countdown strong').waitFor()
    await look(page, pass, 'countdown')
  })

  it('is cut off', async () => {
    const { page, context } = await st.visit(pass)
    const socket = await tap(page)
    const ended = async (code: number, reason: string, name: string): Promise<void> => {
      await socket.close(code, reason)
      await page.locator('[data-test=reason]').waitFor()
      await look(page, pass, name)
    }
    await create(page, st.url, { game: 'fours' })
    await socket.close(4008, 'slow;after=40')
    await page.locator('[data-test=trouble]').waitFor()
    await look(page, pass, 'link-reconnecting')
    await context.setOffline(true)
    await page.locator('[data-test=trouble]', { hasText: 'offline' }).waitFor()
    await look(page, pass, 'link-offline')
    await context.setOffline(false) // it comes back by itself
    await page.locator('[data-test=status][data-state=open]').waitFor()
    await socket.close(1001, 'restart;after=40')
    await page.locator('[data-test=trouble]', { hasText: 'restarting' }).waitFor()
    await look(page, pass, 'link-restarting')
    await page.locator('[data-test=retry]').click()
    await page.locator('[data-test=status][data-state=open]').waitFor()
    await ended(4500, 'replaced', 'link-replaced')
    await create(page, st.url, { game: 'fours' })
    await ended(1008, 'refused;match_lost', 'link-refused')
    await create(page, st.url, { game: 'fours' })
    await ended(4501, 'kicked', 'link-kicked')
  })
})
