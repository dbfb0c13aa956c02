import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { structureFor, type TestHolder } from '#areas/structure/testing.ts'
import { type TestCity, testCity } from '#core/db/testing.ts'
import { findings, picture, pocket, ready, why } from '#core/web/testing.ts'
import { sharingWindows } from '../testing.ts'

describe.skipIf(!ready)(`breaking the glass, in a real browser${why}`, () => {
  let city: TestCity
  let windows: Awaited<ReturnType<typeof sharingWindows>>
  let officer: TestHolder
  let protection: TestHolder
  let hospital: TestHolder
  beforeAll(async () => {
    city = await testCity()
    const { agency, holder } = structureFor(city)
    officer = await holder('Dot Duty', await agency('Fire'), 'duty')
    protection = await holder('Pia Protection', officer.agencyId, 'data-protection')
    hospital = await holder('Hal Hospital', await agency('Hospital'), 'duty')
    windows = await sharingWindows(city)
  })
  afterAll(async () => {
    await windows?.end()
    await city?.end()
  })

  test('an officer shares on a phone what cannot wait; the partner sees it at once; another reviews it, the officer cannot', async () => {
    const open = (who: TestHolder, options = {}) => windows.open(who, '/sharing/emergency', options)
    const partner = await open(hospital)
    await partner.getByText('Nothing was shared so').waitFor()
    const phone = await open(officer, pocket)
    await phone.getByRole('textbox', { name: 'What it is about' }).fill('Gas at the quay')
    await phone.getByRole('textbox', { name: 'What they must know' }).fill('Keep crews upwind of the grain store.')
    await phone.getByRole('button', { name: /Who must know/ }).click()
    await phone.getByRole('option', { name: 'Hospital' }).click()
    await phone.getByRole('button', { name: 'Remove Hospital' }).waitFor()
    await phone.getByRole('textbox', { name: 'Why it cannot wait' }).fill('Crews are on their way.')
    expect(await findings(phone)).toEqual([])
    await picture(phone, 'emergency-pocket')
    await phone.getByRole('button', { name: 'Share it now' }).click()
    await phone.getByText('Shared. It stands on their screens').waitFor()
    await partner.getByText('Keep crews upwind of the grain store.').waitFor()
    expect(await partner.getByRole('button', { name: 'Record the review' }).count()).toBe(0)
    expect(await phone.getByRole('button', { name: 'Record the review' }).count()).toBe(0)

    const desk = await open(protection)
    await desk.getByRole('radio', { name: 'right, and otherwise next time' }).check({ force: true })
    await desk.getByRole('textbox', { name: 'What was found, and what follows' }).fill('A protocol with the port is drawn up.')
    expect(await findings(desk)).toEqual([])
    await picture(desk, 'emergency-review')
    await desk.getByRole('button', { name: 'Record the review' }).click()
    for (const page of [desk, phone, partner]) await page.getByText('A protocol with the port is drawn up. (Pia Protection)').waitFor()
    expect(windows.said).toEqual([])
  })
})
