import { one, rows, run, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { Outcome } from '../contract.ts'

const outcomes = (where: ReturnType<typeof sql>, postId: string | null) => sql`
  select o.id, (select d.id from response.decisions d where d.id = o.decision_id) as decision_id, o.words, o.told_at, o.acknowledge_by,
    o.label, coalesce(l.marking, '') as marking,
    coalesce((select jsonb_agg(jsonb_build_object('postTitle', post.title, 'agencyName', agency.name, 'at', a.at) order by a.at)
      from response.outcome_acknowledgements a join structure.posts post on post.id = a.post_id
      join structure.agencies agency on agency.id = a.agency_id where a.outcome_id = o.id), '[]') as acknowledgements,
    exists (select from response.outcome_acknowledgements a where a.outcome_id = o.id and a.post_id = ${postId}::uuid) as mine
  from response.decision_outcomes o left join access.label l on l.id = o.label
  where ${where} order by o.told_at desc, o.id`

export const ofIncident = (tx: Tx, incidentId: string, postId: string | null) =>
  rows<Outcome>(tx, outcomes(sql`o.incident_id = ${incidentId}`, postId))
export const ofDecision = (tx: Tx, rootId: string, postId: string | null) =>
  rows<Outcome>(tx, outcomes(sql`o.decision_id = ${rootId}`, postId))
/** Errors: not found (also when withheld). */
export const outcome = (tx: Tx, id: string, postId: string | null) => one<Outcome>(tx, outcomes(sql`o.id = ${id}`, postId))

export interface NewOutcome {
  id: string
  decisionId: string
  incidentId: string
  words: string
  toldAt: Date
  acknowledgeBy: Date
  toldBy: string
  label: number
}

export const put = (tx: Tx, outcome: NewOutcome) =>
  run(
    tx,
    sql`insert into response.decision_outcomes (id, decision_id, incident_id, words, told_at, acknowledge_by, told_by, label)
        values (${outcome.id}, ${outcome.decisionId}, ${outcome.incidentId}, ${outcome.words}, ${outcome.toldAt}, ${outcome.acknowledgeBy}, ${outcome.toldBy}, ${outcome.label})`,
  )

/** For the post that acts; the label is the outcome's own. Errors: conflict (this post has acknowledged), not found. */
export const acknowledge = (tx: Tx, said: { id: string; outcomeId: string; postId: string; personId: string; at: Date }) =>
  one<{ id: string }>(
    tx,
    sql`insert into response.outcome_acknowledgements (id, outcome_id, incident_id, agency_id, post_id, person_id, at, label)
        select ${said.id}, o.id, o.incident_id, p.agency_id, p.id, ${said.personId}, ${said.at}, o.label
        from response.decision_outcomes o, structure.posts p where o.id = ${said.outcomeId} and p.id = ${said.postId} returning id`,
  )
