import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { area as structureArea } from '#areas/structure/area.ts'
import { structureFor, type TestHolder } from '#areas/structure/testing.ts'
import type { TestDoor } from '#core/access/sign-in/testing.ts'
import { realClock } from '#core/clock.ts'
import { type TestCity, testCity } from '#core/db/testing.ts'
import { liveDoor } from '#core/http/testing.ts'
import { findings, openBrowser, openWindow, picture, ready, why } from '#core/web/testing.ts'
import { id } from '#core/id.ts'
import { type Operation, pathOf } from '#core/operation/operation.ts'
import { area } from '../area.ts'
import { openIncident } from '../incidents/contract.ts'
import { jobs } from '../prompts/jobs.ts'

describe.skipIf(!ready)(`a decision, from the loggist's keys to the chair's screen${why}`, () => {
  let city: TestCity
  let door: TestDoor
  let browser: Browser
  let loggist: TestHolder
  let chair: TestHolder
  let secretariat: TestHolder
  let incidentId = ''
  const said: string[] = []

  beforeAll(async () => {
    city = await testCity()
    door = await liveDoor(city, { areas: [structureArea, area], failed: (error) => said.push(String(error)) })
    const structure = structureFor(city)
    const council = await structure.agency('Fennmoor Council')
    loggist = await structure.holder('Lou Tansley', council, 'loggist')
    secretariat = await structure.holder('Sam Orrin', council, 'secretariat')
    chair = await structure.holder('Cora Weld', await structure.agency('Fennmoor Police'), 'chair')
    await structure.holder('Hal Marsh', await structure.agency('Fennmoor Public Health'), 'executive')
    incidentId = (await ask<{ id: string }>(secretariat, openIncident, { name: 'LANTERN', incidentType: 'flood' })).id
    for (const { personId } of [loggist, chair]) {
      await city.owner.query("select access.put_reach($1, $2, clock_timestamp() - interval '1 second', null, 'test')", [
        personId,
        `incident:${incidentId}`,
      ])
    }
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await door?.stop()
    await city?.end()
  })

  async function ask<T>(who: TestHolder, operation: Operation, input: unknown): Promise<T> {
    const { status, body, text } = await door.ask(pathOf(operation), input, { cookie: `concord=${who.key}` })
    if (status !== 200) throw new Error(text)
    return body as T
  }
  const centre = () => `/response/centre/${incidentId}`

  async function window(who: TestHolder, path: string, size = { width: 1280, height: 900 }): Promise<Page> {
    const { page } = await openWindow(browser, door.url, who.key, { viewport: size }, said)
    await page.goto(door.url + path)
    await page.waitForSelector('h1')
    return page
  }

  test('the loggist types time, who and what with the keys alone, and the chair reads it at once and confirms it', async () => {
    const [desk, ofChair] = [await window(loggist, `${centre()}/log`), await window(chair, `${centre()}/log`)]
    await desk.getByRole('textbox', { name: 'What was said or done' }).waitFor()
    await desk.keyboard.press('Shift+Tab')
    await desk.keyboard.type('chair')
    await desk.getByRole('option', { name: /chair/ }).waitFor()
    await picture(desk, 'loggist-who')
    await desk.keyboard.press('Enter')
    await desk.keyboard.type('The square stays closed until the search is over.')
    await desk.keyboard.press('Enter')
    await ofChair.getByText('The square stays closed').first().waitFor({ timeout: 5000 })
    await desk.keyboard.type('1201 Trams have stopped.')
    await desk.keyboard.press('Enter')
    const late = desk.getByRole('textbox', { name: /Why it is entered now/ })
    if (await late.isVisible({ timeout: 2000 }).catch(() => false)) {
      await desk.keyboard.type('Said in the corridor.')
      await desk.keyboard.press('Enter')
    }
    await desk.getByText('Trams have stopped.').first().waitFor()
    expect(await findings(desk)).toEqual([])
    await picture(desk, 'loggist-desk')
    await ofChair.getByRole('button', { name: 'That is right' }).first().click()
    await ofChair.getByText('confirmed', { exact: true }).first().waitFor()
    await ofChair.context().close()
    await desk.context().close()
  })

  test('a decision with its reasons owed and a dissent stands in the chair’s list at once; the chair gives the reasons', async () => {
    const ofChair = await window(chair, `${centre()}/decisions`)
    const desk = await window(loggist, `${centre()}/decisions/record`)
    await desk.getByRole('textbox', { name: /Question to be decided/ }).fill('Shall Lantern Square stay closed through the night?')
    const choose = async (label: RegExp, option: RegExp, at = 0) => {
      await desk.getByRole('button', { name: label }).nth(at).click()
      await desk.getByRole('option', { name: option }).click()
    }
    await choose(/Decided by/, /chair/)
    await desk
      .getByRole('textbox', { name: /What could be done/ })
      .nth(0)
      .fill('Keep it closed until 06:00')
    await desk
      .getByRole('textbox', { name: /What could be done/ })
      .nth(1)
      .fill('Do nothing now, look again at 18:00')
    await choose(/Suitable/, /^yes$/)
    await desk.getByText('The reasons follow within 30 minutes').click()
    await desk.getByRole('button', { name: 'Record a position' }).click()
    await choose(/Whose position/, /executive/)
    await desk.getByRole('textbox', { name: 'Their words' }).fill('I would open the east side at eight, and I want that written down.')
    expect(await findings(desk)).toEqual([])
    await picture(desk, 'decision-form')
    await desk.getByRole('button', { name: 'Record a decision' }).click()
    await desk.getByText('position not adopted', { exact: true }).first().waitFor()
    await ofChair.getByText('Shall Lantern Square stay closed').first().waitFor({ timeout: 5000 })
    await ofChair.getByText('reasons owed').first().waitFor()
    expect(await findings(ofChair)).toEqual([])
    await picture(ofChair, 'decision-list')
    await ofChair
      .getByRole('link', { name: /Shall Lantern Square/ })
      .first()
      .click()
    await ofChair.getByRole('button', { name: 'This is what I decided' }).click()
    await ofChair.getByRole('button', { name: 'Give the reasons' }).first().click()
    await ofChair.getByRole('textbox', { name: /Reasons/ }).fill('Two places cannot yet be excluded.')
    await ofChair.getByRole('button', { name: 'Give the reasons' }).last().click()
    await ofChair.getByText('Owed at first; given at').waitFor()
    expect(await findings(ofChair)).toEqual([])
    await picture(ofChair, 'decision-detail')
    const pocket = await window(chair, new URL(ofChair.url()).pathname, { width: 390, height: 844 })
    await pocket.getByText('Two places cannot').waitFor()
    await picture(pocket, 'decision-pocket')
    expect(await findings(pocket)).toEqual([])
    for (const page of [ofChair, desk, pocket]) await page.context().close()
  })

  test('what is to be done reaches the wall, the reasons and the dissent do not; a task is given and stands there', async () => {
    const desk = await window(secretariat, `${centre()}/decisions`)
    await desk
      .getByRole('link', { name: /Shall Lantern Square/ })
      .first()
      .click()
    await desk.getByRole('button', { name: 'Tell those who act' }).click()
    await desk.getByRole('textbox', { name: 'To be done' }).fill('Square closed until 06:00. Trams turn at Weir Street.')
    await desk.getByRole('button', { name: 'Tell those who act' }).last().click()
    const wall = await window(secretariat, `${centre()}/decisions?view=wall`, { width: 1920, height: 1080 })
    await wall.getByText('Trams turn at Weir Street').waitFor()
    expect(await wall.content()).not.toContain('east side')
    await picture(wall, 'decision-wall')
    expect(await findings(wall)).toEqual([])
    const given = await window(secretariat, `${centre()}/tasks`)
    await given.getByRole('button', { name: 'Give a task' }).click()
    await picture(given, 'task-form')
    expect(await findings(given)).toEqual([])
    await given.keyboard.press('Escape')
    for (const page of [desk, wall, given]) await page.context().close()
  })

  test('the secretariat is prompted, and the centre shows it', async () => {
    const later = new Date(Date.now() + 4 * 3_600_000)
    await city.database.jobs('response.prompts', '00000000-0000-7000-8000-000000000001', (tx) =>
      jobs[0]!.run({
        tx,
        clock: { ...realClock, now: () => later },
        id,
        emit: () => {},
        world: { id: '00000000-0000-7000-8000-000000000001', kind: 'live', name: 'Live' },
      }),
    )
    const page = await window(secretariat, centre())
    await page.getByText('To be looked at again:').waitFor()
    await page.getByRole('button', { name: 'Put off' }).first().click()
    await picture(page, 'prompts-centre')
    expect(await findings(page)).toEqual([])
    await page.context().close()
  })

  test('nothing went wrong in the windows', () => {
    expect(said.filter((line) => !/404|favicon|unsupported MIME/.test(line))).toEqual([])
  })
})
