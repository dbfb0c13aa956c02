import { one, rows, run, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { Network } from '../network/contract.ts'
import type { ReviewDetail, ReviewLine, Verdict } from './contract.ts'

export type ReviewRow = Omit<ReviewLine, 'overdue' | 'toSign'> & {
  round: number
  reason: string
  endReason: string | null
  versionNumber: number | null
}

const lines = sql`select r.id, r.title, r.state, r.trigger, r.round, r.reason, r.end_reason, coalesce(person.name, '') as proposed_by, a.name as agency_name, r.drafted_at,
    r.sign_by, r.effective_at, r.next_due_at, r.adopted_at, v.number as version_number, r.label, l.marking
  from structure.reviews r join structure.agencies a on a.id = r.proposing_agency_id join access.label l on l.id = r.label
  left join structure.people person on person.id = r.proposed_by left join structure.versions v on v.id = r.version_id`

/** Running ones first, then the newest. */
export const all = (tx: Tx) =>
  rows<ReviewRow>(
    tx,
    sql`${lines} order by array_position(array['offered', 'draft', 'adopted', 'withdrawn'], r.state), r.drafted_at desc, r.id`,
  )
export const byId = (tx: Tx, id: string) => one<ReviewRow>(tx, sql`${lines} where r.id = ${id}`)

/** The two networks of a review. Whether it is stale is asked of the structure as it stands now. */
export const networks = (tx: Tx, id: string) =>
  one<Pick<ReviewDetail, 'base' | 'proposed' | 'hash' | 'stale'>>(
    tx,
    sql`select base, proposed, encode(structure.proposal_hash(proposed), 'hex') as hash,
          state in ('draft', 'offered') and structure.is_stale(base, proposed, structure.network_now()) as stale
        from structure.reviews where id = ${id}`,
  )

export interface PartyRow {
  reviewId: string
  round: number
  agencyId: string
  agencyName: string
}
export const parties = (tx: Tx, reviewId?: string) =>
  rows<PartyRow>(
    tx,
    sql`select p.review_id, p.round, p.agency_id, a.name as agency_name from structure.review_parties p join structure.agencies a on a.id = p.agency_id
        where ${reviewId ?? null}::uuid is null or p.review_id = ${reviewId ?? null}::uuid order by a.name, a.id`,
  )

export const verdicts = (tx: Tx, reviewId?: string) =>
  rows<Verdict & { reviewId: string }>(
    tx,
    sql`select v.review_id, v.agency_id, a.name as agency_name, v.round, v.verdict, v.reason, coalesce(person.name, '') as by, post.title as post, v.given_at as at
        from structure.review_verdicts v join structure.agencies a on a.id = v.agency_id
        left join structure.people person on person.id = v.person_id left join structure.posts post on post.id = v.post_id
        where ${reviewId ?? null}::uuid is null or v.review_id = ${reviewId ?? null}::uuid order by v.given_at desc, v.id`,
  )

export const comments = (tx: Tx, reviewId: string) =>
  rows<ReviewDetail['comments'][number]>(
    tx,
    sql`select c.id, c.about, c.words, coalesce(person.name, '') as by, a.name as agency_name, c.written_at as at
        from structure.review_comments c join structure.agencies a on a.id = c.agency_id left join structure.people person on person.id = c.person_id
        where c.review_id = ${reviewId} order by c.written_at, c.id`,
  )

export const draft = (
  tx: Tx,
  it: {
    id: string
    title: string
    reason: string
    trigger: string
    base: Network
    proposed: Network
    personId: string
    agencyId: string
    at: Date
    label: number
  },
) =>
  run(
    tx,
    sql`insert into structure.reviews (id, title, reason, trigger, base, proposed, proposed_by, proposing_agency_id, drafted_at, label)
        values (${it.id}, ${it.title}, ${it.reason}, ${it.trigger}, ${JSON.stringify(it.base)}::jsonb, ${JSON.stringify(it.proposed)}::jsonb, ${it.personId},
          ${it.agencyId}, ${it.at}, ${it.label})`,
  )

/** Returns the round that it is in now. Errors: not allowed, not found. */
export const revise = async (tx: Tx, id: string, proposed: Network, base: Network | null) =>
  (
    await one<{ round: number }>(
      tx,
      sql`select structure.revise_review(${id}, ${JSON.stringify(proposed)}::jsonb, ${base === null ? null : JSON.stringify(base)}::jsonb) as round`,
    )
  ).round

/** Returns how many agencies must sign. Errors: not allowed; invalid `signBy`, `network`; conflict (offered already). */
export const offer = async (tx: Tx, it: { reviewId: string; signBy: string; effectiveAt: string; nextDueAt: string }) =>
  (
    await one<{ parties: number }>(
      tx,
      sql`select structure.offer_review(${it.reviewId}, ${it.signBy}, ${it.effectiveAt}, ${it.nextDueAt}) as parties`,
    )
  ).parties

/** True when it was adopted with this verdict. Errors: not allowed; invalid `hash` (another proposal). */
export const giveVerdict = async (
  tx: Tx,
  it: { reviewId: string; agencyId: string; verdict: string; reason: string | null; hash: string; id: string },
) =>
  (
    await one<{ adopted: boolean }>(
      tx,
      sql`select structure.give_verdict(${it.reviewId}, ${it.agencyId}, ${it.verdict}, ${it.reason}, decode(${it.hash}, 'hex'), ${it.id}) as adopted`,
    )
  ).adopted

export const comment = (
  tx: Tx,
  it: { id: string; reviewId: string; about: string; words: string; personId: string; agencyId: string; at: Date; label: number },
) =>
  run(
    tx,
    sql`insert into structure.review_comments (id, review_id, about, words, person_id, agency_id, written_at, label)
        values (${it.id}, ${it.reviewId}, ${it.about}, ${it.words}, ${it.personId}, ${it.agencyId}, ${it.at}, ${it.label})`,
  )

export const withdraw = async (tx: Tx, id: string, reason: string) =>
  (await one<{ done: boolean }>(tx, sql`select structure.withdraw_review(${id}, ${reason}) as done`)).done
export const mayPropose = async (tx: Tx, id: string) =>
  (await one<{ may: boolean }>(tx, sql`select structure.may_propose(${id}) as may`)).may
export const actsForAny = (tx: Tx, agencyIds: readonly string[]) =>
  rows<{ id: string }>(
    tx,
    sql`select id from structure.agencies where id = any(${agencyIds}::uuid[]) and structure.acts_for(id, '{executive}')`,
  )

/** Proposals whose day has come: adopted, each by the database's own look at its signatures. Returns how many. */
export const adoptDue = async (tx: Tx, at: Date) =>
  (
    await one<{ adopted: number }>(
      tx,
      sql`select count(*) filter (where structure.adopt(r.id)) as adopted from structure.reviews r where r.state = 'offered' and r.effective_at <= ${at}`,
    )
  ).adopted

/** Groups that are due for a review, or for which none was ever agreed; the longest due first. */
export const due = (tx: Tx, at: Date) =>
  rows<{ groupId: string; code: string; name: string; reviewAt: string | null }>(
    tx,
    sql`select id as group_id, code, name, review_at from structure.groups where review_at is null or review_at <= ${at} order by review_at nulls last, code`,
  )
