import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type JourneyCity, journeyCity } from './city.ts'
import { browserIsHere, why } from './web.ts'
import { findings, openBrowser, openWindow, picture, pocket } from '#core/web/testing.ts'

describe.skipIf(!browserIsHere)(`the network is gone${why}`, () => {
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
    const agencyIds = [await city.idOf('agency', 'HAL-CIT')]
    await city.ask('elspeth.varrowmere', 'response.expectAgencies', { incidentId, agencyIds })
  })
  afterAll(async () => {
    await browser?.close()
    await city?.end()
  })

  const centre = () => `${city.url}/response/centre/${incidentId}`
  const stored = async (text: string) =>
    Number((await city.owner.query<{ count: string }>('select count(*) from response.log_entries where text = $1', [text])).rows[0]!.count)
  async function write(page: Page, text: string): Promise<void> {
    const field = page.getByRole('textbox', { name: 'What happened' })
    await field.fill(text)
    await page.getByRole('button', { name: 'Enter', exact: true }).click()
    // The line is let go only when it is written or waits.
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>('main input[name=text]')?.value === '')
  }
  async function until(isSo: () => Promise<boolean>): Promise<void> {
    const end = Date.now() + 30_000
    while (!(await isSo())) {
      if (Date.now() > end) throw new Error('It did not come about in 30 s.')
      await new Promise((done) => setTimeout(done, 200))
    }
  }

  test('what is written and pressed without a network waits, says so, survives closing the page, and is sent once, in order', async () => {
    const other = await openWindow(browser, city.url, await city.keyOf('elspeth.varrowmere'))
    await other.page.goto(`${centre()}/timeline`)
    const { context, page } = await openWindow(browser, city.url, await city.keyOf('priya.caldermoss'), pocket)
    await page.goto(centre())
    await page.getByRole('textbox', { name: 'What happened' }).waitFor()
    await until(() =>
      page.evaluate(
        async () =>
          navigator.serviceWorker.controller !== null && (await caches.has('concord-seen')) && (await caches.has('concord-shell')),
      ),
    )
    await context.setOffline(true)
    await page.getByRole('button', { name: 'In the room' }).click()
    await write(page, 'Water at the second step.')
    await write(page, 'Water at the third step.')
    await page.getByRole('button', { name: '3 wait to be sent' }).waitFor()
    await picture(page, 'network-gone')
    expect(await findings(page)).toEqual([])
    expect(await stored('Water at the second step.')).toBe(0)

    // The battery is changed: the page is closed, and opened again, still without a network.
    await page.close()
    const again = await context.newPage()
    await again.goto(centre())
    await again.getByRole('button', { name: '3 wait to be sent' }).waitFor()
    const second = await context.newPage()
    await second.goto(centre())
    await second.getByRole('button', { name: '3 wait to be sent' }).waitFor()

    // Two windows of the same person see the network come back at once.
    await context.setOffline(false)
    await other.page.getByText('Water at the third step.').first().waitFor({ timeout: 60_000 })
    await again.getByRole('button', { name: /wait(s)? to be sent/ }).waitFor({ state: 'detached', timeout: 60_000 })
    for (const text of ['Water at the second step.', 'Water at the third step.']) {
      expect(await stored(text)).toBe(1)
      expect(await other.page.getByText(text, { exact: true }).count()).toBe(1)
    }
    const { rows } = await city.owner.query<{ text: string }>("select text from response.log_entries where text like 'Water%' order by id")
    expect(rows.map(({ text }) => text)).toEqual(['Water at the second step.', 'Water at the third step.'])
    const { rows: seats } = await city.owner.query<{ state: string }>(
      'select state from response.seats where incident_id = $1 and agency_id = $2',
      [incidentId, await city.idOf('agency', 'HAL-CIT')],
    )
    expect(seats).toEqual([{ state: 'present' }])
    await other.context.close()
    await context.close()
  })

  test('an answer that was lost on the way back does no deed twice', async () => {
    const { context, page } = await openWindow(browser, city.url, await city.keyOf('priya.caldermoss'), {
      ...pocket,
      serviceWorkers: 'block',
    })
    await page.goto(centre())
    let lost = 0
    await context.route('**/api/response/write-entry', async (route) => {
      if (lost > 0) return route.continue()
      lost += 1
      // It reached the server and was done; only the answer is lost.
      await route.fetch()
      return route.abort('connectionreset')
    })
    await write(page, 'The bridge is closed.')
    await until(async () => (await stored('The bridge is closed.')) > 0)
    await page.getByRole('button', { name: /wait(s)? to be sent/ }).waitFor({ state: 'detached', timeout: 60_000 })
    await page.getByText('The bridge is closed.').first().waitFor()
    expect(lost).toBe(1)
    expect(await stored('The bridge is closed.')).toBe(1)
    await context.close()
  })
})
