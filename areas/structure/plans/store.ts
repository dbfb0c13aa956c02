import { maybe, one, rows, run, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { Plan, Reconciliation } from './contract.ts'

export const plans = (tx: Tx) =>
  rows<Omit<Plan, 'can'>>(
    tx,
    sql`select p.id, p.code, p.title, p.agency_id, a.name as agency_name, p.version, p.changed_at, p.what_changed,
          (select coalesce(jsonb_agg(jsonb_build_object('id', o.id, 'title', o.title, 'agencyName', oa.name) order by o.title), '[]') from structure.plan_references r
            join structure.plans o on o.id = r.refers_to join structure.agencies oa on oa.id = o.agency_id where r.plan_id = p.id and r.ended_at is null) as refers_to
        from structure.plans p join structure.agencies a on a.id = p.agency_id where p.ended_at is null order by a.name, p.title`,
  )

export type ReconciliationRow = Omit<Reconciliation, 'overdue' | 'can'> & { agencyId: string }
/** Open ones first, the longest due first; of the answered ones those of two years. */
export const reconciliations = (tx: Tx) =>
  rows<ReconciliationRow>(
    tx,
    sql`select r.id, r.agency_id, a.name as agency_name, p.title as plan_title, owner.name as plan_agency_name, r.version,
          case when p.version = r.version then p.what_changed else '' end as what_changed, r.plan_review_id is not null as half_yearly, r.raised_at, r.due_at,
          r.outcome, r.words, r.read_at
        from structure.reconciliations r join structure.agencies a on a.id = r.agency_id join structure.plans p on p.id = r.plan_id
        join structure.agencies owner on owner.id = p.agency_id
        order by r.read_at is not null, r.due_at, r.id limit 500`,
  )

export const insert = (
  tx: Tx,
  it: { id: string; agencyId: string; code: string; title: string; version: string; whatChanged: string; at: Date; label: number },
) =>
  run(
    tx,
    sql`insert into structure.plans (id, agency_id, code, title, version, changed_at, what_changed, label)
        values (${it.id}, ${it.agencyId}, ${it.code}, ${it.title}, ${it.version}, ${it.at}, ${it.whatChanged}, ${it.label})`,
  )
/** Errors: not found (also another agency's). */
export const change = (tx: Tx, it: { id: string; title: string; version: string; whatChanged: string; at: Date }) =>
  one<{ id: string }>(
    tx,
    sql`update structure.plans set title = ${it.title}, version = ${it.version}, what_changed = ${it.whatChanged}, changed_at = ${it.at}
        where id = ${it.id} and ended_at is null returning id`,
  )

/** What a plan leans on from now on. */
export async function leansOn(tx: Tx, planId: string, refersTo: readonly string[], at: Date, label: number): Promise<void> {
  await run(
    tx,
    sql`update structure.plan_references set ended_at = ${at} where plan_id = ${planId} and ended_at is null and refers_to <> all(${refersTo}::uuid[])`,
  )
  await run(
    tx,
    sql`insert into structure.plan_references (id, plan_id, refers_to, label)
        select gen_random_uuid(), ${planId}, p.id, ${label} from structure.plans p where p.id = any(${refersTo}::uuid[])
          and not exists (select from structure.plan_references r where r.plan_id = ${planId} and r.refers_to = p.id and r.ended_at is null)`,
  )
}

/** Errors: not found; conflict (answered already). */
export const answer = (tx: Tx, it: { id: string; outcome: string; words: string; personId: string; at: Date }) =>
  one<{ id: string }>(
    tx,
    sql`update structure.reconciliations set outcome = ${it.outcome}, words = ${it.words}, read_by = ${it.personId}, read_at = ${it.at}
        where id = ${it.id} returning id`,
  )

export const halfYearly = (tx: Tx) =>
  maybe<{ openedAt: string; dueAt: string; closedAt: string | null }>(
    tx,
    sql`select opened_at, due_at, closed_at from structure.plan_reviews order by opened_at desc limit 1`,
  )
export const networkLabel = async (tx: Tx) => (await one<{ label: number }>(tx, sql`select structure.network_label() as label`)).label

/** For the duty: opens the half-yearly reading when it is due, closes it when all was read. */
export async function keepHalfYearly(tx: Tx, at: Date): Promise<void> {
  await run(tx, sql`select structure.close_plan_reviews(${at})`)
  await run(tx, sql`select structure.open_plan_review(${at})`)
}
