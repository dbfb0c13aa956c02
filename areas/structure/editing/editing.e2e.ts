import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { area } from '#areas/structure/area.ts'
import type { TestDoor } from '#core/access/sign-in/testing.ts'
import { type TestCity, testCity, type TestPerson } from '#core/db/testing.ts'
import { liveDoor } from '#core/http/testing.ts'
import { perform, registryOf } from '#core/operation/perform.ts'
import { findings, openBrowser, openWindow, picture, pocket, ready, why } from '#core/web/testing.ts'

const registry = registryOf([area])

describe.skipIf(!ready)(`the network by hand, in a real browser${why}`, () => {
  let city: TestCity
  let door: TestDoor
  let browser: Browser
  let administrator: TestPerson
  let watch: TestPerson
  beforeAll(async () => {
    city = await testCity()
    await city.owner.query("insert into access.city (code, name) values ('HAL', 'Halvern')")
    administrator = await city.person('Ada Administrator', ['city:HAL', 'kind:administrator'])
    watch = await city.person('Wil Watch', ['city:HAL', 'kind:watch-officer'])
    const file = JSON.parse(await readFile(new URL('../../../demo/halvern/city.json', import.meta.url), 'utf8'))
    const command = registry.named('structure', 'import-city')
    await perform(city.database, registry, command, { city: file }, administrator.enters('structure.importCity'))
    door = await liveDoor(city, { areas: [area] })
    browser = await openBrowser()
  }, 180_000)
  afterAll(async () => {
    await browser?.close()
    await door?.stop()
    await city?.end()
  })
  const said: string[] = []
  const open = async (who: TestPerson, path: string, options = {}): Promise<Page> => {
    const { page } = await openWindow(browser, door.url, who.key, options, said)
    await page.goto(`${door.url}${path}`)
    await page.locator('main [role=grid]').first().waitFor()
    return page
  }

  test('links: found, opened, tried by the watch; changed, added and ended by an administrator', { timeout: 180_000 }, async () => {
    const page = await open(watch, '/structure/links')
    expect(await page.getByRole('button', { name: 'Add a link' }).count()).toBe(0)
    await picture(page, 'structure-links')
    expect(await findings(page)).toEqual([])
    await page.getByLabel('Find by name, medium or what it carries').fill('Harbour')
    const row = page.getByRole('row').filter({ hasText: 'Harbour' })
    await row.first().waitFor()
    expect(await page.getByRole('grid').getByRole('row').count()).toBe(2)
    await row.first().click()
    await page.getByRole('button', { name: 'It works: tried just now' }).click()
    await page.getByText('Noted.').waitFor()

    const mine = await open(administrator, '/structure/links')
    await mine.getByLabel('Find by name, medium or what it carries').fill('Harbour')
    await mine.getByRole('row').filter({ hasText: 'Harbour' }).first().click()
    await mine.getByRole('button', { name: 'Change', exact: true }).click()
    const dialog = mine.getByRole('dialog')
    await dialog.getByRole('button', { name: /Or else by/ }).click()
    await mine.getByRole('option', { name: 'Satellite telephone' }).click()
    await dialog.getByLabel('Why').fill('The exercise of March showed that the Harbour needs a second way.')
    expect(await findings(mine)).toEqual([])
    await picture(mine, 'structure-link-change')
    await dialog.getByRole('button', { name: 'Change this link' }).click()
    await dialog.waitFor({ state: 'detached' })
    await mine.getByRole('row').filter({ hasText: 'Harbour' }).filter({ hasText: 'Satellite telephone' }).waitFor()
    await mine.getByRole('button', { name: 'End this link' }).click()
    await mine.getByRole('dialog').getByLabel('Why').fill('The Harbour reads the desk itself now.')
    await mine.getByRole('dialog').getByRole('button', { name: 'End this link' }).click()
    await mine.getByText('No link is here, or none fits').waitFor()
    expect(said).toEqual([])
  })

  test('responsibilities: a matrix a phase, a row opens in words; in the pocket the parts are words', { timeout: 180_000 }, async () => {
    const page = await open(administrator, '/structure/responsibilities')
    await picture(page, 'structure-responsibilities')
    expect(await findings(page)).toEqual([])
    await page
      .getByRole('row', { name: /Evacuate or shelter/ })
      .getByText(/several: /)
      .waitFor()
    await page.getByRole('row', { name: /Identify the dead/ }).click()
    await page
      .getByRole('grid', { name: 'Identify the dead' })
      .getByText(/Coroners Act/)
      .first()
      .waitFor()
    expect(await findings(page)).toEqual([])
    await page.getByRole('tab', { name: 'Recovery' }).click()
    await page
      .getByRole('row', { name: /Support bereaved/ })
      .getByText('nobody')
      .waitFor()
    const small = await open(watch, '/structure/responsibilities', pocket)
    await small.getByText('Consulted').first().waitFor()
    await picture(small, 'structure-responsibilities-pocket')
    expect(await findings(small)).toEqual([])
    expect(said).toEqual([])
  })

  test('products: what is missing stands out; one is added with its receivers', { timeout: 180_000 }, async () => {
    const page = await open(administrator, '/structure/products')
    await picture(page, 'structure-products')
    expect(await findings(page)).toEqual([])
    await page
      .getByRole('row', { name: /State of transport/ })
      .getByText('nobody has said')
      .waitFor()
    await page.getByRole('button', { name: 'Add a product' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Code').fill('shelters')
    await dialog.getByRole('textbox', { name: 'Product' }).fill('Open shelters')
    await dialog.getByRole('group', { name: 'For', exact: true }).getByText('Police', { exact: true }).click()
    await dialog.getByLabel('Why').fill('The council opens shelters and nobody was told which.')
    expect(await findings(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Add a product' }).click()
    await dialog.waitFor({ state: 'detached' })
    await page
      .getByRole('row', { name: /Open shelters/ })
      .getByText('Police')
      .first()
      .waitFor()
    expect(said).toEqual([])
  })

  test('media, places and variants: each explains itself, and an administrator adds one', { timeout: 180_000 }, async () => {
    const page = await open(administrator, '/structure/media')
    const dialog = page.getByRole('dialog')
    const fills = async (fields: Record<string, string>) => {
      for (const [label, words] of Object.entries(fields)) await dialog.getByLabel(label, { exact: true }).fill(words)
    }
    await picture(page, 'structure-media')
    expect(await findings(page)).toEqual([])
    await page.getByRole('button', { name: 'Add a medium' }).click()
    await fills({ Code: 'runner', Medium: 'Runner', Why: 'When nothing else works.' })
    await dialog.getByRole('button', { name: 'Add a medium' }).click()
    await page.getByRole('rowheader', { name: 'Runner' }).waitFor()

    await page.getByRole('link', { name: 'Places' }).click()
    await page.getByRole('button', { name: 'Add a place' }).click()
    await fills({ Code: 'annexe', Place: 'Town hall annexe', Why: 'The first one floods.' })
    await picture(page, 'structure-place-add')
    expect(await findings(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Add a place' }).click()
    await page.getByRole('rowheader', { name: 'Town hall annexe' }).waitFor()
    await picture(page, 'structure-places')

    await page.getByRole('link', { name: 'Variants' }).click()
    await page.getByRole('heading', { level: 1, name: 'Variants' }).waitFor()
    await page.getByRole('button', { name: 'Add a variant' }).click()
    const chooses = async (field: RegExp, option: RegExp) => {
      await dialog.getByRole('button', { name: field }).click()
      await page.getByRole('option', { name: option }).first().click()
    }
    await chooses(/Group/, /Strategic/)
    await dialog.getByLabel('In which incident').fill('flood')
    await chooses(/When/, /First hour/)
    await chooses(/Which agency/, /Harbour/)
    await fills({ Basis: 'Flood plan', Why: 'The harbour knows the tide.' })
    await picture(page, 'structure-variant-add')
    expect(await findings(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Add a variant' }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('row').filter({ hasText: 'Flood plan' }).filter({ hasText: 'Harbour' }).waitFor()
    await picture(page, 'structure-variants')
    const small = await open(watch, '/structure/variants', pocket)
    expect(await small.getByRole('button', { name: 'Add a variant' }).count()).toBe(0)
    await picture(small, 'structure-variants-pocket')
    expect(await findings(small)).toEqual([])
    expect(said).toEqual([])
  })
})
