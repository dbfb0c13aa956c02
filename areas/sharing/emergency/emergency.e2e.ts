import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { area as structure } from '#areas/structure/area.ts'
import { structureFor, type TestHolder } from '#areas/structure/testing.ts'
import type { TestDoor } from '#core/access/sign-in/testing.ts'
import { type TestCity, testCity } from '#core/db/testing.ts'
import { liveDoor } from '#core/http/testing.ts'
import { findings, openBrowser, openWindow, picture, pocket, ready, why } from '#core/web/testing.ts'
import { area } from '../area.ts'

describe.skipIf(!ready)(`breaking the glass, in a real browser${why}`, () => {
  let city: TestCity
  let door: TestDoor
  let browser: Browser
  let officer: TestHolder
  let protection: TestHolder
  let hospital: TestHolder
  beforeAll(async () => {
    city = await testCity()
    door = await liveDoor(city, { areas: [structure, area] })
    const { agency, holder } = structureFor(city)
    officer = await holder('Dot Duty', await agency('Fire'), 'duty')
    protection = await holder('Pia Protection', officer.agencyId, 'data-protection')
    hospital = await holder('Hal Hospital', await agency('Hospital'), 'duty')
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await door?.stop()
    await city?.end()
  })

  test('an officer shares on a phone what cannot wait; the partner sees it at once; another reviews it, the officer cannot', async () => {
    const said: string[] = []
    const open = async (who: TestHolder, options = {}) => {
      const { page } = await openWindow(browser, door.url, who.key, options, said)
      await page.goto(`${door.url}/sharing/emergency`)
      await page.locator('main h1').waitFor()
      return page
    }
    const partner = await open(hospital)
    await partner.getByText('Nothing was shared so').waitFor()
    const phone = await open(officer, pocket)
    await phone.getByRole('textbox', { name: 'What it is about' }).fill('Gas at the quay')
    await phone.getByRole('textbox', { name: 'What they must know' }).fill('Keep crews upwind of the grain store.')
    await phone.getByRole('button', { name: /Who must know/ }).click()
    await phone.getByRole('option', { name: 'Hospital' }).click()
    await phone.getByRole('button', { name: 'Remove Hospital' }).waitFor()
    await phone.getByRole('textbox', { name: 'Why it cannot wait' }).fill('Crews are on their way.')
    expect(await findings(phone)).toEqual([])
    await picture(phone, 'emergency-pocket')
    await phone.getByRole('button', { name: 'Share it now' }).click()
    await phone.getByText('Shared. It stands on their screens').waitFor()
    await partner.getByText('Keep crews upwind of the grain store.').waitFor()
    expect(await partner.getByRole('button', { name: 'Record the review' }).count()).toBe(0)
    expect(await phone.getByRole('button', { name: 'Record the review' }).count()).toBe(0)

    const desk = await open(protection)
    await desk.getByRole('radio', { name: 'right, and otherwise next time' }).check({ force: true })
    await desk.getByRole('textbox', { name: 'What was found, and what follows' }).fill('A protocol with the port is drawn up.')
    expect(await findings(desk)).toEqual([])
    await picture(desk, 'emergency-review')
    await desk.getByRole('button', { name: 'Record the review' }).click()
    for (const page of [desk, phone, partner]) await page.getByText('A protocol with the port is drawn up. (Pia Protection)').waitFor()
    expect(said).toEqual([])
  })
})
