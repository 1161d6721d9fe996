import path from 'node:path'
import { afterAll, afterEach, beforeAll } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import { launch, leave, out, sizes, visit, type Size, type Visitor } from './browser'
import type { Server } from './server'
import { squads } from './squads'

// Takes pictures of every screen at every size, light and dark, to be looked at: npm run pictures -- pictures.
// A page is brought to a screen once and then resized, so that all its pictures show the same. SANDLOT_ONLY=phone-dark keeps only those.

/** Touch changes more than the size: pages that have it are visited apart. */
export const passes = [
  { touch: false, first: 'desktop', all: ['desktop'] },
  { touch: true, first: 'phone', all: ['phone', 'small', 'landscape', 'tablet'] },
] as const

export type Pass = (typeof passes)[number]

const only = process.env['SANDLOT_ONLY'] ?? ''

/** A server and a browser for the file's pictures. */
export function studio(env: Record<string, string> = {}): { url: string; visit: (pass: Pass, name?: string) => Promise<Visitor> } {
  let server: Server
  let browser: Browser
  beforeAll(async () => {
    server = await squads({
      SANDLOT_LOBBY_COUNTDOWN: '2s', SANDLOT_LOBBY_COUNTDOWN_ALONE: '2s', SANDLOT_LOBBY_RESULTS: '60s', SANDLOT_LOBBY_BOTS_AFTER: '200ms', SANDLOT_QUEUE_ACCEPT: '60s', ...env,
    })
    browser = await launch()
  }, 180_000)
  afterEach(() => leave(browser))
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })
  return {
    get url() { return server.url },
    visit: (pass, name = 'Ann') => visit(browser, { name, size: pass.first }),
  }
}

export interface LookOptions {
  /** The whole page, not only what is seen at once. */
  readonly full?: boolean
  /** Done before each picture, at its size. */
  readonly before?: (size: Size) => Promise<unknown>
  readonly after?: () => Promise<unknown>
}

/** Takes a screen's pictures: at all sizes of the pass, light and dark. */
export async function look(page: Page, pass: Pass, name: string, o: LookOptions = {}): Promise<void> {
  for (const size of pass.all) {
    for (const dark of [false, true]) {
      const tag = `${size}-${dark ? 'dark' : 'light'}`
      if (!tag.includes(only)) continue
      await page.setViewportSize(sizes[size])
      await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light' })
      await o.before?.(size)
      await page.waitForTimeout(120) // what is drawn by frames has had some
      await page.screenshot({ path: path.join(out, `${name}-${tag}.png`), fullPage: o.full ?? false })
      await o.after?.()
    }
  }
  await page.setViewportSize(sizes[pass.first])
}

/** Opens what is a sheet on narrow pages, at this size. */
export async function open(page: Page, which: 'members' | 'chat'): Promise<void> {
  const tab = page.locator(`[data-tab=${which}]`)
  if ((await tab.isVisible()) && (await tab.getAttribute('aria-expanded')) === 'false') await tab.click()
}

export async function shut(page: Page): Promise<void> {
  const tab = page.locator('.tab[aria-expanded=true]')
  if (await tab.isVisible()) await tab.click()
}

/** Lets a page's socket be held still, so that a moment can be looked at for long, and be closed with any reason. */
export async function tap(page: Page): Promise<{ hold: () => void; go: () => void; close: (code: number, reason: string) => Promise<void> }> {
  const sockets: { close: (o: { code: number; reason: string }) => Promise<void> }[] = []
  let held: (() => void)[] | null = null
  await page.routeWebSocket(/\/v1\/ws/, (ws) => {
    const server = ws.connectToServer()
    sockets.push(ws)
    server.onMessage((m) => {
      if (held) held.push(() => ws.send(m))
      else ws.send(m)
    })
  })
  return {
    hold: () => (held ??= []),
    go: () => {
      const all = held ?? []
      held = null
      for (const send of all) send()
    },
    close: async (code, reason) => sockets.at(-1)!.close({ code, reason }),
  }
}
