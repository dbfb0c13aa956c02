import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestCity, type TestPerson, testCity } from '#core/db/testing.ts'
import { liveDoor } from '#core/http/testing.ts'
import { authenticator, findings, openBrowser, openWindow, picture, pocket, ready, why } from '#core/web/testing.ts'
import { newLink } from '../found.ts'
import type { TestDoor } from '../sign-in/testing.ts'

describe.skipIf(!ready)(`signing in under duress, in a real browser${why}`, () => {
  let city: TestCity
  let door: TestDoor
  let browser: Browser
  let ada: TestPerson
  let watch: TestPerson
  beforeAll(async () => {
    city = await testCity()
    door = await liveDoor(city, { areas: [] })
    ada = await city.person('Ada Ng', ['city:test', 'agency:fire', 'kind:duty'])
    watch = await city.person('Wanda Watch', ['city:test', 'kind:watch-officer'])
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await door?.stop()
    await city?.end()
  })

  test('Ada is forced to sign in: her screen is empty, her other window ends, and the watch officer sees it and signs her out', async () => {
    const desk = await openWindow(browser, door.url, watch.key)
    await desk.page.goto(`${door.url}/access/ways`)
    await desk.page.getByRole('heading', { name: 'Wanda Watch' }).waitFor()
    const other = await openWindow(browser, door.url, ada.key)
    await other.page.goto(`${door.url}/access/ways`)
    await other.page.getByRole('heading', { name: 'Ada Ng' }).waitFor()

    const { page } = await openWindow(browser, door.url, undefined, pocket)
    await authenticator(page)
    await page.goto(`${door.url}${await newLink(city.config, ada.personId)}`)
    await page.getByRole('button', { name: 'Sign in here' }).click()
    await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
    await page.goto(`${door.url}/access/ways`)
    await page.getByLabel('Name under which your device lists it').fill('Ada Ng, tablet')
    await page.getByRole('button', { name: 'Make a passkey of duress' }).click()
    await page.getByRole('rowheader', { name: 'Ada Ng, tablet' }).waitFor()
    expect(await findings(page)).toEqual([])
    await picture(page, 'duress-ways')
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('button', { name: 'Sign in with your passkey' }).click()
    await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
    await page.goto(`${door.url}/access/ways`)
    await page.getByRole('heading', { name: 'Ada Ng' }).waitFor()
    expect(await page.getByText('You hold no post').count()).toBeLessThan(2)
    await picture(page, 'duress-forced')

    await desk.page.getByRole('link', { name: /Ada Ng signed in under duress/ }).click()
    await desk.page.getByRole('heading', { name: 'Ada Ng signed in under duress' }).waitFor()
    expect(await findings(desk.page)).toEqual([])
    await picture(desk.page, 'duress-alarm')
    await desk.page.getByLabel('What was done').fill('Police sent.')
    await desk.page.getByRole('button', { name: 'Record what was done' }).click()
    await desk.page.getByText('Police sent. (Wanda Watch)').waitFor()
    await desk.page.getByLabel('Name or mail address').fill('Ada Ng')
    await desk.page.getByLabel('Why').fill('under threat')
    await desk.page.getByRole('button', { name: 'Sign them out' }).click()
    await desk.page.getByText('Ada Ng is signed out everywhere').waitFor()
    await page.reload()
    await page.waitForURL(/\/sign-in/)
    await other.page.reload()
    await other.page.waitForURL(/\/sign-in/)
    expect(desk.said).toEqual([])
  })
})
