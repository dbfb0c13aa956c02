import { expect, test } from 'vitest'
import { area } from '#areas/structure/area.ts'
import { structureFor } from '#areas/structure/testing.ts'
import { liveWorld, type TestPerson, testCity } from '#core/db/testing.ts'
import { id } from '#core/id.ts'
import { type Operation, wordsOf } from '#core/operation/operation.ts'
import { perform, registryOf } from '#core/operation/perform.ts'
import * as words from './contract.ts'
import { byWeakness, countsFor, lineOf } from './rules.ts'

const now = new Date('2026-06-01T00:00:00Z')
const ago = (days: number) => new Date(now.getTime() - days * 86_400_000).toISOString()

test('what was never tried is on paper, what was tried too long ago has decayed, an incident proves, nothing makes up for what is not agreed', () => {
  const link = (testedAt: string | null, provedAt: string | null = null, there = true) =>
    lineOf({ arrangement: 'link', about: 'A → B', there, testedAt, provedAt }, now)
  expect(link(null)).toMatchObject({ level: 'on-paper', evidenceAt: null, decaysAt: null, decayed: false })
  expect(link(ago(10))).toMatchObject({
    level: 'tested',
    decayed: false,
    decaysAt: new Date(now.getTime() + 355 * 86_400_000).toISOString(),
  })
  expect(link(ago(countsFor.link + 1))).toMatchObject({ level: 'on-paper', decayed: true })
  expect(link(ago(500), ago(5))).toMatchObject({ level: 'proved', evidenceAt: ago(5) })
  expect(link(ago(1), null, false)).toMatchObject({ level: 'none', evidenceAt: null, decayed: false })
  const lines = [link(ago(10)), link(null, null, false), link(ago(400)), link(null)]
  expect(byWeakness(lines).map(({ level, decayed }) => `${level}${decayed ? ' decayed' : ''}`)).toEqual([
    'none',
    'on-paper',
    'on-paper decayed',
    'tested',
  ])
})

test('is worked out for named hands from what is recorded, each look kept', async () => {
  const city = await testCity()
  try {
    await city.owner.query("insert into access.city (code, name) values ('test', 'Testham')")
    const { agency, holder } = structureFor(city)
    const registry = registryOf([area])
    const as = <T>(person: TestPerson, operation: Operation) =>
      perform(city.database, registry, registry.named(...wordsOf(operation)), {}, person.enters(operation.name)) as Promise<T>
    const officer = await holder('Wes Watch', await agency('Watch'), 'watch-officer')
    const groupId = id()
    await city.owner.query(
      "insert into structure.groups (id, code, name, tier, chair_post_id, label, world) values ($1, 'SCG', 'Strategic group', 'strategic', $2, access.city_label(), $3)",
      [groupId, officer.postId, liveWorld],
    )
    const group = async () =>
      (await as<words.Readiness>(officer, words.assessReadiness)).lines.find(({ arrangement }) => arrangement === 'group')
    expect(await group()).toMatchObject({ about: 'Strategic group', level: 'on-paper' })
    await city.owner.query(
      "insert into structure.meetings (id, group_id, kind, title, held_at, recorded_by, label, world) values ($1, $2, 'incident', 'Flood', clock_timestamp(), $3, access.city_label(), $4)",
      [id(), groupId, officer.personId, liveWorld],
    )
    expect(await group()).toMatchObject({ level: 'proved' })
    expect(await as(officer, words.readiness)).toMatchObject({ last: { by: 'Wes Watch' }, can: { assess: true } })
    const fire = await holder('Fay Fire', await agency('Fire'), 'executive')
    await expect(as(fire, words.assessReadiness)).rejects.toMatchObject({ kind: 'not-allowed' })
    const chair = await city.person('Cat Chair', ['city:test', 'kind:chair'])
    expect(await as(chair, words.readiness)).toMatchObject({ can: { assess: false } })
  } finally {
    await city.end()
  }
})
