import { one, rows, run, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { LeadClaim } from './contract.ts'

const shown = sql`select l.id, l.phase, l.agency_id, agency.name as agency_name, coalesce(agency.short_name, agency.name) as short_name, l.state, l.basis,
    l.claimed_by, coalesce(claimant.short_name, claimant.name) as claimed_by_name, l.proposed_at,
    array(select coalesce(a.short_name, a.name) from structure.agencies a where a.id = any(l.agreed_by) order by 1) as agreed_by,
    l.note, decider.name as decided_by, l.decided_at, l.position_not_adopted, l.label, coalesce(label.marking, '') as marking
  from response.lead_agencies l join structure.agencies agency on agency.id = l.agency_id
  left join structure.agencies claimant on claimant.id = l.claimed_by left join structure.people decider on decider.id = l.decided_by
  left join access.label label on label.id = l.label`

/** Newest first; only what the viewer can read. */
export const claims = (tx: Tx, incidentId: string) =>
  rows<LeadClaim>(tx, sql`${shown} where l.incident_id = ${incidentId} order by l.proposed_at desc, l.id desc`)

/** The bare positions, for the timed duty. */
export const positions = (tx: Tx, incidentId: string) =>
  rows<Pick<LeadClaim, 'agencyId' | 'state' | 'phase' | 'claimedBy'>>(
    tx,
    sql`select agency_id, state, phase, claimed_by from response.lead_agencies where incident_id = ${incidentId} order by proposed_at, id`,
  )

export const claim = (tx: Tx, id: string) => one<LeadClaim>(tx, sql`${shown} where l.id = ${id}`)

export interface NewClaim {
  id: string
  incidentId: string
  phase: LeadClaim['phase']
  agencyId: string
  state: 'proposed' | 'contested'
  basis: string
  claimedBy: string | null
  proposedBy: string
  proposedAt: Date
  label: number
}

export const put = (tx: Tx, claim: NewClaim) =>
  run(
    tx,
    sql`insert into response.lead_agencies (id, incident_id, phase, agency_id, state, basis, claimed_by, proposed_by, proposed_at, label)
        values (${claim.id}, ${claim.incidentId}, ${claim.phase}, ${claim.agencyId}, ${claim.state}, ${claim.basis}, ${claim.claimedBy}, ${claim.proposedBy},
          ${claim.proposedAt}, ${claim.label})`,
  )

/** An agency stands behind a position that is there already. */
export const support = (tx: Tx, id: string, agencyId: string) =>
  run(
    tx,
    sql`update response.lead_agencies set agreed_by = array_append(agreed_by, ${agencyId}::uuid) where id = ${id} and not agreed_by @> array[${agencyId}::uuid]`,
  )

/** A proposal that is answered by another becomes contested, and is from then on for those who settle it. */
export const contest = (tx: Tx, incidentId: string, phase: string, label: number) =>
  run(
    tx,
    sql`update response.lead_agencies set state = 'contested', label = ${label}
        where incident_id = ${incidentId} and phase = ${phase} and state in ('proposed', 'contested')`,
  )

export interface Confirmed {
  id: string
  incidentId: string
  phase: string
  agreedBy: readonly string[]
  note: string
  by: string
  at: Date
  /** Everybody in the incident may know who leads. */
  label: number
}

export async function confirm(tx: Tx, confirmed: Confirmed): Promise<void> {
  await run(
    tx,
    sql`update response.lead_agencies set state = 'superseded', decided_by = ${confirmed.by}, decided_at = ${confirmed.at}, position_not_adopted = basis
        where incident_id = ${confirmed.incidentId} and phase = ${confirmed.phase} and state in ('proposed', 'contested') and id <> ${confirmed.id}`,
  )
  await run(
    tx,
    sql`update response.lead_agencies set state = 'confirmed', decided_by = ${confirmed.by}, decided_at = ${confirmed.at}, agreed_by = array(select distinct unnest(agreed_by || ${[...confirmed.agreedBy]}::uuid[])),
          note = ${confirmed.note}, label = ${confirmed.label} where id = ${confirmed.id}`,
  )
}

/** For the timed duty: posts that are told when nobody settles the lead. */
export const executivesOf = async (tx: Tx, agencies: readonly string[]) =>
  (
    await rows<{ id: string }>(
      tx,
      sql`select id from structure.posts where kind = 'executive' and agency_id = any(${agencies}) order by code`,
    )
  ).map((row) => row.id)

export const chairsOf = async (tx: Tx, incidentId: string) =>
  (
    await rows<{ id: string }>(
      tx,
      sql`select distinct chair.id from response.convened_groups c join structure.groups g on g.id = c.group_id
          cross join lateral (values (g.chair_post_id), (g.deputy_chair_post_id)) chair (id)
          where c.incident_id = ${incidentId} and g.tier = 'strategic' and chair.id is not null`,
    )
  ).map((row) => row.id)
