import { maybe, one, rows, run, sql } from '#core/db/sql.ts'
import { usableChannels } from '#core/channels/outbox/store.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { Activation, Board, Level } from './contract.ts'
import type { SignalFacts } from './rules.ts'

export interface NewLevel extends Level {
  id: string
  retiredAt: Date | null
}

export const putLevel = (tx: Tx, level: NewLevel) =>
  run(
    tx,
    sql`insert into watch.levels (id, code, rank, name, name_fr, criteria, criteria_fr, calls_out, convenes, retired_at, label)
        values (${level.id}, ${level.code}, ${level.rank}, ${level.name}, ${level.nameFr}, ${level.criteria}, ${level.criteriaFr}, ${level.callsOut}, ${level.convenes},
          ${level.retiredAt}, access.city_label())
        on conflict (code) do update set rank = excluded.rank, name = excluded.name, name_fr = excluded.name_fr, criteria = excluded.criteria,
          criteria_fr = excluded.criteria_fr, calls_out = excluded.calls_out, convenes = excluded.convenes, retired_at = excluded.retired_at`,
  )

const levelColumns = sql`code, rank, name, name_fr, criteria, criteria_fr, calls_out, convenes`
export const levels = (tx: Tx) =>
  rows<Level>(tx, sql`select ${levelColumns} from watch.levels where retired_at is null order by rank, code`)
export const level = (tx: Tx, code: string) =>
  maybe<Level>(tx, sql`select ${levelColumns} from watch.levels where code = ${code} and retired_at is null`)

export const everyLevel = (tx: Tx) =>
  rows<Level & { retired: boolean }>(
    tx,
    sql`select ${levelColumns}, retired_at is not null as retired from watch.levels order by retired_at is not null, rank, code`,
  )
export const isLevel = async (tx: Tx, code: string) =>
  (await maybe<{ code: string }>(tx, sql`select code from watch.levels where code = ${code}`)) !== undefined

export const postNames = (tx: Tx) =>
  rows<{ id: string; title: string; agency: string }>(
    tx,
    sql`select p.id, p.title, a.name as agency from structure.posts p join structure.agencies a on a.id = p.agency_id order by a.name, p.title, p.id`,
  )
export const groupNames = (tx: Tx) =>
  rows<{ id: string; name: string; nameFr: string | null }>(tx, sql`select id, name, name_fr from structure.groups order by name, id`)
/** Who holds an administrator's post at a moment; who may not read holdings finds nobody. */
export const keepers = async (tx: Tx, at: Date) =>
  (
    await rows<{ name: string }>(
      tx,
      sql`select distinct h.name from structure.posts p join structure.holdings d on d.post_id = p.id join structure.people h on h.id = d.person_id
          where p.kind = 'administrator' and d.from_at <= ${at} and (d.until_at is null or d.until_at > ${at}) order by h.name limit 10`,
    )
  ).map(({ name }) => name)

/** Of these posts, those that exist, with their agencies. */
export const posts = (tx: Tx, ids: readonly string[]) =>
  rows<{ id: string; agencyId: string }>(tx, sql`select id, agency_id from structure.posts where id = any(${ids}::uuid[])`)
export const groups = async (tx: Tx, ids: readonly string[]) =>
  (await rows<{ id: string }>(tx, sql`select id from structure.groups where id = any(${ids}::uuid[])`)).map((row) => row.id)

/** A signal of this world, as far as the watch officer can see it. */
export const signalFacts = (tx: Tx, id: string) =>
  maybe<SignalFacts>(tx, sql`select standing, route, status from watch.signals where id = ${id}`)

export const cityCode = async (tx: Tx) => (await maybe<{ code: string }>(tx, sql`select code from access.city`))?.code

/** The number to ring: of the agency of whoever activates, else of the agency that keeps the watch. */
export const callBack = async (tx: Tx, postId: string | null, personId: string) =>
  (
    await maybe<{ callBack: string }>(
      tx,
      sql`select g.call_back from structure.agencies g left join structure.posts p on p.agency_id = g.id left join structure.people h on h.agency_id = g.id and h.id = ${personId}
          where g.call_back is not null and (p.id = ${postId} or p.kind = 'watch-officer' or h.id is not null)
          order by (p.id = ${postId}) desc nulls last, (h.id is not null) desc, g.id limit 1`,
    )
  )?.callBack ?? ''

export interface NewActivation {
  id: string
  purpose: Activation['purpose']
  level: string
  incidentType: string
  jurisdiction: string
  criteriaMatched: string
  reason: string
  signalId: string | null
  convened: readonly string[]
  callBack: string
  activatedBy: string
  activatedPost: string | null
  at: Date
  label: number
}

export const open = (tx: Tx, activation: NewActivation) =>
  run(
    tx,
    sql`insert into watch.activations (id, purpose, level_code, incident_type, jurisdiction, criteria_matched, reason, signal_id, convened, call_back, activated_by,
          activated_post, at, label)
        values (${activation.id}, ${activation.purpose}, ${activation.level}, ${activation.incidentType}, ${activation.jurisdiction}, ${activation.criteriaMatched},
          ${activation.reason}, ${activation.signalId}, ${activation.convened}, ${activation.callBack}, ${activation.activatedBy}, ${activation.activatedPost},
          ${activation.at}, ${activation.label})`,
  )

/** The posts to be called, planned: the duty of call-outs finds out who holds each and asks. */
export const plan = (
  tx: Tx,
  activationId: string,
  planned: readonly { id: string; postId: string; agencyId: string }[],
  startedAt: Date,
  label: number,
) =>
  run(
    tx,
    sql`insert into watch.call_outs (id, activation_id, post_id, agency_id, started_at, next_due, label)
        select p.id, ${activationId}, p."postId", p."agencyId", ${startedAt}, ${startedAt}, ${label}
        from jsonb_to_recordset(${JSON.stringify(planned)}::jsonb) as p (id uuid, "postId" uuid, "agencyId" uuid)`,
  )

export const standDown = (tx: Tx, id: string, at: Date, by: string, reason: string) =>
  maybe<{ id: string }>(
    tx,
    sql`update watch.activations set stood_down_at = ${at}, stood_down_by = ${by}, stand_down_reason = ${reason} where id = ${id} and stood_down_at is null returning id`,
  )

const columns = sql`a.id, a.purpose, a.level_code as level, coalesce(l.name, a.level_code) as level_name, a.incident_type, a.jurisdiction, a.criteria_matched, a.reason,
  a.signal_id, a.convened, a.call_back, coalesce(p.name, post.title, '') as activated_by, a.at, a.stood_down_at, a.stand_down_reason, a.label, m.marking`
const joined = sql`from watch.activations a join access.label m on m.id = a.label left join watch.levels l on l.code = a.level_code
  left join structure.people p on p.id = a.activated_by left join structure.posts post on post.id = a.activated_post`

/** Errors: not found (also when withheld). */
export const activation = (tx: Tx, id: string) => one<Activation>(tx, sql`select ${columns} ${joined} where a.id = ${id}`)
export const activations = (tx: Tx) => rows<Activation>(tx, sql`select ${columns} ${joined} order by a.at desc, a.id limit 100`)

export const callOuts = (tx: Tx, activationId: string) =>
  rows<Board['callOuts'][number]>(
    tx,
    sql`select c.id, c.post_id, p.title as post, c.agency_id, g.name as agency, c.state, c.started_at, h.name as accepted_by, c.accepted_at, c.unanswered_since, c.flags,
          (select jsonb_build_object('action', s.action, 'capacity', s.capacity, 'at', to_char(s.due_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
             from watch.steps s where s.call_out_id = c.id and s.state = 'waiting' order by s.due_at, s.key limit 1) as next
        from watch.call_outs c join structure.posts p on p.id = c.post_id join structure.agencies g on g.id = c.agency_id
        left join structure.people h on h.id = c.accepted_by
        where c.activation_id = ${activationId} order by g.name, p.title, c.id`,
  )

export const asks = (tx: Tx, activationId: string) =>
  rows<Board['asks'][number]>(
    tx,
    sql`select a.id, a.call_out_id, a.person_id, p.name as person, a.capacity, a.kind, a.channel, a.state, a.reason, a.detail, a.due_at,
          (select coalesce(jsonb_agg(jsonb_build_object('state', t.state, 'at', to_char(t.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by t.at, t.place), '[]')
             from (values (1, 'queued', a.queued_at), (2, 'simulated', a.simulated_at), (3, 'attempted', a.attempted_at), (4, 'delivered', a.delivered_at), (5, 'read', a.read_at),
               (6, 'failed', a.failed_at), (7, 'expired', a.expired_at), (8, 'declined', a.declined_at), (9, 'accepted', a.accepted_at)) t (place, state, at)
             where t.at is not null) as reached
        from watch.asks a join structure.people p on p.id = a.person_id where a.activation_id = ${activationId} order by a.due_at, a.id`,
  )

export const answers = (tx: Tx, activationId: string) =>
  rows<Board['answers'][number]>(
    tx,
    sql`select w.id, w.call_out_id, p.name as person, w.answer, w.reason, w.way, w.at from watch.answers w join watch.asks a on a.id = w.ask_id
        join structure.people p on p.id = w.person_id where a.activation_id = ${activationId} order by w.at, w.id`,
  )

export const usable = (tx: Tx, worldKind: 'live' | 'exercise') => usableChannels(tx, worldKind)

export const decideNot = (
  tx: Tx,
  decision: {
    id: string
    signalId: string | null
    about: string
    reason: string
    reviewAt: string
    decidedBy: string
    decidedAt: Date
    label: number
  },
) =>
  run(
    tx,
    sql`insert into watch.decisions_not_to_activate (id, signal_id, about, reason, review_at, decided_by, decided_at, label)
        values (${decision.id}, ${decision.signalId}, ${decision.about}, ${decision.reason}, ${decision.reviewAt}, ${decision.decidedBy}, ${decision.decidedAt}, ${decision.label})`,
  )
