import { maybe, one, rows, run, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { Task } from './contract.ts'

export interface TaskRow extends Omit<Task, 'state' | 'late' | 'can'> {
  doneBy: string | null
}

const tasksWhere = (where: ReturnType<typeof sql>) => sql`
  select t.id, t.incident_id, t.decision_id, t.words, t.owner_post_id, post.title as owner_post, coalesce(agency.short_name, agency.name) as owner_agency,
    behalf.title as given_on_behalf_of, coalesce(giver.name, '') as given_by, t.given_at, t.due_at, t.accept_by, t.priority, t.accepted_at, t.done_at, t.done_by,
    t.evidence, t.closed_at, t.label, coalesce(label.marking, '') as marking
  from response.tasks t
  join structure.posts post on post.id = t.owner_post_id
  join structure.agencies agency on agency.id = t.owner_agency_id
  left join structure.posts behalf on behalf.id = t.given_on_behalf_of
  left join structure.people giver on giver.id = t.given_by
  left join access.label label on label.id = t.label
  where ${where} order by t.due_at, t.id`

export const tasksOf = (tx: Tx, incidentId: string) => rows<TaskRow>(tx, tasksWhere(sql`t.incident_id = ${incidentId}`))
/** Errors: not found (also when withheld). */
export const task = (tx: Tx, id: string) => one<TaskRow>(tx, tasksWhere(sql`t.id = ${id}`))

export interface NewTask {
  id: string
  incidentId: string
  decisionId: string | null
  text: string
  ownerPostId: string
  onBehalfOf: string | null
  givenBy: string
  givenAt: Date
  dueAt: string
  acceptBy: Date
  priority: Task['priority']
  label: number
}

/** The owner's agency is its post's. Errors: not found (no such post), not allowed (the neutral commander). */
export const put = (tx: Tx, task: NewTask) =>
  one<{ id: string }>(
    tx,
    sql`insert into response.tasks (id, incident_id, decision_id, words, owner_post_id, owner_agency_id, given_on_behalf_of, given_by, given_at, due_at, accept_by, priority, label)
        select ${task.id}, ${task.incidentId}, ${task.decisionId}, ${task.text}, p.id, p.agency_id, ${task.onBehalfOf}, ${task.givenBy}, ${task.givenAt},
          ${task.dueAt}, ${task.acceptBy}, ${task.priority}, ${task.label}
        from structure.posts p where p.id = ${task.ownerPostId} returning id`,
  )

export const accept = (tx: Tx, id: string, personId: string, at: Date) =>
  run(tx, sql`update response.tasks set accepted_at = ${at}, accepted_by = ${personId} where id = ${id} and accepted_at is null`)

/** Done without having been accepted first counts as both. */
export const complete = (tx: Tx, id: string, personId: string, at: Date, evidence: string) =>
  run(
    tx,
    sql`update response.tasks set accepted_at = coalesce(accepted_at, ${at}), accepted_by = coalesce(accepted_by, ${personId}),
          done_at = ${at}, done_by = ${personId}, evidence = ${evidence} where id = ${id} and done_at is null`,
  )

export const close = (tx: Tx, id: string, personId: string, at: Date) =>
  run(tx, sql`update response.tasks set closed_at = ${at}, closed_by = ${personId} where id = ${id} and closed_at is null`)

/** The neutral commander of an incident now, by person and post. */
export const neutral = (tx: Tx, incidentId: string) =>
  maybe<{ personId: string; postId: string }>(
    tx,
    sql`select person_id, post_id from response.neutral_commanders where incident_id = ${incidentId} and until_at is null`,
  )
