import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestDoor } from '#core/access/sign-in/testing.ts'
import { type TestCity, type TestPerson, testCity } from '#core/db/testing.ts'
import { liveDoor } from '#core/http/testing.ts'
import { desk, findings, openBrowser, openWindow, picture, pocket, ready, wall, why } from '#core/web/testing.ts'
import { area } from '../area.ts'
import { inventedNetwork, storeNetwork } from '../network/testing.ts'

describe.skipIf(!ready)(`the picture of the network, in a real browser${why}`, () => {
  const network = inventedNetwork({ agencies: 26, posts: 34, groups: 9, links: 60, seed: 4 })
  const [strategic] = network.groups
  let city: TestCity
  let door: TestDoor
  let browser: Browser
  let person: TestPerson
  const said: string[] = []
  beforeAll(async () => {
    city = await testCity()
    await city.owner.query("insert into access.city (code, name) values ('test', 'Testham')")
    await storeNetwork(city.owner, network)
    person = await city.person('Rita Resilience', ['city:test', 'kind:secretariat'])
    door = await liveDoor(city, { areas: [area], failed: (error) => said.push(String(error)) })
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await door?.stop()
    await city?.end()
  })
  const open = async (search = '', options: object = desk): Promise<Page> => {
    const { page } = await openWindow(browser, door.url, person.key, options as never, said)
    await page.goto(`${door.url}/structure/network${search}`)
    await page.locator('main h1').waitFor()
    await page.locator('canvas[data-drawn]').first().waitFor()
    return page
  }

  test.each([
    { name: 'desk, light', ...desk, colorScheme: 'light' },
    { name: 'desk, dark', ...desk, colorScheme: 'dark' },
    { name: 'pocket', ...pocket, colorScheme: 'light' },
    { name: 'wall', ...wall, colorScheme: 'dark' },
  ] as const)('$name: no axe finding, nothing refused by the policy, nothing wider than the screen', async ({ name, ...options }) => {
    const page = await open(name === 'wall' ? '?view=wall' : '', options)
    if (name !== 'wall') await page.getByRole('grid', { name: 'Links' }).waitFor()
    await picture(page, `network ${name}`)
    expect(await findings(page)).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
    if (name !== 'wall') {
      await page.goto(`${door.url}/structure/network?focus=${strategic!.id}`)
      await page.getByRole('complementary', { name: 'Chosen' }).waitFor()
      await picture(page, `network chosen ${name}`)
      expect(await findings(page)).toEqual([])
    }
    expect(said).toEqual([])
    await page.context().close()
  })
})
