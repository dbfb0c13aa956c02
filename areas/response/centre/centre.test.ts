import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { area } from '#areas/response/area.ts'
import { structureFor, type TestHolder } from '#areas/structure/testing.ts'
import { liveWorld, type TestCity, type TestPerson, testCity } from '#core/db/testing.ts'
import { id } from '#core/id.ts'
import { startRunner } from '#core/jobs/runner.ts'
import { command, type Operation, wordsOf } from '#core/operation/operation.ts'
import { perform, registryOf } from '#core/operation/perform.ts'
import { implement, type Area, react } from '#core/operation/implement.ts'
import { z } from 'zod'
import { closeIncident, openIncident, setCentreTimes, setIncidentStatus } from '../incidents/contract.ts'
import { confirmLead, contestLead, leads } from '../lead-agency/contract.ts'
import { appointNeutralCommander } from '../neutral-commander/contract.ts'
import { takeSeat } from '../seats/contract.ts'
import { correctEntry, timeline, type TimelinePage, writeEntry } from '../timeline/contract.ts'
import { type Centre, centre } from './contract.ts'

const tell = command('watch.tell', {
  who: 'person',
  summary: 'Stands for the watch.',
  input: z.object({ event: z.string(), payload: z.unknown() }),
  output: z.object({}),
})
const told: Array<{ on: string; payload: unknown }> = []
const failures: unknown[] = []
const ears = ['response.agencySilent', 'response.coreMemberAbsent', 'response.leadUnresolved']
const watch: Area = {
  name: 'watch',
  features: [
    [
      implement(tell, async ({ input, emit }) => {
        emit(input.event, input.payload)
        return {}
      }),
    ],
  ],
  reactions: ears.map((on) => react<unknown>(on, async (payload) => void told.push({ on, payload }))),
}
const registry = registryOf([watch, area])

let city: TestCity
let officer: TestHolder
let secretariat: TestHolder
let chair: TestHolder
let policeChair: TestHolder
let police: TestHolder
let rail: TestHolder
let harbour: TestHolder
let outsider: TestHolder
let neutral: TestHolder
let wall: TestPerson
let strategic: string
let incidentId: string
const activationId = id()

const as = <T>(person: TestPerson, operation: Operation, input: unknown) =>
  perform(city.database, registry, registry.named(...wordsOf(operation)), input, person.enters(operation.name)) as Promise<T>
const seen = (person: TestPerson) => as<Centre>(person, centre, { incidentId })
const label = "access.intern('[[\"city:test\"]]', 'TLP:GREEN')"

/** As watch writes it when somebody has said yes. */
async function accept(person: TestHolder) {
  const contact = id()
  const callOut = id()
  await city.owner.query(
    `insert into structure.contacts (id, person_id, channel, address, rank, label, world) values ($1, $2, 'sms', '+44', 1, ${label}, $3)`,
    [contact, person.personId, liveWorld],
  )
  await city.owner.query(
    `insert into watch.call_outs (id, activation_id, post_id, agency_id, started_at, label, world) values ($1, $2, $3, $4, '2026-01-01T00:00Z', ${label}, $5)`,
    [callOut, activationId, person.postId, person.agencyId, liveWorld],
  )
  await city.owner.query(
    `insert into watch.asks (id, call_out_id, activation_id, post_id, person_id, key, kind, capacity, address, channel, contact_id, due_at, state, accepted_at, label, world)
     values ($1, $2, $3, $4, $5, $6, 'call-out', 'holder', 0, 'sms', $7, '2026-01-01T00:00Z', 'accepted', '2026-01-01T00:00Z', ${label}, $8)`,
    [id(), callOut, activationId, person.postId, person.personId, id(), contact, liveWorld],
  )
}
const announce = (person: TestHolder) =>
  as(officer, tell, {
    event: 'watch.callOutAccepted',
    payload: { activationId, postId: person.postId, agencyId: person.agencyId, personId: person.personId },
  })

beforeAll(async () => {
  city = await testCity()
  const structure = structureFor(city)
  const policeId = await structure.agency('Police')
  const railId = await structure.agency('Rail')
  const councilId = await structure.agency('Council')
  const harbourId = await structure.agency('Harbour')
  const fireId = await structure.agency('Fire')
  strategic = id()
  officer = await structure.holder('Olga Officer', councilId, 'watch-officer')
  secretariat = await structure.holder('Sam Secretariat', councilId, 'secretariat', [`group:${strategic}`])
  chair = await structure.holder('Cleo Chair', councilId, 'chair', [`group:${strategic}`])
  policeChair = await structure.holder('Pia Chair', policeId, 'chair', [`group:${strategic}`])
  police = await structure.holder('Pol Police', policeId, 'duty')
  rail = await structure.holder('Rae Rail', railId, 'duty')
  harbour = await structure.holder('Hari Harbour', harbourId, 'duty')
  outsider = await structure.holder('Otto Outsider', fireId, 'duty')
  neutral = await structure.holder('Ina Independent', fireId, 'neutral-commander')
  await structure.holder('Edda Executive', harbourId, 'executive')
  await city.owner.query(
    `insert into structure.groups (id, code, name, tier, chair_post_id, quorum, label, world) values ($1, 'SCG', 'Strategic group', 'strategic', $2, 2, ${label}, $3)`,
    [strategic, chair.postId, liveWorld],
  )
  for (const agency of [policeId, councilId, harbourId]) {
    await city.owner.query(
      `insert into structure.memberships (id, group_id, agency_id, kind, basis, label, world) values ($1, $2, $3, 'core', 'declared', ${label}, $4)`,
      [id(), strategic, agency, liveWorld],
    )
  }
  await city.owner.query(
    `insert into structure.lead_arrangements (id, incident_type, jurisdiction, phase, agency_id, basis, label, world) values ($1, 'flood', 'city', 'response', $2, 'Annex C', ${label}, $3)`,
    [id(), policeId, liveWorld],
  )
  await city.owner.query(
    `insert into watch.activations (id, purpose, level_code, incident_type, criteria_matched, reason, activated_by, at, label, world)
     values ($1, 'activation', 'activated', 'flood', 'two agencies', 'trial', $2, '2026-01-01T00:00Z', ${label}, $3)`,
    [activationId, officer.personId, liveWorld],
  )
  const payload = {
    activationId,
    level: 'activated',
    incidentType: 'flood',
    jurisdiction: 'city',
    name: 'TRIAL',
    groups: [strategic],
    posts: [rail.postId],
  }
  await as(officer, tell, { event: 'watch.activated', payload })
  await as(officer, tell, { event: 'watch.activated', payload })
  const opened = await as<Array<{ id: string; name: string }>>(officer, registry.named('response', 'incidents').operation, {})
  expect(opened.map(({ name }) => name)).toEqual(['TRIAL'])
  incidentId = opened[0]!.id
  wall = await city.person('The wall', [`incident:${incidentId}`, 'city:test'])
  for (const person of [secretariat, chair, policeChair]) {
    await city.owner.query("select access.put_reach($1, $2, clock_timestamp() - interval '1 second', null, 'test')", [
      person.personId,
      `incident:${incidentId}`,
    ])
  }
})
afterAll(() => city?.end())

describe('an activation opens the centre', () => {
  test('core members and called agencies are expected, the agreed lead is proposed, and it is told once', async () => {
    const now = await seen(officer)
    expect(now.seats.map(({ shortName, state, core }) => [shortName, state, core])).toEqual([
      ['Council', 'expected', true],
      ['Harbour', 'expected', true],
      ['Police', 'expected', true],
      ['Rail', 'expected', false],
    ])
    expect(now.lead).toMatchObject({ state: 'proposed', agencyName: 'Police' })
    expect(now.quorum).toMatchObject([{ code: 'SCG', present: 0, core: 3, quorum: 2, reached: false }])
    expect(now.timeline.entries.map(({ code }) => code).sort()).toEqual(['incident.opened', 'lead.proposed', 'seat.expected'])
  })

  test('only who has an accepted ask is let in, and then the seat is en route', async () => {
    await announce(police)
    await expect(seen(police)).rejects.toMatchObject({ kind: 'not-found' })
    for (const person of [police, rail]) {
      await accept(person)
      await announce(person)
    }
    await announce(police)
    const now = await seen(police)
    expect(now.seats.find(({ shortName }) => shortName === 'Police')).toMatchObject({ state: 'en-route', person: 'Pol Police' })
    expect(now.timeline.entries.filter(({ code }) => code === 'seat.en-route')).toHaveLength(2)
    await expect(seen(outsider)).rejects.toMatchObject({ kind: 'not-found' })
  })
})

describe('seats', () => {
  test('an agency sets its own seat and no other; the secretariat sets any', async () => {
    await as(police, takeSeat, { incidentId, agencyId: police.agencyId, state: 'present' })
    await expect(as(police, takeSeat, { incidentId, agencyId: rail.agencyId, state: 'present' })).rejects.toMatchObject({
      kind: 'not-allowed',
    })
    await as(rail, takeSeat, { incidentId, agencyId: rail.agencyId, state: 'virtual', withAuthority: false })
    await as(secretariat, takeSeat, {
      incidentId,
      agencyId: chair.agencyId,
      state: 'present',
      personId: chair.personId,
      postId: chair.postId,
    })
    const now = await seen(chair)
    expect(now.seats.find(({ shortName }) => shortName === 'Rail')).toMatchObject({ state: 'virtual', withAuthority: false })
    expect(now.quorum).toMatchObject([{ present: 2, core: 3, reached: true }])
  })

  test('the database keeps it too: nobody moves the seat of another agency', async () => {
    const moved = await city.database.read(police.enters(), async ({ tx }) => {
      const { rows, sql } = await import('#core/db/sql.ts')
      return rows(tx, sql`update response.seats set state = 'present' where agency_id = ${harbour.agencyId} returning id`)
    })
    expect(moved).toEqual([])
  })

  test('an absence needs its reason', async () => {
    await expect(as(secretariat, takeSeat, { incidentId, agencyId: harbour.agencyId, state: 'absent' })).rejects.toMatchObject({
      kind: 'invalid',
      field: 'reason',
    })
  })
})

describe('the lead agency', () => {
  test('a second position makes it contested; both stand, for those who settle it and not for the room', async () => {
    await as(rail, contestLead, { incidentId, agencyId: rail.agencyId, basis: 'The concourse is railway property.' })
    expect((await seen(chair)).lead).toMatchObject({ state: 'contested' })
    expect((await seen(rail)).lead.claims.map(({ shortName, state }) => [shortName, state])).toEqual([
      ['Rail', 'contested'],
      ['Police', 'contested'],
    ])
    for (const viewer of [officer, wall]) {
      const now = await seen(viewer)
      expect(now.lead).toMatchObject({ state: 'none', claims: [] })
      expect(JSON.stringify(now)).not.toContain('railway property')
    }
  })

  test('neither side confirms; somebody outside the incident finds nothing', async () => {
    await expect(as(policeChair, confirmLead, { incidentId, agencyId: police.agencyId })).rejects.toMatchObject({ kind: 'not-allowed' })
    await expect(as(police, confirmLead, { incidentId, agencyId: police.agencyId })).rejects.toMatchObject({ kind: 'not-allowed' })
    await expect(as(outsider, leads, { incidentId })).rejects.toMatchObject({ kind: 'not-found' })
  })

  test('unresolved after its time: shown to everybody, told once', async () => {
    await as(secretariat, setCentreTimes, { incidentId, leadMinutes: 1, silentMinutes: 1, absentMinutes: 2 })
    await city.owner.query("update response.incidents set opened_at = opened_at - interval '3 minutes' where id = $1", [incidentId])
    await city.owner.query(
      "update response.seats set since = since - interval '3 minutes', expected_from = expected_from - interval '3 minutes' where incident_id = $1",
      [incidentId],
    )
    const runner = startRunner(city.database, registry, area.jobs ?? [], (_, error) => failures.push(error))
    await runner.runDue()
    await runner.runDue()
    await runner.stop()
    expect(failures).toEqual([])
    expect((await seen(wall)).lead.state).toBe('unresolved')
    expect(told.filter(({ on }) => on === 'response.leadUnresolved')).toHaveLength(1)
    expect(told.find(({ on }) => on === 'response.leadUnresolved')!.payload).toMatchObject({ incidentId, posts: [chair.postId] })
  })

  test('the silent agency and the absent core member are named once, to those who can end it', async () => {
    expect(
      told.filter(({ on }) => on === 'response.agencySilent').map(({ payload }) => (payload as { agencyId: string }).agencyId),
    ).toEqual([harbour.agencyId])
    expect(
      told.filter(({ on }) => on === 'response.coreMemberAbsent').map(({ payload }) => (payload as { agencyId: string }).agencyId),
    ).toEqual([harbour.agencyId])
    expect((await seen(secretariat)).missing.map(({ shortName, kind }) => [shortName, kind]).sort()).toEqual([
      ['Harbour', 'core-absent'],
      ['Harbour', 'silent'],
    ])
    for (const viewer of [wall, police]) {
      const now = await seen(viewer)
      expect(now.missing).toEqual([])
      expect(now.timeline.entries.some(({ kind }) => kind === 'missing')).toBe(false)
    }
  })

  test('once somebody speaks of it, it is no longer silent', async () => {
    await as(police, writeEntry, { incidentId, text: 'Spoke with the harbour, they are coming.' })
    const runner = startRunner(city.database, registry, area.jobs ?? [], (_, error) => failures.push(error))
    await runner.runDue()
    await runner.stop()
    expect((await seen(secretariat)).missing.map(({ kind }) => kind)).toEqual(['core-absent'])
  })

  test('the chair of neither side confirms; the position not adopted stays, and everybody knows who leads', async () => {
    await as(chair, confirmLead, {
      incidentId,
      agencyId: police.agencyId,
      agreedBy: [rail.agencyId],
      note: 'Rail leads on the tracks, under them.',
    })
    expect((await seen(wall)).lead).toMatchObject({ state: 'confirmed', agencyName: 'Police' })
    const { claims } = await as<{ claims: Centre['lead']['claims'] }>(rail, leads, { incidentId })
    expect(claims.find(({ shortName }) => shortName === 'Rail')).toMatchObject({
      state: 'superseded',
      positionNotAdopted: 'The concourse is railway property.',
    })
    await expect(as(chair, confirmLead, { incidentId, agencyId: rail.agencyId })).rejects.toMatchObject({ kind: 'conflict' })
  })
})

describe('the neutral commander', () => {
  test('whoever sits in the incident is refused; whoever is appointed reads what the strategic group reads, and takes no seat', async () => {
    await city.owner.query("select access.put_reach($1, $2, clock_timestamp() - interval '1 second', null, 'test')", [
      neutral.personId,
      `incident:${incidentId}`,
    ])
    await as(neutral, takeSeat, { incidentId, agencyId: neutral.agencyId, state: 'virtual' })
    await expect(
      as(secretariat, appointNeutralCommander, { incidentId, postId: neutral.postId, interests: 'none declared' }),
    ).rejects.toMatchObject({ kind: 'invalid' })
    await as(neutral, takeSeat, { incidentId, agencyId: neutral.agencyId, state: 'expected' })
    await as(secretariat, appointNeutralCommander, { incidentId, postId: neutral.postId, interests: 'none declared' })
    expect((await seen(neutral)).missing.map(({ shortName }) => shortName)).toEqual(['Harbour'])
    await expect(as(neutral, takeSeat, { incidentId, agencyId: neutral.agencyId, state: 'present' })).rejects.toMatchObject({
      kind: 'invalid',
    })
    await expect(
      city.owner.query("update response.seats set state = 'present', person_id = $1 where agency_id = $2", [
        neutral.personId,
        neutral.agencyId,
      ]),
    ).rejects.toThrow('neutral commander')
  })
})

describe('the timeline', () => {
  test('a late line says why; one ahead of the clock is refused', async () => {
    const earlier = new Date(Date.now() - 600_000).toISOString()
    await expect(as(police, writeEntry, { incidentId, text: 'Cordon set.', occurredAt: earlier })).rejects.toMatchObject({
      kind: 'invalid',
      field: 'lateReason',
    })
    const written = await as<{ occurredAt: string; recordedAt: string }>(police, writeEntry, {
      incidentId,
      text: 'Cordon set.',
      occurredAt: earlier,
      lateReason: 'Written on paper first.',
    })
    expect(Date.parse(written.recordedAt) - Date.parse(written.occurredAt)).toBeGreaterThan(300_000)
    await expect(
      as(police, writeEntry, { incidentId, text: 'To come.', occurredAt: new Date(Date.now() + 600_000).toISOString() }),
    ).rejects.toMatchObject({ kind: 'invalid', field: 'occurredAt' })
  })

  test('a correction is a new line that points at the old; both are shown', async () => {
    const wrong = await as<{ id: string }>(police, writeEntry, { incidentId, text: 'Twelve people affected.' })
    await as(police, correctEntry, { entryId: wrong.id, text: 'Twenty-one people affected.' })
    const { entries } = await as<TimelinePage>(rail, timeline, { incidentId })
    expect(entries.find(({ id }) => id === wrong.id)).toMatchObject({ text: 'Twelve people affected.', corrected: true })
    expect(entries[0]).toMatchObject({ text: 'Twenty-one people affected.', corrects: wrong.id })
  })

  test('pages follow one another without a gap or a double, for each viewer their own', async () => {
    const secret = { clauses: [[`agency:${police.agencyId}`]], marking: 'TLP:AMBER+STRICT' }
    for (let n = 0; n < 6; n += 1) {
      await as(police, writeEntry, { incidentId, text: `Open ${n}` })
      await as(police, writeEntry, { incidentId, text: `Ours ${n}`, label: secret })
    }
    for (const [viewer, ours] of [
      [police, 6],
      [rail, 0],
    ] as const) {
      const whole = await as<TimelinePage>(viewer, timeline, { incidentId, limit: 200 })
      const paged: string[] = []
      for (let before: string | null | undefined = undefined; before !== null; ) {
        const page: TimelinePage = await as(viewer, timeline, { incidentId, limit: 3, ...(before ? { before } : {}) })
        paged.push(...page.entries.map((entry) => entry.id))
        before = page.next
      }
      expect(paged).toEqual(whole.entries.map((entry) => entry.id))
      expect(whole.entries.filter(({ text }) => text.startsWith('Ours'))).toHaveLength(ours)
    }
    await expect(as(outsider, timeline, { incidentId })).rejects.toMatchObject({ kind: 'not-found' })
  })

  test('nobody writes on behalf of a post that is not theirs, or under a label that they cannot read', async () => {
    await expect(as(police, writeEntry, { incidentId, text: 'As the chair.', postId: chair.postId })).rejects.toMatchObject({
      kind: 'not-allowed',
    })
    await expect(
      as(police, writeEntry, { incidentId, text: 'Dark.', label: { clauses: [['person:nobody']], marking: 'TLP:AMBER+STRICT' } }),
    ).rejects.toMatchObject({ kind: 'not-allowed' })
  })
})

describe('status', () => {
  test('declared with a reason; closed only when stood down, and then still readable', async () => {
    await as(chair, setIncidentStatus, { incidentId, status: 'declared', reason: 'Three agencies committed.' })
    await expect(as(chair, closeIncident, { incidentId, reason: 'over' })).rejects.toMatchObject({ kind: 'conflict' })
    await expect(as(police, setIncidentStatus, { incidentId, status: 'stood-down', reason: 'no' })).rejects.toMatchObject({
      kind: 'not-allowed',
    })
    await as(chair, setIncidentStatus, { incidentId, status: 'stood-down', reason: 'Nothing more to co-ordinate.' })
    await as(chair, closeIncident, { incidentId, reason: 'Handed to recovery.' })
    const now = await seen(police)
    expect(now.incident).toMatchObject({ phase: 'closed', status: 'stood-down' })
    expect(Object.values(now.can).some(Boolean)).toBe(false)
  })

  test('an incident opened by hand has an empty centre', async () => {
    const opened = await as<{ id: string }>(secretariat, openIncident, { name: 'Small', incidentType: 'gas' })
    const now = await as<Centre>(secretariat, centre, { incidentId: opened.id })
    expect(now).toMatchObject({ seats: [], quorum: [], lead: { state: 'none' } })
  })
})
