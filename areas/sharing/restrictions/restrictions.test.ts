import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { structureFor, type TestHolder } from '#areas/structure/testing.ts'
import { type TestCity, testCity } from '#core/db/testing.ts'
import { brief } from '../briefings/contract.ts'
import { makePointer } from '../pointers/contract.ts'
import { sharingFor } from '../testing.ts'
import { restrictions } from './contract.ts'
import { aboveUsual, byNeed, endOf, waysOf } from './rules.ts'

type Report = z.output<typeof restrictions.output>

let city: TestCity
let sharing: ReturnType<typeof sharingFor>
let fire: TestHolder
let protection: TestHolder
let adviser: TestHolder
let duty: TestHolder
let hospital: TestHolder
let chair: TestHolder
let strict: string
let privileged: string

const report = (person: TestHolder) => sharing.as<Report>(person, restrictions, {})
const share = (more: object = {}) => sharing.share(fire, { basis: 'The duty to tell each other.', agencyIds: [hospital.agencyId], ...more })
const titles = async (person: TestHolder) => (await report(person)).restrictions.map(({ title }) => title)

beforeAll(async () => {
  city = await testCity()
  await city.owner.query("insert into access.city (code, name) values ('test', 'Testbridge')")
  sharing = sharingFor(city)
  const structure = structureFor(city)
  fire = await structure.holder('Exa Fire', await structure.agency('Fire'), 'executive')
  protection = await structure.holder('Pia Protection', fire.agencyId, 'data-protection')
  adviser = await structure.holder('Lea Legal', fire.agencyId, 'legal-adviser')
  duty = await structure.holder('Dot Duty', fire.agencyId, 'duty')
  hospital = await structure.holder('Hal Hospital', await structure.agency('Hospital'), 'executive')
  chair = await structure.holder('Cha Chair', await structure.agency('City Hall'), 'chair')
  for (let n = 0; n < 6; n += 1) await share({ title: `Plain ${n}` })
  strict = await share({ title: 'A strict one', marking: 'TLP:AMBER+STRICT' })
  await sharing.as(adviser, brief, {
    token: 'briefed:legal-privilege',
    personId: fire.personId,
    reason: 'Counsel advises them.',
    until: new Date(Date.now() + 86_400_000).toISOString(),
  })
  privileged = await share({ title: 'A privileged one', caveats: ['briefed:legal-privilege'] })
})
afterAll(() => city?.end())

describe('what an agency restricts', () => {
  test('is told to those who answer for it, as far as they can read: how, why, above what is usual', async () => {
    const { restrictions: lines, of } = await report(fire)
    expect(of).toBe(8)
    expect(lines.map(({ id }) => id).sort()).toEqual([strict, privileged].sort())
    expect(lines.find(({ id }) => id === strict)).toMatchObject({
      ways: ['strict-tlp'],
      because: null,
      until: null,
      aboveUsual: 'TLP:AMBER',
      pastEnd: false,
    })
    expect(lines.find(({ id }) => id === privileged)).toMatchObject({ ways: ['caveat'], aboveUsual: null })
    // Who was not briefed is told nothing of it: no line, and no number that would tell of one.
    expect(await titles(protection)).toEqual(['A strict one'])
    expect((await report(protection)).of).toBe(7)
  })

  test('is no other agency’s business, nor that of a post which does not answer', async () => {
    expect(await report(hospital)).toMatchObject({ restrictions: [], of: 0, agencies: [] })
    expect(await report(chair)).toMatchObject({ restrictions: [], of: null, agencies: [] })
    await expect(report(duty)).rejects.toMatchObject({ kind: 'not-allowed' })
  })

  test('past its end stands first: by the clock of a narrower audience, and by the last day in a marking', async () => {
    await sharing.as(fire, makePointer, {
      title: 'An old pointer',
      holderAgencyId: fire.agencyId,
      how: 'Ask in person.',
      label: { clauses: [[`agency:${fire.agencyId}`]], marking: 'TLP:AMBER+STRICT // UNTIL 2020-12-31' },
      restrictedBecause: 'A source was at risk.',
    })
    expect((await report(fire)).restrictions[0]).toMatchObject({
      source: 'pointer',
      title: 'An old pointer',
      pastEnd: true,
      until: '2021-01-01T00:00:00.000Z',
      because: 'A source was at risk.',
    })
  })

  test('in shares of each agency is for the chair and data-protection posts: in steps of five, of twenty items at least, of before midnight', async () => {
    for (let n = 0; n < 14; n += 1) await share({ title: `More ${n}`, ...(n < 3 ? { marking: 'TLP:AMBER+STRICT' } : {}) })
    // Shared today, so nothing is told yet: a figure that moves would tell that something came.
    expect((await report(chair)).agencies).toEqual([])
    await city.owner.query("update sharing.items set shared_at = shared_at - interval '2 days'")
    const agencies = [{ name: 'Fire', restricted: 25, pastEnd: 0 }]
    for (const person of [chair, protection]) expect((await report(person)).agencies).toEqual(agencies)
    for (const person of [fire, hospital, adviser]) expect((await report(person)).agencies).toEqual([])
  })

  test('rules', () => {
    const plain = { narrower: false, caveats: [], marking: 'OFFICIAL // TLP:AMBER', until: null }
    expect(waysOf(plain)).toEqual([])
    expect(waysOf({ ...plain, narrower: true, caveats: ['briefed:x'], marking: 'TLP:RED' })).toEqual([
      'fewer-than-agreed',
      'caveat',
      'strict-tlp',
    ])
    expect(endOf(plain)).toBe(null)
    expect(endOf({ marking: 'TLP:AMBER // UNTIL 2026-12-31', until: null })).toBe('2027-01-01T00:00:00.000Z')
    expect(endOf({ marking: 'UNTIL 2026-12-31', until: '2026-01-01T00:00:00Z' })).toBe('2026-01-01T00:00:00Z')
    expect(aboveUsual('TLP:RED', 'TLP:AMBER')).toBe('TLP:AMBER')
    expect(aboveUsual('TLP:AMBER', 'TLP:AMBER')).toBe(null)
    expect(aboveUsual('TLP:RED', undefined)).toBe(null)
    const one = (since: string, pastEnd: boolean, because: string | null) => ({ since, pastEnd, because, until: 'x' })
    expect(byNeed([one('3', false, 'a'), one('2', true, 'a'), one('1', false, null)]).map(({ since }) => since)).toEqual(['2', '1', '3'])
  })
})

describe('markings of items in another scheme', () => {
  test('are read by it: what answers to OFFICIAL-SENSITIVE is sensitive, and so is what the scheme cannot read', async () => {
    const sensitive = async (marking: string) =>
      (await city.owner.query<{ is: boolean }>("select sharing.is_sensitive($1, '{}') as is", [marking])).rows[0]?.is
    expect(await sensitive('OFFICIAL // TLP:AMBER')).toBe(false)
    expect(await sensitive('OFFICIAL-SENSITIVE')).toBe(true)
    await city.owner.query(
      `insert into access.scheme (id, code, kind, content, source, label, world) select gen_random_uuid(), 'own', 'classification',
         '{"code": "own", "name": "Own", "levels": [{"word": "UNCLASSIFIED", "aliases": ["OFFICIAL"], "held": true}, {"word": "RESTRICTED", "aliases": ["OFFICIAL-SENSITIVE"], "held": true}], "descriptorsAt": "RESTRICTED", "descriptors": [], "handling": []}',
         'test', label, world from access.scheme limit 1`,
    )
    await city.owner.query("update access.marking_rule set scheme = 'own', ceiling_classification = 'RESTRICTED'")
    expect(await sensitive('UNCLASSIFIED // TLP:AMBER')).toBe(false)
    expect(await sensitive('RESTRICTED')).toBe(true)
    expect(await sensitive('restricted')).toBe(true)
  })
})
