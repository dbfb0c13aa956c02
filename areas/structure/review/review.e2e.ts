import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { area } from '#areas/structure/area.ts'
import { structureFor, type TestHolder } from '#areas/structure/testing.ts'
import type { TestDoor } from '#core/access/sign-in/testing.ts'
import { liveWorld, type TestCity, testCity } from '#core/db/testing.ts'
import { liveDoor } from '#core/http/testing.ts'
import { id } from '#core/id.ts'
import { type Operation, wordsOf } from '#core/operation/operation.ts'
import { perform, registryOf } from '#core/operation/perform.ts'
import { findings, openBrowser, openWindow, picture, pocket, ready, why } from '#core/web/testing.ts'
import { type Network, network } from '../network/contract.ts'
import { proposeReview } from './contract.ts'

const registry = registryOf([area])

describe.skipIf(!ready)(`a review of the network, in a real browser${why}`, () => {
  let city: TestCity
  let door: TestDoor
  let browser: Browser
  let fire: TestHolder
  let police: TestHolder
  let rail: TestHolder
  let groupId: string
  const as = <T>(person: TestHolder, operation: Operation, input: unknown) =>
    perform(city.database, registry, registry.named(...wordsOf(operation)), input, person.enters(operation.name)) as Promise<T>
  beforeAll(async () => {
    city = await testCity()
    await city.owner.query("insert into access.city (code, name) values ('test', 'Testham')")
    door = await liveDoor(city, { areas: [area] })
    const { agency, holder } = structureFor(city)
    const executive = async (name: string, of: string) => holder(name, await agency(of), 'executive')
    fire = await executive('Fay Fire', 'Fire')
    police = await executive('Pol Police', 'Police')
    rail = await executive('Rae Rail', 'Rail')
    groupId = id()
    await city.owner.query(
      "insert into structure.groups (id, code, name, tier, chair_post_id, label, world) values ($1, 'SCG', 'Strategic group', 'strategic', $2, access.city_label(), $3)",
      [groupId, police.postId, liveWorld],
    )
    for (const member of [fire, police])
      await city.owner.query(
        "insert into structure.memberships (id, group_id, agency_id, post_id, kind, basis, label, world) values ($1, $2, $3, $4, 'core', 'declared', access.city_label(), $5)",
        [id(), groupId, member.agencyId, member.postId, liveWorld],
      )
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await door?.stop()
    await city?.end()
  })

  test('three agencies read what would change, one objects, it is said what would make it right, and all sign', async () => {
    const said: string[] = []
    const open = async (who: TestHolder, path: string, options = {}): Promise<Page> => {
      const { page } = await openWindow(browser, door.url, who.key, options, said)
      await page.goto(`${door.url}${path}`)
      await page.locator('main h1').waitFor()
      return page
    }
    const { network: base } = await as<{ network: Network }>(fire, network, {})
    const { reviewId } = await as<{ reviewId: string }>(fire, proposeReview, {
      title: 'Rail at the table',
      reason: 'Trains stop first.',
      trigger: 'exercise',
      network: {
        ...base,
        memberships: [
          ...base.memberships,
          { id: id(), groupId, agencyId: rail.agencyId, postId: rail.postId, kind: 'core', basis: 'review', derived: false },
        ],
      },
    })
    const desk = await open(fire, '/structure/reviews')
    await desk.getByRole('link', { name: 'Rail at the table' }).click()
    await desk.getByRole('row', { name: /Rail in Strategic group, core/i }).waitFor()
    await desk.getByRole('button', { name: 'Offer for signing' }).click()
    await desk.getByRole('button', { name: 'Offer it' }).click()
    await desk.getByRole('button', { name: 'Sign for Fire' }).click()
    await desk.getByText('executive (Fay Fire)').first().waitFor()
    expect(await findings(desk)).toEqual([])
    await picture(desk, 'review-desk')

    const phone = await open(rail, `/structure/reviews/${reviewId}`, pocket)
    await phone.getByRole('button', { name: 'Object for Rail' }).click()
    await phone.getByRole('textbox', { name: 'Reason' }).fill('We have nobody at night.')
    await phone.getByRole('button', { name: 'Object', exact: true }).click()
    await desk.getByText('We have nobody at night.').first().waitFor()
    await picture(phone, 'review-pocket')
    expect(await findings(phone)).toEqual([])

    const other = await open(police, '/structure/reviews')
    await other.getByRole('heading', { name: 'Waiting for your agency' }).waitFor()
    await other.getByRole('link', { name: 'Rail at the table' }).click()
    await other.getByRole('textbox', { name: 'Say something for your agency' }).fill('The control room covers the night.')
    await other.getByRole('button', { name: 'Say it' }).click()
    await phone.getByText('The control room covers the night.').waitFor()
    await other.getByRole('button', { name: 'Sign for Police' }).click()
    await phone.getByRole('button', { name: 'Sign for Rail' }).click()
    await desk.getByText('executive (Rae Rail)').first().waitFor()
    expect(said).toEqual([])
  })
})
