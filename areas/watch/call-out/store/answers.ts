import { maybe, one, rows, run, sql } from '#core/db/sql.ts'
import { receipt } from '#core/channels/outbox/store.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { CallOutAccepted } from '../../contract.ts'
import type { AskSeen, Called } from '../contract.ts'

export type Way = 'page' | 'sms' | 'voice' | 'webhook' | 'signed-in' | 'telephone'
export type Given = 'accepted' | 'declined' | 'call-me' | 'unclear'

export interface Waiting {
  id: string
  callOutId: string
  key: string
  personId: string
  answer: 'accepted' | 'declined'
  reason: string | null
  at: string
}

/** Answers that the call-outs of this world have not taken in yet, in the order in which they came. */
export const waiting = (tx: Tx, atMost: number) =>
  rows<Waiting>(
    tx,
    sql`select w.id, w.call_out_id, a.key, w.person_id, w.answer, w.reason, w.at from watch.answers w join watch.asks a on a.id = w.ask_id
        where w.world = access.world() and w.taken_at is null and w.answer in ('accepted', 'declined') order by w.at, w.id limit ${atMost}`,
  )

export const taken = (tx: Tx, ids: readonly string[], now: Date) =>
  run(tx, sql`update watch.answers set taken_at = ${now} where id = any(${ids}::uuid[]) and taken_at is null`)

/** Acceptances that higher areas have not been told of; told once. Those of test call-outs are told to nobody. */
export const toAnnounce = (tx: Tx, now: Date, atMost: number) =>
  rows<CallOutAccepted & { purpose: string }>(
    tx,
    sql`with fresh as (select id from watch.asks where world = access.world() and state = 'accepted' and announced_at is null
          order by accepted_at limit ${atMost} for update skip locked)
        update watch.asks a set announced_at = ${now} from fresh, watch.call_outs c, watch.activations v
        where a.id = fresh.id and c.id = a.call_out_id and v.id = a.activation_id
        returning a.activation_id, a.call_out_id, a.post_id, c.agency_id, a.person_id, a.capacity, a.accepted_at as at,
          coalesce(c.accepted_by = a.person_id, false) as first, v.purpose`,
  )

/** Ways whose time is over give their reply codes back. */
export const closeOld = (tx: Tx, now: Date) =>
  run(tx, sql`update watch.ways set closed = true where world = access.world() and not closed and expires_at < ${now}`)

// --- before anybody has signed in ---

/** What the page behind an unguessable link shows; undefined for a link that is none of ours. */
export const look = (tx: Tx, tokenHash: Buffer, realAt: Date) =>
  maybe<AskSeen>(tx, sql`select * from watch.look_at_ask(${tokenHash}, ${realAt})`)

type Noted = 'noted' | 'repeated' | 'expired' | 'unknown'
const noted = async (tx: Tx, statement: ReturnType<typeof sql>) => (await one<{ noted: Noted }>(tx, statement)).noted

export const byToken = (tx: Tx, tokenHash: Buffer, answer: Given, reason: string | null, realAt: Date) =>
  noted(tx, sql`select watch.answer_by_token(${tokenHash}, ${answer}, ${reason}, ${realAt}) as noted`)
export const byKey = (tx: Tx, key: string, answer: Given, reason: string | null, way: Way, realAt: Date) =>
  noted(tx, sql`select watch.answer_by_key(${key}, ${answer}, ${reason}, ${way}, ${realAt}) as noted`)
export const byCode = (tx: Tx, code: string, answer: Given, reason: string | null, way: Way, realAt: Date) =>
  noted(tx, sql`select watch.answer_by_code(${code}, ${answer}, ${reason}, ${way}, ${realAt}) as noted`)
export const noteReceipt = (tx: Tx, key: string, state: 'delivered' | 'read' | 'failed') => receipt(tx, key, state)

// --- signed in ---

/** The asks of one person, newest first, that the viewer can read. */
export const mine = (tx: Tx, personId: string) =>
  rows<Called>(
    tx,
    sql`select distinct on (a.call_out_id) a.call_out_id, a.activation_id, a.post_id, p.title as post, g.name as agency, v.call_back, v.purpose,
          min(a.due_at) over own as asked_at, coalesce(v.stood_down_at is not null, false) as over,
          (select w.answer from watch.answers w where w.call_out_id = a.call_out_id and w.person_id = a.person_id
             order by (w.answer = 'accepted') desc, (w.answer = 'declined') desc limit 1) as answer
        from watch.asks a join watch.activations v on v.id = a.activation_id
        join structure.posts p on p.id = a.post_id join structure.agencies g on g.id = p.agency_id
        where a.person_id = ${personId} window own as (partition by a.call_out_id)
        order by a.call_out_id desc, a.due_at desc limit 50`,
  )

/** The last ask of a person for a post in an activation, when the viewer can read it. */
export const lastAsk = (tx: Tx, activationId: string, postId: string, personId: string) =>
  maybe<{ id: string; callOutId: string; label: number }>(
    tx,
    sql`select id, call_out_id, label from watch.asks where activation_id = ${activationId} and post_id = ${postId} and person_id = ${personId}
        order by due_at desc, id desc limit 1`,
  )

export const note = (
  tx: Tx,
  answer: {
    id: string
    askId: string
    callOutId: string
    personId: string
    answer: Given
    reason: string | null
    way: Way
    notedBy: string
    at: Date
    label: number
  },
) =>
  run(
    tx,
    sql`insert into watch.answers (id, ask_id, call_out_id, person_id, answer, reason, way, noted_by, at, label)
        values (${answer.id}, ${answer.askId}, ${answer.callOutId}, ${answer.personId}, ${answer.answer}, ${answer.reason}, ${answer.way}, ${answer.notedBy},
          ${answer.at}, ${answer.label}) on conflict (world, ask_id, answer) do nothing`,
  )
