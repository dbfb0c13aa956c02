import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { area } from '#areas/response/area.ts'
import { area as structure } from '#areas/structure/area.ts'
import { structureFor, type TestHolder } from '#areas/structure/testing.ts'
import type { TestDoor } from '#core/access/sign-in/testing.ts'
import { type TestCity, testCity } from '#core/db/testing.ts'
import { liveDoor } from '#core/http/testing.ts'
import { type Operation, wordsOf } from '#core/operation/operation.ts'
import { perform, registryOf } from '#core/operation/perform.ts'
import { findings, openBrowser, openWindow, picture, pocket, ready, why } from '#core/web/testing.ts'
import { openIncident } from '../incidents/contract.ts'
import { writeEntry } from '../timeline/contract.ts'

const registry = registryOf([area])

describe.skipIf(!ready)(`letting somebody in and letting them go, in a real browser${why}`, () => {
  let city: TestCity
  let door: TestDoor
  let browser: Browser
  let secretariat: TestHolder
  let late: TestHolder
  let later: TestHolder
  let incidentId: string
  const as = <T>(person: TestHolder, operation: Operation, input: unknown) =>
    perform(city.database, registry, registry.named(...wordsOf(operation)), input, person.enters(operation.name)) as Promise<T>
  beforeAll(async () => {
    city = await testCity()
    door = await liveDoor(city, { areas: [structure, area] })
    const { agency, holder } = structureFor(city)
    secretariat = await holder('Sia Secretariat', await agency('Council'), 'secretariat')
    late = await holder('Lea Late', await agency('Rail'), 'duty')
    later = await holder('Lou Later', late.agencyId, 'duty')
    incidentId = (await as<{ id: string }>(secretariat, openIncident, { name: 'Quay flood', incidentType: 'flood' })).id
    await as(secretariat, writeEntry, { incidentId, text: 'Written before anybody came' })
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await door?.stop()
    await city?.end()
  })

  test('from joining on: the new one reads the room and what comes, nothing of before; let go, the room is gone from their screen', async () => {
    const said: string[] = []
    const { page: desk } = await openWindow(browser, door.url, secretariat.key, {}, said)
    await desk.goto(`${door.url}/response/centre/${incidentId}`)
    await desk.getByRole('link', { name: 'Who takes part' }).click()
    for (const name of ['Rail: Lea Late', 'Rail: Lou Later']) await desk.getByRole('group', { name: 'Whom' }).getByText(name).last().click()
    await desk.getByText('Chosen, 2: Rail: Lea Late, Rail: Lou Later').waitFor()
    await desk.getByRole('textbox', { name: 'Why' }).fill('The line is hers')
    expect(await findings(desk)).toEqual([])
    await picture(desk, 'members-desk')
    await desk.getByRole('button', { name: 'Let in' }).click()
    await expect.poll(() => desk.getByText('let in, sees it from joining on').count()).toBe(2)
    await desk.getByText('None chosen yet.').waitFor()
    await as(secretariat, writeEntry, { incidentId, text: 'Written for the late one' })

    const { page: other, context } = await openWindow(browser, door.url, later.key, pocket, said)
    await other.goto(`${door.url}/response/centre/${incidentId}/timeline`)
    await other.getByText('Written for the late one').waitFor()
    await context.close()

    const { page: phone } = await openWindow(browser, door.url, late.key, pocket, said)
    await phone.goto(`${door.url}/response/centre/${incidentId}/timeline`)
    await phone.getByText('Written for the late one').waitFor()
    expect(await phone.getByText('Written before anybody came').count()).toBe(0)

    await desk.getByRole('row').filter({ hasText: 'Lea Late' }).getByRole('button', { name: 'End', exact: true }).click()
    await desk.getByRole('dialog').getByRole('textbox', { name: 'Why' }).fill('Called away')
    await desk.getByRole('button', { name: 'End it now' }).click()
    await desk.getByText('let go', { exact: true }).waitFor()
    expect(await findings(desk)).toEqual([])
    await phone.reload()
    await phone.getByText('There is nothing here that you can see').first().waitFor()
    // The browser itself speaks of the answer 404, which is the point.
    expect(said.filter((line) => !line.includes('404'))).toEqual([])
  })
})
