import { servingRoles } from '#core/db/migrate.ts'
import { report, type Sin } from './files.ts'
import { type Address, ask, migrated, throwawayPostgres } from './throwaway-postgres.ts'

type Rule = { what: string; sql: string }

/** Schemas that are ours; pgboss keeps its own house (house.md). */
const ours = `n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'pgboss')`
const table = `pg_class c join pg_namespace n on n.oid = c.relnamespace and ${ours} and c.relkind in ('r', 'p')`
const roles = [...servingRoles, 'concord_server'].map((role) => `'${role}'`).join(', ')

/** Each asks the catalogue for those who break it; `place` names them. */
const rules: Rule[] = [
  { what: 'has no row security', sql: `select c.oid::regclass::text as place from ${table} where not c.relrowsecurity` },
  {
    what: 'has row security that does not bind its owner: force it',
    sql: `select c.oid::regclass::text as place from ${table} where c.relrowsecurity and not c.relforcerowsecurity`,
  },
  {
    what: 'has no policy',
    sql: `select c.oid::regclass::text as place from ${table} where not exists (select from pg_policy p where p.polrelid = c.oid)`,
  },
  { what: 'has no comment', sql: `select c.oid::regclass::text as place from ${table} where obj_description(c.oid, 'pg_class') is null` },
  {
    what: 'deletes rows because another was deleted: no ON DELETE CASCADE',
    sql: `select k.conrelid::regclass::text || ' ' || k.conname as place from pg_constraint k join pg_namespace n on n.oid = k.connamespace and ${ours}
          where k.contype = 'f' and k.confdeltype = 'c'`,
  },
  {
    what: 'may be deleted from or truncated by a role that serves',
    sql: `select distinct c.oid::regclass::text || ' by ' || r.rolname as place from ${table} cross join pg_roles r
          where r.rolname in (${roles}) and (has_table_privilege(r.oid, c.oid, 'delete') or has_table_privilege(r.oid, c.oid, 'truncate'))`,
  },
  {
    what: 'is open to everybody: grant it to roles by name',
    sql: `select c.oid::regclass::text as place from pg_class c join pg_namespace n on n.oid = c.relnamespace and ${ours}
          where exists (select from aclexplode(c.relacl) a where a.grantee = 0)`,
  },
  {
    what: 'is SECURITY DEFINER without set search_path = pg_catalog, pg_temp',
    sql: `select p.oid::regprocedure::text as place from pg_proc p join pg_namespace n on n.oid = p.pronamespace and ${ours}
          where p.prosecdef and not coalesce('search_path=pg_catalog, pg_temp' = any(p.proconfig), false)`,
  },
  {
    what: 'is SECURITY DEFINER and may be called by everybody: revoke it from public',
    sql: `select p.oid::regprocedure::text as place from pg_proc p join pg_namespace n on n.oid = p.pronamespace and ${ours}
          where p.prosecdef and exists (select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a where a.grantee = 0)`,
  },
  {
    what: 'is a view that sees with its owner’s eyes: make it security_invoker',
    sql: `select c.oid::regclass::text as place from pg_class c join pg_namespace n on n.oid = c.relnamespace and ${ours}
          where c.relkind = 'm' or (c.relkind = 'v' and not coalesce(c.reloptions && array['security_invoker=true', 'security_invoker=on'], false))`,
  },
  {
    what: 'serves, and has a power it must not have (superuser, bypassrls, inherit, createrole, createdb)',
    sql: `select rolname::text as place from pg_roles where rolname in (${roles}) and (rolsuper or rolbypassrls or rolinherit or rolcreaterole or rolcreatedb)`,
  },
  {
    what: 'is owned by a role that serves',
    sql: `select c.oid::regclass::text as place from pg_class c join pg_roles r on r.oid = c.relowner where r.rolname in (${roles})
          union all select p.oid::regprocedure::text from pg_proc p join pg_roles r on r.oid = p.proowner where r.rolname in (${roles})`,
  },
  {
    what: 'has a label column, but was not made labelled by record.labelled (no ledger trigger)',
    sql: `select c.oid::regclass::text as place from ${table} join pg_attribute a on a.attrelid = c.oid and a.attname = 'label' and not a.attisdropped
          where n.nspname not in ('access', 'record') and not exists (select from pg_trigger t join pg_proc p on p.oid = t.tgfoid
            join pg_namespace s on s.oid = p.pronamespace and s.nspname = 'record' where t.tgrelid = c.oid and t.tgenabled = 'O')`,
  },
  {
    what: 'has the time of entering beside the time at which something occurred, and no check that a late entry says why (X-2: late_reason)',
    sql: `select c.oid::regclass::text as place from ${table}
          join pg_attribute e on e.attrelid = c.oid and e.attname = 'entered_at' and not e.attisdropped
          where not exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'c'
            and pg_get_constraintdef(k.oid) like '%entered_at%' and pg_get_constraintdef(k.oid) like '%late_reason%')
          union all
          select c.oid::regclass::text from ${table} join pg_attribute o on o.attrelid = c.oid and o.attname = 'occurred_at' and not o.attisdropped
          where not exists (select from pg_attribute e where e.attrelid = c.oid and e.attname = 'entered_at' and not e.attisdropped)`,
  },
  {
    what: 'leads from one per-world table to another without the world column: a row could point into another world',
    sql: `select k.conrelid::regclass::text || ' ' || k.conname as place from pg_constraint k
          join pg_class f on f.oid = k.conrelid join pg_namespace fn on fn.oid = f.relnamespace
          join pg_class t on t.oid = k.confrelid join pg_namespace tn on tn.oid = t.relnamespace
          join record.labelled_table lf on lf.name = fn.nspname || '.' || f.relname and lf.scope = 'per-world'
          join record.labelled_table lt on lt.name = tn.nspname || '.' || t.relname and lt.scope = 'per-world'
          where k.contype = 'f' and not exists (select from pg_attribute a where a.attrelid = k.conrelid and a.attnum = any(k.conkey) and a.attname = 'world')`,
  },
  {
    what: 'has neither a retention rule nor a reason to be kept: record.retains or record.keeps in its area’s policies.sql',
    sql: `select c.oid::regclass::text as place from ${table}
          where not exists (select from record.retention_rule r where r.table_name = n.nspname || '.' || c.relname)
            and not exists (select from record.kept_table k where k.table_name = n.nspname || '.' || c.relname)`,
  },
  {
    what: 'has a retention rule, and is named as kept: one of the two is not so (record.retains, record.keeps)',
    sql: `select k.table_name as place from record.kept_table k join record.retention_rule r using (table_name)`,
  },
  {
    what: 'is named as kept, and is no table',
    sql: `select k.table_name as place from record.kept_table k where to_regclass(k.table_name) is null`,
  },
]

/** Holds a migrated database, asked as its owner, to the rules that every table, function and role of the house keeps. */
export async function checkCatalogue(address: Address): Promise<Sin[]> {
  const sins: Sin[] = []
  for (const rule of rules) {
    for (const { place } of await ask<{ place: string }>(address, rule.sql)) sins.push({ where: place, what: rule.what })
  }
  return sins
}

if (import.meta.main) {
  const cluster = await throwawayPostgres()
  try {
    const address = await migrated(cluster.address, 'catalogue')
    const [counted] = await ask<{ tables: string }>(address, `select count(*)::text as tables from ${table}`)
    const tables = Number(counted?.tables ?? 0)
    const nothing = tables < 2 ? [{ where: 'catalogue', what: 'was found without tables: nothing was checked' }] : []
    report('catalogue', [...nothing, ...(await checkCatalogue(address))], `${tables} tables, PostgreSQL ${cluster.version}`)
  } finally {
    await cluster.stop()
  }
}
