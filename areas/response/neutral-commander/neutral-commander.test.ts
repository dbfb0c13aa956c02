import { afterAll, beforeAll, expect, test } from 'vitest'
import { area } from '#areas/response/area.ts'
import { structureFor, type TestHolder } from '#areas/structure/testing.ts'
import { one, rows, sql } from '#core/db/sql.ts'
import { liveWorld, type TestCity, testCity } from '#core/db/testing.ts'
import { id } from '#core/id.ts'
import { type Operation, wordsOf } from '#core/operation/operation.ts'
import { perform, registryOf } from '#core/operation/perform.ts'
import { openIncident } from '../incidents/contract.ts'
import { appointNeutralCommander, neutralCommander, relieveNeutralCommander } from './contract.ts'
import { mayBeNeutral } from './rules.ts'

const registry = registryOf([area])
let city: TestCity
let secretariat: TestHolder
let outsider: TestHolder
let fromLead: TestHolder
let independent: TestHolder
let incidentId: string
let lead: string

const as = <T>(person: TestHolder, operation: Operation, input: unknown, key?: string) =>
  perform(city.database, registry, registry.named(...wordsOf(operation)), input, person.enters(operation.name), key) as Promise<T>

beforeAll(async () => {
  city = await testCity()
  const structure = structureFor(city)
  lead = await structure.agency('Police')
  const other = await structure.agency('Health')
  const council = await structure.agency('Council')
  secretariat = await structure.holder('Sam Secretariat', council, 'secretariat')
  outsider = await structure.holder('Otto Outsider', other, 'duty')
  fromLead = await structure.holder('Lea Lead', lead, 'neutral-commander')
  independent = await structure.holder('Ina Independent', other, 'neutral-commander')
  const incident = await as<{ id: string }>(secretariat, openIncident, { name: 'Trial', incidentType: 'flood' })
  incidentId = incident.id
  await city.owner.query(
    `insert into response.lead_agencies (id, incident_id, phase, agency_id, state, proposed_by, proposed_at, label, world)
     values ($1, $2::uuid, 'response', $3, 'proposed', $4, '2026-01-01T00:00Z', access.intern(jsonb_build_array(jsonb_build_array('incident:' || $2::uuid::text)), 'TLP:AMBER'), $5)`,
    [id(), incidentId, lead, secretariat.personId, liveWorld],
  )
})
afterAll(() => city?.end())

test('nobody from the lead agency, and nobody who sits in the incident, may be neutral commander', () => {
  expect(mayBeNeutral({ personId: 'p', agencyId: 'a' }, { leads: ['a'], seated: [] })).toMatch('lead agency')
  expect(mayBeNeutral({ personId: 'p', agencyId: 'b' }, { leads: ['a'], seated: ['p'] })).toMatch('own agency')
  expect(mayBeNeutral({ personId: 'p', agencyId: 'b' }, { leads: ['a'], seated: ['q'] })).toBeNull()
})

test('a candidate from the lead agency is refused, with the reason and the field', async () => {
  await expect(
    as(secretariat, appointNeutralCommander, { incidentId, postId: fromLead.postId, interests: 'none declared' }),
  ).rejects.toMatchObject({
    kind: 'invalid',
    field: 'postId',
  })
})

test('the database refuses the lead agency too, whoever asks', async () => {
  await expect(
    city.owner.query(
      `insert into response.neutral_commanders (id, incident_id, post_id, person_id, agency_id, interests, appointed_by, from_at, label, world)
       select $1, $2, $3, $4, $5, 'none', $4, '2026-01-01T00:00Z', i.label, i.world from response.incidents i where i.id = $2`,
      [id(), incidentId, fromLead.postId, fromLead.personId, lead],
    ),
  ).rejects.toThrow('lead agency')
})

test('somebody who is neither secretariat nor chair cannot appoint', async () => {
  await expect(
    as(outsider, appointNeutralCommander, { incidentId, postId: independent.postId, interests: 'none declared' }),
  ).rejects.toMatchObject({
    kind: 'not-allowed',
  })
})

test('somebody outside the incident finds nothing there', async () => {
  await expect(as(outsider, neutralCommander, { incidentId })).rejects.toMatchObject({ kind: 'not-found' })
})

test('an independent candidate is appointed once, and sent twice it is still once', async () => {
  const input = { incidentId, postId: independent.postId, interests: 'none declared' }
  const appointed = await as<{ id: string }>(secretariat, appointNeutralCommander, input, 'the-same-key')
  expect(await as(secretariat, appointNeutralCommander, input, 'the-same-key')).toEqual(appointed)
  await expect(as(secretariat, appointNeutralCommander, { ...input, interests: 'other' }, 'the-same-key')).rejects.toMatchObject({
    kind: 'conflict',
  })
  await expect(as(secretariat, appointNeutralCommander, input)).rejects.toMatchObject({ kind: 'conflict' })
})

test('the neutral commander now sees the incident, and the appointment is in the ledger with who and why', async () => {
  const seen = await as<{ now: { name: string } }>(independent, neutralCommander, { incidentId })
  expect(seen.now.name).toBe('Ina Independent')
  const { content } = await city.database.read(secretariat.enters(), async ({ tx }) =>
    one<{ content: { person: string; row: { interests: string } } }>(
      tx,
      sql`select convert_from(e.content, 'UTF8')::jsonb as content from record.entry e
          where convert_from(e.header, 'UTF8')::jsonb ->> 'table' = 'response.neutral_commanders' order by e.seq desc limit 1`,
    ),
  )
  expect(content).toMatchObject({ person: secretariat.personId, row: { interests: 'none declared' } })
})

test('relieved with a reason, the seat is free and their reach has ended', async () => {
  await as(secretariat, relieveNeutralCommander, { incidentId, reason: 'shift over' })
  await expect(as(independent, neutralCommander, { incidentId })).rejects.toMatchObject({ kind: 'not-found' })
})

test('nobody deletes or rewrites what was recorded', async () => {
  await expect(
    city.database.read(secretariat.enters(), ({ tx }) => rows(tx, sql`delete from response.neutral_commanders`)),
  ).rejects.toMatchObject({
    kind: 'not-allowed',
  })
  await expect(city.owner.query("update record.entry set header = ''")).rejects.toThrow('append-only')
  await expect(city.owner.query('delete from response.incidents')).rejects.toThrow('append-only')
})
