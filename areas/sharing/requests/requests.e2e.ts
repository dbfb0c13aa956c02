import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { structureFor, type TestHolder } from '#areas/structure/testing.ts'
import { type TestCity, testCity } from '#core/db/testing.ts'
import { findings, picture, pocket, ready, why } from '#core/web/testing.ts'
import { sharingFor, sharingWindows } from '../testing.ts'

describe.skipIf(!ready)(`asking another agency, in a real browser${why}`, () => {
  let city: TestCity
  let windows: Awaited<ReturnType<typeof sharingWindows>>
  let officer: TestHolder
  let police: TestHolder
  let chief: TestHolder
  let stranger: TestHolder
  beforeAll(async () => {
    city = await testCity()
    const { agency, holder } = structureFor(city)
    officer = await holder('Fin Fire', await agency('Fire'), 'duty')
    police = await holder('Pat Police', await agency('Police'), 'duty')
    chief = await holder('Cas Chief', police.agencyId, 'executive')
    stranger = await holder('Ray Rail', await agency('Rail'), 'executive')
    windows = await sharingWindows(city)
  })
  afterAll(async () => {
    await windows?.end()
    await city?.end()
  })

  test('an officer asks on a phone; the other agency sees it at once and answers a part, with the risk; both read it; a third sees nothing', async () => {
    const open = (who: TestHolder, options = {}) => windows.open(who, '/sharing/requests', options)
    await sharingFor(city).share(police, { agencyIds: [officer.agencyId], basis: 'Duty.', title: 'Closed streets' })
    const desk = await open(police)
    await desk.getByText('No request here that you can read').waitFor()
    const other = await open(stranger)
    const phone = await open(officer, pocket)
    await phone.getByRole('button', { name: /Whom you ask/ }).click()
    await phone.getByRole('option', { name: 'Police' }).click()
    await phone.getByRole('textbox', { name: 'What you need to know' }).fill('Which streets are closed')
    await phone.getByRole('textbox', { name: 'Why you need it' }).fill('Engines are on their way')
    await phone.getByRole('radio', { name: 'within half an hour' }).check({ force: true })
    expect(await findings(phone)).toEqual([])
    await picture(phone, 'request-ask-pocket')
    await phone.getByRole('button', { name: 'Ask now' }).click()
    await phone.getByText('Sent. It stands on their screens').waitFor()
    await phone.getByText(/minutes left/).waitFor()

    await desk.getByRole('heading', { name: 'Waits for your answer' }).waitFor()
    await desk.getByRole('radio', { name: 'Share a part of it' }).check({ force: true })
    await desk.getByRole('button', { name: /What answers it/ }).click()
    await desk.getByRole('option', { name: /Closed streets/ }).click()
    await desk.getByRole('textbox', { name: 'The part that you share' }).fill('North Street and the quay.')
    await desk.getByRole('textbox', { name: 'What may happen because it is not shared' }).fill('Crews may meet the convoy.')
    expect(await findings(desk)).toEqual([])
    await picture(desk, 'request-answer-desk')
    await desk.getByRole('button', { name: 'Answer', exact: true }).click()
    for (const page of [phone, desk]) {
      await page.getByText('shared in part: North Street and the quay.').waitFor()
      await page.getByText('Crews may meet the convoy.').waitFor()
    }
    await phone.getByRole('link', { name: 'Closed streets' }).waitFor()
    // Live on the asker's phone, and an appeal is offered to them alone.
    await phone.getByRole('button', { name: 'Appeal' }).waitFor()
    expect(await desk.getByRole('button', { name: 'Appeal' }).count()).toBe(0)
    await picture(phone, 'request-answered-pocket')

    const head = await open(chief)
    await head.getByRole('heading', { name: 'Refusals' }).waitFor()
    expect(await findings(head)).toEqual([])
    await picture(head, 'request-figures-desk')
    expect(await other.getByText('Which streets').count()).toBe(0)
    await other.getByText('No request here that you can read').waitFor()
    expect(windows.said).toEqual([])
  })
})
