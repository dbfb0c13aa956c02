import { maybe, one, rows, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { CapContent, AlertVerdict } from '../../cap/contract.ts'
import type { Judgement, SignalDetail, SignalLine, SignalLink } from '../contract.ts'

/** What a viewer may read of signals. Names of persons come from the city's own directory. */

const acted = (kind: string) => sql`exists (select from watch.signal_actions a join watch.signals acting on acting.id = a.acting_id
  where a.target_id = s.id and a.kind = ${kind} and acting.standing <> 'quarantined')`

const line = sql`s.id, s.identifier, s.sender, s.sent, s.status, s.msg_type, s.scope, s.route, s.outcome, s.standing, s.signature, s.errors, s.flags,
  s.summary -> 'infos' as infos, s.received_at, coalesce(source.name, d.name) as source, s.state, s.triage, s.review_at, s.assigned_from is not null as assigned,
  case when s.claimed_by is null then null else jsonb_build_object('personId', s.claimed_by, 'name', coalesce(claimer.name, '')) end as claimed_by,
  ${acted('update')} as updated, ${acted('cancel')} as cancelled, s.label`

const joined = sql`from watch.signals s
  left join watch.deliveries d on d.id = s.delivery_id
  left join watch.sources source on source.id = s.source_id
  left join structure.people claimer on claimer.id = s.claimed_by`

export interface Tray {
  /** `quarantine`: held back in either route. */
  tray: 'live' | 'not-actual' | 'quarantine'
  limit: number
}

const inTray = (tray: Tray['tray']) =>
  tray === 'quarantine' ? sql`s.standing = 'quarantined'` : sql`s.standing <> 'quarantined' and s.route = ${tray}`

/** What waits for somebody stands first; then what came last. */
export const tray = (tx: Tx, { tray, limit }: Tray) =>
  rows<SignalLine>(
    tx,
    sql`select ${line} ${joined} where ${inTray(tray)} order by (s.state <> 'judged') desc, s.received_at desc, s.id desc limit ${limit}`,
  )

export const lineOf = (tx: Tx, id: string) => one<SignalLine>(tx, sql`select ${line} ${joined} where s.id = ${id}`)

type Stored = Omit<SignalDetail, 'actsOn' | 'actedOnBy' | 'judgements' | 'can'> & { content: CapContent; verdict: AlertVerdict }

export const detail = (tx: Tx, id: string) =>
  one<Stored>(
    tx,
    sql`select ${line}, c.content, c.verdict, s.signer, s.bytes_hash, s.claimed_at, s.released_at, s.release_reason,
          case when s.released_by is null then null else jsonb_build_object('personId', s.released_by, 'name', coalesce(releaser.name, '')) end as released_by,
          exists (select from watch.originals o where o.id = s.original_id) as has_original, coalesce(l.marking, '') as marking
        ${joined} join watch.contents c on c.id = s.id left join structure.people releaser on releaser.id = s.released_by
        left join access.label l on l.id = s.label where s.id = ${id}`,
  )

const link = sql`a.kind, other.identifier, other.sent, a.other_sender, acting.standing <> 'quarantined' as counts`

export const actsOn = (tx: Tx, id: string) =>
  rows<SignalLink>(
    tx,
    sql`select other.id as signal_id, ${link} from watch.signal_actions a join watch.signals other on other.id = a.target_id
        join watch.signals acting on acting.id = a.acting_id where a.acting_id = ${id} order by a.at, a.id limit 200`,
  )

export const actedOnBy = (tx: Tx, id: string) =>
  rows<SignalLink>(
    tx,
    sql`select other.id as signal_id, ${link} from watch.signal_actions a join watch.signals other on other.id = a.acting_id
        join watch.signals acting on acting.id = a.acting_id where a.target_id = ${id} order by a.at, a.id limit 200`,
  )

export const judgements = (tx: Tx, id: string) =>
  rows<Judgement>(
    tx,
    sql`select j.id, j.triage, j.reliability, j.reason, j.review_at, coalesce(p.name, '') as by_name, j.at
        from watch.judgements j left join structure.people p on p.id = j.by_person where j.signal_id = ${id} order by j.at desc, j.id desc`,
  )

interface Bytes {
  name: string
  sha256: string
  size: number
  bytes: string
  marking: string
}
const bytes = sql`o.sha256, length(o.bytes) as size, encode(o.bytes, 'base64') as bytes, coalesce(l.marking, '') as marking`

export const originalOfSignal = (tx: Tx, id: string) =>
  one<Bytes>(
    tx,
    sql`select coalesce(s.identifier, s.id::text) as name, ${bytes} from watch.signals s join watch.originals o on o.id = s.original_id left join access.label l on l.id = s.label where s.id = ${id}`,
  )

export const originalOfDelivery = (tx: Tx, id: string) =>
  one<Bytes>(
    tx,
    sql`select d.name, ${bytes} from watch.deliveries d join watch.originals o on o.id = d.original_id left join access.label l on l.id = d.label where d.id = ${id}`,
  )

export interface Facts {
  id: string
  identifier: string | null
  worldId: string
  status: string | null
  route: 'live' | 'not-actual'
  standing: 'accepted' | 'quarantined' | 'released'
  triage: SignalLine['triage']
  cancelled: boolean
  event: string | null
}

/** What an activation has to know of a signal. Errors: not found, also when withheld. */
export const facts = (tx: Tx, id: string) =>
  one<Facts>(
    tx,
    sql`select s.id, s.identifier, s.world as world_id, s.status, s.route, s.standing, s.triage, ${acted('cancel')} as cancelled,
          s.summary -> 'infos' -> 0 ->> 'event' as event from watch.signals s where s.id = ${id}`,
  )

export const exerciseNamed = (tx: Tx, id: string) =>
  maybe<{ id: string }>(tx, sql`select id from access.world where id = ${id} and kind = 'exercise' and ended_at is null`)
