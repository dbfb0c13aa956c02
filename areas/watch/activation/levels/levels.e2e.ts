import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { structureFor, type TestHolder } from '#areas/structure/testing.ts'
import { area } from '#areas/watch/area.ts'
import { performAs, watchFor } from '#areas/watch/testing.ts'
import type { TestDoor } from '#core/access/sign-in/testing.ts'
import { liveWorld, type TestCity, testCity } from '#core/db/testing.ts'
import { liveDoor } from '#core/http/testing.ts'
import { colours, desk, findings, openBrowser, openWindow, picture, pocket, ready, why } from '#core/web/testing.ts'
import { type Level, levels } from '../contract.ts'

describe.skipIf(!ready)(`activation levels, in a real browser${why}`, () => {
  let city: TestCity
  let door: TestDoor
  let browser: Browser
  let officer: TestHolder
  let administrator: TestHolder
  const said: string[] = []

  beforeAll(async () => {
    city = await testCity()
    const structure = structureFor(city)
    await watchFor(city).founded()
    const office = await structure.agency('Resilience Office')
    officer = await structure.holder('Wanda Watch', office, 'watch-officer')
    administrator = await structure.holder('Ada Administrator', office, 'administrator')
    for (const name of ['Ambulance', 'Fire', 'Harbour', 'Police', 'Rail', 'Water', 'Tram', 'Power'])
      await structure.holder(`Duty of ${name}`, await structure.agency(name), 'duty')
    await city.owner.query(
      "insert into structure.groups (id, code, name, tier, label, world) values (gen_random_uuid(), 'SCG', 'Strategic group', 'strategic', access.city_label(), $1)",
      [liveWorld],
    )
    door = await liveDoor(city, { areas: [area], failed: (error) => said.push(String(error)) })
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await door?.stop()
    await city?.end()
  })

  const dark = async (page: Page, name: string) => {
    await page.emulateMedia({ colorScheme: 'dark' })
    expect(await findings(page, colours)).toEqual([])
    await picture(page, name)
    await page.emulateMedia({ colorScheme: 'light' })
  }

  test('without a level the watch officer is told whom to ask; an administrator adds one, changes it, retires it', async () => {
    const watch = await openWindow(browser, door.url, officer.key, desk, said)
    await watch.page.goto(`${door.url}/watch/activations`)
    await watch.page.getByRole('button', { name: 'Activate' }).click()
    await watch.page.getByRole('dialog').getByText('An administrator keeps the levels: Ada Administrator.').waitFor()
    expect(await findings(watch.page)).toEqual([])
    await picture(watch.page, 'levels-nothing-to-activate-at')
    await watch.page.getByRole('dialog').getByRole('link', { name: 'Activation levels' }).click()
    await watch.page.getByRole('heading', { level: 1, name: 'Activation levels' }).waitFor()
    expect(await watch.page.getByRole('button', { name: 'Add a level' }).count()).toBe(0)

    const { page } = await openWindow(browser, door.url, administrator.key, desk, said)
    await page.goto(`${door.url}/watch/activations`)
    await page.getByRole('link', { name: 'Activation levels' }).click()
    await page.getByText('No activation level').waitFor()
    expect(await findings(page)).toEqual([])
    await picture(page, 'levels-none')
    await page.getByRole('button', { name: 'Add a level' }).click()
    const sheet = page.getByRole('dialog')
    await sheet.getByLabel('Name', { exact: false }).first().fill('Activated')
    await sheet.getByLabel('Short name').fill('Activated!')
    await sheet.getByLabel('When it is taken', { exact: true }).fill('An attack is suspected.')
    await sheet.getByLabel('Name in French').fill('Activé')
    const calls = sheet.getByRole('group', { name: 'Calls out' })
    await calls.getByLabel('Find by name').fill('Fire')
    await calls.getByText('Fire: duty (Duty of Fire)').last().click()
    await calls.getByLabel('Find by name').fill('Harbour')
    await calls.getByText('Harbour: duty (Duty of Harbour)').last().click()
    await sheet.getByText('Strategic group').click()
    expect(await findings(page)).toEqual([])
    await picture(page, 'levels-adding')
    await sheet.getByRole('button', { name: 'Add a level' }).click()
    await sheet.getByText('A code is in small letters, digits and hyphens.').first().waitFor()
    await sheet.getByLabel('Short name').fill('activated')
    await page.keyboard.press('Enter')
    await sheet.waitFor({ state: 'detached' })
    const row = page.getByRole('row').filter({ hasText: 'An attack is suspected.' })
    await row.getByText('duty (Duty of Fire), Fire').waitFor()
    await row.getByText('Strategic group').waitFor()
    // Nobody reloads the officer's page.
    await watch.page.getByRole('row').filter({ hasText: 'An attack is suspected.' }).waitFor({ timeout: 15_000 })
    await picture(watch.page, 'levels-read')

    await row.getByRole('button', { name: 'Change' }).click()
    await sheet.getByLabel('When it is taken', { exact: true }).fill('An attack is suspected, or certain.')
    await sheet.getByRole('button', { name: 'Change' }).click()
    await sheet.waitFor({ state: 'detached' })
    await page.getByText('An attack is suspected, or certain.').waitFor()
    const [kept] = await performAs<Level[]>(city, administrator, levels, {})
    expect(kept).toMatchObject({ code: 'activated', name: 'Activated', nameFr: 'Activé', criteria: 'An attack is suspected, or certain.' })
    expect(kept?.callsOut).toHaveLength(2)
    await page.reload()
    await page.getByText('An attack is suspected, or certain.').waitFor()
    expect(await findings(page)).toEqual([])
    await picture(page, 'levels')
    await dark(page, 'levels-dark')
    await page.setViewportSize(pocket.viewport)
    await picture(page, 'levels-pocket')
    await page.setViewportSize(desk.viewport)

    await page.getByRole('button', { name: 'Retire' }).click()
    await sheet.getByText('It is the only level in use').waitFor()
    await picture(page, 'levels-retiring')
    await sheet.getByRole('button', { name: 'Retire' }).click()
    await page.getByRole('heading', { name: 'Retired levels' }).waitFor()
    await page.getByRole('button', { name: 'Take up again' }).click()
    await sheet.getByRole('button', { name: 'Take up again' }).click()
    await page.getByRole('button', { name: 'Retire' }).waitFor()
    // A code that is none was refused, and the browser writes that down.
    expect(said.filter((line) => !/400/.test(line))).toEqual([])
    await watch.context.close()
  })
})
