import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { area as sharing } from '#areas/sharing/area.ts'
import { area as structure } from '#areas/structure/area.ts'
import { structureFor, type TestHolder } from '#areas/structure/testing.ts'
import type { TestDoor } from '#core/access/sign-in/testing.ts'
import { type TestCity, testCity } from '#core/db/testing.ts'
import { liveDoor } from '#core/http/testing.ts'
import { wordsOf } from '#core/operation/operation.ts'
import { perform, registryOf } from '#core/operation/perform.ts'
import { recordArea } from '#core/record/area.ts'
import { findings, openBrowser, openWindow, picture, pocket, ready, why } from '#core/web/testing.ts'
import { area } from '../area.ts'
import { openIncident } from '../incidents/contract.ts'

describe.skipIf(!ready)(`what is shared and asked for an incident, in a real browser${why}`, () => {
  const record = recordArea([sharing, area])
  const registry = registryOf([record, sharing, area])
  let city: TestCity
  let door: TestDoor
  let browser: Browser
  let secretariat: TestHolder
  let police: TestHolder
  let incidentId: string
  const as = <T>(person: TestHolder, verb: readonly [string, string], input: unknown) =>
    perform(city.database, registry, registry.named(...verb), input, person.enters()) as Promise<T>

  beforeAll(async () => {
    city = await testCity()
    door = await liveDoor(city, { areas: [structure, sharing, area, record] })
    const { agency, holder } = structureFor(city)
    secretariat = await holder('Sia Secretariat', await agency('Council'), 'secretariat')
    police = await holder('Pat Police', await agency('Police'), 'duty')
    incidentId = (await as<{ id: string }>(secretariat, wordsOf(openIncident), { name: 'TIDE', incidentType: 'flood' })).id
    await city.owner.query("select access.put_reach($1, $2, clock_timestamp() - interval '1 second', null, 'test')", [
      police.personId,
      `incident:${incidentId}`,
    ])
    const basis = 'The duty to co-operate'
    await as(police, ['sharing', 'share-item'], {
      kind: 'situation',
      title: 'Water at the steps',
      text: 'It is at the third step.',
      marking: 'TLP:AMBER',
      grading: 'plain:reported-by-responder',
      agencyIds: [secretariat.agencyId],
      basis,
      incidentId,
    })
    await as(secretariat, ['sharing', 'ask-for-information'], {
      toAgencyId: police.agencyId,
      what: 'Which streets are closed',
      why: 'Buses wait',
      neededBy: new Date(Date.now() + 3_600_000).toISOString(),
      incidentId,
    })
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await door?.stop()
    await city?.end()
  })

  test('stands beside its timeline with whose judgement it is; a request names the incident, and its link goes there', async () => {
    const said: string[] = []
    const { page: desk } = await openWindow(browser, door.url, secretariat.key, undefined, said)
    await desk.goto(`${door.url}/response/centre/${incidentId}/timeline`)
    await desk.getByText('Reported by a responder, as Pat Police holds it').waitFor()
    expect(await findings(desk)).toEqual([])
    await picture(desk, 'timeline-shared-desk')
    await desk.getByRole('link', { name: 'Share information for it' }).click()
    await desk.getByRole('heading', { name: 'Share information', level: 1 }).waitFor()
    await desk.getByRole('link', { name: 'TIDE' }).waitFor()

    const { page: phone } = await openWindow(browser, door.url, police.key, pocket, said)
    await phone.goto(`${door.url}/sharing/requests`)
    await phone.getByRole('heading', { name: 'Which streets are closed' }).waitFor()
    await phone.getByRole('button', { name: /What answers it/ }).click()
    await phone.getByRole('option', { name: /Water at the steps/ }).click()
    expect(await findings(phone)).toEqual([])
    await picture(phone, 'request-incident-pocket')
    await phone.getByRole('link', { name: 'TIDE' }).click()
    await phone.getByRole('heading', { name: /TIDE/, level: 1 }).waitFor()
    expect(said).toEqual([])
  })
})
