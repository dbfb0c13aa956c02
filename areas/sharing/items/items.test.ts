import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { structureFor, type TestHolder } from '#areas/structure/testing.ts'
import { combine } from '#core/access/label.ts'
import { composeMarking, lowers, strictest } from '#core/access/marking.ts'
import { ukGsc } from '#core/access/scheme.ts'
import { markings } from '#core/access/testing.ts'
import { rows, run, sql } from '#core/db/sql.ts'
import type { TestCity } from '#core/db/testing.ts'
import { id } from '#core/id.ts'
import { perform, registryOf } from '#core/operation/perform.ts'
import { area } from '../area.ts'
import { draftProtocol, endProtocol, withdrawFromProtocol } from '../protocols/contract.ts'
import { sharingCity, type sharingFor } from '../testing.ts'
import * as words from './contract.ts'

let city: TestCity
let sharing: ReturnType<typeof sharingFor>
let police: TestHolder
let hospital: TestHolder
let roads: TestHolder
let rail: TestHolder
let briefed: TestHolder
let protocolId: string
let exercise: string

beforeAll(async () => {
  const here = await sharingCity('Police', 'Hospital', 'Roads', 'Rail')
  const { structure } = here
  ;({ city, sharing, Police: police, Hospital: hospital, Roads: roads, Rail: rail } = here)
  briefed = await structure.holder('Bri Briefed', police.agencyId, 'duty', ['briefed:quay'])
  protocolId = await sharing.inForce([police, hospital, roads])
  exercise = await city.exercise()
})
afterAll(() => city?.end())

const gone = { kind: 'not-found' }
const soon = (ms: number) => new Date(Date.now() + ms).toISOString()
/** What somebody gets out of a table by writing SQL of their own, as themselves. */
const asks = (person: TestHolder, text: string, values: unknown[] = []) =>
  city.database.read(person.enters(), ({ tx }) => rows<Record<string, unknown>>(tx, { text, values }))

describe('what is shared under a protocol', () => {
  test('is read by every party and by nobody else; a page of anybody else neither lists nor finds it', async () => {
    const itemId = await sharing.share(police, { protocolId })
    for (const person of [police, briefed, hospital, roads]) {
      expect(await sharing.item(person, itemId)).toMatchObject({
        text: 'The roof has come down.',
        audience: ['Hospital', 'Roads'],
        sensitive: false,
      })
      expect(await sharing.listed(person)).toContain(itemId)
    }
    expect(await sharing.listed(rail)).not.toContain(itemId)
    const [withheld, madeUp] = await Promise.all(
      [itemId, id()].map((one) =>
        sharing.item(rail, one).then(
          () => null,
          (error: Error & { kind: string }) => ({ kind: error.kind, message: error.message }),
        ),
      ),
    )
    expect(withheld).toEqual(madeUp)
    expect(withheld?.kind).toBe('not-found')
  })

  test('is opened by none but a protocol in force, in a post that uses it, for the kinds that it names', async () => {
    const structure = structureFor(city)
    const share = (person: TestHolder, more: object) => sharing.share(person, more)
    const draft = await sharing.as<{ protocolId: string }>(police, draftProtocol, { terms: sharing.termsFor([police, rail]) })
    await expect(share(police, { protocolId: draft.protocolId })).rejects.toMatchObject({ kind: 'invalid', field: 'protocolId' })
    await expect(share(rail, { protocolId })).rejects.toMatchObject({ kind: 'invalid', field: 'protocolId' })
    await expect(share(police, { protocolId, kind: 'plans' })).rejects.toMatchObject({ kind: 'invalid', field: 'kind' })
    const parties = sharing.termsFor([police, rail]).parties.map((party) => ({ ...party, use: ['executive' as const] }))
    const narrow = await sharing.inForce([police, rail], { parties })
    const duty = await structure.holder('Con Stable', police.agencyId, 'duty')
    await expect(share(duty, { protocolId: narrow })).rejects.toMatchObject({ kind: 'invalid', field: 'protocolId' })
    const clerk = await structure.holder('Rail clerk', rail.agencyId, 'loggist')
    const itemId = await share(police, { protocolId: narrow })
    expect(await sharing.listed(rail)).toContain(itemId)
    expect(await sharing.listed(clerk)).not.toContain(itemId)
  })

  test('ended, it is closed to all but its originator; expired, in the second that the protocol names', async () => {
    const ending = await sharing.inForce([police, rail])
    const one = await sharing.share(police, { protocolId: ending })
    await sharing.as(rail, endProtocol, { protocolId: ending, reason: 'Replaced.' })
    await expect(sharing.item(rail, one)).rejects.toMatchObject(gone)
    expect((await sharing.item(police, one)).text).toBe('The roof has come down.')
    await expect(sharing.share(police, { protocolId: ending })).rejects.toMatchObject({ field: 'protocolId' })

    const expiresAt = soon(4_000)
    const short = await sharing.inForce([police, rail], { expiresAt, reviewAt: expiresAt })
    const other = await sharing.share(police, { protocolId: short })
    expect(await sharing.listed(rail)).toContain(other)
    await expect.poll(() => sharing.listed(rail), { timeout: 8_000, interval: 100 }).not.toContain(other)
    expect(Date.now()).toBeGreaterThanOrEqual(new Date(expiresAt).getTime())
    await expect(sharing.share(police, { protocolId: short })).rejects.toMatchObject({ field: 'protocolId' })
  })

  test('a party that leaves keeps or loses it as the words say; one that comes later sees from joining on', async () => {
    for (const onLeaving of ['keeps', 'loses'] as const) {
      const given = await sharing.inForce([police, hospital, rail], { onLeaving })
      const before = await sharing.share(police, { protocolId: given })
      await sharing.as(rail, withdrawFromProtocol, { protocolId: given, agencyId: rail.agencyId, reason: 'Leaving.' })
      const after = await sharing.share(police, { protocolId: given })
      const theirs = await sharing.listed(rail)
      expect([theirs.includes(before), theirs.includes(after)]).toEqual([onLeaving === 'keeps', false])
      expect(await sharing.listed(hospital)).toEqual(expect.arrayContaining([before, after]))
    }
  })

  test('stays in its exercise', async () => {
    const played = await sharing.share(police, { protocolId }, exercise)
    expect(await sharing.listed(hospital)).not.toContain(played)
    expect(await sharing.listed(hospital, exercise)).toEqual([played])
    await expect(sharing.opens(hospital, played)).rejects.toMatchObject(gone)
  })
})

describe('an audience by name', () => {
  test('without a protocol: those named, on a basis; an empty one is nobody and is refused', async () => {
    const named = { agencyIds: [rail.agencyId], basis: 'Duty to co-operate.' }
    const itemId = await sharing.share(police, named)
    expect(await sharing.listed(rail)).toContain(itemId)
    expect(await sharing.listed(hospital)).not.toContain(itemId)
    await expect(sharing.share(police, { ...named, agencyIds: [] })).rejects.toMatchObject({ kind: 'invalid', field: 'agencyIds' })
    await expect(sharing.share(police, { ...named, basis: '' })).rejects.toMatchObject({ kind: 'invalid', field: 'basis' })
    await expect(sharing.share(police, { ...named, agencyIds: [id()] })).rejects.toMatchObject(gone)
    await expect(sharing.share(police, {})).rejects.toMatchObject({ kind: 'invalid', field: 'basis' })
  })

  test('narrower than the protocol needs a reason and an end; at that end the others read it too, in that second', async () => {
    const narrow = { protocolId, agencyIds: [hospital.agencyId] }
    await expect(sharing.share(police, narrow)).rejects.toMatchObject({ kind: 'invalid', field: 'restrictedBecause' })
    await expect(sharing.share(police, { ...narrow, agencyIds: [rail.agencyId] })).rejects.toMatchObject({
      kind: 'invalid',
      field: 'agencyIds',
    })
    const restrictedUntil = soon(3_000)
    const itemId = await sharing.share(police, { ...narrow, restrictedBecause: 'Families first.', restrictedUntil })
    expect(await sharing.listed(hospital)).toContain(itemId)
    expect(await sharing.listed(roads)).not.toContain(itemId)
    expect(await asks(roads, "select token from access.admission where token like 'circle:share.%'")).toEqual([])
    await expect.poll(() => sharing.listed(roads), { timeout: 8_000, interval: 100 }).toContain(itemId)
    expect(Date.now()).toBeGreaterThanOrEqual(new Date(restrictedUntil).getTime())
    // Naming every party restricts nothing, and asks for no reason.
    const all = await sharing.share(police, { protocolId, agencyIds: [hospital.agencyId, roads.agencyId] })
    expect(await sharing.item(roads, all)).toMatchObject({ named: null, restricted: null })
  })

  test('with an end: nobody but the originator after it, to the second, and nothing of it in the record either', async () => {
    const until = soon(2_500)
    const itemId = await sharing.share(police, { protocolId, until, title: 'Ends soon' })
    expect(await sharing.listed(hospital)).toContain(itemId)
    expect(await asks(hospital, "select seq from record.entry where convert_from(content, 'UTF8') like $1", ['%Ends soon%'])).toHaveLength(
      1,
    )
    await expect.poll(() => sharing.listed(hospital), { timeout: 8_000, interval: 100 }).not.toContain(itemId)
    expect(Date.now()).toBeGreaterThanOrEqual(new Date(until).getTime())
    expect(await asks(hospital, "select seq from record.entry where convert_from(content, 'UTF8') like $1", ['%Ends soon%'])).toEqual([])
    expect((await sharing.item(police, itemId)).text).toBe('The roof has come down.')
    await expect(sharing.share(police, { protocolId, until: soon(-1_000) })).rejects.toMatchObject({ kind: 'invalid', field: 'until' })
  })
})

describe('what an item says', () => {
  test('is selected by nobody, in no table and in no entry; reading a sensitive one is an entry, first', async () => {
    const text = `The bridge ${id()} is next.`
    const itemId = await sharing.share(police, { protocolId, marking: 'TLP:AMBER+STRICT', text })
    const plain = await sharing.share(police, { protocolId, text: `${text} Plain.` })
    for (const person of [police, hospital]) {
      for (const table of ['record.entry', 'sharing.items', 'sharing.disclosures'])
        expect(
          await asks(
            person,
            `select 1 from ${table} x where ${table === 'record.entry' ? "convert_from(x.content, 'UTF8')" : 'x::text'} like $1`,
            [`%${text}%`],
          ),
        ).toEqual([])
      await expect(asks(person, 'select * from sharing.item_contents')).rejects.toMatchObject({ kind: 'not-allowed' })
    }
    expect((await sharing.item(hospital, itemId)).text).toBeNull()
    expect((await sharing.item(hospital, plain)).text).toBe(`${text} Plain.`)
    const openings = async () =>
      asks(police, "select person_id from record.openings where table_name = 'sharing.items' and row_id = $1", [itemId])
    expect(await openings()).toEqual([])
    expect(await sharing.opens(hospital, itemId)).toBe(text)
    expect(await openings()).toEqual([{ personId: hospital.personId }])
    expect(await sharing.opens(hospital, itemId)).toBe(text)
    expect(await openings()).toHaveLength(2)
    // A partner is not told who else reads.
    expect(await asks(roads, 'select 1 from record.openings where row_id = $1', [itemId])).toEqual([])
    await expect(sharing.opens(rail, itemId)).rejects.toMatchObject(gone)
  })

  test('is not kept as the answer of a command: the same key again is another look, under today’s labels', async () => {
    const itemId = await sharing.share(police, { protocolId, marking: 'TLP:AMBER+STRICT', text: 'Kept nowhere else.' })
    const registry = registryOf([area])
    const again = () =>
      perform(city.database, registry, registry.named('sharing', 'open-item'), { itemId }, hospital.enters(), 'the-same-key')
    await again()
    await again()
    expect(await asks(police, 'select 1 from record.openings where row_id = $1', [itemId])).toHaveLength(2)
    expect((await city.owner.query("select 1 from operation.answer where answer::text like '%Kept nowhere else%'")).rows).toEqual([])
  })
})

describe('what cannot be written', () => {
  test('a caveat that the writer does not hold is refused; who holds it reads, and a party without it does not', async () => {
    const caveats = ['briefed:quay']
    await expect(sharing.share(police, { protocolId, caveats })).rejects.toMatchObject({ kind: 'invalid', field: 'caveats' })
    const itemId = await sharing.share(briefed, { protocolId, caveats })
    expect(await sharing.item(briefed, itemId)).toMatchObject({ sensitive: true, caveats })
    for (const person of [police, hospital]) await expect(sharing.item(person, itemId)).rejects.toMatchObject(gone)
    expect(await asks(hospital, 'select 1 from sharing.disclosures where item_id = $1', [itemId])).toEqual([])
  })

  test('reporting upward is for a protocol that allows it, and gives back a receipt alone', async () => {
    const report = { kind: 'situation', title: 'What I saw', text: 'A report.', marking: 'TLP:AMBER', caveats: ['briefed:quay'] }
    await expect(sharing.as(hospital, words.reportUpward, { ...report, protocolId })).rejects.toMatchObject({
      kind: 'invalid',
      field: 'protocolId',
    })
    const upward = await sharing.inForce([police, hospital], { upward: true })
    const given = await sharing.as<object>(hospital, words.reportUpward, { ...report, protocolId: upward })
    expect(Object.keys(given)).toEqual(['receipt'])
    expect(await asks(hospital, "select 1 from sharing.items where title = 'What I saw'")).toEqual([])
    expect(await asks(briefed, "select title from sharing.items where title = 'What I saw'")).toEqual([{ title: 'What I saw' }])
  })

  test('above the ceiling, for another agency, with a made-up incident, or by SQL of one’s own', async () => {
    await expect(sharing.share(police, { protocolId, marking: 'TLP:RED' })).rejects.toMatchObject({ kind: 'invalid', field: 'marking' })
    await expect(sharing.share(police, { protocolId, marking: 'SECRET' })).rejects.toMatchObject({ kind: 'invalid', field: 'marking' })
    await expect(sharing.share(police, { protocolId, incidentId: id() })).rejects.toMatchObject({ kind: 'not-allowed' })
    const tries = (text: string) =>
      city.database.change({ entering: police.enters(), run: async ({ tx }) => ({ value: await run(tx, { text, values: [] }) }) })
    for (const text of [
      `select sharing.put_item('{}', false)`,
      `select sharing.share_item('{"originatorAgencyId": "${rail.agencyId}"}')`,
      `insert into sharing.items (id) values (gen_random_uuid())`,
      `update sharing.items set title = 'x'`,
      `select access.grant_reach('${police.personId}', 'circle:protocol.${protocolId}.9', null, null, 'x')`,
      `select access.grant_reach('${police.personId}', 'circle:share.${id()}', null, null, 'x')`,
    ])
      await expect(tries(text)).rejects.toMatchObject({ kind: 'not-allowed' })
  })
})

describe('what is made of others', () => {
  test('is marked as strictly as each part, and read by those alone who read every part', async () => {
    const other = await sharing.inForce([police, rail])
    const one = await sharing.share(police, { protocolId, marking: 'OFFICIAL-SENSITIVE [PERSONAL DATA] // TLP:GREEN' })
    const two = await sharing.share(police, { protocolId: other, marking: 'TLP:AMBER+STRICT' })
    const made = await sharing.share(police, { protocolId, marking: 'TLP:GREEN', derivedFrom: [one, two] })
    expect(await sharing.item(police, made)).toMatchObject({
      marking: 'OFFICIAL-SENSITIVE [PERSONAL DATA] // TLP:AMBER+STRICT',
      sensitive: true,
      text: null,
    })
    for (const person of [hospital, roads, rail]) await expect(sharing.item(person, made)).rejects.toMatchObject(gone)
    await expect(sharing.share(hospital, { protocolId, derivedFrom: [two] })).rejects.toMatchObject(gone)
    await expect(sharing.share(police, { protocolId, derivedFrom: [id()] })).rejects.toMatchObject(gone)
    // The same by SQL of one's own, with a marking that no page put up.
    const lower = JSON.stringify({
      originatorAgencyId: police.agencyId,
      kind: 'situation',
      title: 'By hand',
      text: 'x',
      marking: 'TLP:GREEN',
      at: new Date(),
      protocolId,
      derivedFrom: [one],
    })
    await city.database.change({
      entering: police.enters(),
      run: async ({ tx }) => ({ value: await run(tx, sql`select sharing.share_item(${lower}::jsonb)`) }),
    })
    expect(
      await asks(police, "select l.marking from sharing.items i join access.label l on l.id = i.label where i.title = 'By hand'"),
    ).toEqual([{ marking: 'OFFICIAL-SENSITIVE [PERSONAL DATA] // TLP:GREEN' }])
  })

  test('the label is the union of all clauses', async () => {
    const one = await sharing.share(police, { protocolId })
    const two = await sharing.share(police, { agencyIds: [hospital.agencyId], basis: 'Duty.' })
    const made = await sharing.share(police, { protocolId, derivedFrom: [one, two] })
    const clauses = await Promise.all(
      [one, two, made].map(
        async (itemId) =>
          (await asks(police, 'select l.clauses from sharing.items i join access.label l on l.id = i.label where i.id = $1', [itemId]))[0]!
            .clauses as string[][],
      ),
    )
    expect(clauses[2]).toEqual(combine(clauses[0]!, clauses[1]!))
  })
})

describe('markings of parts', () => {
  test('the database makes the whole as strict as each, and calls sensitive what is', async () => {
    const some = fc.sample(markings(ukGsc), 60)
    for (const [place, one] of some.entries()) {
      const other = some[(place + 7) % some.length]!
      const [a, b] = [composeMarking(one, ukGsc), composeMarking(other, ukGsc)]
      const { rows: answers } = await city.owner.query<{ marked: string; sensitive: boolean }>(
        "select sharing.marked($1, array[$2]) as marked, sharing.is_sensitive($1, '{}') as sensitive",
        [a, b],
      )
      expect(answers[0]!.marked).toBe(composeMarking(strictest(one, other, ukGsc), ukGsc))
      expect([a, answers[0]!.sensitive]).toEqual([
        a,
        one.tlp === 'TLP:AMBER+STRICT' || one.tlp === 'TLP:RED' || one.classification === 'OFFICIAL-SENSITIVE',
      ])
      expect(lowers(other, strictest(one, other, ukGsc), ukGsc)).toBe(false)
    }
  })
})
