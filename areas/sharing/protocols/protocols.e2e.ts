import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { area as structure } from '#areas/structure/area.ts'
import { structureFor, type TestHolder } from '#areas/structure/testing.ts'
import type { TestDoor } from '#core/access/sign-in/testing.ts'
import { type TestCity, testCity } from '#core/db/testing.ts'
import { liveDoor } from '#core/http/testing.ts'
import { findings, openBrowser, openWindow, picture, pocket, ready, why } from '#core/web/testing.ts'
import { area } from '../area.ts'

describe.skipIf(!ready)(`a protocol between three agencies, in a real browser${why}`, () => {
  let city: TestCity
  let door: TestDoor
  let browser: Browser
  const said: string[] = []
  const people: TestHolder[] = []
  beforeAll(async () => {
    city = await testCity()
    door = await liveDoor(city, { areas: [structure, area] })
    const { agency, holder } = structureFor(city)
    for (const name of ['Police', 'Hospital', 'Roads']) people.push(await holder(`${name} Executive`, await agency(name), 'executive'))
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await door?.stop()
    await city?.end()
  })
  const window = async (place: number, path: string, options?: object): Promise<Page> => {
    const { page } = await openWindow(browser, door.url, people[place]!.key, options as never, said)
    await page.goto(door.url + path)
    await page.locator('main h1').waitFor()
    return page
  }

  test('one draws it up, two sign on their own screens, the last signature brings it into force before all, and one ends it', async () => {
    const police = await window(0, '/sharing/protocols/draft')
    await police.getByLabel('Title').fill('Hospitals and roads')
    await police.getByLabel('What it is for').fill('Beds are known where roads are closed.')
    for (const name of ['Hospital', 'Roads']) {
      await police.getByRole('button', { name: /Add a party/ }).click()
      await police.getByRole('option', { name }).click()
      await police.getByRole('group', { name }).waitFor()
    }
    await police.getByLabel('How long it is kept').fill('One year, then deleted by each party.')
    expect(await findings(police)).toEqual([])
    await picture(police, 'protocol-draft')
    await police.getByRole('button', { name: 'Keep the draft' }).click()
    await police.getByRole('button', { name: 'Offer it for signing' }).click()
    await police.getByRole('button', { name: 'Sign for Police' }).click()
    await police.getByText(/signed by Police Executive/).waitFor()

    const hospital = await window(1, '/sharing', pocket)
    await hospital.getByRole('heading', { name: 'Waiting for your signature' }).waitFor()
    expect(await findings(hospital)).toEqual([])
    await hospital.getByRole('link', { name: 'Hospitals and roads' }).click()
    await hospital.getByRole('button', { name: 'Sign for Hospital' }).click()
    await hospital.getByText(/signed by Hospital Executive/).waitFor()
    expect(await hospital.getByRole('button', { name: 'Sign for Roads' }).count()).toBe(0)
    await picture(hospital, 'protocol-pocket')

    const roads = await window(2, new URL(police.url()).pathname)
    await roads.getByRole('button', { name: 'Sign for Roads' }).click()
    for (const page of [roads, police, hospital]) await page.getByText('in force', { exact: true }).first().waitFor()
    await police.getByRole('rowheader', { name: 'Roads' }).waitFor()
    expect(await findings(police)).toEqual([])
    await picture(police, 'protocol-in-force')

    await hospital.getByRole('button', { name: 'End the protocol' }).click()
    await hospital.getByLabel('Reason').fill('Replaced by the regional one.')
    await hospital.getByRole('button', { name: 'End it now' }).click()
    for (const page of [police, roads, hospital]) await page.getByText(/Ended: Replaced by the regional one/).waitFor()
    expect(said).toEqual([])
  })
})
