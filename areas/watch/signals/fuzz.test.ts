import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { rows, sql } from '#core/db/sql.ts'
import { id } from '#core/id.ts'
import { canActivate } from './rules.ts'
import { judgeSignal, type Received } from './contract.ts'
import { cap, type WatchCity, watchCity } from '../sources/testing.ts'

/** Mutations of real messages through the whole door: no crash, and nothing but a sound, actual and uncontested message could raise an activation. */
const SHARED = '../shared/data/cap'
const present = existsSync(`${SHARED}/CATALOGUE.tsv`)
const COUNT = Number(process.env.CONCORD_INGEST_MUTATIONS ?? 600)

let state = 20260112
const roll = (below: number) => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0
  return Math.floor((state / 2 ** 32) * below)
}
const words = [
  'Actual',
  'Exercise',
  'Test',
  'Update',
  'Cancel',
  '\u0000',
  '&#0;',
  '\ud800',
  ']]>',
  '<!DOCTYPE a>',
  '\\u0000',
  '{}',
  '}{',
  "'; drop table watch.signals; --",
  '',
  'null',
  'NaN',
  '9'.repeat(400),
  '\u202e',
]

function mutated(source: Buffer): Buffer {
  const at = roll(source.length)
  const end = Math.min(source.length, at + roll(200))
  switch (roll(5)) {
    case 0:
      return Buffer.concat([source.subarray(0, at), Buffer.from([roll(256)]), source.subarray(at + 1)])
    case 1:
      return Buffer.concat([source.subarray(0, at), source.subarray(end)])
    case 2:
      return Buffer.concat([source.subarray(0, end), source.subarray(at)])
    case 3:
      return Buffer.concat([source.subarray(0, at), Buffer.from(words[roll(words.length)] ?? ''), source.subarray(at)])
    default: {
      const text = source.toString('latin1')
      const tags = ['status', 'msgType', 'sent', 'identifier', 'sender', 'references', 'polygon', 'scope']
      const tag = tags[roll(tags.length)]
      return Buffer.from(text.replace(new RegExp(`(<(?:\\w+:)?${tag}>)[^<]*`), `$1${words[roll(words.length)]}`), 'latin1')
    }
  }
}

let here: WatchCity
beforeAll(async () => {
  here = await watchCity()
})
afterAll(() => here?.end())

async function activationsRaised(): Promise<number> {
  const counted = await here.city.owner.query(
    'select (select count(*)::int from watch.activations) + (select count(*)::int from watch.signals where triage is not null) as raised',
  )
  return (counted.rows[0] as { raised: number }).raised
}

const byHand = (signalId: string) =>
  here.city.database.change({
    entering: here.officer.enters(),
    run: async ({ tx }) => ({
      value: await rows(
        tx,
        sql`insert into watch.activations (id, purpose, level_code, incident_type, criteria_matched, reason, signal_id, activated_by, at, label)
            select ${id()}, 'activation', 'x', 'x', 'x', 'x', ${signalId}, access.person(), '2026-01-01T00:00Z'::timestamptz, s.label from watch.signals s
            where s.id = ${signalId} returning id`,
      ),
    }),
  })

describe.skipIf(!present)(`mutations of real messages (skipped where ${SHARED} is absent)`, () => {
  const real = present
    ? (readdirSync(SHARED, { recursive: true }) as string[])
        .filter(
          (name) => /\.(xml|cap)$/.test(name) && statSync(`${SHARED}/${name}`).isFile() && statSync(`${SHARED}/${name}`).size < 60_000,
        )
        .map((name) => readFileSync(`${SHARED}/${name}`))
    : []

  test(`${COUNT} of them are answered in words, and none is claimed, judged or activated by arriving`, { timeout: 300_000 }, async () => {
    const answers: { status: number; body: Received }[] = []
    for (let done = 0; done < COUNT; done += 8) {
      answers.push(...(await Promise.all(Array.from({ length: 8 }, () => here.post(mutated(real[roll(real.length)]!))))))
    }
    expect([...new Set(answers.map(({ status }) => status))].filter((status) => ![200, 202, 422].includes(status))).toEqual([])
    for (const { body } of answers) expect(Array.isArray(body.reasons)).toBe(true)
    expect(await activationsRaised()).toBe(0)
  })

  test('of what they left, nothing quarantined or not actual can be activated on, by action or by hand', { timeout: 120_000 }, async () => {
    const found = await here.city.owner.query('select id, standing, route from watch.signals')
    const barred = (found.rows as { id: string; standing: 'accepted' | 'quarantined'; route: 'live' | 'not-actual' }[]).filter(
      (row) => !canActivate(row),
    )
    expect(barred.length).toBeGreaterThan(10)
    for (const { id: signalId } of barred.slice(0, 40)) {
      await expect(here.does(here.officer, judgeSignal, { signalId, triage: 'activate', reason: 'Tried.' })).rejects.toMatchObject({
        kind: 'invalid',
      })
      await expect(byHand(signalId)).rejects.toMatchObject({ kind: 'conflict' })
    }
    expect(await activationsRaised()).toBe(0)
    // And the same by hand on a sound one goes through, so that what was refused was refused for the signal.
    const sound = (await here.post(cap())).body.alerts[0]!.signalId!
    expect(await byHand(sound)).toHaveLength(1)
  })
})

test('a message whose words try to be SQL, JSON or a control character is stored as what it is', async () => {
  for (const headline of ["'); drop table watch.signals; --", '{"label": 1}', '\\u0000', '$1', '%s', '&#x202e;&#x1F6A8;', '&#xFFFD;']) {
    const answer = await here.post(cap({ headline }))
    expect(answer.status).toBe(202)
  }
})
