import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Browser, JSHandle } from 'playwright-core'
import { launch, leave, visit } from './browser'
import { start, type Server } from './server'

let server: Server
let browser: Browser

beforeAll(async () => {
  server = await start({ SANDLOT_LOBBY_COUNTDOWN: '100ms', SANDLOT_LOBBY_COUNTDOWN_ALONE: '100ms', SANDLOT_LOBBY_BOTS_AFTER: '100ms' })
  browser = await launch()
})
afterEach(() => leave(browser))
afterAll(async () => {
  await browser?.close()
  expect(await server?.stop()).toBe(0)
})

describe('the SDK as it is served', () => {
  it('plays a match by itself, without the page', async () => {
    const { page, faults } = await visit(browser)
    await page.goto(server.url)
    // As a string, or the test runner would rewrite the import.
    const sdk = (await page.evaluateHandle("import('/sdk/sandlot.js')")) as JSHandle<typeof import('../sdk/src/index')>
    const seen = await page.evaluate(async ({ connect }) => {
      const client = await connect({ name: 'Robin' })
      const lobby = await client.quickPlay('arena')
      const ships = lobby.table<{ x: number; y: number; vx: number }>('ships')
      const until = (ok: () => boolean): Promise<void> =>
        new Promise((resolve) => {
          const off = lobby.onStateChange(() => {
            if (!ok()) return
            off()
            resolve()
          })
        })
      await until(() => lobby.phase === 'running' && ships.owned(lobby.me).length > 0)
      const from = { ...ships.owned(lobby.me)[0]! }
      lobby.setInput({ moveX: from.x < 32 * 256 ? 127 : -127 })
      await until(() => Math.abs((ships.owned(lobby.me)[0]?.x ?? from.x) - from.x) > 512)
      await until(() => lobby.appliedInput > 30)
      const others = [...ships].filter((s) => s.owner !== lobby.me)
      const views = [...ships.views()].length
      const refused = await lobby.send('nonsense').catch((e: { code: string }) => e.code)
      const { stats, members } = lobby
      const away = lobby.serverNow() - Date.now()
      const saved = lobby.save()!
      lobby.disconnect()
      const back = await client.reconnect(saved)
      const same = back.me === lobby.me && back.id === lobby.id
      // Matchmaking, loaded when it is first used.
      const ticket = await client.queue('arena', { mode: 'duel' })
      const ended = ticket.joined().catch((e: { code: string }) => e.code)
      await ticket.cancel()
      const listed = await new Promise<boolean>((resolve) => {
        const off = client.watch({ game: 'arena' }, ({ lobbies, live }) => {
          if (!lobbies.some((l) => l.id === back.id)) return
          off()
          resolve(live)
        })
      })
      back.leave()
      return { ended: await ended, listed, others: others.map((s) => s.vx), views, refused, stats, members: members.size, away, same }
    }, sdk)
    expect(seen.members).toBeGreaterThan(1)
    expect(seen.views).toBeGreaterThan(1)
    expect(seen.others.every((vx) => vx === 0)).toBe(true) // the owner's fields never reach others
    expect(seen.refused).toBe('command')
    expect(seen.stats.frames).toBeGreaterThan(30)
    expect(Math.abs(seen.away)).toBeLessThan(1000)
    expect(seen.same).toBe(true)
    expect([seen.ended, seen.listed]).toEqual(['by_player', true])
    expect(faults).toEqual([])
  })
})
