import { one, rows, run, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { Anchor, SourceKind, SourceLine } from '../contract.ts'

/** Sources and anchors, as an administrator keeps them and the desk sees them. */

export const list = (tx: Tx, withRetired: boolean) =>
  rows<SourceLine>(
    tx,
    sql`select s.id, s.code, s.name, s.owner, s.kind, s.address, s.every_seconds, s.lost_after, s.retired_at, st.received_at, st.answered_at, st.tried_at,
          coalesce(st.failures, 0) as failures, st.failure, st.lost_at
        from watch.sources s left join watch.source_states st on st.source_id = s.id
        where s.retired_at is null or ${withRetired} order by s.retired_at is not null, s.name, s.id`,
  )

export interface NewSource {
  id: string
  code: string
  name: string
  owner: string
  kind: SourceKind
  address: string | null
  tokenHash: Buffer | null
  everySeconds: number
  lostAfter: number
  addedBy: string
  addedAt: Date
  label: number
}

export async function add(tx: Tx, source: NewSource): Promise<void> {
  const { id, code, name, owner, kind, address, tokenHash, everySeconds, lostAfter, addedBy, addedAt, label } = source
  await run(
    tx,
    sql`insert into watch.sources (id, code, name, owner, kind, address, token_hash, every_seconds, lost_after, added_by, added_at, label)
        values (${id}, ${code}, ${name}, ${owner}, ${kind}, ${address}, ${tokenHash}, ${everySeconds}, ${lostAfter}, ${addedBy}, ${addedAt}, ${label})`,
  )
  await run(tx, sql`insert into watch.source_states (source_id, next_at) values (${id}, ${addedAt})`)
}

export const renewToken = (tx: Tx, id: string, tokenHash: Buffer) =>
  one<{ id: string }>(
    tx,
    sql`update watch.sources set token_hash = ${tokenHash} where id = ${id} and kind = 'http' and retired_at is null returning id`,
  )

export const retire = (tx: Tx, id: string, by: string, at: Date) =>
  one<{ id: string; retiredAt: string }>(
    tx,
    sql`update watch.sources set retired_at = ${at}, retired_by = ${by} where id = ${id} and retired_at is null returning id, retired_at`,
  )

export const anchors = (tx: Tx, withRetired: boolean) =>
  rows<Anchor>(
    tx,
    sql`select id, name, fingerprint, added_at, retired_at from watch.trust_anchors where retired_at is null or ${withRetired} order by retired_at is not null, name, id`,
  )

export interface NewAnchor {
  id: string
  name: string
  pem: string
  fingerprint: string
  addedBy: string
  addedAt: Date
  label: number
}

export const addAnchor = (tx: Tx, { id, name, pem, fingerprint, addedBy, addedAt, label }: NewAnchor) =>
  run(
    tx,
    sql`insert into watch.trust_anchors (id, name, pem, fingerprint, added_by, added_at, label)
        values (${id}, ${name}, ${pem}, ${fingerprint}, ${addedBy}, ${addedAt}, ${label})`,
  )

export const retireAnchor = (tx: Tx, id: string, by: string, at: Date) =>
  one<{ id: string; retiredAt: string }>(
    tx,
    sql`update watch.trust_anchors set retired_at = ${at}, retired_by = ${by} where id = ${id} and retired_at is null returning id, retired_at`,
  )
