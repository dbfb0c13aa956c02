import { createHash } from 'node:crypto'
import type pg from 'pg'
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
