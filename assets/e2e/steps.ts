import type { Page } from 'playwright-core'

// What a visitor does and sees, through the page alone.

/** Chooses a game and plays at once; ends in a running match. */
export async function playNow(page: Page, url: string, game: string): Promise<void> {
  await page.goto(url)
  await page.locator(`[data-game=${game}]`).click()
  await page.locator('[data-test=play]').click()
  await inPhase(page, 'running')
}

export async function inPhase(page: Page, ...phases: string[]): Promise<void> {
  const which = phases.map((p) => `[data-screen=lobby][data-phase=${p}]`).join(', ')
  await page.locator(which).waitFor({ timeout: 40_000 })
}

/** Creates a lobby with settings by name, and waits in it. */
export async function create(page: Page, url: string, o: { game: string; bots?: boolean; private?: boolean; title?: string; settings?: Record<string, number>; level?: number; approval?: boolean }): Promise<string> {
  await page.goto(url)
  await page.locator(`[data-game=${o.game}]`).click()
  await page.locator('[data-test=create]').click()
  if (o.title) await page.locator('#create-title').fill(o.title)
  await page.locator('#create-bots').setChecked(o.bots ?? false)
  await page.locator('#create-private').setChecked(o.private ?? false)
  if (o.approval) await page.locator('#create-approval').check()
  if (o.level) await page.locator('#create-level').selectOption(String(o.level))
  for (const [name, value] of Object.entries(o.settings ?? {})) {
    await page.locator(`dialog [data-setting=${name}] :is(input, select)`).evaluate((input: HTMLInputElement | HTMLSelectElement, v) => {
      input.value = String(v)
      input.dispatchEvent(new Event('input'))
      input.dispatchEvent(new Event('change'))
    }, value)
  }
  await page.locator('[data-test=create-go]').click()
  await page.locator('[data-screen=lobby]').waitFor()
  return (await page.locator('[data-test=code]').textContent()) ?? ''
}

/** A number or list that the arena's view says of itself. */
export async function arenaData<T>(page: Page, key: string): Promise<T> {
  const text = await page.locator('[data-test=arena]').getAttribute(`data-${key}`)
  return JSON.parse(text || 'null') as T
}

export type Place = { x: number; y: number }

/** Where the own ship is; waits until it lives. */
export async function ownShip(page: Page): Promise<Place & { hp: number }> {
  await page.waitForFunction(() => (document.querySelector<HTMLElement>('[data-test=arena]')?.dataset['me'] ?? '') !== '', undefined, { timeout: 20_000 })
  return arenaData(page, 'me')
}

/** Holds a key until the condition on the page's own ship is met. */
export async function holdUntilMoved(page: Page, key: string, from: Place, far: number): Promise<Place> {
  await page.keyboard.down(key)
  try {
    await page.waitForFunction(
      ([x, y, d]) => {
        const me = JSON.parse(document.querySelector<HTMLElement>('[data-test=arena]')?.dataset['me'] || 'null')
        return me && Math.hypot(me.x - x!, me.y - y!) >= d!
      },
      [from.x, from.y, far] as const,
      { timeout: 20_000 },
    )
  } finally {
    await page.keyboard.up(key)
  }
  return ownShip(page)
}

export async function me(page: Page): Promise<string> {
  return (await page.locator('[data-screen=lobby]').getAttribute('data-me')) ?? ''
}

/** Drops a disc into a column, and waits until it lies. */
export async function drop(page: Page, column: number, by: 'mouse' | 'keyboard'): Promise<void> {
  const fours = page.locator('[data-test=fours]')
  const before = await fours.getAttribute('data-board')
  if (by === 'mouse') await page.locator(`.keys [data-column="${column}"]`).click()
  else {
    await page.locator(`.keys [data-column="${column}"]`).focus()
    await page.keyboard.press('Enter')
  }
  await page.waitForFunction((was) => document.querySelector<HTMLElement>('[data-test=fours]')?.dataset['board'] !== was, before)
}

/** Has the server simulate a network for all in the lobby, as its host does in the overlay; empty ends it. */
export async function networkForAll(page: Page, link: string): Promise<void> {
  await page.keyboard.press('Backquote')
  await page.locator('[data-test=net]').fill(link)
  await page.locator('[data-test=net-all]').click() // and the keys are the game's again
  await page.keyboard.press('Escape')
}

/** Waits until the page says that the ping lies between, in milliseconds, and tells it. */
export async function pingOf(page: Page, least: number, most: number): Promise<string> {
  await page.waitForFunction(([from, to]) => {
    const ping = parseFloat(document.querySelector('[data-test=status] .words')?.textContent ?? '')
    return ping >= from! && ping <= to!
  }, [least, most] as const, { timeout: 20_000 })
  return (await page.locator('[data-test=status] .words').textContent()) ?? ''
}
