import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { structureFor, type TestHolder } from '#areas/structure/testing.ts'
import { area, mountAcceptPage } from '#areas/watch/area.ts'
import { performAs, startDuties, watchFor } from '#areas/watch/testing.ts'
import type { TestDoor } from '#core/access/sign-in/testing.ts'
import { type TestCity, testCity } from '#core/db/testing.ts'
import { liveDoor } from '#core/http/testing.ts'
import { desk as atDesk, findings, openBrowser, openWindow, picture, ready, why } from '#core/web/testing.ts'
import { startSmtpSink } from '../../../tests/gateways/smtp-sink.ts'
import { setLevel } from './contract.ts'

describe.skipIf(!ready)(`an activation, in a real browser${why}`, () => {
  let city: TestCity
  let door: TestDoor
  let browser: Browser
  let officer: TestHolder
  let holder: TestHolder
  let mail: Awaited<ReturnType<typeof startSmtpSink>>
  let duties: Awaited<ReturnType<typeof startDuties>>
  const said: string[] = []

  beforeAll(async () => {
    city = await testCity()
    const watch = watchFor(city)
    const structure = structureFor(city)
    await watch.founded()
    const office = await structure.agency('Resilience Office')
    const ambulance = await structure.agency('Ambulance')
    await watch.callBack(office, '+44 1632 960015')
    officer = await structure.holder('Wanda Watch', office, 'watch-officer')
    const administrator = await structure.holder('Ada Administrator', office, 'administrator')
    holder = await structure.holder('Hal Holder', ambulance, 'duty')
    const silent = await structure.holder('Sil Silent', ambulance, 'duty')
    await watch.contact(holder.personId, 'mail', 'hal@people.example', 1)
    await watch.contact(silent.personId, 'mail', 'sil@people.example', 1)
    mail = await startSmtpSink()
    await performAs(city, administrator, setLevel, {
      code: 'activated',
      rank: 3,
      name: 'Activated (strategic)',
      criteria: 'A major incident is declared, or an attack is suspected.',
      callsOut: [holder.postId, silent.postId],
      convenes: [],
    })
    door = await liveDoor(city, {
      areas: [area],
      mount: (server) => void mountAcceptPage(server, city.database),
      failed: (error) => said.push(String(error)),
    })
    duties = await startDuties(city.database, {
      CONCORD_PUBLIC_URL: door.url,
      CONCORD_MAIL_URL: mail.url,
      CONCORD_MAIL_FROM: 'concord@city.example',
    })
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await duties?.stop()
    await door?.stop()
    await mail?.close()
    await city?.end()
  })

  const window = (person?: TestHolder, script = true) =>
    openWindow(browser, door.url, person?.key, { ...atDesk, javaScriptEnabled: script }, said)

  test('a watch officer activates; the board fills while the holder, in another browser without script, accepts', async () => {
    const desk = await window(officer)
    await desk.page.goto(`${door.url}/watch/activations`)
    await desk.page.getByRole('button', { name: 'Activate' }).click()
    await desk.page.getByText('Activated (strategic)').click()
    await desk.page.getByLabel('Which criterion is met').fill('An attack is suspected.')
    await desk.page.getByLabel('Reason').fill('Several independent callers.')
    await desk.page.getByLabel('Kind of incident').fill('marauding')
    await desk.page.getByRole('button', { name: 'Activate and call out now' }).click()
    await desk.page.getByRole('heading', { name: 'Activated (strategic)' }).waitFor()
    await desk.page.getByRole('img', { name: 'duty (Hal Holder): Being asked' }).waitFor({ timeout: 15_000 })
    expect(await findings(desk.page)).toEqual([])

    const sent = await duties.until(() => mail.received.find((each) => each.to[0] === 'hal@people.example'))
    const link = /http:\/\/\S+\/a\/[\w-]+/.exec(sent.text)?.[0] ?? ''
    const pocket = await window(undefined, false)
    await pocket.page.goto(link)
    await picture(pocket.page, 'accept')
    await pocket.page.getByRole('button', { name: 'I accept' }).click()
    await pocket.page.getByText('Your acceptance is recorded').waitFor()
    // Nobody reloads the board.
    await desk.page.getByRole('img', { name: 'duty (Hal Holder): Accepted' }).waitFor({ timeout: 15_000 })
    expect(await desk.page.getByText('1 / 2').count()).toBe(1)
    await picture(desk.page, 'board')
    expect(await findings(desk.page)).toEqual([])
    await pocket.context.close()
    await desk.context.close()
  })

  test('the accept page has nothing that a screen reader or a keyboard stumbles on', async () => {
    const sent = mail.received.find((each) => each.to[0] === 'sil@people.example')
    const link = /http:\/\/\S+\/a\/[\w-]+/.exec(sent?.text ?? '')?.[0] ?? ''
    const pocket = await window()
    await pocket.page.goto(link)
    expect(await findings(pocket.page)).toEqual([])
    await pocket.page.keyboard.press('Tab')
    await pocket.page.keyboard.press('Tab')
    expect(await pocket.page.evaluate(() => document.activeElement?.textContent)).toBe('I accept')
    await pocket.context.close()
  })

  test('who is asked finds it on the page of activations, and sees no one else’s', async () => {
    const own = await window(holder)
    await own.page.goto(`${door.url}/watch/activations`)
    await own.page.getByText('duty (Hal Holder)').first().waitFor()
    expect(await own.page.getByText('Sil Silent').count()).toBe(0)
    expect(await findings(own.page)).toEqual([])
    await own.context.close()
    expect(said).toEqual([])
  })
})
