import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { structureFor, type TestHolder } from '#areas/structure/testing.ts'
import { type TestCity, testCity } from '#core/db/testing.ts'
import { findings, picture, pocket, ready, why } from '#core/web/testing.ts'
import { sharingWindows } from '../testing.ts'

describe.skipIf(!ready)(`marking, and held elsewhere, in a real browser${why}`, () => {
  let city: TestCity
  let windows: Awaited<ReturnType<typeof sharingWindows>>
  let adviser: TestHolder
  let duty: TestHolder
  let hospital: TestHolder
  beforeAll(async () => {
    city = await testCity()
    await city.owner.query("insert into access.city (code, name) values ('test', 'Testbridge') on conflict do nothing")
    const { agency, holder } = structureFor(city)
    duty = await holder('Dot Duty', await agency('Fire'), 'duty')
    adviser = await holder('Lea Legal', duty.agencyId, 'legal-adviser')
    hospital = await holder('Hal Hospital', await agency('Hospital'), 'duty')
    windows = await sharingWindows(city)
  })
  afterAll(async () => {
    await windows?.end()
    await city?.end()
  })

  test('a legal adviser briefs an officer; the officer marks with a caveat before typing, sees who will read, and why they can', async () => {
    const { open } = windows
    const before = await open(duty, '/sharing/pointers', pocket)
    await before.getByText('you were not briefed for it').first().waitFor()
    expect(await before.getByRole('checkbox', { name: /^LEGAL PRIVILEGE/ }).isDisabled()).toBe(true)
    await before.context().close()

    const legal = await open(adviser, '/sharing/briefings')
    await legal.getByRole('radio', { name: 'LEGAL PRIVILEGE' }).check({ force: true })
    await legal.getByRole('button', { name: /Whom/ }).click()
    await legal.getByRole('option', { name: 'Dot Duty' }).click()
    await legal.getByRole('textbox', { name: 'Why they must read it' }).fill('Counsel advises them on the tunnel.')
    await legal.getByRole('textbox', { name: /^Time/ }).fill('0600')
    await legal.getByLabel('Day').fill(new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10))
    expect(await findings(legal)).toEqual([])
    await picture(legal, 'briefings-desk')
    await legal.getByRole('button', { name: 'Brief them' }).click()
    await legal.getByRole('heading', { name: 'LEGAL PRIVILEGE: Dot Duty' }).waitFor()

    const phone = await open(duty, '/sharing/pointers', pocket)
    const preview = phone.locator('.marking-preview')
    await preview.getByText('everybody in Testbridge').waitFor()
    // By keyboard from here: to the caveat, chosen before a word is typed.
    await phone.getByRole('checkbox', { name: /^LEGAL PRIVILEGE/ }).focus()
    await phone.keyboard.press('Space')
    await preview.getByText('whoever was briefed for LEGAL PRIVILEGE').waitFor()
    await preview.getByText('OFFICIAL-SENSITIVE [LEGAL PRIVILEGE]').waitFor()
    await phone.getByLabel('Last day of the restriction').fill('2099-12-31')
    await phone.getByRole('textbox', { name: 'Why it keeps people out' }).fill('Advice of counsel.')
    await phone.getByRole('radio', { name: 'Only whom I choose' }).check({ force: true })
    await preview.getByText('An empty audience is nobody').waitFor()
    await phone.getByRole('checkbox', { name: 'Fire' }).check({ force: true })
    await preview.getByText('Fire', { exact: true }).waitFor()
    await phone.getByRole('textbox', { name: 'What it is about' }).fill('Advice on closing the tunnel')
    await phone.getByRole('button', { name: /Who holds it/ }).click()
    await phone.getByRole('option', { name: 'Fire' }).click()
    await phone.getByRole('textbox', { name: 'How to be briefed' }).fill('Ask the legal adviser in person.')
    expect(await findings(phone)).toEqual([])
    await picture(phone, 'marking-pocket')
    await phone.getByRole('button', { name: 'Keep the pointer' }).click()
    await phone.getByRole('heading', { name: 'Advice on closing the tunnel' }).waitFor()

    // Why can I? By keyboard, from the label.
    await phone
      .getByRole('article', { name: 'Advice on closing the tunnel' })
      .getByRole('button', { name: /Who can see this/ })
      .focus()
    await phone.keyboard.press('Enter')
    const popover = phone.getByRole('dialog')
    await popover.getByText(/^You hold: a briefing for LEGAL PRIVILEGE, given to you by name, until /).waitFor()
    expect(await findings(phone)).toEqual([])
    await picture(phone, 'why-pocket')
    await phone.keyboard.press('Escape')
    await popover.waitFor({ state: 'detached' })

    for (const other of [hospital, adviser]) {
      const page = await open(other, '/sharing/pointers')
      await page.getByText('Nothing is known to be held elsewhere').waitFor()
      if (other === hospital) await picture(page, 'pointers-desk')
    }
    expect(windows.said).toEqual([])
  })
})
