import { createHash, type Hash } from 'node:crypto'
import type pg from 'pg'
import { z } from 'zod'
import { invalid } from '#core/errors.ts'
import { readArchive } from './archive.ts'

export const manifestName = 'manifest.json'

/** What a backup holds, checked before anything is written. Rows and bytes are counts; sha256 is over the table's COPY text. */
export const Manifest = z.object({
  format: z.literal('concord-backup-1'),
  madeAt: z.iso.datetime(),
  postgres: z.string(),
  migrations: z.array(z.object({ name: z.string(), checksum: z.string() })),
  tables: z.array(
    z.object({
      folder: z.string(),
      schema: z.string(),
      name: z.string(),
      columns: z.array(z.string()),
      rows: z.number().int(),
      bytes: z.number().int(),
      sha256: z.string(),
    }),
  ),
  sequences: z.array(z.object({ schema: z.string(), name: z.string(), value: z.string(), called: z.boolean() })),
})
export type Manifest = z.infer<typeof Manifest>
export type TableEntry = Manifest['tables'][number]

const ours = `n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
  and not exists (select from pg_depend d where d.objid = c.oid and d.classid = 'pg_class'::regclass and d.deptype = 'e')`

/** Every ordinary table with its columns, generated ones left out, as they compute themselves; unlogged tables hold nothing that must last. */
export async function readTables(client: pg.Client): Promise<{ schema: string; name: string; columns: string[] }[]> {
  const { rows } = await client.query<{ schema: string; name: string; columns: string[] }>(`
    select n.nspname as schema, c.relname as name,
      coalesce((select array_agg(a.attname::text order by a.attnum) from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''), '{}') as columns
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and c.relpersistence = 'p' and ${ours} and (n.nspname, c.relname) <> ('concord', 'migration')
    order by 1, 2`)
  return rows
}

export async function readSequences(client: pg.Client): Promise<{ schema: string; name: string }[]> {
  const { rows } = await client.query<{ schema: string; name: string }>(
    `select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'S' and ${ours} order by 1, 2`,
  )
  return rows
}

/** The numbered migrations of this database; policies are left out, as they are re-applied whole. */
export async function readMigrations(client: pg.Client): Promise<Manifest['migrations']> {
  const { rows } = await client.query<{ there: boolean }>(`select to_regclass('concord.migration') is not null as there`)
  if (!rows[0]?.there) return []
  const { rows: migrations } = await client.query<{ name: string; checksum: string }>(
    `select name, checksum from concord.migration where name not like '%/policies' order by name`,
  )
  return migrations
}

/** Reads the whole file and holds every table against its checksum. Throws `invalid` and names the first that differs. */
export async function verifyArchive(file: string): Promise<Manifest> {
  const seen = new Map<string, { hash: Hash; bytes: number }>()
  let manifest: Manifest | undefined
  for await (const { name, content } of readArchive(file)) {
    if (name === manifestName) {
      const read = Manifest.safeParse(parsed(content))
      if (!read.success)
        throw invalid(
          'file',
          'This backup was not made by this version of Concord, or it is damaged. Nothing was changed. Use the version that made it.',
        )
      manifest = read.data
      continue
    }
    const folder = name.split('/')[0] ?? ''
    const part = seen.get(folder) ?? { hash: createHash('sha256'), bytes: 0 }
    part.hash.update(content)
    part.bytes += content.length
    seen.set(folder, part)
  }
  if (!manifest)
    throw invalid(
      'file',
      'This file has no list of contents: it is no Concord backup, or it is cut short. Nothing was changed. Use another backup.',
    )
  for (const table of manifest.tables) {
    const part = seen.get(table.folder) ?? { hash: createHash('sha256'), bytes: 0 }
    if (part.bytes !== table.bytes || part.hash.digest('hex') !== table.sha256) {
      throw invalid(
        'file',
        `The table ${table.schema}.${table.name} in this backup is not as it was written. Nothing was changed. Use another backup.`,
      )
    }
  }
  return manifest
}

function parsed(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString('utf8'))
  } catch {
    return undefined
  }
}
