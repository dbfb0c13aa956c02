import { createHash } from 'node:crypto'
import pg from 'pg'
import { conflict, invalid } from '#core/errors.ts'
import { readArchive, writeArchive } from './archive.ts'
import { copyIn, copyOut } from './copy.ts'
import { type Manifest, manifestName, readMigrations, readSequences, readTables, type TableEntry, verifyArchive } from './manifest.ts'
import type { Store } from './store.ts'

const partSize = 4 * 1024 * 1024
const identifier = pg.escapeIdentifier
const nameOf = (of: { schema: string; name: string }) => `${identifier(of.schema)}.${identifier(of.name)}`
const columnsOf = (table: { columns: string[] }) => table.columns.map(identifier).join(', ')

/**
 * Writes the whole database as it stands at one moment into one file, which any later PostgreSQL from 15 on can take back.
 * The server may go on working meanwhile. Row security must not thin it out: where the owner does not bypass it, this fails.
 */
export async function backup(store: Pick<Store, 'owner'>, file: string): Promise<Manifest> {
  const archive = await writeArchive(file)
  try {
    const manifest = await inTransaction(store.owner, 'isolation level repeatable read read only', async (client) => {
      const tables: TableEntry[] = []
      for (const [index, table] of (await readTables(client)).entries()) {
        const folder = String(index + 1).padStart(5, '0')
        tables.push({ folder, ...table, ...(await saveTable(client, table, (part, content) => archive.add(`${folder}/${part}`, content))) })
      }
      const sequences: Manifest['sequences'] = []
      for (const sequence of await readSequences(client)) {
        const { rows } = await client.query<{ value: string; called: boolean }>(
          `select last_value::text as value, is_called as called from ${nameOf(sequence)}`,
        )
        if (rows[0]) sequences.push({ ...sequence, ...rows[0] })
      }
      const { rows } = await client.query<{ server_version: string }>('show server_version')
      const migrations = await readMigrations(client)
      return {
        format: 'concord-backup-1' as const,
        madeAt: new Date().toISOString(),
        postgres: rows[0]?.server_version ?? '',
        migrations,
        tables,
        sequences,
      }
    })
    await archive.add(manifestName, Buffer.from(JSON.stringify(manifest, null, 2)))
    await archive.finish()
    return manifest
  } catch (error) {
    await archive.abandon()
    throw error
  }
}

async function saveTable(
  client: pg.Client,
  table: { schema: string; name: string; columns: string[] },
  save: (part: string, content: Buffer) => Promise<void>,
): Promise<{ rows: number; bytes: number; sha256: string }> {
  const hash = createHash('sha256')
  let bytes = 0
  let part = 0
  let held: Buffer[] = []
  let length = 0
  const flush = async () => {
    if (length === 0) return
    const content = Buffer.concat(held)
    held = []
    length = 0
    part += 1
    await save(`${String(part).padStart(8, '0')}.copy`, content)
  }
  const rows = await copyOut(client, `copy ${nameOf(table)} (${columnsOf(table)}) to stdout`, async (piece) => {
    hash.update(piece)
    bytes += piece.length
    held.push(piece)
    length += piece.length
    if (length >= partSize) await flush()
  })
  await flush()
  return { rows, bytes, sha256: hash.digest('hex') }
}

const restoring = 'Concord: a restore is under way'

/**
 * Puts a backup into an empty store: checks the whole file, migrates, fills every table and reads it back, all or nothing.
 * Throws `invalid` (file damaged, or made by other migrations) or `conflict` (the store is in use); the store is then as before, or empty.
 */
export async function restore(
  store: Pick<Store, 'owner'>,
  file: string,
  migrate: (owner: pg.ClientConfig) => Promise<unknown>,
): Promise<Manifest> {
  const manifest = await verifyArchive(file)
  await inTransaction(store.owner, '', claimEmpty)
  await migrate(store.owner)
  await inTransaction(store.owner, '', async (client) => {
    await client.query('set local session_replication_role = replica')
    await fits(client, manifest)
    const present = await readTables(client)
    if (present.length > 0) await client.query(`truncate ${present.map(nameOf).join(', ')}`)
    await fill(client, manifest, file)
    for (const sequence of manifest.sequences) {
      await client.query('select setval($1::regclass, $2, $3)', [nameOf(sequence), sequence.value, sequence.called])
    }
    for (const table of manifest.tables) {
      const { rows, sha256 } = await saveTable(client, table, async () => {})
      if (rows !== table.rows || sha256 !== table.sha256) {
        throw invalid(
          'file',
          `The table ${table.schema}.${table.name} came back different from the backup. Nothing was kept. Say so to the makers, with both PostgreSQL versions.`,
        )
      }
    }
    await client.query(await commentText(client, null))
  })
  return manifest
}

/** Refuses a store that holds anything; one where an earlier restore was cut short is taken up again. */
async function claimEmpty(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ said: string | null }>(
    `select shobj_description(oid, 'pg_database') as said from pg_database where datname = current_database()`,
  )
  if (rows[0]?.said === restoring) return
  if ((await readTables(client)).length > 0 || (await readMigrations(client)).length > 0) {
    throw conflict('This store is not empty. Nothing was changed. Restore into a new one: give another --data, or another database.')
  }
  await client.query(await commentText(client, restoring))
}

async function commentText(client: pg.Client, words: string | null): Promise<string> {
  const { rows } = await client.query<{ name: string }>('select current_database() as name')
  return `comment on database ${identifier(rows[0]?.name ?? '')} is ${words === null ? 'null' : pg.escapeLiteral(words)}`
}

async function fits(client: pg.Client, manifest: Manifest): Promise<void> {
  const present = new Map((await readMigrations(client)).map(({ name, checksum }) => [name, checksum]))
  const differing = manifest.migrations.find(({ name, checksum }) => present.get(name) !== checksum)
  if (differing || present.size !== manifest.migrations.length) {
    throw invalid(
      'file',
      `This backup was made by another version of Concord (${differing ? `migration ${differing.name} differs` : 'it has fewer migrations'}). ` +
        'Nothing was restored. Restore it with the version that made it, then start the newer one, which brings it up to date.',
    )
  }
  const columns = new Map((await readTables(client)).map((table) => [nameOf(table), table.columns]))
  for (const table of manifest.tables) {
    const here = columns.get(nameOf(table))
    if (!here || table.columns.some((column) => !here.includes(column)))
      throw invalid('file', `This version has no table ${table.schema}.${table.name} as in the backup. Nothing was restored.`)
  }
}

async function fill(client: pg.Client, manifest: Manifest, file: string): Promise<void> {
  const tables = new Map(manifest.tables.map((table) => [table.folder, table]))
  const entries = readArchive(file)
  let next = await entries.next()
  while (!next.done) {
    const folder = next.value.name.split('/')[0] ?? ''
    const table = tables.get(folder)
    const parts = async function* () {
      while (!next.done && next.value.name.split('/')[0] === folder) {
        yield next.value.content
        next = await entries.next()
      }
    }
    if (table) await copyIn(client, `copy ${nameOf(table)} (${columnsOf(table)}) from stdin`, parts())
    else for await (const _ of parts());
  }
}

async function inTransaction<T>(config: pg.ClientConfig, mode: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(config)
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query(`begin ${mode}`)
    await client.query(
      `set local row_security = off; set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0; set local search_path = pg_catalog`,
    )
    // One form for every server, so that the same rows give the same text and the same checksum.
    await client.query(
      `set local datestyle = iso; set local intervalstyle = postgres; set local timezone = 'UTC'; set local extra_float_digits = 1; set local bytea_output = hex; set local client_encoding = 'UTF8'`,
    )
    const answer = await work(client)
    await client.query('commit')
    return answer
  } finally {
    await client.end()
  }
}
