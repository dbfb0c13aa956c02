import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { area } from '#areas/structure/area.ts'
import { structureFor, type TestHolder } from '#areas/structure/testing.ts'
import { rows, type Statement, sql } from '#core/db/sql.ts'
import { liveWorld, type TestCity, testCity, type TestPerson } from '#core/db/testing.ts'
import { id } from '#core/id.ts'
import { perform, registryOf } from '#core/operation/perform.ts'
import { reviewFindings } from '../findings/actions.ts'
import { type CityAnalysis, type Goal, hands } from './contract.ts'

const registry = registryOf([area])
let city: TestCity
let police: string
let rail: string
let watch: TestHolder
let secretary: TestHolder
let chair: TestHolder
let administrator: TestPerson
let groupId: string
const wording = { words: 'Know within ten minutes, decide within thirty.', sharedMinutes: 10, decidedMinutes: 30, actedMinutes: 60 }

const operate = <T>(who: TestPerson, verb: string, input: unknown, world = liveWorld) =>
  perform(city.database, registry, registry.named('structure', verb), input, who.enters(`structure.${verb}`, world)) as Promise<T>
const seeing = <T>(who: TestPerson, statement: Statement) => city.database.read(who.enters(), ({ tx }) => rows<T>(tx, statement))
/** As an injected statement would write it, past the door. */
const writing = (who: TestPerson, statement: Statement) =>
  city.database.change({ entering: who.enters(), run: async ({ tx }) => ({ value: await rows(tx, statement) }) })
const look = (who: TestPerson, input: unknown = {}) => operate<CityAnalysis>(who, 'analyse-city', input)
const label = "access.intern('[[\"city:test\"]]', 'TLP:GREEN')"

beforeAll(async () => {
  city = await testCity()
  await city.owner.query("insert into access.city (code, name) values ('test', 'Testham') on conflict do nothing")
  const structure = structureFor(city)
  police = await structure.agency('Police')
  rail = await structure.agency('Rail')
  watch = await structure.holder('Wanda Watch', police, 'watch-officer')
  secretary = await structure.holder('Sefa Secretary', police, 'secretariat')
  chair = await structure.holder('Chike Chair', police, 'chair')
  administrator = await city.person('Ada Administrator', ['city:test', 'kind:administrator'])
  groupId = id()
  await city.owner.query(
    `insert into structure.groups (id, code, name, tier, chair_post_id, quorum, label, world) values ($1, 'SCG', 'Strategic group', 'strategic', $2, 1, ${label}, $3)`,
    [groupId, chair.postId, liveWorld],
  )
  await city.owner.query(
    `insert into structure.memberships (id, group_id, agency_id, post_id, kind, basis, label, world) values ($1, $2, $3, $4, 'core', 'Plan', ${label}, $5)`,
    [id(), groupId, police, chair.postId, liveWorld],
  )
  await city.owner.query(
    `insert into structure.variants (id, group_id, incident_type, band, effect, agency_id, basis, label, world)
     values ($1, $2, 'rail', 'any', 'joins', $3, 'Plan 7', ${label}, $4)`,
    [id(), groupId, rail, liveWorld],
  )
  await city.owner.query(
    `insert into structure.responsibilities (id, activity, phase, agency_id, part, label, world) values ($1, 'Warn', 'response', $2, 'accountable', ${label}, $3)`,
    [id(), police, liveWorld],
  )
})
afterAll(() => city?.end())

describe('the analysis of the city', () => {
  test('says what is wrong, blocking first; who, why, and what would mend it', async () => {
    const { findings, basis, nodes, marking } = await look(secretary)
    expect(basis).toMatchObject({ version: null, incidentType: 'any', band: 'any', agencies: 2, groups: 1, links: 0 })
    expect(marking).toBe('TLP:AMBER+STRICT')
    expect(findings[0]).toMatchObject({ kind: 'nobody-accountable', blocking: true, rule: 'R-1.2.1' })
    const isolated = findings.find(({ kind }) => kind === 'isolated')
    expect(isolated).toMatchObject({ who: [{ kind: 'agency', id: rail }], edit: { deed: 'addSeat', groupId, agencyId: rail } })
    expect(isolated?.why).toMatch(/^Rail sits in no group and is linked to nobody/)
    expect(nodes.find((node) => node.id === rail)?.steps).toBeNull()
    expect(nodes.find((node) => node.id === police)?.steps).toBe(1)
  })

  test('another attack type is another network: rail sits at the table', async () => {
    const { findings } = await look(secretary, { incidentType: 'rail', band: 'first-hour' })
    expect(findings.map(({ kind }) => kind)).not.toContain('isolated')
  })

  test('who may look: four kinds of post, by the door and by the database', async () => {
    for (const who of [administrator, secretary, watch, chair]) await expect(look(who)).resolves.toBeDefined()
    for (const kind of ['duty', 'executive', 'communications', 'inquiry', 'operator', 'device']) {
      const other = await city.person(`Other ${kind}`, ['city:test', `kind:${kind}`])
      await expect(look(other)).rejects.toMatchObject({ kind: 'not-allowed' })
      await expect(
        writing(
          other,
          sql`insert into structure.analyses (id, person_id, at, incident_type, band, label)
              values (${id()}, ${other.personId}, '2026-01-01', 'any', 'any', access.city_label())`,
        ),
      ).rejects.toMatchObject({ kind: 'not-allowed' })
    }
  })

  test('each look is an entry under its raised label: those hands read it, nobody else does', async () => {
    await look(watch)
    const seen = async (who: TestPerson) =>
      (await seeing(who, sql`select id from structure.analyses where person_id = ${watch.personId}`)).length
    expect(await seen(chair)).toBeGreaterThan(0)
    expect(await seen(await city.person('Max Member', ['city:test', 'kind:duty', `agency:${police}`]))).toBe(0)
    const { rows: kept } = await city.owner.query<{ clauses: string[][]; marking: string }>(
      'select l.clauses, l.marking from structure.analyses a join access.label l on l.id = a.label where a.person_id = $1',
      [watch.personId],
    )
    expect(kept[0]?.marking).toBe('TLP:AMBER+STRICT')
    expect([...kept[0]!.clauses[0]!].sort()).toEqual(hands.map((kind) => `kind:${kind}`).sort())
  })

  test('a chair may not see the rota: it is said that nobody looked, and no post is called empty', async () => {
    const { findings, notLooked } = await look(chair)
    expect(notLooked).toContain('rota')
    expect(findings.map(({ kind }) => kind)).not.toContain('empty-post')
    expect((await look(secretary)).notLooked).not.toContain('rota')
  })

  test('a version that is not there is not found', async () => {
    await expect(look(secretary, { version: 99 })).rejects.toMatchObject({ kind: 'not-found' })
    await expect(look(secretary, { band: 'tomorrow' })).rejects.toMatchObject({ kind: 'invalid', field: 'band' })
  })
})

describe('the goal', () => {
  test('is said by the secretariat, the chair or the administrator, read by everybody, and its limits are used', async () => {
    const watched = await operate<{ goal: Goal | null }>(watch, 'goal', {})
    expect(watched.goal).toBeNull()
    await expect(operate(watch, 'set-goal', wording)).rejects.toMatchObject({ kind: 'not-allowed' })
    await operate(secretary, 'set-goal', wording)
    await operate(chair, 'set-goal', { ...wording, loadLimit: 3 })
    expect((await operate<{ goal: Goal }>(watch, 'goal', {})).goal).toMatchObject({ ...wording, loadLimit: 3, spanLimit: 7 })
    expect((await look(secretary)).goal).toMatchObject({ loadLimit: 3 })
    await expect(operate(secretary, 'set-goal', { ...wording, words: 'short' })).rejects.toMatchObject({ kind: 'invalid', field: 'words' })
  })

  test('what was said stays said, and a watch officer past the door says nothing', async () => {
    const refused = { kind: 'not-allowed' }
    await expect(writing(administrator, sql`update structure.goals set words = 'something else'`)).rejects.toMatchObject(refused)
    await expect(
      writing(
        watch,
        sql`insert into structure.goals (id, words, shared_minutes, decided_minutes, acted_minutes, load_limit, span_limit, set_at, label)
            values (${id()}, 'as slow as you like', 1, 1, 1, 1, 1, '2026-01-01', access.city_label())`,
      ),
    ).rejects.toMatchObject(refused)
  })
})

test('the hourly review puts them on the list of findings, and takes them off when they are mended', async () => {
  const review = () => city.database.jobs('structure.review', liveWorld, (tx) => reviewFindings(tx, new Date(), 'structure.review', id))
  await review()
  const listed = async () =>
    (await operate<{ findings: { kind: string; about: string }[] }>(secretary, 'findings', {})).findings.map(
      ({ kind, about }) => `${kind}: ${about}`,
    )
  expect(await listed()).toEqual(expect.arrayContaining(['isolated: Rail', 'nobody-accountable: network, Warn, transition, recovery']))
  await city.owner.query(
    `insert into structure.memberships (id, group_id, agency_id, kind, basis, label, world) values ($1, $2, $3, 'core', 'Plan', ${label}, $4)`,
    [id(), groupId, rail, liveWorld],
  )
  await review()
  expect(await listed()).not.toContain('isolated: Rail')
})
