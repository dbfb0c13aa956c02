import { maybe, one, rows, run, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { Missing, Seat, SeatState } from './contract.ts'
import type { GroupMembers } from './rules.ts'

const shown = sql`select s.id, s.agency_id, agency.name as agency_name, coalesce(agency.short_name, agency.name) as short_name, s.core, s.state,
    s.with_authority, s.since, post.title as post_title, s.person_id, person.name as person, s.reason, agency.call_back
  from response.seats s join structure.agencies agency on agency.id = s.agency_id
  left join structure.posts post on post.id = s.post_id left join structure.people person on person.id = s.person_id`

export const seats = (tx: Tx, incidentId: string) =>
  rows<Seat>(tx, sql`${shown} where s.incident_id = ${incidentId} order by s.core desc, coalesce(agency.short_name, agency.name), s.id`)

export const seatOf = (tx: Tx, incidentId: string, agencyId: string) =>
  maybe<Seat>(tx, sql`${shown} where s.incident_id = ${incidentId} and s.agency_id = ${agencyId}`)

export interface Taken {
  id: string
  incidentId: string
  agencyId: string
  state: SeatState
  withAuthority: boolean
  since: Date
  postId: string | null
  personId: string | null
  reason: string
  label: number
}

/** Sets the seat of an agency, making it when nobody expected them. Errors: conflict (the neutral commander may hold no seat). */
export const put = (tx: Tx, seat: Taken) =>
  run(
    tx,
    sql`insert into response.seats (id, incident_id, agency_id, state, with_authority, since, expected_from, post_id, person_id, reason, label)
        values (${seat.id}, ${seat.incidentId}, ${seat.agencyId}, ${seat.state}, ${seat.withAuthority}, ${seat.since}, ${seat.since}, ${seat.postId},
          ${seat.personId}, ${seat.reason}, ${seat.label})
        on conflict (world, incident_id, agency_id) do update set state = excluded.state, with_authority = excluded.with_authority, since = excluded.since,
          post_id = excluded.post_id, person_id = excluded.person_id, reason = excluded.reason`,
  )

/** Expects an agency; one that has a seat keeps it as it stands, and becomes core when it is. */
export async function expect(
  tx: Tx,
  seat: { id: string; incidentId: string; agencyId: string; core: boolean; at: Date; label: number },
): Promise<boolean> {
  const [made] = await rows(
    tx,
    sql`insert into response.seats (id, incident_id, agency_id, core, state, since, expected_from, label)
        values (${seat.id}, ${seat.incidentId}, ${seat.agencyId}, ${seat.core}, 'expected', ${seat.at}, ${seat.at}, ${seat.label})
        on conflict (world, incident_id, agency_id) do nothing returning id`,
  )
  if (made === undefined && seat.core) {
    await run(
      tx,
      sql`update response.seats set core = true where incident_id = ${seat.incidentId} and agency_id = ${seat.agencyId} and not core`,
    )
  }
  return made !== undefined
}

/** Agencies that sit as core members in these groups. */
export const coreAgencies = async (tx: Tx, groups: readonly string[]) =>
  (
    await rows<{ agencyId: string }>(
      tx,
      sql`select distinct m.agency_id from structure.memberships m where m.group_id = any(${groups}) and m.kind = 'core' and m.ended_at is null order by m.agency_id`,
    )
  ).map((row) => row.agencyId)

export const agenciesOfPosts = async (tx: Tx, posts: readonly string[]) =>
  (
    await rows<{ agencyId: string }>(tx, sql`select distinct agency_id from structure.posts where id = any(${posts}) order by agency_id`)
  ).map((row) => row.agencyId)

export const shortName = async (tx: Tx, agencyId: string) =>
  (await one<{ name: string }>(tx, sql`select coalesce(short_name, name) as name from structure.agencies where id = ${agencyId}`)).name

export const convened = (tx: Tx, incidentId: string) =>
  rows<GroupMembers>(
    tx,
    sql`select g.id as group_id, g.code, g.name, g.quorum,
          array(select m.agency_id from structure.memberships m where m.group_id = g.id and m.kind = 'core' and m.ended_at is null) as core_agencies
        from response.convened_groups c join structure.groups g on g.id = c.group_id where c.incident_id = ${incidentId}
        order by array_position(array['strategic', 'tactical', 'operational', 'policy', 'national', 'partnership'], g.tier), g.code`,
  )

/** Persons who sit in the incident for their agency, or are on their way. */
export const seated = async (tx: Tx, incidentId: string) =>
  (
    await rows<{ personId: string }>(
      tx,
      sql`select person_id from response.seats where incident_id = ${incidentId} and person_id is not null and state in ('en-route', 'present', 'virtual')`,
    )
  ).map((row) => row.personId)

export const missing = (tx: Tx, incidentId: string) =>
  rows<Missing>(
    tx,
    sql`select m.agency_id, agency.name as agency_name, coalesce(agency.short_name, agency.name) as short_name, m.kind, m.since
        from response.missing_agencies m join structure.agencies agency on agency.id = m.agency_id
        join response.seats s on s.incident_id = m.incident_id and s.agency_id = m.agency_id
        where m.incident_id = ${incidentId} and m.ended_at is null
          and (s.state in ('expected', 'en-route') or (m.kind = 'core-absent' and s.state = 'absent')) order by m.since, agency.name`,
  )

export interface Watched {
  agencyId: string
  shortName: string
  core: boolean
  state: SeatState
  since: string
  expectedFrom: string
  lastNamedAt: string | null
  silentId: string | null
  absentId: string | null
  executivePosts: string[]
}

/** For the timed duty: each seat of an incident, when its agency was last spoken of, and what is noted as open already. */
export const watched = (tx: Tx, incidentId: string) =>
  rows<Watched>(
    tx,
    sql`select s.agency_id, coalesce(agency.short_name, agency.name) as short_name, s.core, s.state, s.since, s.expected_from,
          (select max(e.occurred_at) from response.log_entries e where e.incident_id = s.incident_id and e.named @> array[s.agency_id]) as last_named_at,
          (select m.id from response.missing_agencies m where m.incident_id = s.incident_id and m.agency_id = s.agency_id and m.kind = 'silent' and m.ended_at is null) as silent_id,
          (select m.id from response.missing_agencies m where m.incident_id = s.incident_id and m.agency_id = s.agency_id and m.kind = 'core-absent' and m.ended_at is null) as absent_id,
          array(select p.id from structure.posts p where p.agency_id = s.agency_id and p.kind = 'executive' order by p.code) as executive_posts
        from response.seats s join structure.agencies agency on agency.id = s.agency_id where s.incident_id = ${incidentId} order by s.id`,
  )

export interface Noted {
  id: string
  incidentId: string
  agencyId: string
  kind: Missing['kind']
  since: Date
  at: Date
  label: number
}

export const noteMissing = (tx: Tx, noted: Noted) =>
  run(
    tx,
    sql`insert into response.missing_agencies (id, incident_id, agency_id, kind, since, noted_at, label)
        values (${noted.id}, ${noted.incidentId}, ${noted.agencyId}, ${noted.kind}, ${noted.since}, ${noted.at}, ${noted.label})`,
  )

export const endMissing = (tx: Tx, id: string, at: Date) =>
  run(tx, sql`update response.missing_agencies set ended_at = ${at} where id = ${id} and ended_at is null`)
