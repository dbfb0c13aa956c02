import { placeAll } from '#core/record/testing.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { area } from '#areas/response/area.ts'
import { structureFor, type TestHolder } from '#areas/structure/testing.ts'
import { rows, run, type Statement, sql } from '#core/db/sql.ts'
import { liveWorld, type TestCity, testCity } from '#core/db/testing.ts'
import { id } from '#core/id.ts'
import { type LiveServer, liveServer } from '#core/live/testing.ts'
import { type Operation, wordsOf } from '#core/operation/operation.ts'
import { perform, registryOf } from '#core/operation/perform.ts'
import { area as record } from '#core/record/area.ts'
import { asOf } from '#core/record/reading/contract.ts'
import { type Centre, centre } from '../centre/contract.ts'
import { incidents, openIncident } from '../incidents/contract.ts'
import { timeline, writeEntry } from '../timeline/contract.ts'
import { admitPeople, admitPerson, endPart, members } from './contract.ts'

const registry = registryOf([record, area])
let city: TestCity
let secretariat: TestHolder
let police: TestHolder
let late: TestHolder
let later: TestHolder
let lateSecretariat: TestHolder
let outsider: TestHolder
let incidentId: string

const as = <T>(person: TestHolder, operation: Operation, input: unknown) =>
  perform(city.database, registry, registry.named(...wordsOf(operation)), input, person.enters(operation.name)) as Promise<T>
const write = async (person: TestHolder, text: string) => (await as<{ id: string }>(person, writeEntry, { incidentId, text })).id
const reads = async (person: TestHolder) =>
  (await as<{ entries: { text: string }[] }>(person, timeline, { incidentId, limit: 100 })).entries
    .map(({ text }) => text)
    .filter((text) => text.startsWith('Line'))
const letIn = (by: TestHolder, person: TestHolder, past: string, of = incidentId) =>
  as(by, admitPerson, { incidentId: of, personId: person.personId, past, reason: 'Needed here' })
const end = (by: TestHolder, person: TestHolder) => as(by, endPart, { incidentId, personId: person.personId, reason: 'Called away' })
const around = (person: TestHolder, statement: Statement) =>
  city.database.change({ entering: person.enters(), run: async ({ tx }) => ({ value: await run(tx, statement) }) })

beforeAll(async () => {
  city = await testCity()
  const structure = structureFor(city)
  const council = await structure.agency('Council')
  secretariat = await structure.holder('Sia Secretariat', council, 'secretariat')
  police = await structure.holder('Pat Police', await structure.agency('Police'), 'duty')
  late = await structure.holder('Lea Late', await structure.agency('Rail'), 'duty')
  later = await structure.holder('Lou Later', late.agencyId, 'duty')
  lateSecretariat = await structure.holder('Lis Secretariat', council, 'secretariat')
  outsider = await structure.holder('Otto Outsider', await structure.agency('Harbour'), 'secretariat')
  incidentId = (await as<{ id: string }>(secretariat, openIncident, { name: 'Trial', incidentType: 'flood' })).id
  await letIn(secretariat, police, 'all')
  await write(secretariat, 'Line of before')
})
afterAll(() => city?.end())

describe('who is let in', () => {
  test('from joining on reads what comes and nothing of before; who came before reads both; with all of the past, all', async () => {
    await letIn(secretariat, late, 'from-joining')
    await write(police, 'Line between')
    await letIn(secretariat, later, 'from-joining')
    await write(secretariat, 'Line of after')
    expect(await reads(late)).toEqual(['Line of after', 'Line between'])
    expect(await reads(later)).toEqual(['Line of after'])
    for (const person of [secretariat, police]) expect(await reads(person)).toEqual(['Line of after', 'Line between', 'Line of before'])
    await letIn(secretariat, lateSecretariat, 'all')
    expect(await reads(lateSecretariat)).toHaveLength(3)
  })

  test('stands in the room: reads the centre as it stands, writes for everybody, is named with what they see', async () => {
    expect((await as<{ id: string }[]>(late, incidents, {})).map((one) => one.id)).toContain(incidentId)
    const room = await as<Centre>(later, centre, { incidentId })
    expect(room.incident.name).toBe('Trial')
    expect(JSON.stringify(room)).not.toContain('Line of before')
    await write(late, 'Line of the late one')
    expect((await reads(secretariat))[0]).toBe('Line of the late one')
    expect((await reads(later))[0]).toBe('Line of the late one')
    const { members: all, changes } = await as<{ members: { name: string; sees: string }[]; changes: { name: string; reason: string }[] }>(
      secretariat,
      members,
      { incidentId },
    )
    expect(all.map(({ name, sees }) => [name, sees])).toEqual([
      ['Lea Late', 'from-joining'],
      ['Lis Secretariat', 'all'],
      ['Lou Later', 'from-joining'],
      ['Pat Police', 'all'],
      ['Sia Secretariat', 'all'],
    ])
    expect(changes.map(({ name }) => name).sort()).toEqual(['Lea Late', 'Lis Secretariat', 'Lou Later', 'Pat Police'])
  })

  test('finds nothing of before by another way: not by number, not as of then, not in the record, not by count', async () => {
    const hidden = (await city.owner.query<{ id: string }>("select id from response.log_entries where text = 'Line of before'")).rows[0]!.id
    const seenBy = (person: TestHolder, statement: Statement) =>
      city.database.read(person.enters(), ({ tx }) => rows<{ n: number }>(tx, statement))
    await placeAll(city)
    const counts = async (person: TestHolder) =>
      [
        await seenBy(person, sql`select count(*)::int as n from response.log_entries where id = ${hidden}`),
        await seenBy(person, sql`select count(*)::int as n from record.place where row_id = ${hidden}`),
        await seenBy(person, sql`select count(*)::int as n from record.entry where convert_from(content, 'UTF8') like '%Line of before%'`),
      ].map(([row]) => row!.n)
    expect(await counts(late)).toEqual([0, 0, 0])
    expect(await counts(police)).toEqual([1, 1, 1])
    const past = await as<{ rows: unknown[] }>(late, asOf, { thread: incidentId, at: new Date().toISOString() })
    expect(JSON.stringify(past)).not.toContain('Line of before')
    expect(JSON.stringify(past)).toContain('Line between')
  })

  test('several at once are let in as one deed: each with an entry, or, where one cannot be, nobody', async () => {
    const structure = structureFor(city)
    const [one, other, third] = [
      await structure.holder('Una One', late.agencyId, 'duty'),
      await structure.holder('Udo Other', outsider.agencyId, 'duty'),
      await structure.holder('Ute Third', outsider.agencyId, 'duty'),
    ] as const
    const room = (await as<{ id: string }>(secretariat, openIncident, { name: 'Several', incidentType: 'flood' })).id
    const several = (by: TestHolder, ...people: TestHolder[]) =>
      as(by, admitPeople, { incidentId: room, personIds: people.map(({ personId }) => personId), past: 'all', reason: 'Core members' })
    const inIt = async () =>
      (await as<{ members: { name: string }[]; changes: { name: string }[] }>(secretariat, members, { incidentId: room })).members.map(
        ({ name }) => name,
      )
    await several(secretariat, one, other, one)
    expect(await inIt()).toEqual(['Sia Secretariat', 'Udo Other', 'Una One'])
    const { entries } = await as<{ entries: { code: string | null }[] }>(one, timeline, { incidentId: room, limit: 100 })
    expect(entries.filter(({ code }) => code === 'incident.admitted')).toHaveLength(2)
    await expect(several(secretariat, third, other)).rejects.toMatchObject({
      kind: 'conflict',
      message: expect.stringMatching(/^Udo Other takes/),
    })
    await expect(several(secretariat, third, { ...third, personId: id() })).rejects.toThrow()
    await expect(several(secretariat)).rejects.toMatchObject({ field: 'personIds' })
    await expect(several(police, third)).rejects.toMatchObject({ kind: 'not-allowed' })
    expect(await inIt()).toEqual(['Sia Secretariat', 'Udo Other', 'Una One'])
  })

  test('lets nobody see more than they see, nor takes an epoch that has not begun', async () => {
    const another = await structureFor(city).holder('Ann Another', late.agencyId, 'secretariat')
    await letIn(secretariat, another, 'from-joining')
    const newcomer = await structureFor(city).holder('Nia Newcomer', late.agencyId, 'duty')
    await expect(letIn(another, newcomer, 'all')).rejects.toMatchObject({ kind: 'not-allowed' })
    await expect(
      around(another, sql`select response.let_in(${id()}, ${incidentId}, ${newcomer.personId}, 'all', 'around it', ${new Date()})`),
    ).rejects.toMatchObject({
      kind: 'not-allowed',
    })
    await letIn(another, newcomer, 'from-joining')
    await expect(letIn(secretariat, newcomer, 'all')).rejects.toMatchObject({ kind: 'conflict' })
    for (const token of [`incident:${incidentId}.9`, `incident:${incidentId}`])
      await expect(
        around(another, sql`select access.grant_reach(${another.personId}, ${token}, null, null, 'test.mine:1')`),
      ).rejects.toMatchObject({
        kind: 'not-allowed',
      })
    await expect(letIn(outsider, outsider, 'from-joining')).rejects.toMatchObject({ kind: 'not-found' })
    await expect(letIn(outsider, outsider, 'all', id())).rejects.toMatchObject({ kind: 'not-found' })
    await expect(letIn(police, outsider, 'from-joining')).rejects.toMatchObject({ kind: 'not-allowed' })
    await expect(around(late, sql`insert into response.part_changes (id) values (${id()})`)).rejects.toMatchObject({ kind: 'not-allowed' })
  })
})

describe('whose part ends', () => {
  test('reads nothing of it from then on, in whatever way they came; coming back they see what is chosen then', async () => {
    await expect(end(police, late)).rejects.toMatchObject({ kind: 'not-allowed' })
    await expect(end(secretariat, secretariat)).rejects.toMatchObject({ kind: 'not-allowed' })
    await expect(end(outsider, late)).rejects.toMatchObject({ kind: 'not-found' })
    await end(secretariat, late)
    await expect(reads(late)).rejects.toMatchObject({ kind: 'not-found' })
    await expect(write(late, 'Line of nobody')).rejects.toMatchObject({ kind: 'not-found' })
    await expect(end(secretariat, late)).rejects.toMatchObject({ kind: 'conflict' })
    await write(secretariat, 'Line while away')
    await letIn(secretariat, late, 'from-joining')
    await write(secretariat, 'Line on return')
    expect(await reads(late)).toEqual(['Line on return'])
    await end(secretariat, late)
    await letIn(secretariat, late, 'all')
    expect(await reads(late)).toContain('Line while away')
    const { rows: entries } = await city.owner.query(
      "select code from response.log_entries where code in ('incident.partEnded', 'incident.admitted')",
    )
    expect(entries.filter(({ code }) => code === 'incident.partEnded')).toHaveLength(2)
  })

  describe('through the live stream', () => {
    let live: LiveServer
    beforeAll(async () => {
      live = await liveServer(city, registry)
    })
    afterAll(() => live?.stop())
    /** Follows as a browser does: a stream that is cut (what waited was put together under a reach that ended) is taken up again after its last line. */
    const following = async (who: TestHolder) => {
      const ending = new AbortController()
      const stream = { text: '', end: () => ending.abort() }
      const take = () => {
        const last = [...stream.text.matchAll(/^id: ?(.+)$/gm)].at(-1)?.[1]
        const headers = { authorization: `Bearer ${who.key}`, ...(last === undefined ? {} : { 'last-event-id': last }) }
        return fetch(`${live.url}/live`, { headers, signal: ending.signal })
      }
      let answer = await take()
      void (async () => {
        for (; !ending.signal.aborted; answer = await take()) {
          const decoder = new TextDecoder()
          try {
            for await (const part of answer.body!) stream.text += decoder.decode(part as Uint8Array, { stream: true })
          } catch {
            // Cut in the middle: taken up again.
          }
        }
      })().catch(() => undefined)
      return stream
    }

    test('who is let in has the next line at once; who is let go is told that it is gone, and nothing that comes after', async () => {
      await live.caughtUp()
      const guest = await structureFor(city).holder('Gus Guest', late.agencyId, 'duty')
      const stream = await following(guest)
      const beside = await following(police)
      const unseen = await write(police, 'Line before the guest')
      await letIn(secretariat, guest, 'from-joining')
      const seen = await write(police, 'Line for the guest')
      await expect.poll(() => stream.text.includes(seen), { timeout: 5_000, interval: 10 }).toBe(true)
      expect(stream.text).not.toContain(unseen)
      await end(secretariat, guest)
      await expect.poll(() => stream.text.split('gone')[1] ?? '', { timeout: 5_000, interval: 10 }).toContain(seen)
      const afterwards = await write(police, 'Line after the guest')
      await expect.poll(() => beside.text.includes(afterwards), { timeout: 5_000, interval: 10 }).toBe(true)
      expect(stream.text).not.toContain(afterwards)
      stream.end()
      beside.end()
    })
  })
})

test('a writer in an exercise lets nobody into live, nor sees who is there', async () => {
  const exercise = await city.exercise()
  const elsewhere = (statement: Statement) => city.database.read(secretariat.enters('test', exercise), ({ tx }) => rows(tx, statement))
  expect(await elsewhere(sql`select * from response.members(${incidentId})`)).toEqual([])
  await expect(
    city.database.change({
      entering: secretariat.enters('test', exercise),
      run: async ({ tx }) => ({
        value: await run(tx, sql`select response.let_in(${id()}, ${incidentId}, ${outsider.personId}, 'all', 'around it', ${new Date()})`),
      }),
    }),
  ).rejects.toMatchObject({ kind: 'not-allowed' })
  expect(liveWorld).not.toBe(exercise)
})
