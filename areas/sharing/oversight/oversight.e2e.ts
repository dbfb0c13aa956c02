import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { structureFor, type TestHolder } from '#areas/structure/testing.ts'
import { type TestCity, testCity } from '#core/db/testing.ts'
import { area as record } from '#core/record/area.ts'
import { findings, picture, pocket, ready, why } from '#core/web/testing.ts'
import { discloseInEmergency, reviewDisclosure } from '../emergency/contract.ts'
import { sharingFor, sharingWindows } from '../testing.ts'

describe.skipIf(!ready)(`the oversight list, in a real browser${why}`, () => {
  let city: TestCity
  let windows: Awaited<ReturnType<typeof sharingWindows>>
  let officer: TestHolder
  let protection: TestHolder
  let chair: TestHolder
  let hospital: TestHolder
  beforeAll(async () => {
    city = await testCity()
    const { agency, holder } = structureFor(city)
    officer = await holder('Dot Duty', await agency('Fire'), 'duty')
    protection = await holder('Pia Protection', officer.agencyId, 'data-protection')
    chair = await holder('Cora Chair', await agency('Council'), 'chair')
    hospital = await holder('Hal Hospital', await agency('Hospital'), 'duty')
    windows = await sharingWindows(city, [record])
  })
  afterAll(async () => {
    await windows?.end()
    await city?.end()
  })

  test('a disclosure comes onto the list by itself, goes to reviewed when another has looked, and is not offered to who may not read it', async () => {
    const { open } = windows
    const sharing = sharingFor(city)
    const list = await open(chair, '/sharing')
    await list.getByRole('link', { name: 'Oversight list' }).click()
    await list.getByText('Nothing out of the ordinary was noted').waitFor()
    expect(await findings(list)).toEqual([])
    const { id } = await sharing.as<{ id: string }>(officer, discloseInEmergency, {
      title: 'Gas at the quay',
      text: 'Keep crews upwind.',
      reason: 'Crews are on their way.',
      toAgencyIds: [hospital.agencyId],
    })
    await list.getByText('emergency disclosure').waitFor()
    await list.getByText('to be reviewed').waitFor()
    expect(await list.getByText(/Gas|upwind/).count()).toBe(0)
    expect(await findings(list)).toEqual([])
    await picture(list, 'oversight-desk')
    await sharing.as(protection, reviewDisclosure, { id, outcome: 'right', words: 'Life was at stake.' })
    await list.getByText('reviewed', { exact: true }).waitFor()
    const phone = await open(protection, '/sharing/oversight', pocket)
    await phone.getByText('emergency disclosure').waitFor()
    expect(await findings(phone)).toEqual([])
    await picture(phone, 'oversight-pocket')
    // From the list to the record: whose information it is asks who had it.
    const desk = await open(protection, '/sharing/oversight')
    await desk.getByRole('link', { name: 'who had it' }).click()
    await desk.getByRole('heading', { name: 'Who had it' }).waitFor()
    await desk.getByRole('textbox', { name: 'What you need to know it for' }).fill('A complaint about the disclosure')
    expect(await findings(desk)).toEqual([])
    await desk.getByRole('button', { name: 'Look', exact: true }).click()
    await desk.getByText('Hal Hospital').waitFor()
    expect(await findings(desk)).toEqual([])
    await picture(desk, 'availability-desk')
    const duty = await open(officer, '/sharing')
    expect(await duty.getByRole('link', { name: 'Oversight list' }).count()).toBe(0)
    expect(windows.said).toEqual([])
  })
})
