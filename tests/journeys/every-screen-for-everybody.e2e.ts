import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { offered } from '#apps/web/pages.ts'
import { type JourneyCity, journeyCity } from './city.ts'
import { browserIsHere, why } from './web.ts'
import { colours, desk, findings, openBrowser, openWindow, picture, pocket, wall } from '#core/web/testing.ts'

// Every page that a manifest offers, filled by the exercise that was played, before somebody who has most to see on it. A page that is added
// is looked at by itself; one with an address that cannot be filled fails here until somebody says how.

const who = (path: string): string | null => {
  if (path.startsWith('/sign-in') || path === '/gallery') return null
  if (path === '/access/administration' || path === '/access/provisioners' || path === '/structure/import' || path === '/operations')
    return 'ondine.greywater-pell'
  if (/\/(log|decisions\/record)$/.test(path)) return 'bao.lindqvale'
  if (/^\/(sharing\/oversight|record|record\/retention)$|\/pack$/.test(path)) return 'tunde.ashgravel'
  return path.startsWith('/watch') || path === '/' || path === '/access/alarms' ? 'imani.thistlewane' : 'elspeth.varrowmere'
}
/** What a room looks at: the incident, its timeline, its decisions and tasks, and the board of who was called. */
const isForWalls = (path: string) =>
  path.includes('$') && !/^\/(sharing|structure)/.test(path) && !/\/(record|log|as-of|members|pack)$/.test(path)

const looks = [
  { name: 'desk', ...desk, colorScheme: 'light' },
  { name: 'pocket', ...pocket, colorScheme: 'light' },
  { name: 'wall', ...wall, colorScheme: 'dark' },
] as const

describe.skipIf(!browserIsHere)(`every screen, for everybody${why}`, () => {
  let city: JourneyCity
  let browser: Browser
  let world = ''
  const parts = new Map<string, string>()

  beforeAll(async () => {
    city = await journeyCity()
    browser = await openBrowser()
    const played = await city.played()
    world = played.world
    expect(played.wrong).toEqual([])
    // An inquiry looks into an incident that it was let into.
    await city.owner.query(
      "select access.put_reach((select id from structure.people where code = 'tunde.ashgravel'), $1, clock_timestamp() - interval '1 second', null, 'test')",
      [`incident:${played.incidentId}`],
    )
    const first = async (table: string) =>
      (await city.owner.query<{ id: string }>(`select id from ${table} where world = $1 limit 1`, [world])).rows[0]!.id
    parts
      .set('incidentId', played.incidentId)
      .set('activationId', await first('watch.activations'))
      .set('decisionId', await first('response.decisions'))
      .set('protocolId', await drafted())
      .set('reviewId', (await city.ask<{ reviewId: string }>('elspeth.varrowmere', 'structure.proposeReview', scheduled)).reviewId)
      .set(
        'itemId',
        (await city.ask('elspeth.varrowmere', 'sharing.shareItem', { ...shared, agencyIds: [await agencyOf('kwabena.ottersby')] }, world))
          .id,
      )
  })
  afterAll(async () => {
    await browser?.close()
    await city?.end()
  })

  const scheduled = { title: 'The half-yearly look', reason: 'The agreed day has come.', trigger: 'scheduled' }
  const shared = {
    kind: 'situation',
    title: 'Bridge Street',
    text: 'Closed until the morning.',
    marking: 'TLP:AMBER',
    basis: 'Whoever sends a crew must know.',
  }
  const agencyOf = async (person: string) =>
    (await city.owner.query<{ id: string }>('select agency_id as id from structure.people where code = $1', [person])).rows[0]!.id

  /** A protocol that the secretariat has drawn up with another agency: agreements are made in live, and read in every world. */
  async function drafted(): Promise<string> {
    const agencies = await city.owner.query<{ id: string }>(
      "select agency_id as id from structure.people where code = any('{elspeth.varrowmere,kwabena.ottersby}') order by code",
    )
    const in90Days = new Date(Date.now() + 90 * 86_400_000).toISOString()
    const terms = {
      title: 'Closed roads and full hospitals',
      parties: agencies.rows.map(({ id }) => ({ agencyId: id, use: [], sign: ['executive'], past: 'all' })),
      purposes: ['Whoever sends a crew knows which road is closed.'],
      kinds: ['situation', 'infrastructure'],
      personal: { is: false, basis: '', assessment: '' },
      triggers: ['routine', 'emergency'],
      method: 'In Concord, and by voice when it cannot wait.',
      handling: 'Not for the media.',
      marking: 'TLP:AMBER',
      retention: 'One year.',
      emergency: '',
      onLeaving: 'keeps',
      expiresAt: in90Days,
      reviewAt: in90Days,
      testedOn: null,
    }
    return (await city.ask<{ protocolId: string }>('elspeth.varrowmere', 'sharing.draftProtocol', { terms })).protocolId
  }

  const paths = ['/', ...offered.map(({ path }) => path)]
  const filled = (path: string) =>
    path.replace(/\$(\w+)/g, (_, name: string) => {
      const value = parts.get(name)
      if (value === undefined) throw new Error(`${path}: say in this test what $${name} is`)
      return value
    })

  async function settled(page: Page, address: string): Promise<void> {
    await page.goto(address)
    await page.locator('main h1').first().waitFor()
    // A page that still waits has not been looked at.
    await page.locator('main [aria-busy=true], main .waiting').first().waitFor({ state: 'detached' })
    await drawn(page)
  }
  const drawn = (page: Page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
  /** Whether Tab alone comes to the page's main deed, where it has one. */
  async function keyboardReaches(page: Page): Promise<boolean> {
    if ((await page.locator('main .button-primary:not([disabled])').count()) === 0) return true
    await page.locator('body').focus()
    for (let step = 0; step < 150; step += 1) {
      await page.keyboard.press('Tab')
      const there = await page.evaluate(() => document.activeElement?.matches('main .button-primary') ?? false)
      if (there) return true
    }
    return false
  }

  test.each(looks)(
    '$name, light and dark: nothing that axe finds, nothing that the browser complains of, and all of it within the screen',
    async ({ name, ...options }) => {
      const isWall = name === 'wall'
      const wrong: string[] = []
      const chosen = isWall ? paths.filter(isForWalls) : paths
      for (const person of new Set(chosen.map(who))) {
        const key = person === null ? undefined : await city.keyOf(person)
        const { context, page, said } = await openWindow(browser, city.url, key, options)
        if (person !== null) await page.goto(`${city.url}/?world=${world}`)
        for (const path of chosen.filter((each) => who(each) === person)) {
          said.length = 0
          try {
            await page.emulateMedia({ colorScheme: options.colorScheme })
            await settled(page, `${city.url}${filled(path)}${isWall ? '?view=wall' : ''}`)
            wrong.push(...(await findings(page)).map((line) => `${path}: ${line}`))
            const problem = page.locator('main .notice-alarm')
            if (path !== '/gallery' && (await problem.count()) > 0) wrong.push(`${path}: ${await problem.first().innerText()}`)
            const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
            if (name === 'pocket' && sideways > 0) wrong.push(`${path}: ${sideways} px beyond the side of the screen`)
            if (name === 'desk' && !(await keyboardReaches(page))) wrong.push(`${path}: the keyboard does not reach the main deed`)
            if (isWall && (await page.locator('main .button').count()) > 0) wrong.push(`${path}: a deed on a wall`)
            const as = `screen-${name}-${path.replaceAll('/', '_').replaceAll('$', '')}`
            await picture(page, as)
            if (!isWall) {
              await page.emulateMedia({ colorScheme: 'dark' })
              await drawn(page)
              wrong.push(...(await findings(page, colours)).map((line) => `${path}, dark: ${line}`))
              await picture(page, `${as}-dark`)
            }
          } catch (error) {
            wrong.push(`${path}: ${error instanceof Error ? error.message.slice(0, 300) : String(error)}`)
          }
          wrong.push(...said.map((line) => `${path}: said ${line}`))
        }
        await context.close()
      }
      expect(wrong).toEqual([])
    },
    400_000,
  )

  test('the wall of a room shows what the wall may read: not who decided what against whom, not who is silent; and does no deed', async () => {
    const centre = `/response/centre/${parts.get('incidentId')}`
    const key = await city.deviceKey(['city:HAL', 'kind:device', `incident:${parts.get('incidentId')}`])
    const { context, page, said } = await openWindow(browser, city.url, key, wall)
    await page.goto(`${city.url}/?world=${world}&view=wall`)
    for (const path of ['', '/timeline', '/decisions', '/tasks']) {
      await settled(page, `${city.url}${centre}${path}?view=wall`)
      expect(await findings(page)).toEqual([])
      const words = await page.locator('body').innerText()
      expect(words).toContain('TIDEBELL')
      expect(words).not.toMatch(/stay closed through the night|clinic at Weir Street|silent|Saltmarsh Hall/)
      await picture(page, `wall-device${path.replace('/', '-')}`)
    }
    expect(said).toEqual([])
    const answer = await fetch(`${city.url.replace('localhost', '127.0.0.1')}/api/response/write-entry`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'concord-world': world },
      body: JSON.stringify({ incidentId: parts.get('incidentId'), text: 'Typed by whoever stood before the wall.' }),
    })
    expect(answer.status).toBe(403)
    await context.close()
  })
})
