import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'

const project = fileURLToPath(new URL('../../', import.meta.url))

/** The roles that exist, and nobody else: the owner keeps tables; the server logs in and becomes one of the four others. */
export const servingRoles = ['concord_member', 'concord_desk', 'concord_jobs', 'concord_verifier'] as const

interface SqlFile {
  name: string
  number: number
  text: string
  checksum: string
}

interface Sources {
  migrations: SqlFile[]
  policies: SqlFile[]
}

async function folder(path: string): Promise<string[]> {
  return readdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return []
    throw error
  })
}

/** Every `{core,areas}/<name>/sql/NNNN-*.sql`, by number; numbers are unique in the whole house. Policies follow in the same order. */
export async function readSources(root = project): Promise<Sources> {
  const migrations: SqlFile[] = []
  const policies: SqlFile[] = []
  for (const side of ['core', 'areas']) {
    for (const room of await folder(join(root, side))) {
      const files = (await folder(join(root, side, room, 'sql'))).filter((file) => file.endsWith('.sql')).sort()
      const numbers = files.map((file) => Number.parseInt(file, 10)).filter((number) => !Number.isNaN(number))
      for (const file of files) {
        const text = await readFile(join(root, side, room, 'sql', file), 'utf8')
        const checksum = createHash('sha256').update(text).digest('hex')
        const number = Number.parseInt(file, 10)
        if (file === 'policies.sql') policies.push({ name: `${room}/policies`, number: Math.min(9999, ...numbers), text, checksum })
        else migrations.push({ name: `${room}/${file.replace(/\.sql$/, '')}`, number, text, checksum })
      }
    }
  }
  const byNumber = (a: SqlFile, b: SqlFile) => a.number - b.number
  return { migrations: migrations.sort(byNumber), policies: policies.sort(byNumber) }
}

const roles = `
do $$
declare name text;
begin
  if not exists (select from pg_roles where rolname = 'concord_owner') then create role concord_owner nologin; end if;
  foreach name in array array['${servingRoles.join("','")}'] loop
    if not exists (select from pg_roles where rolname = name) then
      execute format('create role %I nologin noinherit nobypassrls', name);
    end if;
  end loop;
  if not exists (select from pg_roles where rolname = 'concord_server') then
    create role concord_server login noinherit nosuperuser nocreatedb nocreaterole nobypassrls;
  end if;
  foreach name in array array['${servingRoles.join("','")}'] loop
    execute format('grant %I to concord_server', name);
  end loop;
  if current_user <> 'concord_owner' and not pg_has_role(current_user, 'concord_owner', 'member') then
    execute format('grant concord_owner to %I', current_user);
  end if;
  execute format('grant connect on database %I to concord_server', current_database());
  execute format('grant create on database %I to concord_owner', current_database());
end $$`

const book = `
create schema if not exists concord authorization concord_owner;
comment on schema concord is 'Which migrations have been applied.';
set role concord_owner;
create table if not exists concord.migration (
  name text primary key, checksum text not null, applied_at timestamptz not null default clock_timestamp());
comment on table concord.migration is 'Applied migrations and policy files, with their checksums.';
alter table concord.migration enable row level security;
alter table concord.migration force row level security;
drop policy if exists keep on concord.migration;
create policy keep on concord.migration to concord_owner using (true) with check (true);
revoke all on schema public from public`

export interface Migrated {
  applied: string[]
  policies: string[]
}

/**
 * Brings a database to the present form: roles, numbered migrations (each once, in its own transaction), then changed policies.
 * Errors: a migration that was changed after it was applied; any SQL error, with the file's name.
 */
export async function migrate(config: pg.ClientConfig, options: { root?: string; serverPassword?: string } = {}): Promise<Migrated> {
  const { migrations, policies } = await readSources(options.root)
  const client = new pg.Client(config)
  await client.connect()
  const done: Migrated = { applied: [], policies: [] }
  try {
    await client.query('select pg_advisory_lock(7261, 0)')
    await client.query(roles)
    if (options.serverPassword) {
      await client.query(`alter role concord_server password ${pg.escapeLiteral(options.serverPassword)}`)
    }
    await client.query(book)
    const known = new Map<string, string>(
      (await client.query<{ name: string; checksum: string }>('select name, checksum from concord.migration')).rows.map((row) => [
        row.name,
        row.checksum,
      ]),
    )
    const apply = async (file: SqlFile) => {
      try {
        await client.query(`begin;\n${file.text}\n;commit`)
      } catch (error) {
        await client.query('rollback')
        throw new Error(`${file.name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
      }
      await client.query(
        'insert into concord.migration (name, checksum) values ($1, $2) on conflict (name) do update set checksum = excluded.checksum, applied_at = clock_timestamp()',
        [file.name, file.checksum],
      )
    }
    for (const file of migrations) {
      const before = known.get(file.name)
      if (before === file.checksum) continue
      if (before !== undefined) throw new Error(`${file.name} was changed after it had been applied. Write a new migration instead.`)
      await apply(file)
      done.applied.push(file.name)
    }
    for (const file of policies) {
      if (done.applied.length === 0 && known.get(file.name) === file.checksum) continue
      await apply(file)
      done.policies.push(file.name)
    }
    return done
  } finally {
    await client.end()
  }
}
