import { readFile } from 'node:fs/promises'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { area } from '#areas/structure/area.ts'
import type { TestDoor } from '#core/access/sign-in/testing.ts'
import { type TestCity, testCity, type TestPerson } from '#core/db/testing.ts'
import { liveDoor } from '#core/http/testing.ts'
import { perform, registryOf } from '#core/operation/perform.ts'
import { colours, desk, findings, openBrowser, openWindow, picture, pocket, ready, why } from '#core/web/testing.ts'

const registry = registryOf([area])

describe.skipIf(!ready)(`people, posts and sectors by hand, in a real browser${why}`, () => {
  let city: TestCity
  let door: TestDoor
  let browser: Browser
  let administrator: TestPerson
  let officer: TestPerson
  const said: string[] = []

  beforeAll(async () => {
    city = await testCity()
    await city.owner.query("insert into access.city (code, name) values ('HAL', 'Halvern')")
    administrator = await city.person('Ada Administrator', ['city:HAL', 'kind:administrator'])
    officer = await city.person('Wanda Watch', ['city:HAL', 'kind:watch-officer'])
    const file = JSON.parse(await readFile(new URL('../../../demo/halvern/city.json', import.meta.url), 'utf8'))
    const entering = administrator.enters('structure.importCity')
    await perform(
      city.database,
      registry,
      registry.named('structure', 'import-city'),
      { city: file, since: '2026-01-01T00:00:00Z' },
      entering,
    )
    door = await liveDoor(city, { areas: [area], failed: (error) => said.push(String(error)) })
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await door?.stop()
    await city?.end()
  })

  test('a person is added, what a list would refuse stands at its field, and the post says since when they hold it', async () => {
    const { page } = await openWindow(browser, door.url, administrator.key, desk, said)
    await page.goto(`${door.url}/structure`)
    await page.getByRole('tab', { name: 'People' }).click()
    await page.getByRole('rowheader').first().waitFor()
    expect(await findings(page)).toEqual([])
    await page.getByRole('button', { name: 'Add a person' }).click()
    const sheet = page.getByRole('dialog')
    await sheet.getByRole('textbox', { name: 'Name' }).first().fill('Nia Newhand')
    await sheet.getByRole('button', { name: /Agency/ }).click()
    const find = page.getByRole('searchbox', { name: /^Find by name: / })
    await find.fill('no agency at all')
    await page.getByText('Nothing to show.').waitFor()
    await find.fill('HARBOUR')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await sheet.getByRole('button', { name: /Harbour.*Agency|Agency.*Harbour/ }).waitFor()
    await sheet.getByRole('textbox', { name: 'Mobile' }).fill('none')
    expect(await findings(page)).toEqual([])
    await picture(page, 'people-adding')
    await sheet.getByRole('button', { name: 'Add a person' }).click()
    await sheet.getByText('A mobile number is digits').first().waitFor()
    await sheet.getByRole('textbox', { name: 'Mobile' }).fill('+44 1632 960077')
    await page.keyboard.press('Enter')
    await sheet.waitFor({ state: 'detached' })
    await page.getByLabel('Find a person by name or agency').fill('newhand')
    const row = page.getByRole('row').filter({ hasText: 'Nia Newhand' })
    await row.getByText('text, call').waitFor()
    await row.getByText('nia.newhand').waitFor()

    await page.getByRole('tab', { name: 'Posts' }).click()
    const post = page.getByRole('row').filter({ hasText: 'HAL-HRB-DUT' })
    await post.getByRole('button', { name: 'Holders' }).click()
    await sheet.getByRole('button', { name: /Person/ }).click()
    await find.fill('newhand')
    await page.getByRole('option', { name: /Nia Newhand/ }).click()
    await sheet.getByText('deputy', { exact: true }).click()
    await sheet.getByLabel('Order among deputies').fill('2')
    expect(await findings(page)).toEqual([])
    await picture(page, 'people-holders')
    await sheet.getByRole('button', { name: 'Let them hold it' }).click()
    await sheet.getByRole('button', { name: /End it now.*Nia Newhand/ }).waitFor()
    await picture(page, 'people-held')
    await page.emulateMedia({ colorScheme: 'dark' })
    expect(await findings(page, colours)).toEqual([])
    await page.emulateMedia({ colorScheme: 'light' })
    await sheet.getByRole('button', { name: /End it now.*Nia Newhand/ }).click()
    await sheet.getByRole('button', { name: /End it now.*Nia Newhand/ }).waitFor({ state: 'detached' })
    await sheet.getByRole('button', { name: 'Close' }).click()
    await page.context().close()
  })

  test('by keyboard alone: another mail asks why and the watch sees it; who has left is closed, stands apart, and can be back', async () => {
    const { page } = await openWindow(browser, door.url, administrator.key, desk, said)
    await page.goto(`${door.url}/structure?tab=people`)
    const sheet = page.getByRole('dialog')
    const row = page.getByRole('row').filter({ hasText: 'Nia', has: page.getByRole('button', { name: /Change|Is back/ }) })
    /** Opens what stands in a line as the keyboard does: into the line, along its cells, Enter. */
    const press = async (name: string) => {
      const button = row.getByRole('button', { name, exact: true })
      await button.waitFor()
      await row.focus()
      for (let step = 0; step < 12 && !(await button.evaluate((node) => node === document.activeElement)); step += 1)
        await page.keyboard.press('ArrowRight')
      await page.keyboard.press('Enter')
      await sheet.waitFor()
    }
    await page.getByLabel('Find a person by name or agency').fill('newhand')
    await press('Change')
    await sheet.getByText('Whoever moves to another agency is closed here and added there').waitFor()
    expect(await sheet.getByRole('textbox', { name: 'Why' }).count()).toBe(0)
    const mail = sheet.getByRole('textbox', { name: 'Mail' })
    await mail.focus()
    await page.keyboard.type('nia.newhand@harbour.example')
    await sheet.getByRole('textbox', { name: 'Why' }).waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.type('The first address of somebody new')
    expect(await findings(page)).toEqual([])
    await picture(page, 'people-changing')
    await sheet.getByRole('button', { name: 'Change it' }).focus()
    await page.keyboard.press('Enter')
    await sheet.waitFor({ state: 'detached' })
    await row.getByText('text, call, mail').waitFor()
    const changed = page.getByRole('grid', { name: 'Sign-in addresses changed in the last 30 days' })
    await changed.getByText('The first address of somebody new').waitFor()

    await press('Change')
    await sheet.getByRole('textbox', { name: 'Name' }).fill('Nia Harbourmaster')
    // Another administrator changes something else meanwhile: neither takes the other's.
    const personId = (await city.owner.query<{ id: string }>("select id from structure.people where code = 'nia.newhand'")).rows[0]!.id
    const change = registry.named('structure', 'change-person')
    await perform(city.database, registry, change, { personId, needs: 'speaks slowly' }, administrator.enters('structure.changePerson'))
    await page.keyboard.press('Enter')
    await sheet.waitFor({ state: 'detached' })
    const kept = (await city.owner.query('select name, needs from structure.people where id = $1', [personId])).rows
    expect(kept).toEqual([{ name: 'Nia Harbourmaster', needs: 'speaks slowly' }])
    await page.getByLabel('Find a person by name or agency').fill('nia')
    await row.filter({ hasText: 'Nia Harbourmaster' }).waitFor()
    await picture(page, 'people-moved')

    await page.getByLabel('Find a person by name or agency').fill('harbourmaster')
    await press('Has left')
    await sheet.getByText('They hold no post.').waitFor()
    await sheet.getByRole('textbox', { name: 'Why' }).focus()
    await page.keyboard.type('Retired')
    expect(await findings(page)).toEqual([])
    await picture(page, 'people-closing')
    await sheet.getByRole('button', { name: 'Close the account' }).focus()
    await page.keyboard.press('Enter')
    await sheet.waitFor({ state: 'detached' })
    const left = page.getByRole('grid', { name: 'Who has left' })
    await left.getByRole('rowheader', { name: 'Nia Harbourmaster' }).waitFor()
    expect(await findings(page)).toEqual([])
    await picture(page, 'people-left')
    await page.emulateMedia({ colorScheme: 'dark' })
    expect(await findings(page, colours)).toEqual([])
    await picture(page, 'people-left-dark')
    await page.emulateMedia({ colorScheme: 'light' })

    const watching = await openWindow(browser, door.url, officer.key, pocket, said)
    await watching.page.goto(`${door.url}/structure?tab=people`)
    await watching.page.getByText('The first address of somebody new').waitFor()
    await watching.page.getByText('Ada Administrator').first().waitFor()
    await watching.page.getByLabel('Find a person by name or agency').fill('harbourmaster')
    await watching.page.getByText('Who has left').waitFor()
    expect(await watching.page.getByRole('button', { name: 'Has left' }).count()).toBe(0)
    expect(await findings(watching.page)).toEqual([])
    await picture(watching.page, 'people-moved-pocket')
    await watching.page.context().close()

    await press('Is back')
    await sheet.getByRole('textbox', { name: 'Mail' }).focus()
    await page.keyboard.type('nia.newhand@harbour.example')
    await page.keyboard.press('Tab')
    await page.keyboard.type('Came back for the season')
    await picture(page, 'people-back')
    await sheet.getByRole('button', { name: 'Open the account again' }).focus()
    await page.keyboard.press('Enter')
    await sheet.waitFor({ state: 'detached' })
    await left.waitFor({ state: 'detached' })
    await row.getByText('text, call, mail').waitFor()
    await page.context().close()
  })

  test('sectors are set for several agencies at once; on a telephone too', async () => {
    await city.owner.query("update structure.agencies set sector = null where org_code in ('HAL-HRB', 'HAL-TRB')")
    const { page } = await openWindow(browser, door.url, administrator.key, pocket, said)
    await page.goto(`${door.url}/structure`)
    await page.getByRole('button', { name: 'Set sectors' }).click()
    const sheet = page.getByRole('dialog')
    await sheet.getByRole('button', { name: /Sector/ }).click()
    await page.getByRole('option', { name: 'Transport operators' }).click()
    const those = sheet.getByRole('group', { name: 'Agencies' }).locator('.choice')
    for (const place of [0, 1]) await those.nth(place).click()
    await sheet.getByText(/^Chosen, 2/).waitFor()
    expect(await findings(page)).toEqual([])
    await picture(page, 'people-sectors-pocket')
    await sheet.getByRole('button', { name: 'Set the sector' }).click()
    await sheet.waitFor({ state: 'detached' })
    const { rows } = await city.owner.query("select sector from structure.agencies where org_code in ('HAL-HRB', 'HAL-TRB')")
    expect(rows).toEqual([{ sector: 'transport-operators' }, { sector: 'transport-operators' }])
    await page.context().close()
  })

  test('who may not add people reads them in their own language, and has no button', async () => {
    const { page } = await openWindow(browser, door.url, officer.key, { ...desk, locale: 'fr-FR' }, said)
    await page.goto(`${door.url}/structure?tab=people`)
    await page.getByRole('columnheader', { name: 'Jointe par' }).waitFor()
    await page.getByRole('rowheader').first().waitFor()
    expect(await page.getByRole('button', { name: 'Ajouter une personne' }).count()).toBe(0)
    expect(await findings(page)).toEqual([])
    await page.goto(`${door.url}/structure?tab=posts`)
    await page.getByRole('rowheader').first().waitFor()
    expect(await page.getByRole('button', { name: 'Titulaires' }).count()).toBe(0)
    await page.context().close()
    // A number that is none was refused, and the browser writes that down.
    expect(said.filter((line) => !/400/.test(line))).toEqual([])
  })
})
