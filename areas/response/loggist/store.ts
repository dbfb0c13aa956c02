import { maybe, rows, run, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { Line } from './contract.ts'

export interface LineRow extends Omit<Line, 'confirmation' | 'mine'> {
  onBehalf: boolean
}

const lines = sql`
  select e.id, e.occurred_at, e.entered_at, e.text, e.code, e.params, e.post_id, post.title as post_title,
    coalesce(agency.short_name, agency.name) as agency_name, coalesce(person.name, '') as entered_by, e.late_reason, e.corrects as corrects_id,
    (select newer.id from response.log_entries newer where newer.corrects = e.id order by newer.id desc limit 1) as corrected_by_id,
    e.kind in ('note', 'correction') and e.post_id is distinct from e.by_post and e.post_id is not null as on_behalf,
    (select c.confirmed_at from response.confirmations c where c.subject = 'entry' and c.subject_id = e.id) as confirmed_at,
    e.label, coalesce(label.marking, '') as marking
  from response.log_entries e
  left join structure.posts post on post.id = e.post_id
  left join structure.agencies agency on agency.id = post.agency_id
  left join structure.people person on person.id = e.by_person
  left join access.label label on label.id = e.label`

export const newest = (tx: Tx, incidentId: string, atMost: number) =>
  rows<LineRow>(
    tx,
    sql`${lines} where e.id = any((select response.newest_entries(${incidentId}, null, null, ${atMost}))::uuid[]) order by e.occurred_at desc, e.id desc`,
  )

/** Entered for these posts by somebody else, and neither confirmed nor corrected: oldest first. */
export const waitingFor = (tx: Tx, incidentId: string, postIds: readonly string[]) =>
  rows<LineRow>(
    tx,
    sql`${lines} where e.incident_id = ${incidentId} and e.post_id = any(${postIds}::uuid[]) and e.post_id is distinct from e.by_post
          and e.kind in ('note', 'correction')
          and not exists (select from response.confirmations c where c.subject = 'entry' and c.subject_id = e.id)
          and not exists (select from response.log_entries newer where newer.corrects = e.id)
        order by e.occurred_at, e.id limit 100`,
  )

export const decisionsWaitingFor = (tx: Tx, incidentId: string, postIds: readonly string[]) =>
  rows<{ id: string; question: string; chosen: string; decidedAt: string }>(
    tx,
    sql`select d.root_id as id, d.question, o.words as chosen, d.decided_at from response.decisions d join response.decision_options o on o.id = d.chosen_option_id
        where d.incident_id = ${incidentId} and d.decided_by_post_id = any(${postIds}::uuid[])
          and not exists (select from response.confirmations c where c.subject = 'decision' and c.subject_id = d.id)
          and not exists (select from response.decisions newer where newer.corrects_id = d.id)
        order by d.decided_at, d.id`,
  )

/** Whose word it is, where it stands, and under which label: by an entry, or the current version of a decision. */
export const entryToConfirm = (tx: Tx, id: string) =>
  maybe<{ id: string; incidentId: string; postId: string | null; label: number }>(
    tx,
    sql`select id, incident_id, post_id, label from response.log_entries where id = ${id}`,
  )
export const decisionToConfirm = (tx: Tx, id: string) =>
  maybe<{ id: string; incidentId: string; postId: string | null; label: number }>(
    tx,
    sql`select v.id, v.incident_id, v.decided_by_post_id as post_id, v.label from response.decisions v
        where v.root_id = (select d.root_id from response.decisions d where d.id = ${id})
          and not exists (select from response.decisions newer where newer.corrects_id = v.id)`,
  )

export const confirmedAt = async (tx: Tx, subjectId: string) =>
  (await maybe<{ confirmedAt: string }>(tx, sql`select confirmed_at from response.confirmations where subject_id = ${subjectId}`))
    ?.confirmedAt ?? null

export interface NewConfirmation {
  id: string
  incidentId: string
  subject: 'entry' | 'decision'
  subjectId: string
  postId: string
  by: string
  at: Date
  label: number
}

/** Errors: conflict (it was confirmed already), not allowed (another post's word). */
export const put = (tx: Tx, said: NewConfirmation) =>
  run(
    tx,
    sql`insert into response.confirmations (id, incident_id, subject, subject_id, post_id, confirmed_by, confirmed_at, label)
        values (${said.id}, ${said.incidentId}, ${said.subject}, ${said.subjectId}, ${said.postId}, ${said.by}, ${said.at}, ${said.label})`,
  )

/** Posts that can be written for: those of agencies with a seat first, then every other. Titles only, never who holds them. */
export const posts = (tx: Tx, incidentId: string) =>
  rows<{ id: string; code: string; title: string; agencyName: string }>(
    tx,
    sql`select p.id, p.code, p.title, coalesce(a.short_name, a.name) as agency_name from structure.posts p join structure.agencies a on a.id = p.agency_id
        where p.kind not in ('administrator', 'operator', 'device', 'inquiry')
        order by exists (select from response.seats s where s.incident_id = ${incidentId} and s.agency_id = a.id) desc, p.code`,
  )
