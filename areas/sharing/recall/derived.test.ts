import { afterAll, beforeAll, expect, test } from 'vitest'
import type { TestHolder } from '#areas/structure/testing.ts'
import { id } from '#core/id.ts'
import { items } from '../items/contract.ts'
import { sharingCity } from '../testing.ts'
import { decideRelease, proposeRelease } from '../tear-lines/contract.ts'
import { type Derived, derivedVersions, recallItem, remarkItem } from './contract.ts'

let here: Awaited<ReturnType<typeof sharingCity<'police' | 'hospital' | 'roads'>>>
let protection: TestHolder
let inner: string
let outer: string

beforeAll(async () => {
  here = await sharingCity('police', 'hospital', 'roads')
  const { police, hospital, roads, sharing } = here
  protection = await here.colleague(police, 'Pia Protection', 'data-protection')
  inner = await sharing.inForce([police, hospital])
  outer = await sharing.inForce([police, hospital, roads])
})
afterAll(() => here?.city.end())

const tomorrow = () => new Date(Date.now() + 86_400_000).toISOString()
const gone = { kind: 'not-found' }
const refused = { kind: 'not-allowed' }
const strict = 'OFFICIAL-SENSITIVE // TLP:AMBER+STRICT'
const open = { kind: 'situation', title: 'Keep clear', text: 'Keep clear of the quay.', marking: 'TLP:GREEN' }
/** A sensitive item, and the releasable version that was sent of it. */
async function torn(more: object = {}) {
  const { police, sharing } = here
  const source = await sharing.share(police, {
    protocolId: inner,
    marking: strict,
    title: 'Source Kestrel',
    text: 'Kestrel says nine.',
    ...more,
  })
  const words = { ...open, protocolId: outer }
  const { releaseId } = await sharing.as<{ releaseId: string }>(police, proposeRelease, { itemId: source, ...words })
  await sharing.as(protection, decideRelease, { releaseId, approve: true, words: 'Nothing of the source is in it.' })
  return { source, releaseId, released: await sharing.share(police, { ...words, releaseId }) }
}
const derived = async (person: TestHolder, itemId: string) =>
  (await here.sharing.as<{ derived: Derived[] }>(person, derivedVersions, { itemId })).derived
const recall = (person: TestHolder, itemId: string, more: object = {}) =>
  here.sharing.as<{ told: string[]; derived: { id: string; told: string[] }[] }>(person, recallItem, {
    itemId,
    because: 'Kestrel was wrong.',
    ...more,
  })

test('the originator is told what was made of an item, at every remove, as far as they can read it; nobody else is', async () => {
  const { police, hospital, roads, sharing } = here
  const { source, released } = await torn()
  const made = await sharing.share(hospital, { protocolId: inner, title: 'Beds near the quay', derivedFrom: [source] })
  const further = await sharing.share(roads, { protocolId: outer, title: 'Detours', derivedFrom: [released] })
  // Police are no party to this one: they cannot read it, so it is not listed, and not counted.
  const { colleague } = here
  const aside = await colleague(hospital, 'Bri Briefed', 'duty', ['briefed:ward'])
  const unseen = await sharing.share(aside, { protocolId: inner, title: 'Unseen', caveats: ['briefed:ward'], derivedFrom: [source] })
  expect(
    (await derived(police, source))
      .map(({ id: one, way, originator, audience }) => ({ one, way, originator, audience }))
      .sort((a, b) => a.one.localeCompare(b.one)),
  ).toEqual(
    [
      { one: released, way: 'released', originator: 'police', audience: ['hospital', 'roads'] },
      { one: made, way: 'made', originator: 'hospital', audience: ['police'] },
      { one: further, way: 'released', originator: 'roads', audience: ['hospital', 'police'] },
    ].sort((a, b) => a.one.localeCompare(b.one)),
  )
  expect(await derived(hospital, source)).toEqual([])
  for (const one of [source, id()]) await expect(derived(roads, one)).rejects.toMatchObject(gone)
  await expect(recall(police, source, { derived: [unseen] })).rejects.toMatchObject(refused)
  await expect(recall(police, source, { derived: [id()] })).rejects.toMatchObject(refused)
  await expect(recall(hospital, source)).rejects.toMatchObject(refused)
})

test('recalled, it takes with it what was made of it, unless that is left out; each holder is told of their own, with the words for it', async () => {
  const { police, hospital, roads, sharing, asks } = here
  const { source, released } = await torn()
  const made = await sharing.share(hospital, { protocolId: inner, title: 'Beds', derivedFrom: [source] })
  const outcome = await recall(police, source, { derivedBecause: 'Do not rely on this.' })
  expect(outcome.told).toEqual(['hospital'])
  expect(outcome.derived.map((one) => one.id).sort()).toEqual([released, made].sort())
  for (const one of [source, released])
    for (const person of [hospital, roads]) await expect(sharing.item(person, one)).rejects.toMatchObject(gone)
  // Whoever made something of it keeps what they wrote, and is told.
  expect((await sharing.item(hospital, made)).state).toBe('recalled')
  expect(
    await asks(hospital, "select because from sharing.disclosures where item_id = $1 and agency_id = $2 and deed = 'recalled'", [
      made,
      hospital.agencyId,
    ]),
  ).toEqual([{ because: 'Do not rely on this.' }])
  const because = (person: TestHolder, itemId: string) =>
    asks(person, "select because from sharing.disclosures where item_id = $1 and deed = 'recalled'", [itemId])
  expect(await because(roads, released)).toEqual([{ because: 'Do not rely on this.' }])
  expect(await because(roads, source)).toEqual([])
  expect(await because(hospital, source)).toEqual([{ because: 'Kestrel was wrong.' }])

  const second = await torn()
  expect((await recall(police, second.source, { derived: [] })).derived).toEqual([])
  expect((await sharing.item(roads, second.released)).state).toBe('shared')
  // It is not forgotten: the originator still sees what stands, and recalls it when they will.
  expect((await derived(police, second.source)).map((one) => one.id)).toEqual([second.released])
})

test('whoever made something that the originator cannot read is told, with what was recalled, which of their own rests on it', async () => {
  const { police, hospital, sharing, colleague } = here
  const source = await sharing.share(police, { protocolId: inner })
  const aside = await colleague(hospital, 'Ada Aside', 'duty', ['briefed:ward'])
  const unseen = await sharing.share(aside, { protocolId: inner, title: 'Ward four', caveats: ['briefed:ward'], derivedFrom: [source] })
  expect((await recall(police, source)).derived).toEqual([])
  const made = async (person: TestHolder) =>
    (await sharing.as<{ notices: { itemId: string; made: { id: string }[] }[] }>(person, items, {})).notices
      .find(({ itemId }) => itemId === source)
      ?.made.map((one) => one.id)
  expect(await made(aside)).toEqual([unseen])
  expect(await made(hospital)).toEqual([])
})

test('an adversary who holds a releasable version alone learns of its recall what anybody learns, and nothing of the source', async () => {
  const { police, roads, sharing, asks, city } = here
  const { source, releaseId, released } = await torn()
  const plain = await sharing.share(police, { ...open, protocolId: outer })
  const from = Date.now()
  await recall(police, source)
  await sharing.as(police, recallItem, { itemId: plain, because: 'Do not rely on this any more.' })
  const all = await sharing.everything(roads)
  expect(all).toContain(released)
  const { rows: inside } = await city.owner.query<{ id: string }>(
    `select id from sharing.disclosures where item_id = $1 union all select id from sharing.item_contents where item_id = $1
     union all select id from record.sendings where row_id = $1`,
    [source],
  )
  expect(inside.length).toBeGreaterThan(1)
  for (const one of [source, releaseId, ...inside.map((row) => row.id), 'Kestrel', strict, 'decideRelease', 'proposeRelease'])
    expect(all.includes(one), `${one} is seen`).toBe(false)
  // As roads sees them: the same tables, deeds and operations in the same order, the same columns filled, nothing of before the recall.
  const shape = async (itemId: string) => {
    const told = await asks<{ id: string; row: object }>(
      roads,
      'select id, to_jsonb(d) as row from sharing.disclosures d where item_id = $1 order by sent_at',
      [itemId],
    )
    const entries = await asks<{ header: string; content: string; at: string }>(
      roads,
      `select convert_from(e.header, 'UTF8') as header, convert_from(e.content, 'UTF8') as content from record.entry e
       where convert_from(e.header, 'UTF8')::jsonb ->> 'row' = any($1) order by e.seq`,
      [[itemId, ...told.map((one) => one.id)]],
    )
    return {
      entries: entries.map(({ header }) => {
        const { table, action, operation } = JSON.parse(header) as Record<string, string>
        return `${table} ${action} ${operation}`
      }),
      filled: told.map(({ row }) => Object.entries(row).map(([column, value]) => [column, value === null ? null : typeof value])),
      because: told.map(({ row }) => (row as { because: string | null }).because),
      text: JSON.stringify([told.at(-1), entries.slice(-2)]),
    }
  }
  const { text, ...withSource } = await shape(released)
  const { text: _, ...alone } = await shape(plain)
  expect(withSource).toEqual(alone)
  expect(withSource.entries.some((entry) => entry.endsWith('sharing.recallItem'))).toBe(true)
  const sent = [...text.matchAll(/"sent_at": ?"?([^",}]+)/g)].map(([, at]) => Date.parse(at ?? ''))
  for (const at of sent) expect(at).toBeGreaterThanOrEqual(from - 1_000)
  const [first, other] = await Promise.all([released, id()].map((one) => sharing.item(roads, one).catch((error: Error) => error.message)))
  expect(first).toBe(other)
})

const remark = (person: TestHolder, itemId: string, more: object) =>
  here.sharing.as<{ derived: { id: string; marking: string }[] }>(person, remarkItem, { itemId, because: 'Kestrel is in danger.', ...more })

test('marked more strictly, it takes with it what was made of it, at every remove, also what its originator cannot read; a releasable version stays', async () => {
  const { police, hospital, sharing, colleague } = here
  const { source, released } = await torn({ marking: 'TLP:GREEN' })
  const made = await sharing.share(hospital, { protocolId: inner, title: 'Beds', marking: 'TLP:GREEN', derivedFrom: [source] })
  const further = await sharing.share(police, { protocolId: inner, title: 'Wards', marking: 'TLP:AMBER', derivedFrom: [made] })
  const aside = await colleague(hospital, 'Uma Unseen', 'duty', ['briefed:ward'])
  const unseen = await sharing.share(aside, {
    protocolId: inner,
    title: 'Ward nine',
    marking: 'TLP:GREEN',
    caveats: ['briefed:ward'],
    derivedFrom: [source],
  })
  const outcome = await remark(police, source, { marking: strict })
  expect(outcome.derived.map((one) => [one.id, one.marking]).sort()).toEqual(
    [
      [made, strict],
      [further, strict],
    ].sort(),
  )
  expect((await sharing.item(aside, unseen)).marking).toBe(strict)
  expect((await sharing.item(police, released)).marking).toBe('TLP:GREEN')
  // Reading what is sensitive now is an entry from now on.
  expect(await sharing.item(hospital, made)).toMatchObject({ sensitive: true, marking: strict })
  const told = (person: TestHolder, itemId: string) =>
    here.asks(person, "select because from sharing.disclosures where item_id = $1 and agency_id = $2 and deed = 'remarked'", [
      itemId,
      person.agencyId,
    ])
  const because = 'What this was made of is marked otherwise now.'
  expect(await told(police, made)).toEqual([{ because }])
  expect(await told(hospital, made)).toEqual([{ because }])
  expect(await told(aside, unseen)).toEqual([{ because }])
  expect(await told(police, unseen)).toEqual([])
})

test('marked less strictly, it lowers nothing that was made of it (R-3.3.3)', async () => {
  const { police, hospital, sharing } = here
  const source = await sharing.share(police, { protocolId: inner, marking: strict })
  const made = await sharing.share(hospital, { protocolId: inner, marking: strict, derivedFrom: [source] })
  const lower = { marking: 'TLP:GREEN', because: 'It is on the news.' }
  await expect(remark(hospital, made, lower)).rejects.toMatchObject({ kind: 'invalid', field: 'marking' })
  expect((await remark(police, source, lower)).derived).toEqual([])
  expect((await sharing.item(hospital, made)).marking).toBe(strict)
  await expect(remark(hospital, made, lower)).rejects.toMatchObject({ kind: 'invalid', field: 'marking' })
})

test('put before fewer, or releasable to fewer, what was made of it is before no more of them; whoever made it keeps what they wrote', async () => {
  const { police, hospital, roads, sharing } = here
  const wide = { protocolId: outer, marking: 'TLP:AMBER' }
  const both = async () => {
    const source = await sharing.share(police, wide)
    return { source, byRoads: await sharing.share(roads, { ...wide, title: 'Detours', derivedFrom: [source] }) }
  }
  const first = await both()
  expect((await sharing.item(hospital, first.byRoads)).state).toBe('shared')
  const fewer = { agencyIds: [roads.agencyId], restrictedBecause: 'Only who drives there.', restrictedUntil: tomorrow() }
  await remark(police, first.source, { marking: 'TLP:AMBER', ...fewer })
  await expect(sharing.item(hospital, first.byRoads)).rejects.toMatchObject(gone)
  expect((await sharing.item(roads, first.byRoads)).state).toBe('shared')

  const second = await both()
  const onlyHospital = { agencyIds: [hospital.agencyId], restrictedBecause: 'Only who treats.', restrictedUntil: tomorrow() }
  await remark(police, second.source, { marking: 'TLP:AMBER', ...onlyHospital })
  await expect(sharing.item(roads, second.source)).rejects.toMatchObject(gone)
  expect((await sharing.item(roads, second.byRoads)).state).toBe('shared')

  const source = await sharing.share(police, { agencyIds: [hospital.agencyId, roads.agencyId], basis: 'They must know.' })
  const named = await sharing.share(hospital, { agencyIds: [roads.agencyId], basis: 'They must know.', derivedFrom: [source] })
  const word = await here.city.owner.query<{ word: string }>('select structure.marking_word($1) as word', [hospital.agencyId])
  await remark(police, source, { marking: `REL TO ${word.rows[0]!.word}`, agencyIds: [hospital.agencyId] })
  expect((await sharing.item(hospital, named)).marking).toContain('REL TO')
  await expect(sharing.item(roads, named)).rejects.toMatchObject(gone)
})
