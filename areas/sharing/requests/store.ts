import { one, rows, run, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { RefusalCode } from '../contract.ts'
import type { AnswerOutcome } from './contract.ts'

export interface NewRequest {
  id: string
  incidentId: string | null
  fromAgencyId: string
  toAgencyId: string
  toPostId: string | null
  personId: string
  postId: string | null
  what: string
  why: string
  duty: string
  at: Date
  neededBy: string
}
/** Who reads it the database writes: both agencies and an inquiry. */
export const put = (tx: Tx, it: NewRequest) =>
  run(
    tx,
    sql`insert into sharing.requests (id, incident_id, from_agency_id, to_agency_id, to_post_id, asked_by, post_id, what, why, duty, asked_at, needed_by)
        values (${it.id}, ${it.incidentId}, ${it.fromAgencyId}, ${it.toAgencyId}, ${it.toPostId}, ${it.personId}, ${it.postId}, ${it.what}, ${it.why},
          ${it.duty}, ${it.at}, ${it.neededBy})`,
  )

export interface RequestRow {
  id: string
  incidentId: string | null
  fromAgencyId: string
  fromName: string
  toAgencyId: string
  toName: string
  toPostId: string | null
  toPost: string | null
  askedBy: string
  what: string
  why: string
  duty: string
  askedAt: string
  neededBy: string
  round: number
  waiting: boolean
  climbed: number
  outcome: AnswerOutcome | null
  label: number
  marking: string
  mayAnswer: boolean
  mayAppeal: boolean
}
const columns = sql`r.id, r.incident_id, r.from_agency_id, f.name as from_name, r.to_agency_id, t.name as to_name, r.to_post_id, p.title as to_post, coalesce(who.name, '') as asked_by,
  r.what, r.why, r.duty, r.asked_at, r.needed_by, r.round, r.waiting, r.climbed, r.outcome, r.label, l.marking,
  sharing.may_answer(r.id) as may_answer, sharing.may_appeal(r.id) as may_appeal`
const joined = sql`from sharing.requests r join access.label l on l.id = r.label join structure.agencies f on f.id = r.from_agency_id
  join structure.agencies t on t.id = r.to_agency_id left join structure.posts p on p.id = r.to_post_id left join structure.people who on who.id = r.asked_by`

/** What waits, all of it; and the newest of what does not. */
export const all = (tx: Tx) =>
  rows<RequestRow>(tx, sql`select ${columns} ${joined} where true order by r.waiting desc, r.asked_at desc, r.id limit 300`)
export const byId = (tx: Tx, id: string) => one<RequestRow>(tx, sql`select ${columns} ${joined} where r.id = ${id}`)

export interface AnswerRow {
  requestId: string
  round: number
  outcome: AnswerOutcome
  words: string
  item: { id: string; title: string } | null
  pointer: { id: string; title: string } | null
  reasonCode: RefusalCode | null
  risk: string | null
  by: string
  at: string
}
export const answers = (tx: Tx, requestIds: readonly string[]) =>
  rows<AnswerRow>(
    tx,
    sql`select a.request_id, a.round, a.outcome, a.words, a.reason_code, a.risk, coalesce(who.name, '') as by, a.answered_at as at,
          case when i.id is not null then jsonb_build_object('id', i.id, 'title', i.title) end as item,
          case when p.id is not null then jsonb_build_object('id', p.id, 'title', p.title) end as pointer
        from sharing.request_answers a left join sharing.items i on i.id = a.item_id left join sharing.pointers p on p.id = a.pointer_id left join structure.people who on who.id = a.answered_by where a.request_id = any(${requestIds}::uuid[]) order by a.round`,
  )
export const appeals = (tx: Tx, requestIds: readonly string[]) =>
  rows<{ requestId: string; words: string; by: string; at: string }>(
    tx,
    sql`select a.request_id, a.words, coalesce(who.name, '') as by, a.appealed_at as at
        from sharing.request_appeals a left join structure.people who on who.id = a.appealed_by where a.request_id = any(${requestIds}::uuid[])`,
  )
export const steps = (tx: Tx, requestIds: readonly string[]) =>
  rows<{ requestId: string; step: Step; doneAt: string }>(
    tx,
    sql`select request_id, step, done_at from sharing.request_steps where request_id = any(${requestIds}::uuid[]) and state = 'done'`,
  )

export interface NewAnswer {
  id: string
  requestId: string
  outcome: AnswerOutcome
  words: string
  itemId: string | null
  pointerId: string | null
  reasonCode: RefusalCode | null
  risk: string | null
  personId: string
  postId: string | null
  at: Date
}
/** Errors: not allowed (not theirs to answer), conflict (answered meanwhile). */
export const answer = (tx: Tx, it: NewAnswer) =>
  run(
    tx,
    sql`insert into sharing.request_answers (id, request_id, outcome, words, item_id, pointer_id, reason_code, risk, answered_by, post_id, answered_at)
        values (${it.id}, ${it.requestId}, ${it.outcome}, ${it.words}, ${it.itemId}, ${it.pointerId}, ${it.reasonCode}, ${it.risk}, ${it.personId}, ${it.postId}, ${it.at})`,
  )
export const appeal = (
  tx: Tx,
  it: { id: string; requestId: string; words: string; personId: string; postId: string | null; at: Date; neededBy: string },
) =>
  run(
    tx,
    sql`insert into sharing.request_appeals (id, request_id, words, appealed_by, post_id, appealed_at, needed_by)
        values (${it.id}, ${it.requestId}, ${it.words}, ${it.personId}, ${it.postId}, ${it.at}, ${it.neededBy})`,
  )

export type Step = 'asked-executive' | 'requester-and-incident'
export interface DueStep {
  id: string
  requestId: string
  round: number
  step: Step
  fromAgencyId: string
  toAgencyId: string
  incidentId: string | null
}
/** Steps of this world that are due. What another process is at is left to it. */
export const claimSteps = (tx: Tx, now: Date, atMost: number) =>
  rows<DueStep>(
    tx,
    sql`select s.id, s.request_id, s.round, s.step, r.from_agency_id, r.to_agency_id, r.incident_id
        from sharing.request_steps s join sharing.requests r on r.id = s.request_id and r.world = s.world
        where s.world = (select access.world()) and s.state = 'planned' and s.due_at <= ${now} order by s.due_at, s.id limit ${atMost} for update of s skip locked`,
  )
export const climb = (tx: Tx, stepId: string, now: Date) => run(tx, sql`select sharing.climb(${stepId}, ${now})`)

export interface Figure {
  agencyId: string
  asked: number
  answeredLate: number
  unanswered: number
  reasonCode: RefusalCode | null
  refused: number
}
export const figures = (tx: Tx) => rows<Figure>(tx, sql`select * from sharing.refusal_figures()`)

export interface ChoiceRow {
  id: string
  title: string
  at: string
  marking: string
  before: boolean
}
/**
 * Items that stand and that the answerer can read: their agency's own, and those that were put before the asking agency as well. What another
 * agency gave them alone is not theirs to pass on.
 */
export const itemsToAnswer = (tx: Tx, it: { ownAgencyId: string; askingAgencyId: string }) =>
  rows<ChoiceRow>(
    tx,
    sql`select c.* from (
          select i.id, i.title, i.shared_at as at, l.marking, i.originator_agency_id = ${it.askingAgencyId}::uuid or exists (
            select from sharing.receivers(i.protocol_id, i.epoch, i.to_agencies, i.originator_agency_id) r where r.agency_id = ${it.askingAgencyId}) as before,
            i.originator_agency_id = ${it.ownAgencyId}::uuid as own
          from sharing.items i join access.label l on l.id = i.label where i.state = 'shared') c
        where c.own or c.before order by c.before desc, c.at desc, c.id limit 100`,
  )
/** Pointers that stand and that the answerer can read; whether the asking agency's people can, by the label's clauses. */
export const pointersToAnswer = (tx: Tx, it: { ownAgencyId: string; askingAgencyId: string }) =>
  rows<ChoiceRow>(
    tx,
    sql`select c.* from (
          select p.id, p.title, p.made_at as at, l.marking, p.maker_agency_id = ${it.ownAgencyId}::uuid as own, not exists (
            select from jsonb_array_elements(l.clauses) k where not k.value ?| array['agency:' || ${it.askingAgencyId}::text, 'city:' || (select code from access.city)]) as before
          from sharing.pointers p join access.label l on l.id = p.label where p.ended_at is null) c
        where c.own or c.before order by c.before desc, c.at desc, c.id limit 100`,
  )
