import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { structureFor, type TestHolder } from '#areas/structure/testing.ts'
import { area, mountIngest } from '#areas/watch/area.ts'
import { performAs } from '#areas/watch/testing.ts'
import type { TestDoor } from '#core/access/sign-in/testing.ts'
import { type TestCity, testCity } from '#core/db/testing.ts'
import { liveDoor } from '#core/http/testing.ts'
import { findings, openBrowser, openWindow, picture, ready, why, type Window } from '#core/web/testing.ts'
import { addSource } from '../sources/contract.ts'
import { cap } from '../sources/testing.ts'
import { openExercise } from './contract.ts'

const square =
  '<area><areaDesc>Quay and lower town</areaDesc><polygon>51.50,-0.12 51.52,-0.12 51.52,-0.08 51.50,-0.08 51.50,-0.12</polygon><circle>51.51,-0.10 1.5</circle></area>'
const french = `<info><language>fr-FR</language><category>Met</category><event>Crue</event><urgency>Expected</urgency><severity>Severe</severity><certainty>Likely</certainty><headline>Crue attendue au port</headline><description>L’eau monte.</description>${square}</info>`

describe.skipIf(!ready)(`the watch desk, in a real browser${why}`, () => {
  let city: TestCity
  let door: TestDoor
  let browser: Browser
  let officer: TestHolder
  let second: TestHolder
  let outsider: TestHolder
  let administrator: TestHolder
  let token: string
  const said: string[] = []

  beforeAll(async () => {
    city = await testCity()
    const structure = structureFor(city)
    const office = await structure.agency('Resilience Office')
    officer = await structure.holder('Wanda Watch', office, 'watch-officer')
    second = await structure.holder('Nils Night', office, 'watch-officer')
    outsider = await structure.holder('Otto Outsider', office, 'duty')
    administrator = await structure.holder('Ada Administrator', office, 'administrator')
    door = await liveDoor(city, {
      areas: [area],
      mount: (server) => void mountIngest(server, city.database),
      failed: (error) => said.push(String(error)),
    })
    token = (
      await performAs<{ token: string }>(city, administrator, addSource, {
        code: 'met',
        name: 'River office',
        owner: 'Rivers',
        kind: 'http',
      })
    ).token
    await performAs(city, officer, openExercise, { name: 'Trial', startsAt: '2026-03-12T14:10:00Z' })
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await door?.stop()
    await city?.end()
  })

  const post = async (body: string) => {
    const answer = await fetch(`${door.url}/ingest/met`, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body })
    return answer.status
  }
  async function window(person: TestHolder, more: { locale?: string; width?: number } = {}): Promise<Window> {
    const opened = await openWindow(
      browser,
      door.url,
      person.key,
      {
        locale: more.locale ?? 'en-GB',
        colorScheme: 'dark',
        viewport: { width: more.width ?? 1400, height: 900 },
      },
      said,
    )
    await opened.page.goto(`${door.url}/watch`)
    return opened
  }

  test('a warning appears without a reload; it is claimed and judged by the keys alone, and a second desk sees who has it', async () => {
    const desk = await window(officer)
    await desk.page.getByText('Nothing here').waitFor()
    expect(await findings(desk.page)).toEqual([])
    expect(
      await post(
        cap({ identifier: 'FLOOD-1', headline: 'Flood expected at the quay', more: '' }).replace('</info>', `${square}</info>${french}`),
      ),
    ).toBe(202)
    expect(await post(cap({ identifier: 'WIND-1', headline: 'Strong wind on the bridge' }))).toBe(202)
    await desk.page.getByRole('button', { name: /Flood expected/ }).waitFor({ timeout: 15_000 })
    await desk.page.getByRole('button', { name: /Strong wind/ }).waitFor({ timeout: 15_000 })
    const other = await window(second)

    await desk.page.keyboard.press('j')
    await desk.page.keyboard.press('k')
    await desk.page.keyboard.press('j')
    await desk.page.getByRole('heading', { name: 'Flood expected at the quay' }).waitFor()
    await desk.page.getByRole('img', { name: /Outlines of 2 areas/ }).waitFor()
    await desk.page.keyboard.press('c')
    await desk.page.getByText('With Wanda Watch').first().waitFor()
    await other.page.getByText('With Wanda Watch').first().waitFor({ timeout: 15_000 })
    await picture(desk.page, 'desk')
    await desk.page.keyboard.press('d')
    await desk.page.keyboard.press('ArrowDown')
    await desk.page.getByRole('radio', { name: /Assess/ }).check({ force: true })
    await desk.page.getByLabel('Reason').fill('Two gauges rise; the third is silent.')
    await desk.page.getByRole('button', { name: 'Record: assess' }).click()
    await desk.page.getByRole('region', { name: 'Judged' }).waitFor()
    expect(await findings(desk.page)).toEqual([])
    await picture(desk.page, 'desk-judged')
    await desk.context.close()
    await other.context.close()
  })

  test('what came after the page was read and before its stream began is shown all the same', async () => {
    const { page, context } = await openWindow(browser, door.url, officer.key, { viewport: { width: 1400, height: 900 } }, said)
    let begin = () => {}
    const mayBegin = new Promise<void>((resolve) => {
      begin = resolve
    })
    await page.route('**/live?**', async (route) => {
      await mayBegin
      await route.continue()
    })
    await page.goto(`${door.url}/watch`)
    await page.getByRole('button', { name: /Strong wind/ }).waitFor()
    expect(await post(cap({ identifier: 'FOG-1', headline: 'Dense fog in the estuary' }))).toBe(202)
    begin()
    await page.getByRole('button', { name: /Dense fog/ }).waitFor()
    await context.close()
  })

  test('what is in quarantine lists what is wrong and is released in a name; what is not actual goes to an exercise; what was refused stands with its reason', async () => {
    await post(cap({ identifier: 'BAD-1', headline: 'Fault in the message', more: '<notInTheSchema/>' }))
    await post(cap({ identifier: 'PLAY-1', headline: 'Only an exercise', status: 'Exercise' }))
    await post('this is not xml')
    const desk = await window(officer)
    await desk.page.getByRole('tab', { name: /Quarantine/ }).click()
    await desk.page.getByRole('heading', { name: 'Fault in the message' }).waitFor()
    expect(await desk.page.getByRole('radio', { name: /Activate/ }).count()).toBe(0)
    await picture(desk.page, 'desk-quarantine')
    expect(await findings(desk.page)).toEqual([])
    await desk.page.getByRole('button', { name: 'Original text' }).click()
    expect(await desk.page.getByRole('textbox', { name: 'Original text' }).inputValue()).toContain('<notInTheSchema/>')
    await desk.page.getByRole('button', { name: 'Release', exact: true }).click()
    await desk.page.getByLabel('Why it may be believed').fill('Rang the sender back.')
    await desk.page.getByRole('button', { name: 'Release in my name' }).click()
    await desk.page.getByText('Nothing here').waitFor()

    await desk.page.keyboard.press('2')
    await desk.page.getByRole('heading', { name: 'Only an exercise' }).waitFor()
    await desk.page.getByRole('button', { name: 'Hand to an exercise' }).click()
    await desk.page.getByRole('button', { name: /Choose/ }).click()
    await desk.page.getByRole('option', { name: 'Trial' }).click()
    await desk.page.getByRole('dialog').getByRole('button', { name: 'Hand to an exercise' }).click()
    await desk.page.getByRole('dialog').waitFor({ state: 'detached' })
    const copies = await city.owner.query(
      "select count(*)::int as count from watch.signals where identifier = 'PLAY-1' and assigned_from is not null",
    )
    expect(copies.rows[0]).toEqual({ count: 1 })

    await desk.page.keyboard.press('4')
    await desk.page.getByText('It is not well-formed XML', { exact: false }).waitFor()
    expect(await findings(desk.page)).toEqual([])
    await desk.page.keyboard.press('5')
    await desk.page.getByRole('rowheader', { name: 'River office' }).waitFor()
    expect(await findings(desk.page)).toEqual([])
    await picture(desk.page, 'desk-sources')
    await desk.context.close()
  })

  test('an administrator adds a source and is shown its token once, and reads nothing of what comes by it', async () => {
    const keeper = await window(administrator)
    await keeper.page.getByText('Nothing here').waitFor()
    await keeper.page.keyboard.press('5')
    await keeper.page.getByRole('button', { name: 'Add a source' }).click()
    await keeper.page.getByLabel('Source', { exact: true }).fill('Harbour office')
    await keeper.page.getByLabel('Short name').fill('harbour')
    expect(await findings(keeper.page)).toEqual([])
    await keeper.page.getByRole('dialog').getByRole('button', { name: 'Add a source' }).click()
    const shown = (await keeper.page.getByRole('dialog').locator('code').innerText()).trim()
    const answer = await fetch(`${door.url}/ingest/harbour`, {
      method: 'POST',
      headers: { authorization: `Bearer ${shown}` },
      body: cap({ headline: 'From the harbour' }),
    })
    expect(answer.status).toBe(202)
    await keeper.page.getByRole('button', { name: 'I have it' }).click()
    await keeper.page.getByRole('rowheader', { name: 'Harbour office' }).waitFor()
    expect(await findings(keeper.page)).toEqual([])
    await keeper.page
      .getByRole('row', { name: /Harbour office/ })
      .getByRole('button', { name: 'Retire' })
      .click()
    await keeper.page.getByRole('dialog').getByRole('button', { name: 'Retire' }).click()
    await keeper.page.getByRole('rowheader', { name: 'Harbour office' }).waitFor({ state: 'detached' })
    await keeper.page.keyboard.press('1')
    await keeper.page.getByText('Nothing here').waitFor()
    expect(await keeper.page.getByText('From the harbour').count()).toBe(0)
    await keeper.context.close()
  })

  test('it speaks French, also what the message says; a narrow screen shows one thing at a time; an outsider sees an empty desk', async () => {
    const french = await window(officer, { locale: 'fr-FR' })
    await french.page.getByRole('button', { name: /Crue attendue au port/ }).click()
    await french.page.getByRole('heading', { name: 'Crue attendue au port' }).waitFor()
    await french.page.getByText('L’eau monte.').waitFor()
    expect(await findings(french.page)).toEqual([])
    await french.context.close()

    const pocket = await window(officer, { width: 390 })
    await pocket.page.goto(`${door.url}/watch?view=pocket`)
    await pocket.page.getByRole('button', { name: /Strong wind/ }).click()
    await pocket.page.getByRole('heading', { name: 'Strong wind on the bridge' }).waitFor()
    expect(await pocket.page.getByRole('button', { name: /Flood expected/ }).count()).toBe(0)
    expect(await findings(pocket.page)).toEqual([])
    await pocket.context.close()

    const nobody = await window(outsider)
    await nobody.page.getByText('Nothing here').waitFor()
    expect(await nobody.page.getByText('River office').count()).toBe(0)
    await nobody.context.close()
    expect(said).toEqual([])
  })
})
