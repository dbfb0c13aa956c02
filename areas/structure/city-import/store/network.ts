import { rows, run, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'

const list = (values: readonly unknown[]) => JSON.stringify(values)

export const putPlaces = (tx: Tx, label: number, values: ReadonlyArray<{ id: string; code: string; name: string }>) =>
  run(
    tx,
    sql`insert into structure.places as was (id, code, name, label)
        select id, code, name, ${label} from jsonb_to_recordset(${list(values)}::jsonb) as new (id uuid, code text, name text)
        on conflict (id) do update set name = excluded.name where was.name <> excluded.name`,
  )

export const putMedia = (tx: Tx, label: number, values: ReadonlyArray<{ id: string; code: string; name: string; depends_on: string[] }>) =>
  run(
    tx,
    sql`insert into structure.media as was (id, code, name, depends_on, label)
        select id, code, name, depends_on, ${label} from jsonb_to_recordset(${list(values)}::jsonb) as new (id uuid, code text, name text, depends_on text[])
        on conflict (id) do update set name = excluded.name, depends_on = excluded.depends_on
        where (was.name, was.depends_on) is distinct from (excluded.name, excluded.depends_on)`,
  )

export interface LinkRow {
  id: string
  from_group_id: string | null
  from_post_id: string | null
  from_agency_id: string | null
  to_group_id: string | null
  to_post_id: string | null
  to_agency_id: string | null
  kind: string
  primary_medium_id: string | null
  backup_medium_id: string | null
  carries: readonly string[]
  tested_at: string | null
}
// The later of two tests stands: an old list undoes none. By other media, nobody has tried it yet.
const tested = sql`case when (was.primary_medium_id, was.backup_medium_id) is distinct from (excluded.primary_medium_id, excluded.backup_medium_id)
  then excluded.tested_at else greatest(was.tested_at, excluded.tested_at) end`
export const putLinks = (tx: Tx, label: number, values: readonly LinkRow[]) =>
  run(
    tx,
    sql`insert into structure.links as was (id, from_group_id, from_post_id, from_agency_id, to_group_id, to_post_id, to_agency_id, kind, primary_medium_id,
          backup_medium_id, carries, tested_at, label)
        select id, from_group_id, from_post_id, from_agency_id, to_group_id, to_post_id, to_agency_id, kind, primary_medium_id, backup_medium_id, carries, tested_at, ${label}
        from jsonb_to_recordset(${list(values)}::jsonb) as new (id uuid, from_group_id uuid, from_post_id uuid, from_agency_id uuid, to_group_id uuid, to_post_id uuid,
          to_agency_id uuid, kind text, primary_medium_id uuid, backup_medium_id uuid, carries text[], tested_at timestamptz)
        on conflict (id) do update set primary_medium_id = excluded.primary_medium_id, backup_medium_id = excluded.backup_medium_id, carries = excluded.carries,
          tested_at = ${tested}, reason = null
        where (was.primary_medium_id, was.backup_medium_id, was.carries, was.tested_at)
          is distinct from (excluded.primary_medium_id, excluded.backup_medium_id, excluded.carries, ${tested})`,
  )

export interface ResponsibilityRow {
  id: string
  activity: string
  phase: string
  agency_id: string
  part: string
  joint_basis: string | null
}
export const putResponsibilities = (tx: Tx, label: number, values: readonly ResponsibilityRow[]) =>
  run(
    tx,
    sql`insert into structure.responsibilities as was (id, activity, phase, agency_id, part, joint_basis, label)
        select id, activity, phase, agency_id, part, joint_basis, ${label}
        from jsonb_to_recordset(${list(values)}::jsonb) as new (id uuid, activity text, phase text, agency_id uuid, part text, joint_basis text)
        on conflict (id) do update set joint_basis = excluded.joint_basis, reason = null where was.joint_basis is distinct from excluded.joint_basis`,
  )

/** Codes of products, ended ones too: a code that comes back is the same product. */
export const productIds = async (tx: Tx): Promise<Map<string, string>> =>
  new Map((await rows<{ code: string; id: string }>(tx, sql`select code, id from structure.products`)).map(({ code, id }) => [code, id]))

export interface ProductRow {
  id: string
  code: string
  name: string
  producer_agency_id: string | null
  medium_id: string | null
  protocol: string | null
}
export const putProducts = (tx: Tx, label: number, values: readonly ProductRow[]) =>
  run(
    tx,
    sql`insert into structure.products as was (id, code, name, producer_agency_id, medium_id, protocol, label)
        select id, code, name, producer_agency_id, medium_id, protocol, ${label}
        from jsonb_to_recordset(${list(values)}::jsonb) as new (id uuid, code text, name text, producer_agency_id uuid, medium_id uuid, protocol text)
        on conflict (id) do update set name = excluded.name, producer_agency_id = excluded.producer_agency_id, medium_id = excluded.medium_id,
          protocol = excluded.protocol, ended_at = null, reason = null
        where was.ended_at is not null or (was.name, was.producer_agency_id, was.medium_id, was.protocol)
          is distinct from (excluded.name, excluded.producer_agency_id, excluded.medium_id, excluded.protocol)`,
  )

/** A product's receivers are those that its row names: others are ended, new ones added. */
export async function putReceivers(
  tx: Tx,
  label: number,
  at: Date,
  values: ReadonlyArray<{ id: string; product_id: string; agency_id: string | null }>,
): Promise<void> {
  await run(
    tx,
    sql`update structure.product_receivers was set ended_at = ${at}
        where was.ended_at is null and was.product_id in (select product_id from jsonb_to_recordset(${list(values)}::jsonb) as new (product_id uuid))
          and not exists (select from jsonb_to_recordset(${list(values)}::jsonb) as new (product_id uuid, agency_id uuid)
            where new.product_id = was.product_id and new.agency_id = was.agency_id)`,
  )
  await run(
    tx,
    sql`insert into structure.product_receivers (id, product_id, agency_id, label)
        select new.id, new.product_id, new.agency_id, ${label} from jsonb_to_recordset(${list(values)}::jsonb) as new (id uuid, product_id uuid, agency_id uuid)
        where new.agency_id is not null and not exists (select from structure.product_receivers was
          where was.ended_at is null and was.product_id = new.product_id and was.agency_id = new.agency_id)`,
  )
}

export interface VariantRow {
  id: string
  group_id: string
  incident_type: string
  band: string
  effect: string
  agency_id: string | null
  post_id: string | null
  basis: string
}
export const putVariants = (tx: Tx, label: number, values: readonly VariantRow[]) =>
  run(
    tx,
    sql`insert into structure.variants as was (id, group_id, incident_type, band, effect, agency_id, post_id, basis, label)
        select id, group_id, incident_type, band, effect, agency_id, post_id, basis, ${label}
        from jsonb_to_recordset(${list(values)}::jsonb) as new (id uuid, group_id uuid, incident_type text, band text, effect text, agency_id uuid, post_id uuid, basis text)
        on conflict (id) do update set basis = excluded.basis where was.basis <> excluded.basis`,
  )

/** Rows that a complete list leaves out stay, and are ended. */
export async function endRows(
  tx: Tx,
  at: Date,
  ids: Readonly<Record<'links' | 'responsibilities' | 'products' | 'variants', readonly string[]>>,
) {
  await run(tx, sql`update structure.links set ended_at = ${at} where ended_at is null and id = any(${ids.links})`)
  await run(tx, sql`update structure.responsibilities set ended_at = ${at} where ended_at is null and id = any(${ids.responsibilities})`)
  await run(tx, sql`update structure.products set ended_at = ${at} where ended_at is null and id = any(${ids.products})`)
  await run(tx, sql`update structure.variants set ended_at = ${at} where ended_at is null and id = any(${ids.variants})`)
}
