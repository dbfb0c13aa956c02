import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestHolder } from '#areas/structure/testing.ts'
import { rows } from '#core/db/sql.ts'
import type { TestCity } from '#core/db/testing.ts'
import { id } from '#core/id.ts'
import { shareItem } from '../items/contract.ts'
import { recallItem, remarkItem } from '../recall/contract.ts'
import { sharingCity, type sharingFor } from '../testing.ts'
import * as words from './contract.ts'

let city: TestCity
let sharing: ReturnType<typeof sharingFor>
let police: TestHolder
let protection: TestHolder
let writer: TestHolder
let hospital: TestHolder
let roads: TestHolder
let inner: string
let outer: string

beforeAll(async () => {
  const here = await sharingCity('Police', 'Hospital', 'Roads')
  const { structure } = here
  ;({ city, sharing, Police: police, Hospital: hospital, Roads: roads } = here)
  writer = await structure.holder('Wren Writer', police.agencyId, 'watch-officer')
  protection = await structure.holder('Pia Protection', police.agencyId, 'data-protection')
  inner = await sharing.inForce([police, hospital])
  outer = await sharing.inForce([police, hospital, roads])
})
afterAll(() => city?.end())

const refused = { kind: 'not-allowed' }
const gone = { kind: 'not-found' }
const secret = { marking: 'OFFICIAL-SENSITIVE // TLP:AMBER+STRICT', title: 'Source at the quay', text: 'A source says the quay at nine.' }
const open = {
  kind: 'site-and-premises' as never,
  title: 'Keep clear of the quay',
  text: 'Keep clear of the quay this morning.',
  marking: 'TLP:GREEN',
}
const openOne = () => ({ ...open, kind: 'situation' as const, protocolId: outer })
const written = async (who = writer, more: object = {}) => {
  const itemId = await sharing.share(who, { protocolId: inner, ...secret, releasable: openOne(), ...more })
  const [release] = (await lines(who, itemId)) as [words.Release]
  return { itemId, releaseId: release.id }
}
const lines = async (person: TestHolder, itemId: string) =>
  (await sharing.as<{ releases: words.Release[] }>(person, words.tearLines, { itemId })).releases
const decide = (person: TestHolder, releaseId: string, approve = true) =>
  sharing.as(person, words.decideRelease, { releaseId, approve, words: 'Nothing of the source is in it.' })
const send = (person: TestHolder, releaseId: string, more: object = {}) => sharing.share(person, { ...openOne(), releaseId, ...more })
const asks = (person: TestHolder, text: string, values: unknown[] = []) =>
  city.database.read(person.enters(), ({ tx }) => rows<Record<string, unknown>>(tx, { text, values }))

describe('a tear line', () => {
  test('is written beside the sensitive version, approved by another of the originator’s, and sent as an item of its own', async () => {
    const { itemId, releaseId } = await written()
    expect(await lines(police, itemId)).toMatchObject([
      { state: 'proposed', audience: ['Hospital', 'Roads'], can: { decide: true, send: false } },
    ])
    for (const person of [writer, hospital]) await expect(decide(person, releaseId)).rejects.toMatchObject(refused)
    await expect(decide(roads, releaseId)).rejects.toMatchObject(gone)
    await expect(send(police, releaseId)).rejects.toMatchObject({ kind: 'invalid', field: 'releaseId' })
    await decide(protection, releaseId)
    await expect(decide(police, releaseId)).rejects.toMatchObject({ kind: 'conflict' })
    const sent = await send(writer, releaseId)
    expect(await sharing.item(roads, sent)).toMatchObject({
      text: open.text,
      originator: 'Police',
      sharedBy: 'Wren Writer',
      madeOf: [],
      marking: 'TLP:GREEN',
    })
    await expect(sharing.item(roads, itemId)).rejects.toMatchObject(gone)
    expect(await lines(police, itemId)).toMatchObject([
      { state: 'sent', sentAs: sent, decided: { by: 'Pia Protection' }, can: { decide: false, send: false } },
    ])
    await expect(send(writer, releaseId)).rejects.toMatchObject({ kind: 'conflict' })
  })

  test('sends the very words that were approved and no others, for as long as the sensitive one stands', async () => {
    const { itemId, releaseId } = await written()
    await decide(police, releaseId)
    for (const more of [
      { text: 'Other words.' },
      { title: 'Other' },
      { marking: 'TLP:CLEAR' },
      { protocolId: inner },
      { derivedFrom: [itemId] },
      { until: new Date(Date.now() + 60_000).toISOString() },
    ])
      await expect(send(writer, releaseId, more)).rejects.toMatchObject({ kind: 'invalid' })
    await expect(send(hospital, releaseId)).rejects.toMatchObject({ kind: 'invalid', field: 'releaseId' })
    await sharing.as(police, recallItem, { itemId, because: 'The source was wrong.' })
    await expect(send(writer, releaseId)).rejects.toMatchObject({ kind: 'invalid', field: 'releaseId' })
  })

  test('a holder proposes one to the originator; refused, it is sent by nobody; nobody proposes for what they cannot read', async () => {
    const itemId = await sharing.share(writer, { protocolId: inner, ...secret })
    const { releaseId } = await sharing.as<{ releaseId: string }>(hospital, words.proposeRelease, { itemId, ...openOne() })
    await expect(sharing.as(roads, words.proposeRelease, { itemId, ...openOne() })).rejects.toMatchObject(gone)
    await decide(police, releaseId, false)
    expect(await lines(hospital, itemId)).toMatchObject([{ state: 'refused', proposedBy: 'Hospital executive', can: { send: false } }])
    await expect(send(police, releaseId)).rejects.toMatchObject({ kind: 'invalid', field: 'releaseId' })
    // What is made of it is not lowered but by this way.
    await expect(sharing.share(police, { protocolId: outer, ...open, kind: 'situation', derivedFrom: [itemId] })).resolves.toBeDefined()
    expect((await sharing.listed(roads)).length).toBe(
      (await asks(roads, "select 1 from sharing.items where title = 'Keep clear of the quay'")).length,
    )
  })

  test('goes with the sensitive one when that is marked otherwise or recalled: whoever loses it loses the proposal', async () => {
    const { itemId } = await written()
    expect(await asks(hospital, 'select 1 from sharing.releases where item_id = $1', [itemId])).toHaveLength(1)
    await sharing.as(police, recallItem, { itemId, because: 'The source was wrong.' })
    expect(await asks(hospital, 'select 1 from sharing.releases where item_id = $1', [itemId])).toEqual([])
  })
})

describe('an adversary who receives the releasable version', () => {
  test('finds nothing of the sensitive one: no id, no word, no time, no person, in any table, entry, place, opening or answer', async () => {
    const { itemId, releaseId } = await written(writer, {
      until: new Date(Date.now() + 3_600_000).toISOString(),
      title: 'Source Kestrel',
      text: 'Kestrel says the quay at nine.',
    })
    const proposedAt = new Date()
    await sharing.opens(hospital, itemId)
    await decide(protection, releaseId)
    await new Promise((done) => setTimeout(done, 1_100))
    const sentFrom = Date.now()
    const sent = await send(writer, releaseId)
    // Something is marked otherwise later, and told: still nothing of it reaches the receiver of the other.
    await sharing.as(police, remarkItem, { itemId, marking: secret.marking, because: 'An end is not needed.' })
    const all = await sharing.everything(roads)
    expect(all).toContain(sent)
    const { rows: inside } = await city.owner.query<{ id: string; label: number; share_circle: string | null }>(
      'select id, label, share_circle from sharing.items where id = $1',
      [itemId],
    )
    const { rows: contents } = await city.owner.query<{ id: string }>('select id from sharing.item_contents where item_id = any($1)', [
      [itemId, sent],
    ])
    const { rows: told } = await city.owner.query<{ id: string }>('select id from sharing.disclosures where item_id = $1', [itemId])
    const { rows: openings } = await city.owner.query<{ id: string }>('select id from record.openings where row_id = $1', [itemId])
    for (const one of [
      itemId,
      releaseId,
      inside[0]!.share_circle,
      ...contents.map((row) => row.id),
      ...told.map((row) => row.id),
      ...openings.map((row) => row.id),
      'Kestrel',
      'decideRelease',
      'proposeRelease',
      'remarkItem',
      secret.marking,
    ])
      expect(one === null || !all.includes(one), `${one} is seen`).toBe(true)
    // Its ids are drawn by chance: no time is in them.
    const ids = [
      sent,
      ...(await asks(roads, 'select id from sharing.disclosures where item_id = $1', [sent])).map((row) => row.id as string),
      ...(await asks(roads, 'select id from record.sendings where row_id = $1', [sent])).map((row) => row.id as string),
    ]
    for (const one of ids) expect(one).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/)
    // Its times are those of its sending: none of before stands in any of its columns or entries.
    const own = JSON.stringify([
      await asks(roads, 'select to_jsonb(x) as row from sharing.items x where id = $1', [sent]),
      await asks(
        roads,
        "select to_jsonb(x) as row, convert_from(e.header, 'UTF8') as header, convert_from(e.content, 'UTF8') as content from record.place x join record.entry e on e.seq = x.seq where x.row_id = $1",
        [sent],
      ),
    ])
    // Who wrote, approved or opened the other is not in it; whoever sent it is.
    for (const one of [protection.personId, hospital.personId]) expect(own).not.toContain(one)
    const times = [...own.matchAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+(?:Z|\+00:00)/g)].map(([text]) => Date.parse(text))
    expect(times.length).toBeGreaterThan(2)
    for (const time of times) expect(time).toBeGreaterThanOrEqual(sentFrom - 50)
    expect(sentFrom - proposedAt.getTime()).toBeGreaterThan(1_000)
  })

  test('cannot tell it from an item that was shared as it is: the same columns filled, the same entries in the same order, the same operation', async () => {
    const shape = async (itemId: string) => {
      await sharing.placed()
      // By the owner's eye, who sees all: whatever the transaction wrote, and in which order.
      const { rows: entries } = await city.owner.query<{ header: string }>(
        `select convert_from(e.header, 'UTF8') as header from record.entry e where e.transaction = (select f.transaction from record.entry f
           where convert_from(f.header, 'UTF8')::jsonb ->> 'row' = $1 order by f.seq limit 1) order by e.seq`,
        [itemId],
      )
      const [row] = await asks(roads, 'select to_jsonb(x) as row from sharing.items x where id = $1', [itemId])
      return {
        entries: entries.map(({ header }) => {
          const { table, action, operation } = JSON.parse(header) as Record<string, string>
          return `${table} ${action} ${operation}`
        }),
        filled: Object.entries(row!.row as object).map(([column, value]) => [
          column,
          value === null ? null : Array.isArray(value) ? value.length : typeof value,
        ]),
        keys: Object.keys(await sharing.item(roads, itemId)).sort(),
        lines: await lines(roads, itemId),
      }
    }
    const { releaseId } = await written()
    await decide(police, releaseId)
    const released = await shape(await send(writer, releaseId))
    const ordinary = await shape((await sharing.as<{ id: string }>(writer, shareItem, openOne())).id)
    expect(released).toEqual(ordinary)
    expect(released.lines).toEqual([])
    expect(new Set(released.entries.map((entry) => entry.split(' ')[2]))).toEqual(new Set(['sharing.shareItem']))
  })

  test('learns nothing by guessing: a tear line, a release and a decision that are withheld are as absent as made-up ones', async () => {
    const { itemId, releaseId } = await written()
    for (const one of [itemId, id()]) await expect(lines(roads, one)).rejects.toMatchObject(gone)
    for (const one of [releaseId, id()]) {
      await expect(decide(roads, one)).rejects.toMatchObject(gone)
      await expect(sharing.share(roads, { ...openOne(), releaseId: one })).rejects.toMatchObject({ kind: 'invalid', field: 'releaseId' })
    }
  })
})
