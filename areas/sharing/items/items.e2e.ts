import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { area as structure } from '#areas/structure/area.ts'
import { structureFor, type TestHolder } from '#areas/structure/testing.ts'
import type { TestDoor } from '#core/access/sign-in/testing.ts'
import { type TestCity, testCity } from '#core/db/testing.ts'
import { liveDoor } from '#core/http/testing.ts'
import { area as record } from '#core/record/area.ts'
import { findings, openBrowser, openWindow, picture, pocket, ready, why } from '#core/web/testing.ts'
import { area } from '../area.ts'
import { recallItem } from '../recall/contract.ts'
import { sharingFor } from '../testing.ts'

describe.skipIf(!ready)(`information that three agencies share, in a real browser${why}`, () => {
  let city: TestCity
  let door: TestDoor
  let browser: Browser
  let sharing: ReturnType<typeof sharingFor>
  let police: TestHolder
  let protection: TestHolder
  let hospital: TestHolder
  let roads: TestHolder
  const said: string[] = []
  beforeAll(async () => {
    city = await testCity()
    door = await liveDoor(city, { areas: [structure, area, record] })
    sharing = sharingFor(city)
    const { agency, holder } = structureFor(city)
    police = await holder('Pat Police', await agency('Police'), 'executive')
    protection = await holder('Pia Protection', police.agencyId, 'data-protection')
    hospital = await holder('Hal Hospital', await agency('Hospital'), 'executive')
    roads = await holder('Rob Roads', await agency('Roads'), 'executive')
    await sharing.inForce([police, hospital], { title: 'Police and hospitals' })
    await sharing.inForce([police, hospital, roads], { title: 'Roads too' })
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await door?.stop()
    await city?.end()
  })
  const window = async (who: TestHolder, path: string, options?: object): Promise<Page> => {
    const { page } = await openWindow(browser, door.url, who.key, options as never, said)
    await page.goto(door.url + path)
    await page.locator('main h1').waitFor()
    return page
  }
  const choose = async (page: Page, field: string | RegExp, option: string, within = false) => {
    const dialog = page.getByRole('dialog').last()
    await (within ? dialog : page).getByRole('button', { name: field }).click()
    await page.getByRole('option', { name: option, exact: true }).click()
  }

  test('shared under a protocol, opened, acknowledged, challenged, marked otherwise, torn, recalled; and the log says who had it', async () => {
    const desk = await window(police, '/sharing/items/new')
    await desk.getByText('Everybody of Hospital').waitFor()
    await choose(desk, /^TLP/, 'TLP:AMBER+STRICT')
    await desk.getByText('whoever opens it is recorded first').waitFor()
    await desk.getByText('Write a releasable version beside it').click()
    await desk.getByLabel('What it is about').fill('Quay this morning')
    await desk.getByLabel('What it says').fill('A source says the quay at nine.\nForty may be there.')
    await choose(desk, /Under which protocol it goes/, 'Roads too')
    await desk.getByLabel('Its title').fill('Keep clear of the quay')
    await desk.getByLabel('Its words').fill('Keep clear of the quay this morning.')
    expect(await findings(desk)).toEqual([])
    await picture(desk, 'item-new')
    await desk.getByRole('button', { name: 'Share it now' }).click()
    await desk.getByRole('heading', { name: 'Quay this morning', level: 1 }).waitFor()
    const path = new URL(desk.url()).pathname

    const phone = await window(hospital, '/sharing/items', pocket)
    await phone.getByRole('link', { name: 'Quay this morning' }).click()
    await phone.getByRole('button', { name: 'Open (this is recorded)' }).waitFor()
    expect(await phone.getByText('A source says').count()).toBe(0)
    expect(await findings(phone)).toEqual([])
    await picture(phone, 'item-closed-pocket')
    await phone.getByRole('button', { name: 'Open (this is recorded)' }).click()
    await phone.getByText('A source says the quay at nine.').waitFor()
    await phone.getByRole('button', { name: 'Acknowledge it' }).click()
    await phone.getByText('You acknowledged this at').waitFor()
    await picture(phone, 'item-open-pocket')
    const log = desk.getByRole('grid', { name: 'Opened' })
    await log.getByText('Hal Hospital').waitFor()
    await desk.getByRole('grid', { name: 'Acknowledged' }).getByText('Hal Hospital').waitFor()

    await phone.getByRole('button', { name: 'Challenge the marking' }).click()
    await choose(phone, /^TLP/, 'TLP:AMBER', true)
    await phone.getByLabel('Why it should be otherwise').fill('Our crews must hear it.')
    await phone.getByRole('button', { name: 'Send the challenge' }).click()
    await desk.getByText('Our crews must hear it.').waitFor()
    await desk.getByRole('button', { name: 'Mark it otherwise' }).click()
    await choose(desk, /^TLP/, 'TLP:AMBER', true)
    expect(await findings(desk)).toEqual([])
    await picture(desk, 'item-remark')
    await desk.getByLabel('Why, in words that they may read').fill('The crews are right.')
    await desk.getByRole('button', { name: 'Mark it so' }).click()
    // No longer sensitive, it stands on the page.
    await phone.getByText('marked otherwise').first().waitFor()
    await phone.getByText('A source says the quay at nine.').waitFor()

    const board = await window(protection, path)
    await board.getByRole('textbox', { name: 'What you looked at' }).fill('No source and no time is in it.')
    await board.getByRole('button', { name: 'Approve it' }).click()
    await desk.getByRole('button', { name: 'Send the releasable version' }).click()
    await desk.getByText('What it became').waitFor()
    const road = await window(roads, '/sharing/items')
    await road.getByRole('link', { name: 'Keep clear of the quay' }).click()
    await road.getByText('Keep clear of the quay this morning.').waitFor()
    expect(await road.locator('main').innerText()).not.toMatch(/Quay this morning|source|eleasable/)
    await picture(road, 'item-released')

    await desk.getByRole('button', { name: 'Recall', exact: true }).click()
    await desk.getByLabel('Why, in words that they may read').fill('The source was wrong.')
    // What was made of it goes with it, unless it is left out; its holders read other words.
    await desk.getByRole('checkbox', { name: /^Keep clear of the quay: releasable version/ }).waitFor()
    expect(await desk.getByLabel('Why, in words for those who hold what was made of it').inputValue()).toBe('Do not rely on this any more.')
    expect(await findings(desk)).toEqual([])
    await picture(desk, 'item-recall-derived')
    await desk.getByRole('button', { name: 'Recall it now' }).click()
    await road.getByText('There is nothing here that you can see').waitFor()
    await road.getByRole('link', { name: 'What is shared' }).click()
    await road
      .getByRole('article', { name: 'Keep clear of the quay' })
      .getByText(/took this back: Do not rely on this any more/)
      .waitFor()
    expect(await road.locator('main').innerText()).not.toMatch(/Quay this morning|A source|eleasable/)
    await picture(road, 'item-released-recalled')
    await phone.getByText('There is nothing here that you can see').waitFor()
    expect(await phone.getByText('A source says').count()).toBe(0)
    await phone.getByRole('link', { name: 'What is shared' }).click()
    const news = phone.getByRole('article', { name: 'Quay this morning' })
    await news.getByText(/took this back: The source was wrong/).waitFor()
    expect(await findings(phone)).toEqual([])
    await picture(phone, 'item-recalled-pocket')
    await news.getByRole('button', { name: 'We no longer use it' }).click()
    await news.getByText('You acknowledged this at').waitFor()
    const sent = desk.getByRole('grid', { name: 'Sent' })
    await sent
      .getByRole('row', { name: /Hospital/ })
      .filter({ hasText: 'recalled: The source was wrong.' })
      .getByText('Hal Hospital')
      .waitFor()
    expect(await findings(desk)).toEqual([])
    await picture(desk, 'item-log')

    const all = await window(police, '/sharing/disclosures')
    await all.getByRole('grid', { name: 'Disclosures' }).getByText('recalled').first().waitFor()
    expect(await findings(all)).toEqual([])
    await picture(all, 'item-disclosures')
    expect(said.filter((line) => !line.includes('404'))).toEqual([])
  }, 240_000)

  test('marked with a descriptor, two agencies to which alone it may go and a last day: so it reads for the reader, and why they can says it', async () => {
    const desk = await window(police, '/sharing/items/new')
    await choose(desk, /Protocol/, 'No protocol: agencies by name')
    await desk.getByRole('group', { name: 'Who may read it' }).getByText('Hospital', { exact: true }).click()
    await desk.getByLabel('On what basis').fill('Duty to co-operate.')
    // Caveats stand before the words; whoever was not briefed cannot write under one.
    expect(await desk.getByRole('checkbox', { name: /^LEGAL PRIVILEGE/ }).isDisabled()).toBe(true)
    await choose(desk, /Classification/, 'OFFICIAL-SENSITIVE')
    await desk.getByText('PERSONAL DATA', { exact: true }).click()
    await desk.getByLabel('Last day of the restriction').fill('2099-12-31')
    await desk.getByText('Handling instructions, to whom it may go').click()
    await desk.getByText('Recipients only', { exact: true }).click()
    const released = desk.getByRole('group', { name: 'It may go to these alone (REL TO)' })
    await released.getByText('Roads', { exact: true }).click()
    await choose(desk, /How it is known/, 'Reported by a responder')
    await desk.getByLabel('What it is about').fill('Names at the quay')
    await desk.getByLabel('What it says').fill('Two names.')
    // The database keeps REL TO: whoever is chosen to read must be named in it.
    await desk.getByRole('button', { name: 'Share it now' }).click()
    await desk
      .getByText(/REL TO does not name Hospital/)
      .first()
      .waitFor()
    await released.getByText('Hospital', { exact: true }).click()
    expect(await findings(desk)).toEqual([])
    await picture(desk, 'item-marking-desk')
    await desk.getByRole('button', { name: 'Share it now' }).click()
    await desk.getByRole('heading', { name: 'Names at the quay', level: 1 }).waitFor()

    const phone = await window(hospital, new URL(desk.url()).pathname, pocket)
    await phone.getByText(/Reported by a responder\. Graded by Pat Police/).waitFor()
    const badge = phone.getByRole('button', { name: /Who can see this/ }).first()
    expect(await badge.innerText()).toMatch(
      /OFFICIAL-SENSITIVE \[PERSONAL DATA\][\s\S]*REL TO [^ ]+, [^ ]+[\s\S]*UNTIL 2099-12-31[\s\S]*Recipients only/,
    )
    await badge.click()
    const popover = phone.getByRole('dialog')
    await popover
      .getByText('It may go to these alone: Hospital, Roads (REL TO)')
      .or(popover.getByText('It may go to these alone: Roads, Hospital (REL TO)'))
      .waitFor()
    await popover.getByText(/^Restricted until 31 December 2099/).waitFor()
    await popover.getByText(/^You hold: Hospital/).waitFor()
    expect(await findings(phone)).toEqual([])
    await picture(phone, 'item-why-pocket')
    await phone.keyboard.press('Escape')
    const dark = await window(police, '/sharing/items/new', { colorScheme: 'dark' })
    await dark.getByText('How it is marked').waitFor()
    await picture(dark, 'item-marking-dark')
  }, 240_000)

  test('the copy on a device dies: with a recall while it is in contact, and at the next contact after one that it missed', async () => {
    const given = (title: string) =>
      sharing.share(police, { agencyIds: [hospital.agencyId], basis: 'Duty.', title, text: `${title}: stay away.` })
    const missed = await given('Missed')
    const heard = await given('Heard')
    // What is kept of answers needs no service worker; without one the line can be cut for the page alone.
    const { context, page } = await openWindow(browser, door.url, hospital.key, { ...pocket, serviceWorkers: 'block' })
    const line = /\/(api|live)(\/|\?|$)/
    const cut = () => context.route(line, (route) => route.abort())
    const mend = () => context.unroute(line)
    const visit = async (path: string, text: string) => {
      await page.goto(door.url + path)
      await page.getByText(text).first().waitFor()
      await page.waitForTimeout(1_000)
    }
    const showsNothing = async (path: string) => {
      await page.goto(door.url + path)
      await page.getByText('Showing what was fetched').first().waitFor()
      await page.waitForTimeout(4_000)
      expect(await page.locator('main').innerText()).not.toContain('stay away')
    }
    await visit(`/sharing/items/${missed}`, 'Missed: stay away.')
    await cut()
    await visit(`/sharing/items/${missed}`, 'Missed: stay away.')
    await sharing.as(police, recallItem, { itemId: missed, because: 'It was wrong.' })
    await mend()
    // In contact again, on another page: nobody looks at the item.
    await visit('/sharing/items', 'took this back')
    await cut()
    await showsNothing(`/sharing/items/${missed}`)

    await mend()
    await visit(`/sharing/items/${heard}`, 'Heard: stay away.')
    await page.getByRole('link', { name: 'What is shared' }).click()
    await page.getByRole('heading', { name: 'What is shared', level: 1 }).waitFor()
    await sharing.as(police, recallItem, { itemId: heard, because: 'It was wrong.' })
    await page.getByRole('article', { name: 'Heard' }).waitFor()
    await page.waitForTimeout(1_000)
    await cut()
    await showsNothing(`/sharing/items/${heard}`)
    await context.close()
  }, 240_000)
})
