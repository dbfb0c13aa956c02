import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestHolder } from '#areas/structure/testing.ts'
import { run } from '#core/db/sql.ts'
import type { TestCity } from '#core/db/testing.ts'
import { sharingCity, type sharingFor } from '../testing.ts'
import * as words from './contract.ts'
import { changedBetween, pairsWithout } from './rules.ts'

let city: TestCity
let sharing: ReturnType<typeof sharingFor>
let police: TestHolder
let hospital: TestHolder
let roads: TestHolder
let rail: TestHolder
let constable: TestHolder
let administrator: TestHolder
let exercise: string

beforeAll(async () => {
  const here = await sharingCity('Police', 'Hospital', 'Roads', 'Rail')
  const { structure } = here
  ;({ city, sharing, Police: police, Hospital: hospital, Roads: roads, Rail: rail } = here)
  constable = await structure.holder('Con Stable', police.agencyId, 'duty')
  administrator = await structure.holder('Ada Administrator', await structure.agency('Office'), 'administrator')
  exercise = await city.exercise()
})
afterAll(() => city?.end())

const refused = { kind: 'not-allowed' }

describe('the life of a protocol', () => {
  test('opens nothing until every party has signed the very words; then to every party and to nobody else; ending closes it', async () => {
    const parties = [police, hospital, roads]
    const { protocolId } = await sharing.as<{ protocolId: string }>(police, words.draftProtocol, { terms: sharing.termsFor(parties) })
    await expect(sharing.read(hospital, protocolId)).rejects.toMatchObject({ kind: 'not-found' })
    await sharing.as(police, words.offerProtocol, { protocolId })
    await sharing.signAll(protocolId, [police, hospital])
    expect(await sharing.reads(police, protocolId, 1)).toBe(false)
    expect((await sharing.read(roads, protocolId)).state).toBe('offered')
    await sharing.signAll(protocolId, [roads])
    const seen = await sharing.read(roads, protocolId)
    expect(seen).toMatchObject({ state: 'in-force', can: { signFor: [], leaveFor: [roads.agencyId] } })
    for (const party of [...parties, constable]) expect(await sharing.reads(party, protocolId, 1)).toBe(true)
    for (const outsider of [rail, administrator]) {
      expect(await sharing.reads(outsider, protocolId, 1)).toBe(false)
      await expect(sharing.read(outsider, protocolId)).rejects.toMatchObject({ kind: 'not-found' })
    }
    await sharing.as(hospital, words.endProtocol, { protocolId, reason: 'Replaced by another.' })
    for (const party of parties) expect(await sharing.reads(party, protocolId, 1)).toBe(false)
    expect(await sharing.read(police, protocolId)).toMatchObject({ state: 'ended', ended: { reason: 'Replaced by another.' } })
  })

  test('nobody signs for another, in a post that was not named, other words than they saw, twice, or in an exercise', async () => {
    const { protocolId } = await sharing.as<{ protocolId: string }>(police, words.draftProtocol, {
      terms: sharing.termsFor([police, hospital]),
    })
    await sharing.as(police, words.offerProtocol, { protocolId })
    const version = (await sharing.read(police, protocolId)).versions[0]!
    const sign = (who: TestHolder, more: object = {}, world?: string) =>
      sharing.as(who, words.signProtocol, { protocolId, versionId: version.id, agencyId: who.agencyId, hash: version.hash, ...more }, world)
    await expect(sign(police, { agencyId: hospital.agencyId })).rejects.toMatchObject(refused)
    await expect(sign(constable)).rejects.toMatchObject(refused)
    await expect(sign(rail)).rejects.toMatchObject({ kind: 'not-found' })
    await expect(sign(police, { hash: 'a'.repeat(64) })).rejects.toMatchObject({ kind: 'invalid', field: 'hash' })
    await expect(sign(police, {}, exercise)).rejects.toMatchObject(refused)
    await sign(police)
    await expect(sign(police)).rejects.toMatchObject({ kind: 'conflict' })
  })

  test('the words of an offered version are never changed, and nobody brings one into force by writing', async () => {
    const { protocolId } = await sharing.as<{ protocolId: string }>(police, words.draftProtocol, {
      terms: sharing.termsFor([police, hospital]),
    })
    await sharing.as(police, words.offerProtocol, { protocolId })
    const tries = (text: string) =>
      city.database.change({ entering: police.enters(), run: async ({ tx }) => ({ value: await run(tx, { text, values: [protocolId] }) }) })
    const changed = await city.owner.query('select terms from sharing.protocol_versions where protocol_id = $1', [protocolId])
    await tries(`update sharing.protocol_versions set terms = terms || '{"retention": "for ever"}' where protocol_id = $1`)
    expect((await city.owner.query('select terms from sharing.protocol_versions where protocol_id = $1', [protocolId])).rows).toEqual(
      changed.rows,
    )
    for (const text of [
      'update sharing.protocols set version_in_force = 1, epoch = 1 where id = $1',
      `insert into sharing.parties (id, protocol_id, agency_id, kinds, joined_epoch, sees_from, joined_at) values (gen_random_uuid(), $1, '${police.agencyId}', '{}', 1, 1, now())`,
      'select sharing.open_circles($1)',
    ])
      await expect(tries(text)).rejects.toMatchObject(refused)
  })

  test('expires in the second that it names', async () => {
    const expiresAt = new Date(Date.now() + 2_500).toISOString()
    const protocolId = await sharing.inForce([police, rail], { expiresAt, reviewAt: expiresAt })
    expect(await sharing.reads(rail, protocolId, 1)).toBe(true)
    await expect.poll(() => sharing.reads(rail, protocolId, 1), { timeout: 6_000, interval: 100 }).toBe(false)
    expect(Date.now()).toBeGreaterThanOrEqual(new Date(expiresAt).getTime())
    expect((await sharing.read(police, protocolId)).state).toBe('expired')
  })

  test('personal data without a basis, one party, an end before the review and an agency twice are refused by their field', async () => {
    const draft = (more: object) => sharing.as(police, words.draftProtocol, { terms: { ...sharing.termsFor([police, hospital]), ...more } })
    await expect(draft({ personal: { is: true, basis: '', assessment: '' } })).rejects.toMatchObject({ kind: 'invalid' })
    await expect(draft({ parties: sharing.termsFor([police]).parties })).rejects.toMatchObject({ kind: 'invalid' })
    await expect(draft({ parties: sharing.termsFor([police, police]).parties })).rejects.toMatchObject({ kind: 'invalid' })
    await expect(draft({ expiresAt: '2020-01-01T00:00:00Z' })).rejects.toMatchObject({ kind: 'invalid' })
    await expect(draft({ parties: sharing.termsFor([hospital, rail]).parties })).rejects.toMatchObject({
      kind: 'invalid',
      field: 'parties',
    })
    await expect(sharing.as(constable, words.draftProtocol, { terms: sharing.termsFor([police, hospital]) })).rejects.toMatchObject(refused)
  })
})

describe('joining late and leaving', () => {
  test('a party from joining sees nothing of before, one with all the past does; while the new version waits, the old one holds', async () => {
    const protocolId = await sharing.inForce([police, hospital])
    const { parties } = sharing.termsFor([police, hospital])
    const joined = [...parties, { agencyId: roads.agencyId, use: [], sign: ['executive' as const], past: 'from-joining' as const }]
    const all = [...joined, { agencyId: rail.agencyId, use: ['executive' as const], sign: ['executive' as const], past: 'all' as const }]
    await sharing.as(police, words.reviseProtocol, { protocolId, terms: { ...sharing.termsFor([police, hospital]), parties: all } })
    await sharing.as(police, words.offerProtocol, { protocolId })
    await sharing.signAll(protocolId, [police, hospital, roads])
    expect(await sharing.reads(police, protocolId, 1)).toBe(true)
    expect(await sharing.reads(roads, protocolId, 2)).toBe(false)
    await sharing.signAll(protocolId, [rail])
    const epochs = async (who: TestHolder) => [await sharing.reads(who, protocolId, 1), await sharing.reads(who, protocolId, 2)]
    expect(await epochs(police)).toEqual([true, true])
    expect(await epochs(roads)).toEqual([false, true])
    expect(await epochs(rail)).toEqual([true, true])
    expect((await sharing.read(police, protocolId)).versions.map(({ state, changed }) => ({ state, changed }))).toEqual([
      { state: 'past', changed: [] },
      { state: 'in-force', changed: expect.arrayContaining(['parties']) },
    ])

    await sharing.as(roads, words.withdrawFromProtocol, { protocolId, agencyId: roads.agencyId, reason: 'No longer ours.' })
    expect(await sharing.reads(roads, protocolId, 2)).toBe(true)
    expect(await sharing.reads(roads, protocolId, 3)).toBe(false)
    expect(await sharing.reads(police, protocolId, 3)).toBe(true)
    await expect(
      sharing.as(police, words.withdrawFromProtocol, { protocolId, agencyId: rail.agencyId, reason: 'They should go.' }),
    ).rejects.toMatchObject(refused)
  })

  test('who leaves a protocol that says so loses what they had; with one party left it has ended', async () => {
    const protocolId = await sharing.inForce([police, hospital, rail], { onLeaving: 'loses' })
    await sharing.as(rail, words.withdrawFromProtocol, { protocolId, agencyId: rail.agencyId, reason: 'Leaving.' })
    expect(await sharing.reads(rail, protocolId, 1)).toBe(false)
    expect(await sharing.reads(hospital, protocolId, 1)).toBe(true)
    await sharing.as(hospital, words.withdrawFromProtocol, { protocolId, agencyId: hospital.agencyId, reason: 'Leaving too.' })
    expect(await sharing.reads(police, protocolId, 1)).toBe(false)
    expect((await sharing.read(police, protocolId)).state).toBe('ended')
  })

  test('only the posts that a party named use it', async () => {
    const terms = sharing.termsFor([police, hospital])
    const protocolId = await sharing.inForce([police, hospital], {
      parties: terms.parties.map((party) => ({ ...party, use: ['executive' as const] })),
    })
    expect(await sharing.reads(police, protocolId, 1)).toBe(true)
    expect(await sharing.reads(constable, protocolId, 1)).toBe(false)
  })
})

describe('where nothing is agreed', () => {
  test('the pairs without a protocol are told to whoever works for one of them', async () => {
    await sharing.inForce([roads, rail])
    const asked = { agencyIds: [roads.agencyId, rail.agencyId, administrator.agencyId] }
    expect(await sharing.as(roads, words.gaps, asked)).toMatchObject({
      gaps: [{ between: ['Roads', 'Office'] }, { between: ['Rail', 'Office'] }],
    })
    await expect(sharing.as(constable, words.gaps, asked)).rejects.toMatchObject(refused)
  })

  test('rules: pairs and changed headings', () => {
    expect(pairsWithout(['a', 'b', 'c', 'a'], [['a', 'b']])).toEqual([
      ['a', 'c'],
      ['b', 'c'],
    ])
    const terms = sharing.termsFor([police, hospital])
    expect(changedBetween(undefined, terms)).toEqual([])
    expect(changedBetween(terms, { ...terms, retention: 'Two years.' })).toEqual(['retention'])
  })
})
