import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { structureFor, type TestHolder } from '#areas/structure/testing.ts'
import { rows, run, sql } from '#core/db/sql.ts'
import { liveWorld, type TestCity, testCity } from '#core/db/testing.ts'
import { id } from '#core/id.ts'
import { sharingFor } from '../testing.ts'
import { answerRequest, appealRefusal, askForInformation, refusalFigures, requests, type SharingRequest } from './contract.ts'
import { byNeed, timeLeft } from './rules.ts'

let city: TestCity
let sharing: ReturnType<typeof sharingFor>
let fire: TestHolder
let fireChief: TestHolder
let police: TestHolder
let chief: TestHolder
let second: TestHolder
let rail: TestHolder
let chair: TestHolder
let bystander: TestHolder
let world: string
const incident = id()

const inMinutes = (minutes: number, from = Date.now()) => new Date(from + minutes * 60_000).toISOString()
const list = async (person: TestHolder, where = world) =>
  (await sharing.as<{ requests: SharingRequest[] }>(person, requests, {}, where)).requests
const seen = async (person: TestHolder, requestId: string, where = world) => (await list(person, where)).find((one) => one.id === requestId)
const ask = async (person: TestHolder, more: object = {}, where = world) =>
  (
    await sharing.as<{ requestId: string }>(
      person,
      askForInformation,
      { toAgencyId: police.agencyId, what: 'Which streets are closed', why: 'Engines are on their way', neededBy: inMinutes(60), ...more },
      where,
    )
  ).requestId
const answer = (person: TestHolder, requestId: string, more: object = {}, where = world) =>
  sharing.as(person, answerRequest, { requestId, outcome: 'share', words: 'North Street and the quay.', ...more }, where)
const refusal = { outcome: 'refuse', words: 'An inquiry runs.', reasonCode: 'public-safety', risk: 'Crews may drive into the cordon.' }

beforeAll(async () => {
  city = await testCity()
  sharing = sharingFor(city)
  const structure = structureFor(city)
  fire = await structure.holder('Fin Fire', await structure.agency('Fire'), 'duty', [`incident:${incident}`])
  fireChief = await structure.holder('Fay Chief', fire.agencyId, 'executive')
  police = await structure.holder('Pat Police', await structure.agency('Police'), 'duty')
  chief = await structure.holder('Cas Chief', police.agencyId, 'executive')
  second = await structure.holder('Sam Second', police.agencyId, 'executive')
  rail = await structure.holder('Ray Rail', await structure.agency('Rail'), 'duty')
  const council = await structure.agency('Council')
  chair = await structure.holder('Cora Chair', council, 'chair', [`incident:${incident}`])
  bystander = await structure.holder('Bo Chair', council, 'chair')
  world = await city.exercise()
  for (const [person, address] of [
    [fire, '+100'],
    [fireChief, '+101'],
    [police, '+200'],
    [chief, '+201'],
    [second, '+202'],
    [chair, '+300'],
  ] as const)
    await sharing.contact(person.personId, 'sms', address)
})
afterAll(() => city?.end())

describe('a request', () => {
  test('stands before both agencies at once and before nobody else; guessing tells nothing', async () => {
    const requestId = await ask(fire)
    expect(await seen(police, requestId)).toMatchObject({ side: 'answer', waiting: true, from: 'Fire', can: { answer: true } })
    expect(await seen(fire, requestId)).toMatchObject({ side: 'asked', can: { answer: false } })
    for (const other of [rail, chair]) expect(await list(other)).toEqual([])
    const wrong = async (requestIdOf: string) => answer(rail, requestIdOf).catch((error: unknown) => error)
    const [withheld, absent] = [await wrong(requestId), await wrong(id())]
    expect(withheld).toMatchObject({ kind: 'not-found' })
    expect(JSON.stringify(withheld)).toBe(JSON.stringify(absent))
    // Another world does not know it either.
    expect(await list(police, liveWorld)).toEqual([])
    await expect(answer(police, requestId, {}, liveWorld)).rejects.toMatchObject({ kind: 'not-found' })
  })

  test('is refused with a reason and the risk of it, or not at all: by the page’s words and by the database', async () => {
    const requestId = await ask(fire)
    await expect(answer(police, requestId, { ...refusal, reasonCode: undefined })).rejects.toMatchObject({ field: 'reasonCode' })
    await expect(answer(police, requestId, { ...refusal, risk: undefined })).rejects.toMatchObject({ field: 'risk' })
    await expect(answer(police, requestId, { outcome: 'part' })).rejects.toMatchObject({ field: 'risk' })
    await expect(answer(police, requestId, { reasonCode: 'other' })).rejects.toMatchObject({ field: 'reasonCode' })
    const around = (outcome: string, code: string | null, risk: string | null) =>
      city.database.change({
        entering: police.enters('test.around', world),
        run: async ({ tx }) => ({
          value: await run(
            tx,
            sql`insert into sharing.request_answers (id, request_id, outcome, words, reason_code, risk, answered_by, answered_at)
                values (${id()}, ${requestId}, ${outcome}, 'No more words.', ${code}, ${risk}, ${police.personId}, ${new Date()})`,
          ),
        }),
      })
    await expect(around('refuse', null, 'A risk')).rejects.toMatchObject({ kind: 'conflict' })
    await expect(around('refuse', 'other', null)).rejects.toMatchObject({ kind: 'conflict' })
    await expect(around('part', null, null)).rejects.toMatchObject({ kind: 'conflict' })
    await answer(police, requestId, refusal)
    expect((await seen(fire, requestId))?.answers).toMatchObject([
      { outcome: 'refuse', reasonCode: 'public-safety', risk: 'Crews may drive into the cordon.', by: 'Pat Police' },
    ])
    await expect(answer(police, requestId)).rejects.toMatchObject({ kind: 'conflict' })
  })

  test('is answered by the agency that was asked, and by a post of another kind only when that post was asked', async () => {
    const requestId = await ask(fire)
    await expect(answer(fire, requestId)).rejects.toMatchObject({ kind: 'not-allowed' })
    const pressOffice = await structureFor(city).holder('Pia Press', police.agencyId, 'communications')
    await expect(answer(pressOffice, requestId)).rejects.toMatchObject({ kind: 'not-allowed' })
    const named = await ask(fire, { toPostId: pressOffice.postId })
    await answer(pressOffice, named)
    // Who sits in that post, and works for another agency there, is not theirs to answer.
    await expect(ask(fire, { toPostId: rail.postId })).rejects.toMatchObject({ kind: 'not-found' })
  })

  test('asks for a time in which somebody can answer, of another agency, and of no incident that the asker is not in', async () => {
    await expect(ask(fire, { neededBy: inMinutes(1) })).rejects.toMatchObject({ field: 'neededBy' })
    await expect(ask(fire, { toAgencyId: fire.agencyId })).rejects.toMatchObject({ field: 'toAgencyId' })
    await expect(ask(rail, { incidentId: incident })).rejects.toMatchObject({ kind: 'not-found' })
    await expect(ask(fire, { incidentId: id() })).rejects.toMatchObject({ kind: 'not-found' })
    await expect(ask(fire, { toAgencyId: id() })).rejects.toMatchObject({ kind: 'not-found' })
  })

  test('is changed by nobody: not its label, not its state', async () => {
    const requestId = await ask(fire)
    for (const change of ['waiting = false', "outcome = 'share'", 'climbed = 2', 'label = 1', "what = 'else'"])
      await expect(
        city.database.change({
          entering: police.enters('test.around', world),
          run: async ({ tx }) => ({
            value: await run(tx, { text: `update sharing.requests set ${change} where id = $1`, values: [requestId] }),
          }),
        }),
      ).rejects.toMatchObject({ kind: 'not-allowed' })
  })
})

describe('what an answer carries', () => {
  test('is an item that the answerer can read; its title is for who can read it, and shows nobody else that it is there', async () => {
    const itemId = await sharing.share(police, { agencyIds: [fire.agencyId], basis: 'The duty to co-operate', title: 'Closed streets' })
    const apart = await sharing.share(police, { agencyIds: [rail.agencyId], basis: 'The duty to co-operate', title: 'Trains that stand' })
    const foreign = await sharing.share(rail, { agencyIds: [fire.agencyId], basis: 'The duty to co-operate', title: 'Not for the police' })
    const live = liveWorld
    const first = await ask(fire, {}, live)
    const wrong = (itemIdOf: string) => answer(police, first, { itemId: itemIdOf }, live).catch((error: unknown) => JSON.stringify(error))
    expect(await wrong(foreign)).toContain('not-found')
    expect(await wrong(foreign)).toBe(await wrong(id()))
    await expect(answer(police, first, { ...refusal, itemId }, live)).rejects.toMatchObject({ field: 'itemId' })
    await expect(
      city.database.change({
        entering: police.enters('test.around', live),
        run: async ({ tx }) => ({
          value: await run(
            tx,
            sql`insert into sharing.request_answers (id, request_id, outcome, words, item_id, answered_by, answered_at)
                values (${id()}, ${first}, 'share', 'Round about.', ${foreign}, ${police.personId}, ${new Date()})`,
          ),
        }),
      }),
    ).rejects.toMatchObject({ kind: 'not-allowed' })
    await answer(police, first, { itemId }, live)
    expect((await seen(fire, first, live))?.answers).toMatchObject([{ item: { id: itemId, title: 'Closed streets' }, pointer: null }])
    const second = await ask(fire, {}, live)
    await answer(police, second, { itemId: apart }, live)
    expect((await seen(fire, second, live))?.answers).toMatchObject([{ item: null }])
    // Whom an item was put before stands in the record's list of what was sent.
    const sent = await city.database.read(fire.enters(), ({ tx }) =>
      rows<{ toToken: string }>(
        tx,
        sql`select to_token from record.sendings where table_name = 'sharing.items' and row_id = any(${[itemId, apart]})`,
      ),
    )
    expect(sent).toEqual([{ toToken: `agency:${fire.agencyId}` }])
  })
})

describe('an appeal', () => {
  test('is made once, by the agency that asked, and decided by another executive', async () => {
    const requestId = await ask(fire)
    const appeal = (person: TestHolder) =>
      sharing.as(person, appealRefusal, { requestId, words: 'Lives depend on it.', neededBy: inMinutes(30) }, world)
    await expect(appeal(fire)).rejects.toMatchObject({ kind: 'conflict' })
    await answer(chief, requestId, refusal)
    await expect(appeal(police)).rejects.toMatchObject({ kind: 'not-allowed' })
    await expect(appeal(rail)).rejects.toMatchObject({ kind: 'not-found' })
    await appeal(fire)
    await expect(appeal(fire)).rejects.toMatchObject({ kind: 'conflict' })
    expect(await seen(chief, requestId)).toMatchObject({ waiting: true, can: { answer: false } })
    await expect(answer(chief, requestId)).rejects.toMatchObject({ kind: 'not-allowed' })
    await expect(answer(police, requestId)).rejects.toMatchObject({ kind: 'not-allowed' })
    await answer(second, requestId, { outcome: 'sanitised', words: 'North Street; no more.' })
    const done = await seen(fire, requestId)
    expect(done).toMatchObject({ waiting: false, outcome: 'sanitised', appeal: { words: 'Lives depend on it.' }, can: { appeal: false } })
    expect(done?.answers.map(({ round, outcome }) => [round, outcome])).toEqual([
      [0, 'refuse'],
      [1, 'sanitised'],
    ])
    expect(done?.history.map(({ what }) => what)).toEqual(['asked', 'answered', 'appealed', 'answered'])
  })
})

describe('a request that nobody answers', () => {
  test('climbs at half of the time to the asked executive, then to the requester’s and to who runs the incident; once, whoever is at it', async () => {
    const duties = [sharing.duties(), sharing.duties()]
    const turn = async () => {
      for (let round = 0; round < 3; round += 1) await Promise.all(duties.map(({ runDue }) => runDue()))
    }
    const here = await city.exercise()
    const requestId = await ask(fire, { incidentId: incident, neededBy: inMinutes(40) }, here)
    await turn()
    const to = async () =>
      (await sharing.queued(here)).filter(({ key }) => key.includes(requestId)).map(({ recipient, kind }) => [kind, recipient])
    expect(await to()).toEqual([['waits', '+200']])
    await sharing.passes(here, 19)
    await turn()
    expect(await to()).toHaveLength(1)
    expect(await seen(chair, requestId, here)).toBeUndefined()
    await sharing.passes(here, 1.1)
    await turn()
    expect(
      (await to())
        .slice(1)
        .map(([, who]) => who)
        .sort(),
    ).toEqual(['+201', '+202'])
    expect(await seen(fire, requestId, here)).toMatchObject({ climbed: 1 })
    expect(await seen(chair, requestId, here)).toBeUndefined()
    await sharing.passes(here, 10)
    await turn()
    expect(
      (await to())
        .slice(3)
        .map(([, who]) => who)
        .sort(),
    ).toEqual(['+101', '+300'])
    expect(await seen(chair, requestId, here)).toMatchObject({
      climbed: 2,
      overdue: false,
      history: [{ what: 'asked' }, { what: 'asked-executive' }, { what: 'requester-and-incident' }],
    })
    // A chair of something else, and who has no part in it, learn nothing.
    for (const other of [bystander, rail]) expect(await list(other, here)).toEqual([])
    await sharing.passes(here, 10)
    await turn()
    expect(await to()).toHaveLength(5)
    expect(await seen(police, requestId, here)).toMatchObject({ overdue: true, waiting: true })
    // Who runs the incident sees that it was answered, and not what was answered.
    await answer(police, requestId, {}, here)
    expect(await seen(chair, requestId, here)).toMatchObject({ waiting: false, outcome: 'share', answers: [] })
    expect(duties.flatMap(({ errors }) => errors)).toEqual([])
    const { rows } = await city.owner.query('select key from channels.outbox group by key, world having count(*) > 1')
    expect(rows).toEqual([])
    const said = JSON.stringify(await sharing.queued(here))
    for (const word of ['streets', 'Engines', 'Fire', 'Police', incident]) expect(said).not.toContain(word)
    await Promise.all(duties.map(({ stop }) => stop()))
  })

  test('does not climb once it is answered', async () => {
    const here = await city.exercise()
    const requestId = await ask(fire, { neededBy: inMinutes(40) }, here)
    await answer(police, requestId, {}, here)
    await sharing.passes(here, 60)
    const duties = sharing.duties()
    await duties.runDue()
    await duties.stop()
    expect(await seen(fire, requestId, here)).toMatchObject({ climbed: 0, overdue: false })
    expect((await seen(fire, requestId, here))?.history.map(({ what }) => what)).toEqual(['asked', 'answered'])
  })
})

describe('figures of refusals', () => {
  test('are told to the agency itself and to the chair, and to nobody else', async () => {
    const here = await city.exercise()
    await answer(police, await ask(fire, {}, here), refusal, here)
    await answer(police, await ask(fire, {}, here), {}, here)
    await answer(fire, await ask(police, { toAgencyId: fire.agencyId }, here), { ...refusal, reasonCode: 'not-held' }, here)
    const of = async (person: TestHolder) =>
      (await sharing.as<{ agencies: { agency: string; asked: number; refused: unknown[] }[] }>(person, refusalFigures, {}, here)).agencies
    expect(await of(chief)).toEqual([
      { agency: 'Police', asked: 2, late: 0, unanswered: 0, refused: [{ reasonCode: 'public-safety', times: 1 }] },
    ])
    expect((await of(chair)).map(({ agency }) => agency).sort()).toEqual(['Fire', 'Police'])
    await expect(of(police)).rejects.toMatchObject({ kind: 'not-allowed' })
    expect(
      await city.database.read(rail.enters('test.figures', here), async ({ tx }) => rows(tx, sql`select * from sharing.refusal_figures()`)),
    ).toEqual([])
  })
})

test('rules: what waits for you first; time in words', () => {
  const one = (name: string, waiting: boolean, mine: boolean, hour: number) => ({
    name,
    waiting,
    side: 'other' as const,
    can: { answer: mine, appeal: false },
    neededBy: `2026-03-12T${hour}:00:00Z`,
    askedAt: `2026-03-12T${hour - 1}:00:00Z`,
  })
  expect(
    byNeed([
      one('old', false, false, 11),
      one('theirs', true, false, 12),
      one('later', true, true, 15),
      one('new', false, false, 20),
      one('first', true, true, 13),
    ]).map(({ name }) => name),
  ).toEqual(['first', 'later', 'theirs', 'new', 'old'])
  const now = new Date('2026-03-12T12:00:00Z')
  expect(timeLeft('2026-03-12T12:40:30Z', now)).toEqual({ key: 'left', unit: 'minutes', count: 40 })
  expect(timeLeft('2026-03-12T17:59:00Z', now)).toEqual({ key: 'left', unit: 'hours', count: 5 })
  expect(timeLeft('2026-03-15T12:00:00Z', now)).toEqual({ key: 'left', unit: 'days', count: 3 })
  expect(timeLeft('2026-03-12T11:30:00Z', now)).toEqual({ key: 'past', unit: 'minutes', count: 30 })
})
