import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { area as responseArea } from '#areas/response/area.ts'
import { area as sharingArea } from '#areas/sharing/area.ts'
import { askForInformation } from '#areas/sharing/requests/contract.ts'
import { area as structureArea } from '#areas/structure/area.ts'
import { type Observed, observed } from '#areas/structure/observed/contract.ts'
import { structureFor, type TestHolder } from '#areas/structure/testing.ts'
import { rows, sql } from '#core/db/sql.ts'
import { liveWorld, type TestPerson } from '#core/db/testing.ts'
import { id } from '#core/id.ts'
import { acknowledge, open } from '#core/record/reading/contract.ts'
import { recordCity, type RecordCity } from '#core/record/testing.ts'

const table = 'sharing.requests'
let scene: RecordCity
let fire: TestHolder
let police: TestHolder
let chair: TestHolder
let fireChair: TestHolder
let railChair: TestHolder
let secretary: TestHolder
let inquiry: TestHolder
const incidentId = id()

const look = async (who: TestPerson, input: object = {}, world = liveWorld) => {
  await scene.place()
  return scene.as<Observed>(who, observed, input, world)
}
const pairsOf = ({ pairs }: Observed) => pairs.map(({ from, to, count, acknowledged }) => [from, to, count, acknowledged])

beforeAll(async () => {
  scene = await recordCity('test', [structureArea, sharingArea, responseArea])
  const { city } = scene
  const structure = structureFor(city)
  const [fires, polices, rails] = [await structure.agency('Fire'), await structure.agency('Police'), await structure.agency('Rail')]
  fire = await structure.holder('Fin Fire', fires, 'duty')
  police = await structure.holder('Pat Police', polices, 'duty')
  chair = await structure.holder('Chike Chair', polices, 'chair')
  fireChair = await structure.holder('Cora Chair', fires, 'chair')
  railChair = await structure.holder('Rae Rail', rails, 'chair')
  secretary = await structure.holder('Sefa Secretary', polices, 'secretariat')
  inquiry = await structure.holder('Ines Inquiry', await structure.agency('Inquiry'), 'inquiry')
  const groupId = id()
  await city.owner.query(
    "insert into structure.groups (id, code, name, tier, chair_post_id, label, world) values ($1, 'SCG', 'Strategic group', 'strategic', $2, access.city_label(), $3)",
    [groupId, chair.postId, liveWorld],
  )
  for (const agencyId of [fires, polices])
    await city.owner.query(
      "insert into structure.memberships (id, group_id, agency_id, kind, basis, label, world) values ($1, $2, $3, 'core', 'Plan', access.city_label(), $4)",
      [id(), groupId, agencyId, liveWorld],
    )
  await city.owner.query(
    "insert into structure.links (id, from_agency_id, to_agency_id, kind, label, world) values ($1, $2, $3, 'informs', access.city_label(), $4)",
    [id(), rails, fires, liveWorld],
  )
  const { requestId } = await scene.as<{ requestId: string }>(fire, askForInformation, {
    toAgencyId: polices,
    what: 'Which streets are closed',
    why: 'Engines are on their way',
    neededBy: new Date(Date.now() + 3_600_000).toISOString(),
  })
  await scene.place()
  await scene.as(police, open, { table, id: requestId })
  await scene.as(police, open, { table, id: requestId })
  await scene.as(chair, acknowledge, { table, id: requestId })
  await scene.as(fire, open, { table, id: requestId })

  // An incident as its record shows it: begun, a task accepted by the fire service after eight minutes and done after forty.
  const at = (minutes: number) => new Date(Date.UTC(2026, 10, 1, 3, minutes)).toISOString()
  await city.owner.query(
    "insert into response.incidents (id, name, incident_type, opened_at, opened_by, label, world) values ($1, 'Market', 'vehicle', $2, $3, access.city_label(), $4)",
    [incidentId, at(0), chair.personId, liveWorld],
  )
  const taskId = id()
  await city.owner.query(
    `insert into response.tasks (id, incident_id, words, owner_post_id, owner_agency_id, given_by, given_at, due_at, accept_by, label, world)
     values ($1, $2, 'Close the bridge', $3, $4, $5, $6, $7, $7, access.city_label(), $8)`,
    [taskId, incidentId, fire.postId, fires, chair.personId, at(5), at(60), liveWorld],
  )
  await city.owner.query('update response.tasks set accepted_at = $2, accepted_by = $3 where id = $1', [taskId, at(8), fire.personId])
  await city.owner.query("update response.tasks set done_at = $2, done_by = $3, evidence = 'Closed' where id = $1", [
    taskId,
    at(40),
    fire.personId,
  ])
})
afterAll(() => scene?.end())

describe('who actually told whom', () => {
  test('one row that another agency took counts once, however often it was opened; what one opens of one’s own house tells nobody', async () => {
    const found = await look(chair)
    expect(pairsOf(found)).toEqual([['Fire', 'Police', 1, 1]])
    expect(found.pairs[0]).toMatchObject({ state: 'used', fromId: fire.agencyId, toId: police.agencyId })
    expect(found.notUsed).toMatchObject([{ from: 'Rail', to: 'Fire', kind: 'informs' }])
    expect(found.efficiency).toBeNull()
    expect(pairsOf(await look(chair, { to: '2026-01-01T00:00:00Z' }))).toEqual([])
  })

  test('of rows that the asker may read, and no other: to a chair of an agency outside, nothing of it ever was', async () => {
    expect(pairsOf(await look(railChair))).toEqual([])
    expect(pairsOf(await look(fireChair))).toEqual([['Fire', 'Police', 1, 1]])
    expect(pairsOf(await look(chair, {}, await scene.city.exercise()))).toEqual([])
  })

  test('for named hands, by the door and by the database', async () => {
    for (const who of [fire, police, await scene.city.person('Wanda Watch', ['city:test', 'kind:watch-officer'])]) {
      await expect(look(who)).rejects.toMatchObject({ kind: 'not-allowed' })
      for (const statement of [
        sql`select * from structure.observed(null, null, null)`,
        sql`select * from structure.observed_moments(${incidentId})`,
      ])
        await expect(scene.city.database.read(who.enters(), ({ tx }) => rows(tx, statement))).rejects.toMatchObject({ kind: 'not-allowed' })
      // What it stands on is nobody's to call.
      await expect(
        scene.city.database.read(who.enters(), ({ tx }) => rows(tx, sql`select * from structure.tellings(null, null, null)`)),
      ).rejects.toThrow()
    }
  })

  test('each look is an entry, and says nothing of what was found', async () => {
    await look(inquiry)
    const { rows: kept } = await scene.city.owner.query<Record<string, unknown>>('select * from structure.analyses where person_id = $1', [
      inquiry.personId,
    ])
    expect(kept).toMatchObject([{ what: 'observed', version_id: null, incident_type: 'any' }])
    expect(Object.keys(kept[0]!).sort()).toEqual(['at', 'band', 'id', 'incident_type', 'label', 'person_id', 'version_id', 'what', 'world'])
  })
})

describe('how soon it was known, decided, acted on', () => {
  test('minutes from the beginning; not all core agencies knew, so it was not shared', async () => {
    const { efficiency } = await look(chair, { incidentId })
    expect(efficiency).toMatchObject({ sharedMinutes: null, decidedMinutes: null, actedMinutes: 40, coreAgencies: 2, knew: 1 })
    expect(efficiency?.agencies).toEqual([
      { id: fire.agencyId, name: 'Fire', steps: 1, minutes: 8, unexplained: null },
      { id: police.agencyId, name: 'Police', steps: 1, minutes: null, unexplained: null },
    ])
  })

  test('an agency’s minutes are for that agency and the chair: a secretariat reads its own', async () => {
    const { efficiency } = await look(secretary, { incidentId })
    expect(efficiency?.agencies.map(({ name }) => name)).toEqual(['Police'])
    expect(efficiency).toMatchObject({ actedMinutes: 40, knew: 1 })
  })

  test('an incident that is not there, or not theirs, looks the same: no moment of it', async () => {
    const { efficiency } = await look(railChair, { incidentId: id() })
    expect(efficiency).toMatchObject({ beganAt: null, sharedMinutes: null, decidedMinutes: null, actedMinutes: null, knew: 0 })
  })

  test('where the watch activated on a signal, from the first that came of it; and who accepted the call-out was told', async () => {
    const { owner } = scene.city
    const at = (minutes: number) => new Date(Date.UTC(2026, 10, 2, 3, minutes)).toISOString()
    const [original, delivery, first, update, activationId, signalled] = [id(), id(), id(), id(), id(), id()]
    await owner.query("insert into watch.originals (id, sha256, bytes, label, world) values ($1, $2, 'x', access.city_label(), $3)", [
      original,
      'a'.repeat(64),
      liveWorld,
    ])
    await owner.query(
      `insert into watch.deliveries (id, way, name, sha256, size, received_at, outcome, reasons, alerts, original_id, label, world)
       values ($1, 'person', 'flood.xml', $2, 1, $3, 'accepted', '{}', '[]', $4, access.city_label(), $5)`,
      [delivery, 'a'.repeat(64), at(0), original, liveWorld],
    )
    for (const [signal, minutes] of [
      [first, 0],
      [update, 12],
    ] as const)
      await owner.query(
        `insert into watch.signals (id, delivery_id, original_id, identity_key, route, outcome, standing, signature, summary, bytes_hash, element_hash,
           received_at, label, world)
         values ($1, $2, $3, $4, 'live', 'accepted', 'accepted', 'absent', '{}', $4, $4, $5, access.city_label(), $6)`,
        [signal, delivery, original, signal, at(minutes), liveWorld],
      )
    await owner.query(
      `insert into watch.signal_actions (id, acting_id, target_id, kind, other_sender, at, label, world)
       values ($1, $2, $3, 'update', false, $4, access.city_label(), $5)`,
      [id(), update, first, at(12), liveWorld],
    )
    await owner.query(
      `insert into watch.activations (id, purpose, level_code, incident_type, criteria_matched, reason, signal_id, activated_by, at, label, world)
       values ($1, 'activation', 'major', 'flood', 'Water over the quay', 'It rises', $2, $3, $4, access.city_label(), $5)`,
      [activationId, update, chair.personId, at(15), liveWorld],
    )
    const callOutId = id()
    await owner.query(
      `insert into watch.call_outs (id, activation_id, post_id, agency_id, started_at, label, world) values ($1, $2, $3, $4, $5, access.city_label(), $6)`,
      [callOutId, activationId, fire.postId, fire.agencyId, at(15), liveWorld],
    )
    await owner.query("update watch.call_outs set state = 'accepted', accepted_by = $2, accepted_at = $3 where id = $1", [
      callOutId,
      fire.personId,
      at(18),
    ])
    // What is said of the signal when it is written down counts for nothing: the database looks it up.
    await owner.query(
      `insert into response.incidents (id, name, incident_type, activation_id, opened_at, opened_by, signalled_at, label, world)
       values ($1, 'Quay', 'flood', $2, $3, $4, $5, access.city_label(), $6)`,
      [signalled, activationId, at(16), chair.personId, at(59), liveWorld],
    )
    const { efficiency } = await look(chair, { incidentId: signalled })
    expect(efficiency).toMatchObject({ since: 'signal', beganAt: at(0), knew: 1 })
    expect(efficiency?.agencies).toContainEqual(expect.objectContaining({ name: 'Fire', minutes: 18 }))
    expect((await look(chair, { incidentId })).efficiency).toMatchObject({ since: 'opening', beganAt: '2026-11-01T03:00:00.000Z' })
  })
})
