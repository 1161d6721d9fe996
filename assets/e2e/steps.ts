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

/** What the arena's view says of the own ship. Each life is another id. */
export type Own = Place & { id: number; hp: number; ammo: number }

/** Notes every phase that the page has from now on, also those too short to be met; reads them. */
export async function phasesFromNow(page: Page): Promise<() => Promise<string[]>> {
  const seen = await page.evaluateHandle(() => {
    const list: string[] = []
    const room = document.querySelector<HTMLElement>('[data-screen=lobby]')!
    new MutationObserver(() => list.push(room.dataset['phase']!)).observe(room, { attributes: true, attributeFilter: ['data-phase'] })
    return list
  })
  return () => seen.jsonValue()
}

/** Where the own ship is; waits until it lives. Asked and read at once: it may be destroyed a moment later. */
export async function ownShip(page: Page): Promise<Own> {
  const found = await page.waitForFunction(() => JSON.parse(document.querySelector<HTMLElement>('[data-test=arena]')?.dataset['me'] || 'null') as Own | null, undefined, { timeout: 40_000 })
  return (await found.jsonValue())!
}

/**
 * Holds a key until the own ship has come so far from where it was, in units; tells from where to where. One that is destroyed meanwhile comes
 * back elsewhere, which is no way gone: then it counts from there.
 */
export async function holdUntilMoved(page: Page, key: string, far: number): Promise<{ from: Own; to: Own }> {
  const begun = await page.evaluateHandle(() => ({ from: null as Own | null }))
  const gone = ([begun, far]: readonly [{ from: Own | null }, number]): { from: Own; to: Own } | null => {
    const to = JSON.parse(document.querySelector<HTMLElement>('[data-test=arena]')?.dataset['me'] || 'null') as Own | null
    const from = (begun.from = begun.from?.id === to?.id ? begun.from : to)
    return from && to && Math.hypot(to.x - from.x, to.y - from.y) >= far ? { from, to } : null
  }
  await page.evaluate(gone, [begun, far] as const)
  await page.keyboard.down(key)
  try {
    const found = await page.waitForFunction(gone, [begun, far] as const, { timeout: 40_000 })
    return (await found.jsonValue())!
  } finally {
    await page.keyboard.up(key)
  }
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
  }, [least, most] as const, { timeout: 40_000 })
  return (await page.locator('[data-test=status] .words').textContent()) ?? ''
}
