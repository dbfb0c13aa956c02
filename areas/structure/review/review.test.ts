import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { area } from '#areas/structure/area.ts'
import { structureFor, type TestHolder } from '#areas/structure/testing.ts'
import { liveWorld, type TestCity, testCity, type TestPerson } from '#core/db/testing.ts'
import { id } from '#core/id.ts'
import { type Operation, wordsOf } from '#core/operation/operation.ts'
import { perform, registryOf } from '#core/operation/perform.ts'
import { type Network, network, type VersionLine } from '../network/contract.ts'
import * as words from './contract.ts'
import { adoptDue } from './store.ts'

const registry = registryOf([area])
let city: TestCity
let fire: TestHolder
let police: TestHolder
let hospital: TestHolder
let rail: TestHolder
let chair: TestHolder
let groupId: string

const as = <T>(person: TestPerson, operation: Operation, input: unknown, world = liveWorld) =>
  perform(city.database, registry, registry.named(...wordsOf(operation)), input, person.enters(operation.name, world)) as Promise<T>
const read = (person: TestPerson, reviewId: string) => as<words.ReviewDetail>(person, words.review, { reviewId })
const now = async (person: TestPerson, version?: number) =>
  as<{ network: Network; versions: VersionLine[] }>(person, network, version === undefined ? {} : { version })

const soon = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString()
/** A second: a review takes effect on the day after which nobody may sign any more at the earliest. */
const dates = (seconds: number) => ({
  signBy: new Date(Date.now() + seconds * 1000).toISOString(),
  effectiveAt: new Date(Date.now() + seconds * 1000).toISOString(),
  nextDueAt: soon(60 * 24 * 180),
})
const verdict = async (who: TestHolder, reviewId: string, more: object = {}) =>
  as<{ adopted: boolean }>(who, words.giveVerdict, {
    reviewId,
    agencyId: who.agencyId,
    verdict: 'signed',
    hash: (await read(who, reviewId)).hash,
    ...more,
  })

/** A draft by the fire service in which rail joins the group as a core member and the hospital informs it. */
async function draft(change: (it: Network) => Network, by = fire, more: object = {}): Promise<string> {
  const { network: base } = await now(by)
  const { reviewId } = await as<{ reviewId: string }>(by, words.proposeReview, {
    title: 'Rail at the table',
    reason: 'Trains stop first.',
    trigger: 'exercise',
    network: change(base),
    ...more,
  })
  return reviewId
}
const railJoins = (it: Network): Network => ({
  ...it,
  memberships: [
    ...it.memberships,
    { id: id(), groupId, agencyId: rail.agencyId, postId: rail.postId, kind: 'core' as const, basis: 'review', derived: false },
  ],
})
const waitFor = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const adoptByDuty = () => city.database.jobs('structure.adoptReviews', liveWorld, (tx) => adoptDue(tx, new Date()))

beforeAll(async () => {
  city = await testCity()
  await city.owner.query("insert into access.city (code, name) values ('test', 'Testham')")
  const { agency, holder } = structureFor(city)
  const executive = async (name: string, of: string) => holder(name, await agency(of), 'executive')
  fire = await executive('Fay Fire', 'Fire')
  police = await executive('Pol Police', 'Police')
  hospital = await executive('Hal Hospital', 'Hospital')
  rail = await executive('Rae Rail', 'Rail')
  chair = await holder('Cat Chair', police.agencyId, 'chair')
  groupId = id()
  await city.owner.query(
    `insert into structure.groups (id, code, name, tier, chair_post_id, label, world) values ($1, 'SCG', 'Strategic group', 'strategic', $2, access.city_label(), $3)`,
    [groupId, chair.postId, liveWorld],
  )
  for (const member of [fire, police, hospital])
    await city.owner.query(
      `insert into structure.memberships (id, group_id, agency_id, post_id, kind, basis, label, world) values ($1, $2, $3, $4, 'core', 'declared', access.city_label(), $5)`,
      [id(), groupId, member.agencyId, member.postId, liveWorld],
    )
})
afterAll(() => city?.end())

describe('a review of the network', () => {
  test('is its agency’s own until it is offered; then every agency that it touches signs, and with the last it is the structure', async () => {
    const reviewId = await draft(railJoins)
    await expect(read(police, reviewId)).rejects.toMatchObject({ kind: 'not-found' })
    await as(fire, words.offerReview, { reviewId, ...dates(2) })
    const offered = await read(police, reviewId)
    expect(offered.parties.map(({ agencyName }) => agencyName)).toEqual(['Fire', 'Hospital', 'Police', 'Rail'])
    expect(offered.can.signFor).toEqual([police.agencyId])
    await as(hospital, words.commentOnReview, { reviewId, words: 'We need a rota for this seat.' })
    for (const who of [fire, police, hospital]) expect((await verdict(who, reviewId)).adopted).toBe(false)
    expect((await now(fire)).network.memberships).toHaveLength(3)
    await verdict(rail, reviewId)
    // Everybody has signed: it holds from its day, which the duty notices.
    await waitFor(2100)
    await adoptByDuty()
    const after = await read(rail, reviewId)
    expect(after).toMatchObject({ state: 'adopted', versionNumber: expect.any(Number) as number, stale: false })
    const { network: changed, versions } = await now(fire)
    expect(changed.memberships).toHaveLength(4)
    expect(versions[0]).toMatchObject({ basis: 'review', reviewId })
    expect((await now(fire, versions[0]!.number)).network).toEqual(changed)
    expect(changed.groups[0]?.reviewAt).toBe(after.nextDueAt!.replace(/\.\d+/, ''))
    // Reach follows the structure: whoever holds the seat is in the group.
    const { rows } = await city.owner.query('select from access.reach where person = $1 and token = $2', [
      rail.personId,
      `group:${groupId}`,
    ])
    expect(rows).toHaveLength(1)
  })

  test('stops at an objection, goes back to a draft, and what was signed before counts no more', async () => {
    const reviewId = await draft((it) => ({ ...it, groups: it.groups.map((group) => ({ ...group, quorum: 2 })) }))
    await as(fire, words.offerReview, { reviewId, ...dates(1) })
    for (const who of [fire, police, rail]) await verdict(who, reviewId)
    await expect(verdict(hospital, reviewId, { verdict: 'objected' })).rejects.toMatchObject({ kind: 'invalid', field: 'reason' })
    await verdict(hospital, reviewId, { verdict: 'objected', reason: 'Two are too few.' })
    await waitFor(1100)
    await adoptByDuty()
    const stopped = await read(fire, reviewId)
    expect(stopped).toMatchObject({ state: 'offered', overdue: true })
    expect(stopped.parties.find(({ agencyName }) => agencyName === 'Hospital')?.signed).toMatchObject({
      verdict: 'objected',
      reason: 'Two are too few.',
    })
    const better = { ...stopped.proposed, groups: stopped.proposed.groups.map((group) => ({ ...group, quorum: 3 })) }
    await expect(as(fire, words.reviseReview, { reviewId, network: better, seenHash: '0'.repeat(64) })).rejects.toMatchObject({
      kind: 'stale',
    })
    await expect(as(rail, words.reviseReview, { reviewId, network: better, seenHash: stopped.hash })).rejects.toMatchObject({
      kind: 'not-allowed',
    })
    await as(fire, words.reviseReview, { reviewId, network: better, seenHash: stopped.hash })
    await as(fire, words.offerReview, { reviewId, ...dates(1) })
    const again = await read(fire, reviewId)
    expect(again).toMatchObject({ round: 2 })
    expect(again.parties.every(({ signed }) => signed === null)).toBe(true)
    expect(again.verdicts).toHaveLength(4)
    await expect(verdict(police, reviewId, { hash: stopped.hash })).rejects.toMatchObject({ kind: 'invalid', field: 'hash' })
    for (const who of [fire, police, hospital, rail]) await verdict(who, reviewId)
    await waitFor(1100)
    await adoptByDuty()
    expect((await now(fire)).network.groups[0]?.quorum).toBe(3)
  })

  test('is signed by nobody but an executive of the agency itself, and never from an exercise', async () => {
    const reviewId = await draft((it) => ({ ...it, groups: it.groups.map((group) => ({ ...group, cells: ['recovery'] })) }))
    await as(fire, words.offerReview, { reviewId, ...dates(60) })
    const { hash } = await read(fire, reviewId)
    const refused = { kind: 'not-allowed' }
    await expect(verdict(fire, reviewId, { agencyId: police.agencyId })).rejects.toMatchObject(refused)
    await expect(as(chair, words.giveVerdict, { reviewId, agencyId: police.agencyId, verdict: 'signed', hash })).rejects.toMatchObject(
      refused,
    )
    const exercise = await city.exercise()
    await expect(
      as(police, words.giveVerdict, { reviewId, agencyId: police.agencyId, verdict: 'signed', hash }, exercise),
    ).rejects.toMatchObject(refused)
    const stranger = await city.person('Sly Stranger', ['kind:executive'])
    await expect(read(stranger, reviewId)).rejects.toMatchObject({ kind: 'not-found' })
    for (const table of ['reviews', 'review_parties', 'review_verdicts'])
      await expect(
        city.database.change({
          entering: fire.enters(),
          run: async ({ tx }) => {
            const { run } = await import('#core/db/sql.ts')
            return { value: await run(tx, { text: `update structure.${table} set round = 9`, values: [] }) }
          },
        }),
      ).rejects.toMatchObject(refused)
    await as(fire, words.withdrawReview, { reviewId, reason: 'Not now.' })
    await expect(verdict(police, reviewId, { hash })).rejects.toMatchObject(refused)
  })

  test('does not overwrite what changed meanwhile, takes nothing away that others hang on, and leaves agencies and posts alone', async () => {
    const reviewId = await draft((it) => ({ ...it, groups: it.groups.map((group) => ({ ...group, purpose: 'Ours.' })) }))
    await city.owner.query("update structure.groups set purpose = 'Theirs.' where id = $1", [groupId])
    expect(await read(fire, reviewId)).toMatchObject({ stale: true })
    await expect(as(fire, words.offerReview, { reviewId, ...dates(1) })).rejects.toMatchObject({ kind: 'conflict' })
    const { hash, proposed } = await read(fire, reviewId)
    await as(fire, words.reviseReview, { reviewId, network: proposed, seenHash: hash, rebase: true })
    expect(await read(fire, reviewId)).toMatchObject({ stale: false })
    const offer = async (change: (it: Network) => Network) => {
      const other = await draft(change)
      return as(fire, words.offerReview, { reviewId: other, ...dates(1) })
    }
    const invalid = { kind: 'invalid', field: 'network' }
    await expect(offer((it) => ({ ...it, groups: [] }))).rejects.toMatchObject(invalid)
    await expect(offer((it) => ({ ...it, agencies: it.agencies.map((one) => ({ ...one, name: 'Ours' })) }))).rejects.toMatchObject(invalid)
    await expect(offer((it) => it)).rejects.toMatchObject(invalid)
    await expect(as(fire, words.offerReview, { reviewId, ...dates(1), effectiveAt: soon(-5) })).rejects.toMatchObject({
      kind: 'invalid',
      field: 'signBy',
    })
  })

  test('carries every kind of part into the structure: links, media, responsibilities, products and who gets them, variants; and ends them', async () => {
    const [medium, backup, link, responsibility, product, variant] = [id(), id(), id(), id(), id(), id()]
    const all = async (change: (it: Network) => Network) => {
      const reviewId = await draft(change)
      await as(fire, words.offerReview, { reviewId, ...dates(1) })
      for (const { agencyId } of (await read(fire, reviewId)).parties)
        await verdict([fire, police, hospital, rail].find((one) => one.agencyId === agencyId)!, reviewId)
      await waitFor(1100)
      await adoptByDuty()
      expect((await read(fire, reviewId)).state).toBe('adopted')
    }
    const before = (await now(fire)).network
    await all((it) => ({
      ...it,
      media: [
        { id: medium, code: 'radio', name: 'Radio', dependsOn: [] },
        { id: backup, code: 'net', name: 'Internet call', dependsOn: ['internet'] },
      ],
      links: [
        {
          id: link,
          from: { kind: 'agency', id: hospital.agencyId },
          to: { kind: 'group', id: groupId },
          kind: 'informs',
          primaryMediumId: medium,
          backupMediumId: backup,
          carries: ['beds'],
          testedAt: soon(-5),
        },
      ],
      responsibilities: [
        {
          id: responsibility,
          activity: 'Count beds',
          phase: 'response',
          agencyId: hospital.agencyId,
          part: 'accountable',
          jointBasis: null,
        },
      ],
      products: [
        {
          id: product,
          code: 'beds',
          name: 'Bed count',
          producerAgencyId: hospital.agencyId,
          mediumId: medium,
          protocol: 'Beds',
          receiverAgencyIds: [fire.agencyId, police.agencyId].sort(),
        },
      ],
      variants: [
        {
          id: variant,
          groupId,
          incidentType: 'flood',
          band: 'any',
          effect: 'joins',
          agencyId: rail.agencyId,
          postId: null,
          basis: 'review',
        },
      ],
    }))
    const { network: there } = await now(rail)
    // That a link was tested is said by whoever tests it, never by a proposal.
    expect(there.links).toMatchObject([{ id: link, kind: 'informs', carries: ['beds'], testedAt: null }])
    expect(there.products[0]?.receiverAgencyIds).toHaveLength(2)
    expect([there.media.length, there.responsibilities.length, there.variants.length]).toEqual([2, 1, 1])
    await all((it) => ({
      ...it,
      links: [],
      responsibilities: [],
      variants: [],
      memberships: it.memberships.filter(({ agencyId }) => agencyId !== rail.agencyId),
      products: it.products.map((one) => ({ ...one, receiverAgencyIds: [fire.agencyId] })),
    }))
    const { network: after } = await now(rail)
    expect([after.links, after.responsibilities, after.variants]).toEqual([[], [], []])
    expect(after.products[0]?.receiverAgencyIds).toEqual([fire.agencyId])
    expect(after.memberships).toHaveLength(before.memberships.length - 1)
    // Whoever comes back stands in the same row again.
    await all((it) => ({ ...it, memberships: before.memberships }))
    expect((await now(rail)).network.memberships).toEqual(before.memberships)
  })
})
