import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { structureFor, type TestHolder } from '#areas/structure/testing.ts'
import { rows, run } from '#core/db/sql.ts'
import type { TestCity } from '#core/db/testing.ts'
import { id } from '#core/id.ts'
import { perform, registryOf } from '#core/operation/perform.ts'
import { acknowledge } from '#core/record/reading/contract.ts'
import { actions as reading } from '#core/record/reading/actions.ts'
import { area } from '../area.ts'
import { disclosureLog, disclosures } from '../disclosures/contract.ts'
import { items } from '../items/contract.ts'
import { sharingCity, type sharingFor } from '../testing.ts'
import * as words from './contract.ts'

let city: TestCity
let sharing: ReturnType<typeof sharingFor>
let police: TestHolder
let protection: TestHolder
let hospital: TestHolder
let roads: TestHolder
let rail: TestHolder
let inquiry: TestHolder
let protocolId: string

beforeAll(async () => {
  const here = await sharingCity('Police', 'Hospital', 'Roads', 'Rail')
  const { structure } = here
  ;({ city, sharing, Police: police, Hospital: hospital, Roads: roads, Rail: rail } = here)
  protection = await structure.holder('Pia Protection', police.agencyId, 'data-protection')
  inquiry = await structure.holder('Ina Inquiry', await structure.agency('Inquiry'), 'inquiry')
  protocolId = await sharing.inForce([police, hospital, roads])
})
afterAll(() => city?.end())

const gone = { kind: 'not-found' }
const refused = { kind: 'not-allowed' }
const strict = 'TLP:AMBER+STRICT'
const asks = (person: TestHolder, text: string, values: unknown[] = []) =>
  city.database.read(person.enters(), ({ tx }) => rows<Record<string, unknown>>(tx, { text, values }))
const recall = (person: TestHolder, itemId: string, because = 'The number was wrong.') =>
  sharing.as<{ told: string[] }>(person, words.recallItem, { itemId, because })
const remark = (person: TestHolder, itemId: string, more: object) =>
  sharing.as<{ shared: string[]; kept: string[]; lost: string[] }>(person, words.remarkItem, {
    itemId,
    marking: 'TLP:AMBER',
    because: 'Seen again.',
    ...more,
  })
const log = (person: TestHolder, itemId: string, at?: string) =>
  sharing.as<{
    sent: { deed: string; agency: string; marking: string; because: string | null; acknowledged: { by: string }[] }[]
    opened: { by: string; agency: string }[]
    acknowledged: { by: string }[]
  }>(person, disclosureLog, at === undefined ? { itemId } : { itemId, at })
const notices = async (person: TestHolder) =>
  (await sharing.as<{ notices: { id: string; itemId: string; deed: string; because: string }[] }>(person, items, {})).notices
const acknowledges = async (person: TestHolder, table: string, rowId: string) => {
  await sharing.placed()
  const registry = registryOf([area, { name: 'record', features: [reading] }])
  return perform(city.database, registry, registry.named('record', 'acknowledge'), { table, id: rowId }, person.enters(acknowledge.name))
}

describe('a recall', () => {
  test('takes it from whoever had it, tells them why, and leaves it to the originator and an inquiry, who opened it and under which marking included', async () => {
    const itemId = await sharing.share(police, { protocolId, marking: strict, text: 'Forty are hurt.' })
    await sharing.opens(hospital, itemId)
    await acknowledges(hospital, 'sharing.items', itemId)
    expect(await recall(police, itemId)).toEqual({ told: ['Hospital', 'Roads'], derived: [] })
    for (const person of [hospital, roads]) {
      await expect(sharing.item(person, itemId)).rejects.toMatchObject(gone)
      await expect(sharing.opens(person, itemId)).rejects.toMatchObject(gone)
      expect(await sharing.listed(person)).not.toContain(itemId)
      expect(await notices(person)).toMatchObject([{ itemId, deed: 'recalled', because: 'The number was wrong.' }])
    }
    expect(await notices(rail)).toEqual([])
    for (const person of [police, protection, inquiry]) {
      expect(await sharing.item(person, itemId)).toMatchObject({
        state: 'recalled',
        marking: strict,
        audience: [],
        changed: { because: 'The number was wrong.' },
      })
      expect(await sharing.opens(person, itemId)).toBe('Forty are hurt.')
      const told = await log(person, itemId)
      expect(told.sent.map(({ deed, agency, marking }) => [deed, agency, marking])).toEqual([
        ['shared', 'Hospital', strict],
        ['shared', 'Roads', strict],
        ['recalled', 'Hospital', strict],
        ['recalled', 'Roads', strict],
      ])
      expect(told.opened.map(({ by }) => by)).toContain('Hospital executive')
      expect(told.acknowledged.map(({ by }) => by)).toEqual(['Hospital executive'])
    }
  })

  test('has its receipts: who acknowledged it, seen by the originator and not by another receiver', async () => {
    const itemId = await sharing.share(police, { protocolId })
    await recall(police, itemId)
    const [notice] = (await notices(hospital)).filter((one) => one.itemId === itemId)
    await acknowledges(hospital, 'sharing.disclosures', notice!.id)
    const { sent } = await log(police, itemId)
    expect(
      sent.filter(({ deed }) => deed === 'recalled').map(({ agency, acknowledged }) => [agency, acknowledged.map(({ by }) => by)]),
    ).toEqual([
      ['Hospital', ['Hospital executive']],
      ['Roads', []],
    ])
    expect(await asks(roads, 'select 1 from sharing.disclosures where agency_id = $1', [hospital.agencyId])).toEqual([])
    expect(await asks(roads, 'select 1 from record.acknowledgements where row_id = $1', [notice!.id])).toEqual([])
    await expect(acknowledges(roads, 'sharing.disclosures', notice!.id)).rejects.toMatchObject(gone)
  })

  test('is the originator’s alone, once, with a reason; who is on duty there is told that something waits, and not what', async () => {
    const itemId = await sharing.share(police, { protocolId, title: 'A name nobody else may read' })
    await expect(recall(hospital, itemId)).rejects.toMatchObject(refused)
    await expect(recall(rail, itemId)).rejects.toMatchObject(gone)
    await expect(recall(police, itemId, '')).rejects.toMatchObject({ kind: 'invalid', field: 'because' })
    const structure = structureFor(city)
    const duty = await structure.holder('Dot Duty', hospital.agencyId, 'duty')
    await sharing.contact(duty.personId, 'sms', '+7')
    await recall(protection, itemId)
    await expect(recall(police, itemId)).rejects.toMatchObject({ kind: 'conflict' })
    const [notice] = (await notices(duty)).filter((one) => one.itemId === itemId)
    const duties = sharing.duties()
    await duties.runDue()
    await duties.stop()
    const messages = (await sharing.queued()).filter(({ key }) => key.includes(notice!.id))
    expect(messages.map(({ recipient, kind }) => [recipient, kind])).toEqual([['+7', 'waits']])
    expect(JSON.stringify(messages)).not.toContain('A name nobody')
  })

  test('while somebody reads: whoever had begun gets it and stands in the log, whoever comes after gets nothing', async () => {
    const itemId = await sharing.share(police, { protocolId, marking: strict, text: 'Forty are hurt.' })
    const outcomes = await Promise.allSettled([
      ...Array.from({ length: 6 }, () => sharing.opens(hospital, itemId)),
      recall(police, itemId),
      ...Array.from({ length: 6 }, () => sharing.opens(roads, itemId)),
    ])
    const read = outcomes.filter((one) => one.status === 'fulfilled' && one.value === 'Forty are hurt.')
    for (const one of outcomes) if (one.status === 'rejected') expect(one.reason).toMatchObject(gone)
    expect((await log(police, itemId)).opened).toHaveLength(read.length)
    await expect(sharing.opens(hospital, itemId)).rejects.toMatchObject(gone)
  })

  test('closes the circle of an item with an end at once, and takes its past in the record away with it', async () => {
    const itemId = await sharing.share(police, { protocolId, until: new Date(Date.now() + 3_600_000).toISOString(), title: 'Was here' })
    expect(await asks(hospital, "select 1 from record.entry where convert_from(content, 'UTF8') like '%Was here%'")).toHaveLength(1)
    await recall(police, itemId)
    // What they were told stays theirs; the item's own entries do not.
    expect(
      await asks(
        hospital,
        "select 1 from record.entry where convert_from(header, 'UTF8')::jsonb ->> 'table' = 'sharing.items' and convert_from(content, 'UTF8') like '%Was here%'",
      ),
    ).toEqual([])
  })
})

describe('marking otherwise', () => {
  test('raises: who may still read is told that it is marked otherwise, who may not that it was recalled; a plain one is opened from then on', async () => {
    const itemId = await sharing.share(police, { protocolId })
    const until = new Date(Date.now() + 3_600_000).toISOString()
    expect(
      await remark(police, itemId, {
        marking: strict,
        agencyIds: [hospital.agencyId],
        restrictedBecause: 'Families first.',
        restrictedUntil: until,
      }),
    ).toEqual({ shared: [], kept: ['Hospital'], lost: ['Roads'], derived: [] })
    expect(await sharing.item(hospital, itemId)).toMatchObject({ marking: strict, sensitive: true, text: null })
    await expect(sharing.item(roads, itemId)).rejects.toMatchObject(gone)
    expect((await notices(hospital)).filter((one) => one.itemId === itemId)).toMatchObject([{ deed: 'remarked' }])
    expect((await notices(roads)).filter((one) => one.itemId === itemId)).toMatchObject([{ deed: 'recalled' }])
    // And lowers: whom it is put before anew is sent it, and the words are on the page again.
    expect(await remark(police, itemId, {})).toEqual({ shared: ['Roads'], kept: ['Hospital'], lost: [], derived: [] })
    expect(await sharing.item(roads, itemId)).toMatchObject({ marking: 'TLP:AMBER', text: 'The roof has come down.' })
    expect((await log(police, itemId)).sent.map(({ deed, agency }) => `${deed} ${agency}`)).toEqual([
      'shared Hospital',
      'shared Roads',
      'remarked Hospital',
      'recalled Roads',
      'remarked Hospital',
      'shared Roads',
    ])
  })

  test('is refused to a holder, into what one could not read oneself, without an audience, above the ceiling, and once it is recalled', async () => {
    const itemId = await sharing.share(police, { protocolId })
    await expect(remark(hospital, itemId, {})).rejects.toMatchObject(refused)
    await expect(remark(rail, itemId, {})).rejects.toMatchObject(gone)
    await expect(remark(police, itemId, { caveats: ['briefed:quay'] })).rejects.toMatchObject({ kind: 'invalid', field: 'caveats' })
    await expect(remark(police, itemId, { agencyIds: [] })).rejects.toMatchObject({ kind: 'invalid', field: 'agencyIds' })
    await expect(remark(police, itemId, { agencyIds: [hospital.agencyId] })).rejects.toMatchObject({
      kind: 'invalid',
      field: 'restrictedBecause',
    })
    await expect(remark(police, itemId, { marking: 'TLP:RED' })).rejects.toMatchObject({ kind: 'invalid', field: 'marking' })
    await recall(police, itemId)
    await expect(remark(police, itemId, {})).rejects.toMatchObject({ kind: 'conflict' })
  })

  test('never lowers what is made of others below its parts', async () => {
    const part = await sharing.share(police, { protocolId, marking: strict })
    const made = await sharing.share(police, { protocolId, marking: 'TLP:GREEN', derivedFrom: [part] })
    await remark(police, part, { marking: 'TLP:GREEN' })
    await expect(remark(police, made, { marking: 'TLP:GREEN' })).rejects.toMatchObject({ kind: 'invalid', field: 'marking' })
    expect(await sharing.item(police, made)).toMatchObject({ marking: strict })
  })
})

describe('a challenge', () => {
  const challenge = (person: TestHolder, itemId: string) =>
    sharing.as<{ challengeId: string }>(person, words.challengeMarking, { itemId, wished: 'TLP:GREEN', because: 'Our crews must hear it.' })
  const shown = async (person: TestHolder, itemId: string) =>
    (
      await sharing.as<{ challenges: { id: string; answer: { kind: string; words: string } | null; can: { answer: boolean } }[] }>(
        person,
        words.challenges,
        { itemId },
      )
    ).challenges

  test('stands on the item for every holder; the originator answers that it stays, or by marking it otherwise', async () => {
    const itemId = await sharing.share(police, { protocolId })
    const { challengeId } = await challenge(hospital, itemId)
    await expect(challenge(hospital, itemId)).rejects.toMatchObject({ kind: 'conflict' })
    for (const person of [police, hospital, roads]) expect((await shown(person, itemId)).map((one) => one.id)).toEqual([challengeId])
    expect((await shown(police, itemId))[0]!.can.answer).toBe(true)
    expect((await shown(roads, itemId))[0]!.can.answer).toBe(false)
    const keep = (person: TestHolder) => sharing.as(person, words.keepMarking, { itemId, challengeId, words: 'A source is in it.' })
    for (const person of [roads, hospital]) await expect(keep(person)).rejects.toMatchObject(refused)
    await keep(police)
    await expect(keep(police)).rejects.toMatchObject({ kind: 'conflict' })
    expect((await shown(hospital, itemId))[0]!.answer).toMatchObject({ kind: 'kept', words: 'A source is in it.' })

    const second = await challenge(hospital, itemId)
    await remark(police, itemId, { marking: 'TLP:GREEN', challengeId: second.challengeId })
    expect((await shown(roads, itemId)).find((one) => one.id === second.challengeId)!.answer).toMatchObject({
      kind: 'changed',
      words: 'Seen again.',
    })
    expect(await sharing.item(roads, itemId)).toMatchObject({ marking: 'TLP:GREEN' })
    await expect(remark(police, itemId, { challengeId: second.challengeId })).rejects.toMatchObject(gone)
  })

  test('goes with the item: who loses it loses the challenge too; nobody challenges what they cannot read', async () => {
    const itemId = await sharing.share(police, { protocolId })
    await challenge(hospital, itemId)
    await expect(challenge(rail, itemId)).rejects.toMatchObject(gone)
    await recall(police, itemId)
    await expect(shown(hospital, itemId)).rejects.toMatchObject(gone)
    expect(await asks(hospital, 'select 1 from sharing.challenges where item_id = $1', [itemId])).toEqual([])
    expect(await shown(inquiry, itemId)).toHaveLength(1)
  })
})

describe('the disclosure log', () => {
  test('is three lists; whole for the originator, a receiver’s own part for a receiver, nothing for anybody else; up to a moment', async () => {
    const itemId = await sharing.share(police, { protocolId, marking: strict })
    const before = new Date().toISOString()
    await sharing.opens(hospital, itemId)
    const whole = await log(police, itemId)
    expect(whole.sent.map(({ agency }) => agency)).toEqual(['Hospital', 'Roads'])
    expect(whole.opened).toMatchObject([{ by: 'Hospital executive', agency: 'Hospital' }])
    expect(whole.acknowledged).toEqual([])
    expect((await log(police, itemId, before)).opened).toEqual([])
    expect((await log(hospital, itemId)).opened).toHaveLength(1)
    const theirs = await log(roads, itemId)
    expect([theirs.sent.map(({ agency }) => agency), theirs.opened]).toEqual([['Roads'], []])
    for (const one of [itemId, id()]) await expect(log(rail, one)).rejects.toMatchObject(gone)
  })

  test('of an agency: what it gave and what it received; its own row stays when the item has gone', async () => {
    const itemId = await sharing.share(police, { protocolId })
    await recall(police, itemId)
    const listed = async (person: TestHolder, direction?: string) =>
      (
        await sharing.as<{ rows: { itemId: string; deed: string; to: string; open: boolean; given: boolean }[] }>(
          person,
          disclosures,
          direction ? { direction } : {},
        )
      ).rows.filter((row) => row.itemId === itemId)
    expect((await listed(police, 'given')).map(({ deed, to, open }) => `${deed} ${to} ${open}`).sort()).toEqual([
      'recalled Hospital true',
      'recalled Roads true',
      'shared Hospital true',
      'shared Roads true',
    ])
    expect(await listed(police, 'received')).toEqual([])
    expect((await listed(hospital)).map(({ deed, to, open, given }) => `${deed} ${to} ${open} ${given}`).sort()).toEqual([
      'recalled Hospital false false',
      'shared Hospital false false',
    ])
    expect(await listed(rail)).toEqual([])
  })

  test('nobody writes, changes or takes away a line of it', async () => {
    for (const text of [
      'delete from sharing.disclosures',
      "update sharing.disclosures set marking = 'x'",
      `insert into sharing.disclosures (id) values ('${id()}')`,
      "select sharing.tell(null, 'shared', '{}', '', '', null)",
    ])
      await expect(
        city.database.change({ entering: police.enters(), run: async ({ tx }) => ({ value: await run(tx, { text, values: [] }) }) }),
      ).rejects.toMatchObject(refused)
  })
})
