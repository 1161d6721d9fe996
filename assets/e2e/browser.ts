import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'

/** Screenshots go here; it is not kept in the repository. */
export const out = fileURLToPath(new URL('out/', import.meta.url))

export const sizes = {
  desktop: { width: 1280, height: 800 },
  tablet: { width: 820, height: 1180 },
  phone: { width: 390, height: 844 },
  small: { width: 320, height: 568 },
  landscape: { width: 844, height: 390 },
} as const

export type Size = keyof typeof sizes

export async function launch(): Promise<Browser> {
  mkdirSync(out, { recursive: true })
  return chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      '--headless', '--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage',
    ],
  })
}

/** One visitor: a context of its own, whose faults fail the test. */
export interface Visitor {
  readonly page: Page
  readonly context: BrowserContext
  /** Errors and refusals of the page's policy seen so far. */
  readonly faults: string[]
}

export async function visit(browser: Browser, options: { size?: Size; dark?: boolean; name?: string } = {}): Promise<Visitor> {
  const size = options.size ?? 'desktop'
  const context = await browser.newContext({
    viewport: sizes[size],
    colorScheme: options.dark ? 'dark' : 'light',
    hasTouch: size !== 'desktop',
    isMobile: size !== 'desktop',
    deviceScaleFactor: 1,
  })
  const faults: string[] = []
  if (options.name) await context.addInitScript((n) => localStorage.getItem('sandlot.name') ?? localStorage.setItem('sandlot.name', n), options.name)
  const page = await context.newPage()
  page.on('pageerror', (err) => faults.push(String(err)))
  page.on('console', (m) => {
    // A 304 is no fault; a socket that a test cuts is reported by the browser.
    if (m.type() === 'error' && !/WebSocket connection|ERR_CONNECTION_REFUSED|ERR_INTERNET_DISCONNECTED/.test(m.text())) faults.push(m.text())
  })
  return { page, context, faults }
}

/** Closes what visitors left open, also after a test that failed. */
export async function leave(browser: Browser): Promise<void> {
  await Promise.all(browser.contexts().map((c) => c.close()))
}

/** Takes a picture. Before its first frame there is nothing of a page to take, and the browser refuses. */
export async function shot(page: Page, name: string): Promise<void> {
  await page.evaluate(() => new Promise<void>((resolve) => {
    new PerformanceObserver((_, seen) => {
      seen.disconnect()
      resolve()
    }).observe({ type: 'paint', buffered: true })
  }))
  await page.screenshot({ path: path.join(out, `${name}.png`) })
}

/** A picture for the README, among those to pick from: SANDLOT_PICTURE=3 keeps the third in the repository. */
export async function picture(page: Page, n: number): Promise<void> {
  await shot(page, `readme-${n}`)
  if (process.env['SANDLOT_PICTURE'] === String(n)) await page.screenshot({ path: fileURLToPath(new URL('../screenshot.png', import.meta.url)) })
}
