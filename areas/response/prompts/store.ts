import { maybe, one, rows, run, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { Cause, Prompt } from './contract.ts'

export interface Raised {
  id: string
  incidentId: string
  cause: Cause
  /** One prompt for one key in an incident, for ever: put the moment into it when the same thing may come again (`review:<id>:<time>`). */
  key: string
  subjectId: string | null
  parameters: Readonly<Record<string, string>>
  at: Date
  /** The label of what it is about. The prompt is read by those of them who are secretariat. */
  baseLabel: number
}

const desk = ['kind:secretariat']
/** For the secretariat first; once it is passed, for that post as well. */
const audience = (postId: string | null) => JSON.stringify([postId === null ? desk : [...desk, `post:${postId}`]])

/** Raises a prompt, once for its key. Returns whether it is new. Called by timed duties. */
export async function raisePrompt(tx: Tx, raised: Raised): Promise<boolean> {
  const made = await maybe(
    tx,
    sql`insert into response.prompts (id, incident_id, cause, key, subject_id, parameters, base_label, raised_at, label)
        select ${raised.id}, ${raised.incidentId}, ${raised.cause}, ${raised.key}, ${raised.subjectId}::uuid, ${JSON.stringify(raised.parameters)}::jsonb, ${raised.baseLabel}::int,
          ${raised.at}::timestamptz, response.narrowed(${raised.baseLabel}::int, ${audience(null)}::jsonb)
        where not exists (select from response.prompts p where p.world = (select access.world()) and p.incident_id = ${raised.incidentId} and p.key = ${raised.key})
        on conflict (world, incident_id, key) do nothing returning id`,
  )
  return made !== undefined
}

/** Closes a prompt whose cause has ended by itself. Called by timed duties. */
export const settlePrompt = (tx: Tx, incidentId: string, key: string, at: Date) =>
  run(
    tx,
    sql`update response.prompts set closed_at = ${at}, done = 'settled'
        where world = (select access.world()) and incident_id = ${incidentId} and key = ${key} and closed_at is null`,
  )

export interface PromptRow extends Omit<Prompt, 'asleep'> {
  baseLabel: number
  closedAt: string | null
}

const shown = sql`select p.id, p.incident_id, p.cause, p.subject_id, p.parameters, p.raised_at, p.passed_to, post.title as passed_to_title, p.passed_at,
    p.snoozed_until, p.snooze_reason, p.base_label, p.closed_at
  from response.prompts p left join structure.posts post on post.id = p.passed_to`

export const open = (tx: Tx, incidentId: string) =>
  rows<PromptRow>(
    tx,
    sql`${shown} where p.incident_id = ${incidentId} and p.closed_at is null and p.world = (select access.world()) order by p.raised_at, p.id`,
  )
/** Errors: not found (also when withheld). */
export const prompt = (tx: Tx, id: string) => one<PromptRow>(tx, sql`${shown} where p.id = ${id}`)

/** Incidents of this world with prompts that are open. */
export const incidentsWithOpen = async (tx: Tx) =>
  (
    await rows<{ incidentId: string }>(
      tx,
      sql`select distinct incident_id from response.prompts where closed_at is null and world = (select access.world())`,
    )
  ).map(({ incidentId }) => incidentId)

export async function pass(tx: Tx, passed: { id: string; prompt: PromptRow; postId: string; by: string | null; at: Date }): Promise<void> {
  const { id, prompt, postId, by, at } = passed
  // A label of its own statement: what may be written is worked out before a statement begins.
  const { label } = await one<{ label: number }>(
    tx,
    sql`select response.narrowed(${prompt.baseLabel}, ${audience(postId)}::jsonb) as label`,
  )
  await run(
    tx,
    by === null
      ? sql`update response.prompts set passed_to = ${postId}, passed_at = ${at}, label = ${label} where id = ${prompt.id}`
      : sql`update response.prompts set passed_to = ${postId}, passed_at = ${at}, passed_by = ${by}, snoozed_until = null, snooze_reason = null, snoozed_by = null,
              label = ${label} where id = ${prompt.id}`,
  )
  await run(
    tx,
    sql`insert into response.prompt_passes (id, incident_id, prompt_id, post_id, at, passed_by, label)
        select ${id}, p.incident_id, p.id, ${postId}, ${at}, ${by}, p.label from response.prompts p where p.id = ${prompt.id}`,
  )
}

export const snooze = (tx: Tx, id: string, until: Date, reason: string, by: string) =>
  one<{ id: string }>(
    tx,
    sql`update response.prompts set snoozed_until = ${until}, snooze_reason = ${reason}, snoozed_by = ${by} where id = ${id} and closed_at is null returning id`,
  )

export const close = (tx: Tx, id: string, at: Date, by: string, done: string) =>
  one<{ id: string }>(
    tx,
    sql`update response.prompts set closed_at = ${at}, closed_by = ${by}, done = ${done} where id = ${id} and closed_at is null returning id`,
  )

export interface Leader {
  postId: string
  kind: string
  title: string
  agency: string
}
/** Posts of leaders who take part in the incident: the chair first. */
export const leaders = (tx: Tx, incidentId: string, at: Date) =>
  rows<Leader>(tx, sql`select post_id, kind, title, agency from response.leading_posts(${incidentId}, ${at})`)

/** What has come before a leading post, in every incident of this world. */
export async function loadOf(tx: Tx, postId: string, since: Date): Promise<{ open: number; passes: Date[] }> {
  const { open } = await one<{ open: number }>(
    tx,
    sql`select count(*)::int as open from response.prompts where passed_to = ${postId} and closed_at is null and world = (select access.world())`,
  )
  const passes = await rows<{ at: string }>(
    tx,
    sql`select at from response.prompt_passes where post_id = ${postId} and at > ${since} and world = (select access.world())`,
  )
  return { open, passes: passes.map(({ at }) => new Date(at)) }
}

/** What has run out by `at` in this world: each with the key under which it is prompted once. */
export const runOut = (tx: Tx, at: Date) =>
  rows<Omit<Raised, 'id' | 'at'>>(
    tx,
    sql`with standing as (
          select d.* from response.decisions d where d.world = (select access.world())
            and not exists (select from response.decisions newer where newer.corrects_id = d.id)
            and not exists (select from response.decisions later where later.reverses_id = d.root_id)
        ), review as (
          select s.id, coalesce((select r.next_review_at from response.decision_reviews r where r.decision_id = s.root_id and r.reviewed_at >= s.entered_at
            order by r.reviewed_at desc limit 1), s.review_at) as at from standing s
        )
        select i.id as incident_id, 'lead-unresolved' as cause, 'lead:' || i.id || ':' || i.phase as key, i.id as subject_id,
          jsonb_build_object('dueAt', i.lead_unresolved_at) as parameters, i.label as base_label
        from response.incidents i where i.world = (select access.world()) and i.lead_unresolved_at <= ${at} and i.closed_at is null
          and not exists (select from response.lead_agencies l where l.incident_id = i.id and l.phase = i.phase and l.state = 'confirmed')
        union all
        select i.id, 'call-out-unanswered', 'call-out:' || c.id, c.post_id, jsonb_build_object('post', p.title || ', ' || coalesce(a.short_name, a.name), 'dueAt', c.unanswered_since), i.label
        from response.incidents i join watch.call_outs c on c.activation_id = i.activation_id and c.world = i.world
        join structure.posts p on p.id = c.post_id join structure.agencies a on a.id = p.agency_id
        where i.world = (select access.world()) and i.closed_at is null and c.state = 'unanswered'
        union all
        select m.incident_id, case m.kind when 'silent' then 'agency-silent' else 'core-absent' end, 'missing:' || m.id, m.agency_id,
          jsonb_build_object('agency', coalesce(a.short_name, a.name), 'dueAt', m.since), m.label
        from response.missing_agencies m join structure.agencies a on a.id = m.agency_id where m.world = (select access.world()) and m.ended_at is null
        union all
        select s.incident_id, 'rationale-owed', 'rationale:' || s.root_id, s.root_id,
          jsonb_build_object('question', s.question, 'dueAt', s.rationale_due_at), s.label
        from standing s where s.rationale is null and s.rationale_due_at <= ${at}
          and not exists (select from response.decision_rationales r where r.decision_id = s.root_id)
        union all
        select s.incident_id, 'review-due', 'review:' || s.root_id || ':' || extract(epoch from review.at)::bigint, s.root_id,
          jsonb_build_object('question', s.question, 'dueAt', review.at), s.label
        from standing s join review on review.id = s.id where review.at <= ${at}
        union all
        select s.incident_id, 'entry-not-confirmed', 'confirm:' || s.id, s.root_id, jsonb_build_object('question', s.question), s.label
        from standing s where s.entered_at <= ${at}::timestamptz - interval '30 minutes'
          and not exists (select from response.confirmations c where c.subject = 'decision' and c.subject_id = s.id)
        union all
        select t.incident_id, 'task-not-accepted', 'accept:' || t.id, t.id, jsonb_build_object('words', t.words, 'post', p.title), t.label
        from response.tasks t join structure.posts p on p.id = t.owner_post_id
        where t.world = (select access.world()) and t.accepted_at is null and t.done_at is null and t.accept_by <= ${at}
        union all
        select t.incident_id, 'task-overdue', 'due:' || t.id, t.id, jsonb_build_object('words', t.words, 'post', p.title), t.label
        from response.tasks t join structure.posts p on p.id = t.owner_post_id
        where t.world = (select access.world()) and t.done_at is null and t.due_at <= ${at}
        union all
        select o.incident_id, 'outcome-not-acknowledged', 'outcome:' || o.id, o.id, jsonb_build_object('words', o.words), o.label
        from response.decision_outcomes o where o.world = (select access.world()) and o.acknowledge_by <= ${at}
          and not exists (select from response.outcome_acknowledgements a where a.outcome_id = o.id)`,
  )

/** Keys of prompts of these causes that are still open in this world. */
export const openKeys = (tx: Tx, causes: readonly Cause[]) =>
  rows<{ incidentId: string; key: string }>(
    tx,
    sql`select incident_id, key from response.prompts where closed_at is null and world = (select access.world()) and cause = any(${causes})`,
  )
