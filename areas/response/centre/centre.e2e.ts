import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { area } from '#areas/response/area.ts'
import { structureFor, type TestHolder } from '#areas/structure/testing.ts'
import type { TestDoor } from '#core/access/sign-in/testing.ts'
import { type TestCity, type TestPerson, testCity } from '#core/db/testing.ts'
import { liveDoor } from '#core/http/testing.ts'
import { findings, openBrowser, openWindow, picture, ready, why } from '#core/web/testing.ts'
import { id } from '#core/id.ts'
import { type Operation, wordsOf } from '#core/operation/operation.ts'
import { perform, registryOf } from '#core/operation/perform.ts'
import { recordArea } from '#core/record/area.ts'
import { openIncident } from '../incidents/contract.ts'
import { admitPerson } from '../members/contract.ts'
import { contestLead, proposeLead } from '../lead-agency/contract.ts'
import { expectAgencies } from '../seats/contract.ts'

describe.skipIf(!ready)(`the co-ordination centre, in a real browser${why}`, () => {
  const registry = registryOf([area])
  let city: TestCity
  let door: TestDoor
  let browser: Browser
  let secretariat: TestHolder
  let chair: TestHolder
  let police: TestHolder
  let rail: TestHolder
  let outsider: TestHolder
  let wall: TestPerson
  let incidentId: string
  const said: string[] = []

  const as = <T>(person: TestPerson, operation: Operation, input: unknown) =>
    perform(city.database, registry, registry.named(...wordsOf(operation)), input, person.enters(operation.name)) as Promise<T>

  beforeAll(async () => {
    city = await testCity()
    const structure = structureFor(city)
    const policeId = await structure.agency('Police')
    const railId = await structure.agency('Rail')
    const councilId = await structure.agency('Council')
    secretariat = await structure.holder('Sam Secretariat', councilId, 'secretariat')
    chair = await structure.holder('Cleo Chair', councilId, 'chair')
    police = await structure.holder('Pol Police', policeId, 'duty')
    rail = await structure.holder('Rae Rail', railId, 'duty')
    outsider = await structure.holder('Otto Outsider', councilId, 'duty')
    await structure.holder('Ned Neutral', policeId, 'neutral-commander')
    await structure.holder('Ina Independent', councilId, 'neutral-commander')
    incidentId = (await as<{ id: string }>(secretariat, openIncident, { name: 'TRIAL', incidentType: 'flood' })).id
    wall = await city.person('Wall', [`incident:${incidentId}`, 'city:test', 'kind:device'])
    for (const { personId } of [chair, police, rail]) await as(secretariat, admitPerson, { incidentId, personId, reason: 'called' })
    await as(secretariat, expectAgencies, { incidentId, agencies: [policeId, railId, councilId] })
    door = await liveDoor(city, { areas: [recordArea([area]), area], failed: (error) => said.push(String(error)) })
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await door?.stop()
    await city?.end()
  })

  const window = (person: TestPerson, width = 1280) => openWindow(browser, door.url, person.key, { viewport: { width, height: 900 } }, said)
  const centre = (search = '') => `${door.url}/response/centre/${incidentId}${search}`

  test('an agency takes its seat on a phone, and the desk of the secretariat shows it without reload', async () => {
    const desk = await window(secretariat)
    await desk.page.goto(centre())
    const row = desk.page.getByRole('row', { name: /Police/ })
    await row.getByText('expected').waitFor()
    const pocket = await window(police, 390)
    await pocket.page.goto(centre())
    await pocket.page.getByRole('button', { name: 'From afar, by link' }).click()
    await row.getByText('from afar').waitFor({ timeout: 15_000 })
    await row.getByText('Pol Police').waitFor()
    expect(await findings(pocket.page)).toEqual([])
    expect(await findings(desk.page)).toEqual([])
    await picture(desk.page, 'centre')
    await pocket.context.close()
    await desk.context.close()
  })

  test('two agencies claim the lead: the chair sees both and confirms one; the wall never shows who differed', async () => {
    await as(police, proposeLead, { incidentId, agencyId: police.agencyId, basis: 'The square is in the city.' })
    const shown = await window(wall, 1920)
    await shown.page.goto(centre('?view=wall'))
    await shown.page
      .getByText(/Police \(proposed/)
      .first()
      .waitFor()
    await as(rail, contestLead, { incidentId, agencyId: rail.agencyId, basis: 'The concourse is railway property.' })
    await shown.page.getByText('not yet confirmed').first().waitFor({ timeout: 15_000 })
    const desk = await window(chair)
    await desk.page.goto(centre())
    await desk.page.getByText('The concourse is railway property.').first().waitFor()
    await desk.page.getByText('The square is in the city.').first().waitFor()
    await desk.page.getByRole('button', { name: 'Confirm the lead' }).click()
    const dialog = desk.page.getByRole('dialog')
    await dialog.getByText('Police', { exact: true }).first().click()
    expect(await findings(desk.page)).toEqual([])
    await dialog.getByRole('button', { name: 'Confirm the lead' }).click()
    await desk.page.getByText(/confirmed by Cleo Chair/).waitFor()
    await shown.page.getByText('Police confirmed as lead agency').waitFor({ timeout: 15_000 })
    expect(await shown.page.content()).not.toContain('railway property')
    expect(await shown.page.getByRole('button').count()).toBe(0)
    expect(await findings(shown.page)).toEqual([])
    await shown.page.keyboard.press('b')
    await shown.page.getByText('Press B to show the wall again').waitFor()
    expect(await shown.page.locator('body').innerHTML()).not.toContain('TRIAL')
    await shown.page.waitForFunction(() => document.title === 'Concord')
    await desk.context.close()
    await shown.context.close()
  })

  test('who comes from the lead agency stands in the pool with the reason, and cannot be chosen', async () => {
    const desk = await window(secretariat)
    await desk.page.goto(centre())
    await desk.page.getByRole('button', { name: 'Appoint' }).click()
    const dialog = desk.page.getByRole('dialog')
    await dialog.getByText(/comes from the lead agency/).waitFor()
    await dialog.getByRole('button', { name: /Who/ }).click()
    expect(await desk.page.getByRole('option').allInnerTexts()).toEqual([expect.stringContaining('Ina Independent')])
    await desk.page.getByRole('option').click()
    await dialog.getByLabel('Which interests were declared').fill('none declared')
    await dialog.getByRole('button', { name: 'Appoint' }).click()
    await desk.page.getByText('Ina Independent').first().waitFor()
    await desk.context.close()
  })

  test('a line is written, found in the timeline, acknowledged, and stands in what was available', async () => {
    const desk = await window(rail)
    await desk.page.goto(`${centre()}/timeline`)
    await desk.page.getByLabel('What happened').fill('Trains stop at the east signal.')
    await desk.page.keyboard.press('Enter')
    await desk.page.getByRole('listitem').getByText('Trains stop at the east signal.').waitFor()
    await desk.page.getByRole('button', { name: 'Acknowledge' }).first().click()
    await desk.page.getByText('acknowledged', { exact: true }).waitFor()
    expect(await findings(desk.page)).toEqual([])
    await desk.page.goto(`${centre()}/as-of?at=${encodeURIComponent(new Date(Date.now() + 1000).toISOString())}`)
    await desk.page.getByRole('row', { name: /Trains stop at the east signal/ }).waitFor()
    expect(await findings(desk.page)).toEqual([])
    await desk.context.close()
    expect(said).toEqual([])
  })

  test('over HTTP, an incident that is not yours answers exactly as one that is not there', async () => {
    const jar = { cookie: `concord=${outsider.key}` }
    const asked = (of: string) => door.get(`/api/response/centre?input=${encodeURIComponent(JSON.stringify({ incidentId: of }))}`, jar)
    const [withheld, absent] = [await asked(incidentId), await asked(id())]
    expect([withheld.status, withheld.text]).toEqual([absent.status, absent.text])
    expect(withheld.status).toBe(404)
  })
})
