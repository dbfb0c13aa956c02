import { maybe, one, rows, run, sql } from '#core/db/sql.ts'
import type { PostKind } from '#core/operation/operation.ts'
import type { NameTokens, Tx } from '#core/operation/implement.ts'
import type { Terms } from './contract.ts'

export interface ProtocolRow {
  id: string
  title: string
  versionInForce: number | null
  inForceFrom: string | null
  expiresAt: string | null
  reviewAt: string | null
  epoch: number
  endedAt: string | null
  endReason: string | null
  draftingAgencyId: string
  label: number
  marking: string
}
const columns = sql`p.id, p.title, p.version_in_force, p.in_force_from, p.expires_at, p.review_at, p.epoch, p.ended_at, p.end_reason, p.drafting_agency_id,
  p.label, l.marking`

export const all = (tx: Tx) =>
  rows<ProtocolRow>(tx, sql`select ${columns} from sharing.protocols p join access.label l on l.id = p.label order by p.title, p.id`)
export const byId = (tx: Tx, id: string) =>
  one<ProtocolRow>(tx, sql`select ${columns} from sharing.protocols p join access.label l on l.id = p.label where p.id = ${id}`)

export interface VersionRow {
  id: string
  protocolId: string
  number: number
  state: 'draft' | 'offered'
  terms: Terms
  hash: string
  writtenBy: string
  writtenAt: string
  offeredAt: string | null
}
/** In their order, a draft last. Its number is the next one: it gets its own when it is offered. */
export const versions = (tx: Tx, protocolId?: string) =>
  rows<VersionRow>(
    tx,
    sql`select v.id, v.protocol_id, v.state,
          case when v.state = 'offered' then v.number else 1 + coalesce((select max(o.number) from sharing.protocol_versions o
            where o.protocol_id = v.protocol_id and o.state = 'offered'), 0) end as number, v.terms, encode(sharing.terms_hash(v.terms), 'hex') as hash,
          coalesce(person.name, '') as written_by, v.written_at, v.offered_at
        from sharing.protocol_versions v left join structure.people person on person.id = v.written_by
        where ${protocolId ?? null}::uuid is null or v.protocol_id = ${protocolId ?? null}::uuid order by v.protocol_id, v.state = 'draft', v.number`,
  )

export interface SignatureRow {
  versionId: string
  agencyId: string
  agencyName: string
  by: string
  post: string | null
  at: string
}
export const signatures = (tx: Tx, protocolId?: string) =>
  rows<SignatureRow>(
    tx,
    sql`select s.version_id, s.agency_id, a.name as agency_name, coalesce(person.name, '') as by, post.title as post, s.signed_at as at
        from sharing.signatures s join sharing.protocol_versions v on v.id = s.version_id join structure.agencies a on a.id = s.agency_id
        left join structure.people person on person.id = s.person_id left join structure.posts post on post.id = s.post_id
        where ${protocolId ?? null}::uuid is null or v.protocol_id = ${protocolId ?? null}::uuid order by s.signed_at`,
  )

export interface PartyRow {
  protocolId: string
  agencyId: string
  agencyName: string
  kinds: string[]
  joinedAt: string
  seesPast: boolean
  leftAt: string | null
  leftReason: string | null
  keeps: boolean
}
export const parties = (tx: Tx, protocolId?: string) =>
  rows<PartyRow>(
    tx,
    sql`select s.protocol_id, s.agency_id, a.name as agency_name, s.kinds, s.joined_at, s.sees_from < s.joined_epoch or s.joined_epoch = 1 as sees_past,
          s.left_at, s.left_reason, s.keeps
        from sharing.parties s join structure.agencies a on a.id = s.agency_id
        where ${protocolId ?? null}::uuid is null or s.protocol_id = ${protocolId ?? null}::uuid order by a.name, s.joined_at`,
  )

/** In which kinds of post of which agencies somebody who holds these posts stands. */
export const standsAs = (tx: Tx, postIds: readonly string[]) =>
  rows<{ agencyId: string; kind: PostKind }>(tx, sql`select agency_id, kind from structure.posts where id = any(${postIds}::uuid[])`)

export const draft = (tx: Tx, it: { id: string; title: string; personId: string; agencyId: string; at: Date; label: number }) =>
  run(
    tx,
    sql`insert into sharing.protocols (id, title, drafted_by, drafting_agency_id, drafted_at, label)
        values (${it.id}, ${it.title}, ${it.personId}, ${it.agencyId}, ${it.at}, ${it.label})`,
  )
export const write = (
  tx: Tx,
  it: { id: string; protocolId: string; number: number; terms: Terms; personId: string; at: Date; label: number },
) =>
  run(
    tx,
    sql`insert into sharing.protocol_versions (id, protocol_id, number, terms, written_by, written_at, label)
        values (${it.id}, ${it.protocolId}, ${it.number}, ${JSON.stringify(it.terms)}::jsonb, ${it.personId}, ${it.at}, ${it.label})`,
  )
export const rewrite = (tx: Tx, versionId: string, terms: Terms, personId: string, at: Date) =>
  one(
    tx,
    sql`update sharing.protocol_versions set terms = ${JSON.stringify(terms)}::jsonb, written_by = ${personId}, written_at = ${at}
        where id = ${versionId} and state = 'draft' returning id`,
  )
export const offer = (tx: Tx, versionId: string) => run(tx, sql`select sharing.offer(${versionId})`)
/** True when it came into force with this signature. Errors: not allowed; invalid `hash` (other words); conflict (signed already). */
export const sign = async (tx: Tx, it: { versionId: string; agencyId: string; hash: string; id: string }) =>
  (
    await one<{ effect: boolean }>(
      tx,
      sql`select sharing.sign(${it.versionId}, ${it.agencyId}, decode(${it.hash}, 'hex'), ${it.id}) as effect`,
    )
  ).effect
export const withdraw = async (tx: Tx, protocolId: string, agencyId: string, reason: string) =>
  (await one<{ done: boolean }>(tx, sql`select sharing.withdraw(${protocolId}, ${agencyId}, ${reason}) as done`)).done
export const end = async (tx: Tx, protocolId: string, reason: string) =>
  (await one<{ done: boolean }>(tx, sql`select sharing.end_protocol(${protocolId}, ${reason}) as done`)).done
export const mayWrite = async (tx: Tx, protocolId: string) =>
  (await one<{ may: boolean }>(tx, sql`select sharing.may_write(${protocolId}) as may`)).may

/** The token under which something is shared now by a protocol; undefined when it is not in force. */
export const circleOf = async (tx: Tx, protocolId: string) =>
  (
    await maybe<{ token: string }>(
      tx,
      sql`select sharing.circle(id, epoch) as token from sharing.protocols
          where id = ${protocolId} and version_in_force is not null and ended_at is null and expires_at > access.real_now()`,
    )
  )?.token

/** What a protocol's circle is called, for whoever can read the protocol. */
export const circleNames: NameTokens = async (tx, tokens) => {
  const asked = tokens.flatMap((token) => /^circle:protocol\.([0-9a-f-]{36})\.\d+$/.exec(token)?.[1] ?? [])
  if (asked.length === 0) return {}
  const titles = new Map(
    (await rows<{ id: string; title: string }>(tx, sql`select id, title from sharing.protocols where id = any(${asked}::uuid[])`)).map(
      (row) => [row.id, row.title],
    ),
  )
  return Object.fromEntries(
    tokens.flatMap((token) => {
      const title = titles.get(token.slice('circle:protocol.'.length).split('.')[0] ?? '')
      return title === undefined ? [] : [[token, { name: title }]]
    }),
  )
}
