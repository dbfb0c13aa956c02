import { rows, run, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'
import { sectorOf } from '../city-import/rules/sectors.ts'
import type { AreaService, CodeChange } from './contract.ts'
import type { Derived } from './rules.ts'

export const changes = (tx: Tx) =>
  rows<CodeChange>(
    tx,
    sql`select org_type, org_code, name, successor_code, successor_name, to_char(since, 'YYYY-MM-DD') as since, basis
        from structure.agency_codes order by org_type, org_code, successor_code`,
  )

export async function areas(tx: Tx): Promise<ReadonlyMap<string, readonly AreaService[]>> {
  const found = await rows<AreaService>(
    tx,
    sql`select area_code, area_name, org_type, org_code, org_name, basis from structure.areas order by area_code, org_type`,
  )
  return Map.groupBy(found, ({ areaCode }) => areaCode)
}

const list = (values: readonly unknown[]) => JSON.stringify(values)

export const putChanges = (tx: Tx, label: number, values: ReadonlyArray<CodeChange & { id: string }>) =>
  run(
    tx,
    sql`insert into structure.agency_codes as was (id, org_type, org_code, name, successor_code, successor_name, since, basis, label)
        select id, "orgType", "orgCode", name, "successorCode", "successorName", since, basis, ${label}
        from jsonb_to_recordset(${list(values)}::jsonb)
          as new (id uuid, "orgType" text, "orgCode" text, name text, "successorCode" text, "successorName" text, since date, basis text)
        on conflict (org_type, org_code, successor_code) do update set name = excluded.name, successor_name = excluded.successor_name, since = excluded.since, basis = excluded.basis
        where (was.name, was.successor_name, was.since, was.basis) is distinct from (excluded.name, excluded.successor_name, excluded.since, excluded.basis)`,
  )

/** The latest lookup stands. */
export const putAreas = (tx: Tx, label: number, values: ReadonlyArray<AreaService & { id: string }>) =>
  run(
    tx,
    sql`insert into structure.areas as was (id, area_code, area_name, org_type, org_code, org_name, basis, label)
        select id, "areaCode", "areaName", "orgType", "orgCode", "orgName", basis, ${label}
        from jsonb_to_recordset(${list(values)}::jsonb)
          as new (id uuid, "areaCode" text, "areaName" text, "orgType" text, "orgCode" text, "orgName" text, basis text)
        on conflict (area_code, org_type) do update set area_name = excluded.area_name, org_code = excluded.org_code, org_name = excluded.org_name, basis = excluded.basis
        where (was.area_name, was.org_code, was.org_name, was.basis) is distinct from (excluded.area_name, excluded.org_code, excluded.org_name, excluded.basis)`,
  )

/** Local authorities of each partnership. */
export const authorities = (tx: Tx) =>
  rows<{ groupId: string; orgCode: string; name: string }>(
    tx,
    sql`select m.group_id, a.org_code, a.name from structure.memberships m join structure.agencies a on a.id = m.agency_id
        join structure.groups g on g.id = m.group_id
        where m.ended_at is null and a.org_type = 'local_authority' and g.tier = 'partnership' order by m.group_id, a.org_code`,
  )

/** Members that geography brings, where they are not members yet; agencies that are not there yet are made. */
export async function putDerived(
  tx: Tx,
  label: number,
  values: ReadonlyArray<Derived & { groupId: string; id: string; agencyId: string }>,
): Promise<void> {
  const withSectors = values.map((value) => ({ ...value, sector: sectorOf(value.orgType) }))
  const named = sql`jsonb_to_recordset(${list(withSectors)}::jsonb) as new (id uuid, "agencyId" uuid, "groupId" uuid, "orgType" text, "orgCode" text, name text, sector text, basis text)`
  await run(
    tx,
    sql`insert into structure.agencies (id, org_type, org_code, name, sector, label)
        select distinct on ("orgType", "orgCode") "agencyId", "orgType", "orgCode", name, sector, ${label} from ${named} order by "orgType", "orgCode"
        on conflict (org_type, org_code) do nothing`,
  )
  await run(
    tx,
    sql`insert into structure.memberships (id, group_id, agency_id, kind, basis, derived, label)
        select new.id, new."groupId", a.id, 'standing', new.basis, true, ${label}
        from ${named} join structure.agencies a on a.org_type = new."orgType" and a.org_code = new."orgCode"
        on conflict (group_id, agency_id) do nothing`,
  )
}
