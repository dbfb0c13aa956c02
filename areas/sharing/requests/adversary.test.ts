import pg from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { TestHolder } from '#areas/structure/testing.ts'
import { id } from '#core/id.ts'
import { whomToAsk } from '../pointers/contract.ts'
import { sharingCity, sharingWire } from '../testing.ts'
import * as words from './contract.ts'

let here: Awaited<ReturnType<typeof sharingCity<'fire' | 'police' | 'rail'>>>
let wire: Awaited<ReturnType<typeof sharingWire>>
let chair: TestHolder
const incident = id()

beforeAll(async () => {
  here = await sharingCity('fire', 'police', 'rail')
  wire = await sharingWire(here.city)
  chair = await here.colleague(here.rail, 'Cora Chair', 'chair')
  await here.city.owner.query("select access.put_reach($1, $2, clock_timestamp() - interval '1 second', null, 'test')", [
    here.fire.personId,
    `incident:${incident}`,
  ])
})
afterAll(async () => {
  await wire?.stop()
  await here?.city.end()
})

const soon = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString()
const asked = async (more: object = {}) => {
  const { fire, police, sharing } = here
  const input = {
    toAgencyId: police.agencyId,
    what: 'Which streets are closed',
    why: 'Engines are on their way',
    neededBy: soon(60),
    ...more,
  }
  return (await sharing.as<{ requestId: string }>(fire, words.askForInformation, input)).requestId
}
const refusal = {
  outcome: 'refuse',
  words: 'An inquiry runs.',
  reasonCode: 'public-safety',
  risk: 'Crews may drive into the cordon.',
} as const
const path = (name: string, input: object) => `/api/sharing/${name}?input=${encodeURIComponent(JSON.stringify(input))}`
/** Everything that somebody can try with the id of a request. */
const deeds = (requestId: string) =>
  [
    [words.answerRequest, { requestId, outcome: 'share', words: 'North Street.' }],
    [words.answerRequest, { requestId, ...refusal }],
    [words.appealRefusal, { requestId, words: 'We must know.', neededBy: soon(60) }],
  ] as const
const looks = (requestId: string) => [path('answer-choices', { requestId }), path('whom-to-ask', { id: requestId })]

test('by the wire a request of others is as absent as a made-up one: status, words, headers, length, for each deed and each look; no ETag', async () => {
  const { police, rail, sharing } = here
  const waiting = await asked()
  const refused = await asked({ incidentId: incident })
  await sharing.as(police, words.answerRequest, { requestId: refused, ...refusal })
  for (const person of [rail, chair])
    for (const one of [waiting, refused]) {
      const madeUp = id()
      for (const [place, [operation, input]] of deeds(one).entries()) {
        const [withheld, absent] = [await wire.ask(person, operation, input), await wire.ask(person, operation, deeds(madeUp)[place]![1])]
        expect(withheld).toEqual(absent)
        expect(withheld.status).toBe(404)
      }
      for (const [place, look] of looks(one).entries()) {
        const [withheld, absent] = [await wire.get(person, look), await wire.get(person, looks(madeUp)[place]!)]
        expect(withheld).toEqual(absent)
        expect(withheld).toMatchObject({ status: 404, etag: null })
        expect((await wire.get(person, look, { 'if-none-match': '*', 'if-modified-since': new Date().toUTCString() })).status).toBe(404)
      }
    }
})

test('as much is asked of the database for a request that is withheld as for one that is not there: no time tells them apart', async () => {
  const { rail, sharing } = here
  const requestId = await asked()
  const spy = vi.spyOn(pg.Client.prototype, 'query')
  const work = async (one: string) => {
    const texts: string[] = []
    for (const [operation, input] of [...deeds(one), [words.answerChoices, { requestId: one }], [whomToAsk, { id: one }]] as const) {
      spy.mockClear()
      await expect(sharing.as(rail, operation, input)).rejects.toMatchObject({ kind: 'not-found' })
      texts.push(
        spy.mock.calls
          .map(([query]) => (typeof query === 'string' ? query : (query as unknown as { text: string }).text))
          .filter((text) => /sharing\./.test(text))
          .join('; '),
      )
    }
    return texts
  }
  try {
    const withheld = await work(requestId)
    expect(withheld).toEqual(await work(id()))
    expect(withheld.every((text) => text.includes('sharing.requests'))).toBe(true)
  } finally {
    spy.mockRestore()
  }
})

test('lists, their order and figures are the same bytes before and after others asked, refused, appealed and were climbed to', async () => {
  const { fire, police, rail, sharing, city } = here
  const own = await sharing.as<{ requestId: string }>(rail, words.askForInformation, {
    toAgencyId: fire.agencyId,
    what: 'Is the line clear',
    why: 'Trains stand',
    neededBy: soon(240),
  })
  const lists = async () =>
    JSON.stringify([
      await wire.get(rail, path('requests', {})),
      await wire.get(rail, path('refusal-figures', {})),
      await wire.get(rail, path('items', {})),
      await wire.get(rail, path('disclosures', {})),
      await wire.get(rail, path('oversight', {})),
    ])
  const before = await lists()
  expect(before).toContain(own.requestId)
  const requestId = await asked()
  await sharing.as(police, words.answerRequest, { requestId, ...refusal })
  await sharing.as(fire, words.appealRefusal, { requestId, words: 'We must know.', neededBy: soon(60) })
  const { rows } = await city.owner.query<{ id: string }>(
    "select id from sharing.request_steps where request_id = $1 and state = 'planned'",
    [requestId],
  )
  for (const step of rows) await city.owner.query('select sharing.climb($1, $2)', [step.id, soon(120)])
  expect(rows.length).toBe(2)
  expect(await lists()).toBe(before)
})

test('nothing of it is heard on the stream, neither live nor by coming back with a Last-Event-ID from before', async () => {
  const { police, rail, sharing } = here
  const theirs = await wire.stream(rail)
  const from = theirs.last()!
  const requestId = await asked()
  await sharing.as(police, words.answerRequest, { requestId, ...refusal })
  const told = await sharing.share(police, { agencyIds: [rail.agencyId], basis: 'To see that the stream runs.' })
  await expect.poll(() => theirs.text(), { timeout: 5_000 }).toContain(told)
  const back = await wire.stream(rail, from)
  await expect.poll(() => back.text(), { timeout: 5_000 }).toContain(told)
  for (const text of [theirs.text(), back.text()]) {
    expect(text).not.toContain(requestId)
    expect(text).not.toMatch(/"sharing\.request/)
  }
  await theirs.end()
  await back.end()
})

test('in the database it leaves nothing for whoever is of neither agency: no row, entry, place, number or notice', async () => {
  const { police, rail, sharing } = here
  const requestId = await asked({ what: 'Where is convoy Kestrel' })
  await sharing.as(police, words.answerRequest, { requestId, ...refusal, words: 'Kestrel is not for you.' })
  const all = await sharing.everything(rail)
  expect(all).not.toContain(requestId)
  expect(all).not.toContain('Kestrel')
})

test('what may answer is chosen among what is theirs or both have; nobody else is told, and nothing of a third agency’s', async () => {
  const { fire, police, rail, sharing } = here
  const requestId = await asked()
  const both = await sharing.share(police, { agencyIds: [fire.agencyId], basis: 'Duty.', title: 'Closed streets' })
  const own = await sharing.share(police, { agencyIds: [rail.agencyId], basis: 'Duty.', title: 'Trains that stand' })
  const theirs = await sharing.share(rail, { agencyIds: [police.agencyId], basis: 'Duty.', title: 'Only for the police' })
  const choices = (person: TestHolder, one = requestId) =>
    sharing.as<{ items: words.AnswerChoice[]; pointers: words.AnswerChoice[] }>(person, words.answerChoices, { requestId: one })
  const { items } = await choices(police)
  const found = (itemId: string) => items.find((one) => one.id === itemId)
  expect([found(both)?.before, found(own)?.before, found(theirs)]).toEqual([true, false, undefined])
  expect(items.findIndex((one) => one.id === both)).toBeLessThan(items.findIndex((one) => one.id === own))
  // Whoever asked reads the request, and is not told what the other side has.
  expect(await choices(fire)).toEqual({ items: [], pointers: [] })
  await sharing.as(police, words.answerRequest, { requestId, outcome: 'share', words: 'Here.', itemId: both })
  expect(await choices(police)).toEqual({ items: [], pointers: [] })
})
