import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { structureFor, type TestHolder } from '#areas/structure/testing.ts'
import { area as response } from '#areas/response/area.ts'
import { openIncident } from '#areas/response/incidents/contract.ts'
import { one, rows, sql } from '#core/db/sql.ts'
import { liveWorld, type TestCity, testCity, type TestPerson } from '#core/db/testing.ts'
import { realClock } from '#core/clock.ts'
import { id } from '#core/id.ts'
import { type Operation, wordsOf } from '#core/operation/operation.ts'
import { perform, registryOf } from '#core/operation/perform.ts'
import { recordArea } from '#core/record/area.ts'
import { verify } from '#core/record/reading/contract.ts'
import { sealOnce } from '#core/record/sealer.ts'
import { placeAll } from '#core/record/testing.ts'
import { createSigningKey } from '#core/record/tree/heads.ts'
import {
  confirmRetention,
  heldSince,
  hold,
  holds,
  releaseHold,
  retention,
  setRetention,
  tryRetention,
} from '#core/record/retention/contract.ts'
import { retaining } from '#core/record/retention/actions.ts'

const registry = registryOf([recordArea([response]), response])
const year = 366 * 86_400_000
let city: TestCity
let watch: TestHolder
let protection: TestHolder
let executive: TestHolder
let lawyer: TestHolder
let inquiry: TestPerson

const as = <T>(person: TestPerson, operation: Operation, input: unknown): Promise<T> =>
  perform(city.database, registry, registry.named(...wordsOf(operation)), input, person.enters(operation.name)) as Promise<T>
const strengthen = (person: TestPerson) =>
  city.owner.query('update access.session set strong_at = clock_timestamp() where person = $1', [person.personId])

/** The daily duty, by a clock that says so many years ago or today. */
const runAt = (at: Date) =>
  city.database.jobs('record.retention', liveWorld, (tx) =>
    Promise.resolve(
      retaining.run({
        tx,
        clock: { ...realClock, now: () => at },
        id,
        emit: () => {},
        world: { id: liveWorld, kind: 'live', name: 'Live' },
      }),
    ),
  )

async function settle(): Promise<void> {
  await placeAll(city)
  await city.database.verifier(async (tx) => {
    while ((await sealOnce(tx, [key], 'halvern')) !== undefined);
  })
}
const key = createSigningKey('halvern')

/** An incident that was closed so many years ago, with one line of its timeline. */
async function closedIncident(name: string, years: number): Promise<string> {
  const { id: incidentId } = await as<{ id: string }>(watch, openIncident, { name, incidentType: 'flood' })
  await city.owner.query(
    "update response.incidents set phase = 'closed', closed_at = clock_timestamp() - $2 * interval '366 days' where id = $1",
    [incidentId, years],
  )
  return incidentId
}
const nameOf = async (incidentId: string) =>
  (await city.owner.query<{ name: string }>('select name from response.incidents where id = $1', [incidentId])).rows[0]?.name
const contents = async (incidentId: string) =>
  (
    await city.owner.query<{ content: string | null; header: string }>(
      `select convert_from(e.content, 'UTF8') as content, convert_from(e.header, 'UTF8') as header from record.entry e join record.place p on p.seq = e.seq
       where p.thread = $1 order by p.position`,
      [incidentId],
    )
  ).rows

beforeAll(async () => {
  city = await testCity()
  await city.owner.query("insert into access.city (code, name) values ('halvern', 'Halvern') on conflict do nothing")
  const structure = structureFor(city)
  const agency = await structure.agency('Council')
  watch = await structure.holder('Wil Watch', agency, 'watch-officer')
  protection = await structure.holder('Pia Protection', agency, 'data-protection')
  executive = await structure.holder('Ed Executive', agency, 'executive')
  lawyer = await structure.holder('Lou Law', agency, 'legal-adviser')
  inquiry = await city.person('Ira Inquiry', ['kind:inquiry'])
  await city.database.verifier((tx) =>
    rows(tx, sql`insert into record.signing_key (key_id, public_key) values (${key.key.id}, ${key.key.text})`),
  )
})
afterAll(() => city?.end())

describe('retention', () => {
  test('deletes nothing until somebody who answers for it has confirmed, with their passkey; then leaves stubs that verify', async () => {
    const old = await closedIncident('The flood that was', 11)
    const young = await closedIncident('The flood of late', 2)
    await settle()
    await runAt(new Date())
    expect(await nameOf(old)).toBe('The flood that was')

    await expect(as(executive, confirmRetention, { table: 'response.incidents' })).rejects.toMatchObject({ kind: 'not-allowed' })
    await strengthen(executive)
    const tried = await as<{ rows: number; keepDays: number }>(executive, tryRetention, { table: 'response.incidents' })
    expect(tried).toMatchObject({ rows: 1, keepDays: 3650 })
    expect(await nameOf(old)).toBe('The flood that was')
    await as(executive, confirmRetention, { table: 'response.incidents' })
    await as(executive, confirmRetention, { table: 'response.log_entries' })

    // By the clock: two years ago its time was not over; a clock that runs ahead gains nothing.
    await runAt(new Date(Date.now() - 2 * year))
    expect(await nameOf(old)).toBe('The flood that was')
    await runAt(new Date(Date.now() + 20 * year))
    expect(await nameOf(old)).toBe('(removed: its time was over)')
    expect(await nameOf(young)).toBe('The flood of late')

    await settle()
    const left = await contents(old)
    expect(left.filter(({ content }) => content === null).length).toBeGreaterThanOrEqual(3)
    expect(JSON.stringify(left)).not.toContain('The flood that was')
    expect((await contents(young)).every(({ content }) => content !== null)).toBe(true)
    const report = await as<{ ok: boolean; stubs: number; problems: unknown[] }>(inquiry, verify, {})
    expect(report).toMatchObject({ ok: true, problems: [] })
    expect(report.stubs).toBe(left.filter(({ content }) => content === null).length)

    const { policies } = await as<{ policies: Array<{ table: string; lastRun: { rows: number } | null }> }>(protection, retention, {})
    expect(policies.find(({ table }) => table === 'response.incidents')?.lastRun?.rows).toBe(1)
  })

  test('another period is confirmed anew; who may not set it, cannot, by any path; no serving role deletes by itself', async () => {
    await strengthen(protection)
    await as(protection, setRetention, { table: 'response.incidents', keepDays: 365, basis: 'The city’s own schedule.' })
    const young = await closedIncident('The small flood', 3)
    await settle()
    await runAt(new Date())
    expect(await nameOf(young)).toBe('The small flood')
    for (const person of [watch, lawyer, inquiry]) {
      await strengthen(person)
      await expect(as(person, confirmRetention, { table: 'response.incidents' })).rejects.toMatchObject({ kind: 'not-allowed' })
    }
    const attempt = (person: TestPerson, text: string) =>
      city.database.change({ entering: person.enters(), run: async ({ tx }) => ({ value: await rows(tx, { text, values: [] }) }) })
    for (const text of [
      "select record.retain('response.incidents', clock_timestamp(), 10)",
      "select * from record.over('response.incidents', 1, clock_timestamp(), 10)",
      'delete from record.holds',
      'update record.entry set content = null, salt = null',
    ])
      await expect(attempt(executive, text)).rejects.toMatchObject({ kind: 'not-allowed' })
    expect(
      await attempt(lawyer, 'update record.retention_policies set confirmed_at = clock_timestamp(), confirmed_by = set_by returning id'),
    ).toEqual([])
    await expect(as(watch, retention, {})).rejects.toMatchObject({ kind: 'not-allowed' })
  })

  test('a legal hold stops it, for the incident and all that belongs to it; releasing lets it run; both are entries', async () => {
    const held = await closedIncident('The held flood', 12)
    await settle()
    const { id: holdId } = await as<{ id: string }>(lawyer, hold, {
      thread: held,
      reason: 'An inquest is foreseeable.',
      authority: 'Coroner, letter of 3 March',
    })
    await as(protection, setRetention, { table: 'response.incidents', keepDays: 3650, basis: 'The city’s own schedule.' })
    await as(protection, confirmRetention, { table: 'response.incidents' })
    await runAt(new Date())
    expect(await nameOf(held)).toBe('The held flood')
    expect((await contents(held)).every(({ content }) => content !== null)).toBe(true)

    // The incident's people are told that it is held, and not why; who has no part in it is told nothing, and learns nothing by asking.
    expect((await as<{ since: string | null }>(watch, heldSince, { thread: held })).since).not.toBeNull()
    await expect(as(watch, holds, {})).rejects.toMatchObject({ kind: 'not-allowed' })
    const stranger = await city.person('Stan Stranger')
    expect(await as(stranger, heldSince, { thread: held })).toEqual(await as(stranger, heldSince, { thread: id() }))
    await expect(as(watch, hold, { thread: held, reason: 'I would like to.', authority: 'Mine' })).rejects.toMatchObject({
      kind: 'not-allowed',
    })
    await expect(as(lawyer, hold, { reason: 'An inquest is foreseeable.', authority: 'Coroner' })).rejects.toMatchObject({
      kind: 'invalid',
      field: 'thread',
    })

    await as(inquiry, releaseHold, { id: holdId, reason: 'The inquest has ended.' })
    await expect(as(lawyer, releaseHold, { id: holdId, reason: 'The inquest has ended.' })).rejects.toMatchObject({ kind: 'not-found' })
    await runAt(new Date())
    expect(await nameOf(held)).toBe('(removed: its time was over)')
    await settle()
    const noted = await city.database.read(inquiry.enters(), ({ tx }) =>
      one<{ written: number }>(
        tx,
        sql`select count(*) as written from record.place where table_name = 'record.holds' and row_id = ${holdId}`,
      ),
    )
    expect(noted.written).toBe(2)
  })

  test('a hold on one row holds that row alone', async () => {
    const one1 = await closedIncident('Held by itself', 13)
    const other = await closedIncident('Not held', 13)
    await settle()
    await as(protection, hold, { table: 'response.incidents', row: one1, reason: 'A claim was announced.', authority: 'Claim 12' })
    await runAt(new Date())
    expect(await nameOf(one1)).toBe('Held by itself')
    expect(await nameOf(other)).toBe('(removed: its time was over)')
  })
})
