import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestCity, type TestPerson, testCity } from '#core/db/testing.ts'
import { serveWeb } from '#core/http/static.ts'
import { id } from '#core/id.ts'
import { authenticator, built, findings, openBrowser, picture, ready, why } from '#core/web/testing.ts'
import { newLink } from '../found.ts'
import { type TestDoor, testDoor } from './testing.ts'

/** A device of somebody's own: a window, and an authenticator that says yes. */
interface Device {
  context: BrowserContext
  page: Page
  said: string[]
}

describe.skipIf(!ready)(`signing in, in a real browser${why}`, () => {
  let city: TestCity
  let door: TestDoor
  let browser: Browser
  let ada: TestPerson
  let bea: TestPerson
  let cal: TestPerson
  let dan: TestPerson
  const post = id()
  beforeAll(async () => {
    city = await testCity()
    door = await testDoor(city, { web: async (server) => void (await serveWeb(server, built)) })
    ada = await city.person('Ada Ng', ['city:test', 'agency:fire', `post:${post}`, 'kind:duty'])
    bea = await city.person('Bea Orr', ['city:test', 'agency:fire', `post:${id()}`])
    cal = await city.person('Cal Day', ['city:test', 'agency:police', `post:${id()}`])
    dan = await city.person('Dan Fry', ['city:test', 'agency:fire', `post:${id()}`])
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await door?.stop()
    await city?.end()
  })

  async function device(language = 'en-GB'): Promise<Device> {
    const context = await browser.newContext({ locale: language, reducedMotion: 'reduce', viewport: { width: 1280, height: 900 } })
    const page = await context.newPage()
    const said: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'error' && !/401|403|404/.test(message.text())) said.push(message.text())
    })
    page.on('pageerror', (error) => said.push(error.message))
    await authenticator(page)
    return { context, page, said }
  }
  const look = async ({ page, said }: Device, name: string) => {
    await picture(page, `sign-in-${name}`)
    expect(await findings(page)).toEqual([])
    expect(said).toEqual([])
  }
  async function byLink(on: Device, person: TestPerson): Promise<void> {
    await on.page.goto(`${door.url}${await newLink(city.config, person.personId)}`)
    await on.page.getByRole('button', { name: 'Sign in here' }).click()
    await on.page.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
  }
  async function withPasskey(person: TestPerson): Promise<Device> {
    const on = await device()
    await byLink(on, person)
    await on.page.goto(`${door.url}/access/ways`)
    await on.page.getByLabel('Name of this device or key').fill('Duty telephone')
    await on.page.getByRole('button', { name: 'Make a passkey on this device' }).click()
    await on.page.getByRole('rowheader', { name: 'Duty telephone', exact: true }).waitFor()
    return on
  }

  test('Ada opens her link, makes a passkey, signs out, and signs in again with one press', async () => {
    const on = await device()
    await on.page.goto(`${door.url}${await newLink(city.config, ada.personId)}`)
    await look(on, 'link')
    await on.page.keyboard.press('Tab')
    await on.page.keyboard.press('Enter')
    await on.page.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
    await on.page.goto(`${door.url}/access/ways`)
    await on.page.getByRole('heading', { name: 'Ada Ng' }).waitFor()
    await on.page.getByLabel('Name of this device or key').fill('Duty telephone')
    await on.page.getByRole('button', { name: 'Make a passkey on this device' }).click()
    await on.page.getByRole('rowheader', { name: 'Duty telephone', exact: true }).waitFor()
    await on.page.getByText('Passkey made: Duty telephone').waitFor()
    await look(on, 'ways')
    await on.page.getByRole('button', { name: 'Sign out' }).click()
    await on.page.waitForURL(/\/sign-in/)
    await on.page.getByRole('button', { name: 'Sign in with your passkey' }).waitFor()
    await look(on, 'page')
    await on.page.goto(`${door.url}/access/ways`)
    await on.page.waitForURL(/\/sign-in\?(then|after)=/)
    await on.page.getByRole('button', { name: 'Sign in with your passkey' }).click()
    await on.page.waitForURL(/\/access\/ways/)
    await on.page.getByText('Confirmed with your passkey until').waitFor()
    await on.context.close()
  })

  test('a step-up is asked for after a while, and gives the window a fresh key', async () => {
    const on = await withPasskey(bea)
    const before = (await on.context.cookies()).find(({ name }) => name === 'concord')?.value
    await on.page.reload()
    await on.page.getByText('Not confirmed just now').waitFor()
    await expect.poll(() => on.page.getByLabel('What is it for?').isDisabled()).toBe(true)
    await on.page.getByRole('button', { name: 'Confirm with your passkey' }).click()
    await on.page.getByText('Confirmed with your passkey until').waitFor()
    expect((await on.context.cookies()).find(({ name }) => name === 'concord')?.value).not.toBe(before)
    await on.page.getByLabel('What is it for?').fill('Rota export')
    await on.page.getByRole('button', { name: 'Make a token' }).click()
    const token = await on.page.locator('.sign-in-token code').innerText()
    expect(token).toMatch(/^[\w-]{43}$/)
    expect((await door.get('/api/access/self', undefined, { authorization: `Bearer ${token}` })).body).toMatchObject({
      person: { name: 'Bea Orr' },
      session: { kind: 'token' },
    })
    await look(on, 'token')
    await on.context.close()
  })

  test('at 03:00 Ada has lost her passkey; Cal and Dan know her voice and vouch, and she is in', async () => {
    const asker = await device()
    await asker.page.goto(`${door.url}/sign-in`)
    const lost = asker.page.locator('section', { hasText: 'I have lost my passkey' })
    await lost.getByLabel('Your mail address').fill(`${ada.personId}@people.example`)
    await lost.getByRole('button', { name: 'Get a code to read out' }).click()
    const code = await asker.page.locator('.sign-in-code').innerText()
    await look(asker, 'lost')
    for (const [colleague, told] of [
      [cal, 'somebody of their agency'],
      [dan, 'can sign in now'],
    ] as const) {
      const on = await withPasskey(colleague)
      await on.page.goto(`${door.url}/access/vouch`)
      await on.page.getByRole('button', { name: 'Confirm with your passkey' }).click()
      await expect.poll(() => on.page.getByLabel('The code they read out').isEnabled()).toBe(true)
      await on.page.getByLabel('The code they read out').fill(code.toLowerCase())
      await on.page.getByRole('button', { name: 'Look up the code' }).click()
      await on.page.getByRole('button', { name: 'I know the voice: vouch for Ada Ng' }).click()
      await on.page.getByText(told).waitFor()
      await look(on, `vouch-${colleague === cal ? 'first' : 'second'}`)
      await on.context.close()
    }
    await asker.page.getByText('Two colleagues have vouched for you.').waitFor()
    await asker.page.getByRole('button', { name: 'Sign in now' }).click()
    await asker.page.waitForURL(/\/access\/ways/)
    await asker.page.getByText('Signed in because two colleagues vouched').waitFor()
    await asker.page.getByLabel('Name of this device or key').fill('New telephone')
    await asker.page.getByRole('button', { name: 'Make a passkey on this device' }).click()
    await asker.page.getByRole('rowheader', { name: 'New telephone', exact: true }).waitFor()
    await asker.context.close()
  })

  test('an administrator enrols a wall screen, which opens its link once and is then only looked at', async () => {
    const adm = await city.person('Adm Ray', ['city:test', 'kind:administrator'])
    const on = await device()
    await byLink(on, adm)
    await on.page.goto(`${door.url}/access/administration`)
    await on.page.getByLabel('Name of the screen or device').fill('Wall, room 2')
    await on.page.getByRole('button', { name: 'Enrol a device' }).click()
    const link = await on.page.locator('.sign-in-token code').innerText()
    await on.page.getByLabel('Name of the group, as the provider says it').fill('Fire duty')
    await on.page.getByLabel('Tokens its members hold').fill('agency:fire\nkind:duty')
    await on.page.getByRole('button', { name: 'Map this group' }).click()
    await on.page.getByRole('rowheader', { name: 'Fire duty' }).waitFor()
    await on.page.getByRole('button', { name: 'Set these times' }).click()
    await on.page.getByText('Set.', { exact: true }).waitFor()
    await look(on, 'administration')
    const wall = await device()
    await wall.page.goto(link)
    await wall.page.getByRole('button', { name: 'Sign in here' }).click()
    await wall.page.waitForURL(/view=wall/)
    await on.page.reload()
    await on.page.getByText('signed in', { exact: true }).waitFor()
    await on.page.getByRole('button', { name: 'End: Wall, room 2' }).click()
    await on.page.getByText('No device is signed in.').waitFor()
    await wall.context.close()
    await on.context.close()
  })

  test('a token for an identity provider: made by an administrator, shown once, listed without its key, ended', async () => {
    const adm = await city.person('Ari Vance', ['city:test', 'kind:administrator'])
    const on = await device()
    await byLink(on, adm)
    await on.page.goto(`${door.url}/access/administration`)
    await on.page.getByRole('link', { name: 'Identity providers that open accounts' }).click()
    await on.page.getByText('No provider has a token.').waitFor()
    await on.page.getByLabel('Which provider').fill('City directory')
    await on.page.getByRole('button', { name: 'Make a token' }).click()
    const token = await on.page.locator('.sign-in-token code').innerText()
    await on.page.getByRole('rowheader', { name: 'City directory' }).waitFor()
    await look(on, 'provisioners')
    const users = () => fetch(`${door.url}/scim/v2/Users`, { headers: { authorization: `Bearer ${token}` } })
    expect((await users()).status).toBe(200)
    await on.page.reload()
    await on.page.getByRole('rowheader', { name: 'City directory' }).waitFor()
    expect(await on.page.content()).not.toContain(token)
    await on.page.getByRole('button', { name: 'End: City directory' }).click()
    await on.page.getByText('No provider has a token.').waitFor()
    expect((await users()).status).toBe(401)
    await on.context.close()
  })

  test('the way in speaks French', async () => {
    const on = await device('fr-FR')
    await on.page.goto(`${door.url}/sign-in`)
    await on.page.getByRole('button', { name: 'Se connecter avec votre clé d’accès' }).waitFor()
    await look(on, 'french')
    await on.context.close()
  })
})
