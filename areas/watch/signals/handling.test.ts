import { afterAll, beforeAll, expect, test } from 'vitest'
import { structureFor, type TestHolder } from '#areas/structure/testing.ts'
import { type Database } from '#core/db/tx.ts'
import { rows, sql } from '#core/db/sql.ts'
import { liveWorld } from '#core/db/testing.ts'
import { desk, endExercise, openExercise } from '../desk/contract.ts'
import { cap, type TestAlert, type WatchCity, watchCity } from '../sources/testing.ts'
import {
  assignToExercise,
  claimSignal,
  judgeSignal,
  original,
  releaseSignal,
  signal,
  type SignalDetail,
  type SignalLine,
} from './contract.ts'

let here: WatchCity
let cleared: TestHolder
beforeAll(async () => {
  here = await watchCity()
  const structure = structureFor(here.city)
  cleared = await structure.holder('Clara Cleared', here.officer.agencyId, 'duty', ['cleared:official-sensitive'])
})
afterAll(() => here?.end())

const later = '2099-01-01T00:00:00Z'
const arrived = async (alert: TestAlert = {}) => (await here.post(cap(alert))).body.alerts[0]!.signalId!
const quarantined = () => arrived({ more: '<notInTheSchema/>' })
const does = <T = SignalLine>(who: TestHolder, operation: Parameters<WatchCity['does']>[1], input: unknown, world?: string) =>
  here.does<T>(who, operation, input, world)
const judged = (signalId: string, triage: string, more: object = {}) =>
  does(here.officer, judgeSignal, { signalId, triage, reason: 'Said by two callers.', reviewAt: later, ...more })
/** Straight at the database, as the person: what the policies say when no action stands before them. */
const tries = (who: TestHolder, statement: ReturnType<typeof sql>) =>
  (here.city.database as Database).change({ entering: who.enters(), run: async ({ tx }) => ({ value: await rows(tx, statement) }) })
const sees = async (who: TestHolder, signalId: string) =>
  does(who, signal, { signalId }).then(
    () => true,
    () => false,
  )

test('a raw signal is for the desk: an outsider, an administrator and an operator see nothing of it', async () => {
  const signalId = await arrived()
  expect(await sees(here.officer, signalId)).toBe(true)
  for (const who of [here.outsider, cleared, here.administrator, here.operator]) {
    expect(await sees(who, signalId)).toBe(false)
    const found = await here.does<{ live: unknown[]; refused: unknown[] }>(who, desk, {})
    expect([found.live, found.refused]).toEqual([[], []])
    for (const table of ['signals', 'contents', 'originals', 'deliveries']) {
      expect(await tries(who, { text: `select id from watch.${table}`, values: [] })).toEqual([])
    }
  }
  expect(Buffer.from((await does<{ bytes: string }>(here.officer, original, { signalId })).bytes, 'base64').toString()).toMatch(
    'A trial of the desk',
  )
  // The bytes carry no marking, so the answer does.
  expect((await does<{ marking: string }>(here.officer, original, { signalId })).marking).toBe(
    (await does<{ marking: string }>(here.officer, signal, { signalId })).marking,
  )
  await expect(does(here.administrator, original, { signalId })).rejects.toMatchObject({ kind: 'not-allowed' })
})

test('one person claims a signal; a second hears who has it, and may take it over', async () => {
  const signalId = await arrived()
  expect(await does(here.officer, claimSignal, { signalId })).toMatchObject({ state: 'claimed', claimedBy: { name: 'Olive Officer' } })
  await expect(does(here.second, claimSignal, { signalId })).rejects.toMatchObject({
    kind: 'conflict',
    message: expect.stringContaining('Olive Officer'),
  })
  expect(await does(here.second, claimSignal, { signalId, takeOver: true })).toMatchObject({ claimedBy: { name: 'Oscar Officer' } })
  const another = await arrived()
  const both = await Promise.allSettled([
    does(here.officer, claimSignal, { signalId: another }),
    does(here.second, claimSignal, { signalId: another }),
  ])
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
})

test('a judgement needs a reason, and one that does not activate says when it is looked at again', async () => {
  const signalId = await arrived()
  await expect(judged(signalId, 'watch', { reason: '  ' })).rejects.toMatchObject({ kind: 'invalid', field: 'reason' })
  for (const triage of ['noise', 'watch', 'assess'])
    await expect(judged(signalId, triage, { reviewAt: null })).rejects.toMatchObject({ kind: 'invalid', field: 'reviewAt' })
  await expect(judged(signalId, 'watch', { reviewAt: '2020-01-01T00:00:00Z' })).rejects.toMatchObject({
    kind: 'invalid',
    field: 'reviewAt',
  })
  expect(await judged(signalId, 'noise')).toMatchObject({ state: 'judged', triage: 'noise', claimedBy: { name: 'Olive Officer' } })
  await expect(does(here.outsider, judgeSignal, { signalId, triage: 'activate', reason: 'x' })).rejects.toMatchObject({
    kind: 'not-allowed',
  })
})

test('assessed and activated signals go to the cleared duty structure; noise stays at the desk; what was told is not taken back', async () => {
  const signalId = await arrived()
  await judged(signalId, 'watch')
  expect([await sees(cleared, signalId), await sees(here.outsider, signalId)]).toEqual([false, false])
  await judged(signalId, 'activate', { reviewAt: null })
  expect([await sees(cleared, signalId), await sees(here.outsider, signalId), await sees(here.second, signalId)]).toEqual([
    true,
    false,
    true,
  ])
  const found = await does<SignalDetail>(cleared, signal, { signalId })
  expect(found.content.infos[0]?.headline).toBe('A trial of the desk')
  expect(found.judgements.map(({ triage }) => triage)).toEqual(['activate'])
  expect(found).toMatchObject({ hasOriginal: false, can: { judge: false, activate: false }, marking: 'OFFICIAL-SENSITIVE // TLP:AMBER' })
  await judged(signalId, 'noise')
  expect((await does<SignalDetail>(cleared, signal, { signalId })).judgements.map(({ triage }) => triage)).toEqual(['noise', 'activate'])
})

test('a signal in quarantine raises no activation, by whatever way; a named person releases it with a reason', async () => {
  const signalId = await quarantined()
  await expect(judged(signalId, 'activate')).rejects.toMatchObject({ kind: 'invalid', field: 'triage' })
  await expect(
    tries(
      here.officer,
      sql`update watch.signals set triage = 'activate', state = 'judged', judged_by = access.person(), judged_at = '2026-01-01T00:00Z' where id = ${signalId} returning id`,
    ),
  ).rejects.toMatchObject({ kind: 'conflict' })
  await expect(
    tries(here.officer, sql`update watch.signals set standing = 'accepted' where id = ${signalId} returning id`),
  ).rejects.toMatchObject({ kind: 'conflict' })
  await expect(does(here.officer, releaseSignal, { signalId, reason: ' ' })).rejects.toMatchObject({ kind: 'invalid', field: 'reason' })
  await expect(does(here.outsider, releaseSignal, { signalId, reason: 'I say so' })).rejects.toMatchObject({ kind: 'not-allowed' })
  const other = { by: here.second.personId, at: '2026-01-01T00:00Z' }
  await expect(
    tries(
      here.officer,
      sql`update watch.signals set standing = 'released', released_by = ${other.by}, released_at = ${other.at}, release_reason = 'x' where id = ${signalId} returning id`,
    ),
  ).rejects.toMatchObject({ kind: 'conflict' })
  expect(await does(here.officer, releaseSignal, { signalId, reason: 'Rang the sender back on the listed number.' })).toMatchObject({
    standing: 'released',
  })
  expect(await does<SignalDetail>(here.officer, signal, { signalId })).toMatchObject({
    releasedBy: { name: 'Olive Officer' },
    releaseReason: 'Rang the sender back on the listed number.',
  })
  await expect(does(here.second, releaseSignal, { signalId, reason: 'again' })).rejects.toMatchObject({ kind: 'conflict' })
  expect(await judged(signalId, 'activate')).toMatchObject({ triage: 'activate' })
})

test('what a person released stays released when another copy comes; what was only accepted does not', async () => {
  const alert = { identifier: 'RELEASED-ONCE' }
  const signalId = await arrived({ ...alert, more: '<notInTheSchema/>' })
  await does(here.officer, releaseSignal, { signalId, reason: 'Rang the sender back.' })
  const copy = await arrived({ ...alert, headline: 'Something else' })
  expect(await does(here.officer, signal, { signalId })).toMatchObject({
    standing: 'released',
    errors: expect.arrayContaining([expect.stringMatching('something else')]),
  })
  expect(await does(here.officer, signal, { signalId: copy })).toMatchObject({ standing: 'quarantined' })
})

test('what is not actual never activates in live; handed to an exercise it counts there, and live does not change', async () => {
  const signalId = await arrived({ status: 'Exercise', identifier: 'PLAYED' })
  expect((await here.does<{ notActual: SignalLine[] }>(here.officer, desk, {})).notActual.map(({ identifier }) => identifier)).toContain(
    'PLAYED',
  )
  await expect(judged(signalId, 'activate')).rejects.toMatchObject({ kind: 'invalid', field: 'triage' })
  await expect(does(here.outsider, openExercise, { name: 'Mine' })).rejects.toMatchObject({ kind: 'not-allowed' })
  const exercise = await does<{ id: string }>(here.officer, openExercise, { name: 'Trial', startsAt: '2026-03-12T14:10:00Z', rate: 30 })
  await expect(does(here.officer, assignToExercise, { signalId })).rejects.toMatchObject({ kind: 'invalid', field: 'worldId' })
  const copy = await does<{ signalId: string; worldId: string }>(here.officer, assignToExercise, { signalId, worldId: exercise.id })
  expect(await does(here.officer, assignToExercise, { signalId }, exercise.id)).toEqual(copy)
  expect(await sees(here.officer, copy.signalId)).toBe(false)
  const there = await does<SignalDetail>(here.officer, signal, { signalId: copy.signalId }, exercise.id)
  expect(there).toMatchObject({
    route: 'live',
    status: 'Exercise',
    assigned: true,
    state: 'new',
    source: 'Partner',
    can: { activate: true },
  })
  expect(there.receivedAt.startsWith('2026-03-12T14:1')).toBe(true)
  const input = { signalId: copy.signalId, triage: 'activate', reason: 'Played.' }
  expect(await does(here.officer, judgeSignal, input, exercise.id)).toMatchObject({ triage: 'activate' })
  expect(await does(here.officer, signal, { signalId })).toMatchObject({ route: 'not-actual', triage: null, state: 'new' })
  const actual = await arrived()
  await expect(does(here.officer, assignToExercise, { signalId: actual, worldId: exercise.id })).rejects.toMatchObject({
    kind: 'invalid',
    field: 'signalId',
  })
  await expect(does(here.outsider, assignToExercise, { signalId, worldId: exercise.id })).rejects.toMatchObject({ kind: 'not-allowed' })
  expect(await does(here.officer, endExercise, { worldId: exercise.id })).toMatchObject({ id: exercise.id })
  await expect(does(here.officer, signal, { signalId: copy.signalId }, exercise.id)).rejects.toMatchObject({ kind: 'not-allowed' })
  await expect(does(here.officer, assignToExercise, { signalId, worldId: exercise.id })).rejects.toMatchObject({ kind: 'invalid' })
})

test('a forged row, another’s name, a deletion: the database says no', async () => {
  const signalId = await arrived()
  await expect(
    tries(
      here.officer,
      sql`insert into watch.originals (id, sha256, bytes, label) values (gen_random_uuid(), repeat('0', 64), '', 1) returning id`,
    ),
  ).rejects.toMatchObject({ kind: 'not-allowed' })
  await expect(tries(here.outsider, sql`select watch.receive_delivery('{}'::jsonb)`)).rejects.toMatchObject({ kind: 'not-allowed' })
  await expect(tries(here.outsider, sql`select * from watch.known_signals('{}', '{}')`)).rejects.toMatchObject({ kind: 'not-allowed' })
  await expect(
    tries(
      here.officer,
      sql`update watch.signals set claimed_by = ${here.second.personId}, claimed_at = '2026-01-01T00:00Z', state = 'claimed' where id = ${signalId} returning id`,
    ),
  ).rejects.toMatchObject({ kind: 'conflict' })
  await expect(
    tries(here.officer, sql`update watch.signals set identifier = 'other' where id = ${signalId} returning id`),
  ).rejects.toMatchObject({ kind: 'not-allowed' })
  await expect(tries(here.officer, sql`delete from watch.signals where id = ${signalId} returning id`)).rejects.toMatchObject({
    kind: 'not-allowed',
  })
  const released = { id: signalId, outcome: 'accepted', standing: 'released', route: 'live' }
  await expect(
    tries(here.officer, sql`select watch.receive_signal(${JSON.stringify(released)}::jsonb, '{}'::jsonb, '{}'::jsonb)`),
  ).rejects.toThrow()
  for (const value of [null, signalId]) {
    const found = await here.city.owner.query(
      "select count(*)::int as held from watch.signals where world <> $1 and ($2::uuid is null or id = $2) and triage = 'activate' and standing = 'quarantined'",
      [liveWorld, value],
    )
    expect(found.rows[0]).toEqual({ held: 0 })
  }
})
