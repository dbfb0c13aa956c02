import { createHash } from 'node:crypto'
import pg from 'pg'
import { notFound } from '#core/errors.ts'
import type { Tx } from '#core/operation/implement.ts'

/** A statement with its values apart: text never holds what a person wrote. */
export interface Statement {
  text: string
  values: unknown[]
}

const isStatement = (value: unknown): value is Statement =>
  typeof value === 'object' && value !== null && 'text' in value && 'values' in value && Array.isArray((value as Statement).values)

/** `` sql`select * from structure.posts where id = ${id}` ``; a statement inside a statement is joined in. */
export function sql(strings: TemplateStringsArray, ...parts: unknown[]): Statement {
  let text = strings[0]!
  const values: unknown[] = []
  parts.forEach((part, index) => {
    if (isStatement(part)) {
      text += part.text.replace(/\$(\d+)/g, (_, number: string) => `$${Number(number) + values.length}`)
      values.push(...part.values)
    } else {
      values.push(part)
      text += `$${values.length}`
    }
    text += strings[index + 1]!
  })
  return { text, values }
}

const camelCase = (column: string) => column.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
const camelNames = new Map<string, string>()
const camel = (column: string) => {
  const known = camelNames.get(column)
  if (known !== undefined) return known
  const name = camelCase(column)
  camelNames.set(column, name)
  return name
}

// Statement texts are few (they stand in store.ts files), so each is prepared once on each connection.
const names = new Map<string, string>()
function nameOf(text: string): string {
  const known = names.get(text)
  if (known !== undefined) return known
  const name = createHash('sha1').update(text).digest('hex').slice(0, 20)
  if (names.size < 5000) names.set(text, name)
  return name
}

/** The connection inside a Tx. Made by core/db/tx.ts, unwrapped here and nowhere else. */
const connections = new WeakMap<Tx, pg.ClientBase>()
export const wrap = (client: pg.ClientBase): Tx => {
  const tx = Object.freeze({}) as Tx
  connections.set(tx, client)
  return tx
}
export const close = (tx: Tx): void => {
  connections.delete(tx)
}

/** A statement as `pg` takes it, prepared once on each connection. */
export const prepared = (statement: Statement) => ({ name: nameOf(statement.text), text: statement.text, values: statement.values })

/** All rows, columns in camelCase, times as ISO text in UTC. */
export async function rows<T>(tx: Tx, statement: Statement): Promise<T[]> {
  const client = connections.get(tx)
  if (!client) throw new Error('this transaction is over')
  const result = await client.query(prepared(statement))
  return result.rows.map((row: Record<string, unknown>) => {
    const shaped: Record<string, unknown> = {}
    for (const column in row) shaped[camel(column)] = row[column]
    return shaped as T
  })
}

/** What PostgreSQL copies out, in the pieces in which it comes. One of pg's own queries, so that it may stand in a pipeline among others. */
class Copying extends pg.Query {
  readonly pieces: Buffer[] = []
  // pg calls it, and its types do not know it. A piece lies in a buffer that is used again.
  handleCopyData({ chunk }: { chunk: Buffer }): void {
    this.pieces.push(Buffer.from(chunk))
  }
}

const copyHeaderBytes = 19

/**
 * Rows as `COPY … TO STDOUT (FORMAT binary)` gives them: each field its bytes, none turned into text and back. For long runs of bytes, where that costs more
 * than all the rest. `query` is a text of our own with whole numbers in it at most: a copy takes no values.
 */
export async function copied(tx: Tx, query: string): Promise<(Buffer | null)[][]> {
  const client = connections.get(tx)
  if (!client) throw new Error('this transaction is over')
  const copying = await new Promise<Copying>((resolve, reject) => {
    const asked: Copying = new Copying({ text: `copy (${query}) to stdout (format binary)` }, (error: Error | null) =>
      error ? reject(error) : resolve(asked),
    )
    client.query(asked)
  })
  const bytes = copying.pieces.length === 1 ? copying.pieces[0]! : Buffer.concat(copying.pieces)
  const found: (Buffer | null)[][] = []
  for (let at = copyHeaderBytes; at + 2 <= bytes.length; ) {
    const fields = bytes.readInt16BE(at)
    at += 2
    if (fields < 0) break
    const row: (Buffer | null)[] = []
    for (let n = 0; n < fields; n += 1) {
      const length = bytes.readInt32BE(at)
      at += 4
      row.push(length < 0 ? null : bytes.subarray(at, at + length))
      at += Math.max(0, length)
    }
    found.push(row)
  }
  return found
}

/** Exactly the first row; none is *not found* (a withheld row looks the same). */
export async function one<T>(tx: Tx, statement: Statement): Promise<T> {
  const [first] = await rows<T>(tx, statement)
  if (first === undefined) throw notFound()
  return first
}

export async function maybe<T>(tx: Tx, statement: Statement): Promise<T | undefined> {
  return (await rows<T>(tx, statement))[0]
}

/** For statements whose rows do not matter. */
export async function run(tx: Tx, statement: Statement): Promise<void> {
  await rows(tx, statement)
}
