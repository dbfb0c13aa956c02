import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { area } from '#areas/structure/area.ts'
import { structureFor, type TestHolder } from '#areas/structure/testing.ts'
import type { TestDoor } from '#core/access/sign-in/testing.ts'
import { liveWorld, type TestCity, testCity } from '#core/db/testing.ts'
import { liveDoor } from '#core/http/testing.ts'
import { id } from '#core/id.ts'
import { findings, openBrowser, openWindow, picture, pocket, ready, why } from '#core/web/testing.ts'

describe.skipIf(!ready)(`how sound the network is, in a real browser${why}`, () => {
  let city: TestCity
  let door: TestDoor
  let browser: Browser
  let secretary: TestHolder
  let member: TestHolder
  beforeAll(async () => {
    city = await testCity()
    await city.owner.query("insert into access.city (code, name) values ('test', 'Testham')")
    door = await liveDoor(city, { areas: [area] })
    const { agency, holder } = structureFor(city)
    const [police, fire] = [await agency('Police'), await agency('Fire')]
    await agency('Harbour')
    secretary = await holder('Sefa Secretary', police, 'secretariat')
    const chief = await holder('Fay Fire', fire, 'executive')
    member = await holder('Dina Duty', fire, 'duty')
    const groupId = id()
    await city.owner.query(
      "insert into structure.groups (id, code, name, tier, chair_post_id, deputy_chair_post_id, quorum, label, world) values ($1, 'SCG', 'Strategic group', 'strategic', $2, $2, 1, access.city_label(), $3)",
      [groupId, chief.postId, liveWorld],
    )
    for (const member of [police, fire])
      await city.owner.query(
        "insert into structure.memberships (id, group_id, agency_id, kind, basis, label, world) values ($1, $2, $3, 'core', 'Plan', access.city_label(), $4)",
        [id(), groupId, member, liveWorld],
      )
    await city.owner.query(
      "insert into structure.links (id, from_group_id, to_agency_id, kind, label, world) values ($1, $2, $3, 'informs', access.city_label(), $4)",
      [id(), groupId, fire, liveWorld],
    )
    await city.owner.query(
      "insert into structure.responsibilities (id, activity, phase, agency_id, part, label, world) values ($1, 'Warn the public', 'response', $2, 'accountable', access.city_label(), $3)",
      [id(), police, liveWorld],
    )
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await door?.stop()
    await city?.end()
  })

  test('the secretariat says what the network is for, looks at it by keyboard, and reads what is wrong and what nobody looked at', async () => {
    const { page, said } = await openWindow(browser, door.url, secretary.key)
    await page.goto(`${door.url}/structure`)
    await page.getByRole('link', { name: 'How sound the network is' }).click()
    await page.getByText('Nobody has said yet what the network is for').waitFor()

    await page.getByRole('button', { name: 'Say what it is for' }).click()
    await page.getByRole('textbox', { name: 'What the network is for' }).fill('Everybody knows within ten minutes.')
    for (const [name, minutes] of [
      ['Known to all core agencies', '10'],
      ['Decided within', '30'],
      ['Acted on within', '60'],
    ] as const)
      await page.getByRole('textbox', { name }).fill(minutes)
    await page.getByRole('button', { name: 'Keep it' }).click()
    await page.getByText('known to all within 10 minutes').waitFor()

    await page.getByRole('button', { name: 'Look now' }).focus()
    await page.keyboard.press('Enter')
    const table = page.getByRole('grid', { name: 'Findings' })
    await table
      .getByRole('row', { name: /Nobody accountable/ })
      .first()
      .waitFor()
    await table.getByText('Harbour sits in no group and is linked to nobody').waitFor()
    await table.getByText('executive (Fay Fire) (Fire) chairs Strategic group and is its own deputy').waitFor()
    await page.getByText('Silence about these is no reassurance').waitFor()
    const way = table.getByRole('link', { name: /Linked to nobody, Harbour/ })
    expect(await way.getAttribute('href')).toMatch(/^\/structure\/network\?finding=isolated/)
    // The table of places is a grid: arrows move in it.
    const places = page.getByRole('grid', { name: 'Where everybody stands' })
    await places.getByRole('row').nth(1).focus()
    await page.keyboard.press('ArrowDown')
    expect(
      await places
        .getByRole('row')
        .nth(2)
        .evaluate((row) => row.contains(document.activeElement)),
    ).toBe(true)
    await page.getByRole('button', { name: 'Look at what happened' }).click()
    await page.getByText('Nothing was seen').waitFor()
    expect(await findings(page)).toEqual([])
    await picture(page, 'city-analysis-desk')
    expect(said).toEqual([])

    const { page: phone, context } = await openWindow(browser, door.url, secretary.key, { ...pocket, locale: 'fr-FR', colorScheme: 'dark' })
    await phone.goto(`${door.url}/structure/analysis`)
    await phone.getByRole('button', { name: 'Examiner', exact: true }).click()
    await phone.getByText('Harbour ne siège dans aucun groupe et n’est relié à personne').waitFor()
    expect(await findings(phone)).toEqual([])
    await picture(phone, 'city-analysis-pocket-dark')
    await context.close()
  })

  test('somebody without such a post reads the goal and is told that looking is not theirs', async () => {
    const { page } = await openWindow(browser, door.url, member.key)
    await page.goto(`${door.url}/structure/analysis`)
    await page.getByRole('button', { name: 'Look now' }).click()
    await page.getByText('Your post does not allow this').waitFor()
    expect(await page.getByRole('grid').count()).toBe(0)
    await picture(page, 'city-analysis-refused')
  })
})
