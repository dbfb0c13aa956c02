import { rows, run, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'
import { sectorOf } from '../city-import/rules/sectors.ts'
import type { Member } from './rules/members.ts'

export interface ListIds {
  agencies: Map<string, string>
  /** What an agency is called. */
  names: Map<string, string>
  /** Those of which the city has said a sector. */
  sectors: Map<string, string>
  groups: Map<string, string>
  memberships: Map<string, string>
}

/** Ids of what is there already, by (type, code), by code, and by both. */
export async function listIds(tx: Tx): Promise<ListIds> {
  const pairs = async (statement: ReturnType<typeof sql>) =>
    new Map((await rows<{ key: string; id: string }>(tx, statement)).map(({ key, id }) => [key, id]))
  return {
    agencies: await pairs(sql`select org_type || ' ' || org_code as key, id from structure.agencies`),
    names: await pairs(sql`select org_type || ' ' || org_code as key, name as id from structure.agencies`),
    sectors: await pairs(sql`select org_type || ' ' || org_code as key, sector as id from structure.agencies where sector is not null`),
    groups: await pairs(sql`select code as key, id from structure.groups`),
    memberships: await pairs(sql`select g.code || ' ' || a.org_type || ' ' || a.org_code as key, m.id from structure.memberships m
      join structure.groups g on g.id = m.group_id join structure.agencies a on a.id = m.agency_id`),
  }
}

/** Nothing but a sign of life: a transaction that waits for us longer than two seconds is ended. */
export const stillHere = (tx: Tx) => run(tx, sql`select 1`)

const list = (values: readonly unknown[]) => JSON.stringify(values)

/** One batch of a list: names follow the list, a sector that nobody has said follows the type; all else that the city has said about an agency or a group stays. */
export async function putMembers(
  tx: Tx,
  label: number,
  values: ReadonlyArray<Member & { groupId: string; agencyId: string; membershipId: string }>,
): Promise<void> {
  const agencies = [
    ...new Map(
      values.map(({ agencyId, orgType, orgCode, orgName }) => [
        agencyId,
        { id: agencyId, org_type: orgType, org_code: orgCode, name: orgName, sector: sectorOf(orgType) },
      ]),
    ).values(),
  ]
  await run(
    tx,
    sql`insert into structure.agencies as was (id, org_type, org_code, name, sector, label)
        select id, org_type, org_code, name, sector, ${label}
        from jsonb_to_recordset(${list(agencies)}::jsonb) as new (id uuid, org_type text, org_code text, name text, sector text)
        on conflict (id) do update set name = excluded.name, sector = coalesce(was.sector, excluded.sector)
        where was.name <> excluded.name or (was.sector is null and excluded.sector is not null)`,
  )
  const groups = [...new Map(values.map((row) => [row.groupId, { id: row.groupId, code: row.groupCode, name: row.groupName }])).values()]
  await run(
    tx,
    sql`insert into structure.groups as was (id, code, name, tier, label)
        select id, code, name, 'partnership', ${label} from jsonb_to_recordset(${list(groups)}::jsonb) as new (id uuid, code text, name text)
        on conflict (id) do update set name = excluded.name where was.name <> excluded.name`,
  )
  const memberships = values.map((row) => ({
    id: row.membershipId,
    group_id: row.groupId,
    agency_id: row.agencyId,
    basis: row.basis,
    derived: row.derived,
  }))
  await run(
    tx,
    sql`insert into structure.memberships as was (id, group_id, agency_id, kind, basis, derived, label)
        select id, group_id, agency_id, 'standing', basis, derived, ${label}
        from jsonb_to_recordset(${list(memberships)}::jsonb) as new (id uuid, group_id uuid, agency_id uuid, basis text, derived boolean)
        on conflict (id) do update set basis = excluded.basis, derived = excluded.derived, ended_at = null
        where was.ended_at is not null or (was.derived and (was.basis, was.derived) is distinct from (excluded.basis, excluded.derived))`,
  )
}

export const allMembers = (tx: Tx) =>
  rows<Member & { labels: number[] }>(
    tx,
    sql`select g.code as group_code, g.name as group_name, a.org_type, a.org_code, a.name as org_name, m.basis, m.derived,
          array[m.label, g.label, a.label] as labels
        from structure.memberships m join structure.groups g on g.id = m.group_id join structure.agencies a on a.id = m.agency_id
        where m.ended_at is null order by g.code, a.org_type, a.org_code`,
  )
