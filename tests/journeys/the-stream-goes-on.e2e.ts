import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type JourneyCity, journeyCity } from './city.ts'
import { browserIsHere, why } from './web.ts'
import { findings, openBrowser, openWindow, picture, pocket } from '#core/web/testing.ts'

interface Heard {
  heard: string[]
  streamIsOpen?: boolean
}

describe.skipIf(!browserIsHere)(`the stream goes on${why}`, () => {
  let city: JourneyCity
  let browser: Browser
  let incidentId = ''

  beforeAll(async () => {
    city = await journeyCity()
    browser = await openBrowser()
    incidentId = (await city.ask('elspeth.varrowmere', 'response.openIncident', { name: 'KINGFISHER', incidentType: 'flood' })).id
    await city.ask('elspeth.varrowmere', 'response.admitPerson', {
      incidentId,
      personId: await city.idOf('person', 'priya.caldermoss'),
      reason: 'Takes part in the trial.',
    })
  })
  afterAll(async () => {
    await browser?.close()
    await city?.end()
  })

  const written: string[] = []
  const write = async (count: number) => {
    for (let each = 0; each < count; each += 1) {
      const text = `Line number ${written.length + 1}.`
      await city.ask('elspeth.varrowmere', 'response.writeEntry', { incidentId, text })
      written.push(text)
    }
  }

  test('a page stays live over two restarts of the server: every line once on it, every entry once in its stream', async () => {
    const pages = []
    for (const [who, options] of [
      ['elspeth.varrowmere', undefined],
      ['priya.caldermoss', pocket],
    ] as const) {
      const { page } = await openWindow(browser, city.url, await city.keyOf(who), options)
      // What the browser hears, beneath the page: the stream's own place and the row, in the order of arrival.
      await page.addInitScript(() => {
        const told: string[] = []
        const here = globalThis as unknown as Heard
        here.heard = told
        const Native = EventSource
        globalThis.EventSource = class extends Native {
          constructor(url: string | URL, init?: EventSourceInit) {
            super(url, init)
            this.addEventListener('open', () => (here.streamIsOpen = true))
            this.addEventListener('message', (event) => told.push(String(event.data)))
          }
        }
      })
      await page.goto(`${city.url}/response/centre/${incidentId}/timeline`)
      await page.locator('main h1').waitFor()
      await page.waitForFunction(() => (globalThis as unknown as Heard).streamIsOpen)
      await page.evaluate(() => ((globalThis as { neverReloaded?: boolean }).neverReloaded = true))
      pages.push(page)
    }
    await write(3)
    for (const page of pages) await page.getByText('Line number 3.').waitFor()

    for (const round of [1, 2]) {
      await city.stopServer()
      for (const page of pages)
        await page
          .getByText(/No contact|out of contact|offline/i)
          .first()
          .waitFor({ timeout: 20_000 })
      if (round === 1) await picture(pages[0]!, 'stream-lost')
      await city.startServer()
      // At once: before the pages have come back, and after.
      await write(3)
      for (const page of pages) await page.getByText(`Line number ${written.length}.`).waitFor({ timeout: 45_000 })
      await write(2)
      for (const page of pages) await page.getByText(`Line number ${written.length}.`).waitFor({ timeout: 20_000 })
    }

    for (const page of pages) {
      expect(await page.evaluate(() => (globalThis as { neverReloaded?: boolean }).neverReloaded)).toBe(true)
      for (const text of written) expect(await page.getByText(text, { exact: true }).count(), text).toBe(1)
      const { rows } = await city.owner.query<{ id: string }>('select id from response.log_entries where incident_id = $1 and kind = $2', [
        incidentId,
        'note',
      ])
      const told = await page.evaluate(() => (globalThis as unknown as Heard).heard)
      const heard = told.map((data) => JSON.parse(data) as { table: string; id: string })
      const lines = heard.filter(({ table }) => table === 'response.log_entries').map(({ id }) => id)
      expect(rows.length).toBe(written.length)
      for (const { id } of rows)
        expect(
          lines.filter((each) => each === id),
          id,
        ).toHaveLength(1)
      expect(await findings(page)).toEqual([])
    }
  }, 240_000)
})
