import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { id } from '#core/id.ts'
import { type Operation, pathOf, wordsOf } from '#core/operation/operation.ts'
import { connectionOf } from './connection.ts'
import type { Field } from './fields.ts'

type Flags = Record<string, string | boolean | undefined>

async function inputOf(files: string[], flags: Flags, fields: readonly Field[]): Promise<Record<string, unknown>> {
  const given: Record<string, unknown> =
    typeof flags.input === 'string' ? JSON.parse(flags.input === '-' ? await text(process.stdin) : await readFile(flags.input, 'utf8')) : {}
  for (const { name, read } of fields) {
    const value = flags[name]
    if (value !== undefined) given[name] = read(value)
  }
  if (files.length === 0) return given
  const contents = await Promise.all(files.map(async (file) => ({ name: file, content: (await readFile(file)).toString('base64') })))
  return { ...given, files: contents }
}

/** Asks the running server, with the token of this machine. Throws its answer in words when it refuses. */
export async function askServer(operation: Operation, input: unknown, more: Record<string, string> = {}): Promise<unknown> {
  const { url, token } = await connectionOf(process.env)
  const headers: Record<string, string> = { authorization: `Bearer ${token}`, ...more }
  const address = new URL(pathOf(operation), url)
  let response: Response
  if (operation.kind === 'query') {
    address.searchParams.set('input', JSON.stringify(input))
    response = await fetch(address, { headers })
  } else {
    response = await fetch(address, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', 'idempotency-key': id() },
      body: JSON.stringify(input),
    })
  }
  const answer: unknown = await response.json()
  if (response.ok) return answer
  const problem = answer as { detail?: string; field?: string }
  throw new Error(`${problem.field ? `${problem.field}: ` : ''}${problem.detail ?? response.statusText}`)
}

/** Fetches a file that an answer named, piece by piece. Throws when it is refused, and while it is read when the connection breaks. */
export async function takeFromServer(path: string): Promise<AsyncIterable<Uint8Array>> {
  const { url, token } = await connectionOf(process.env)
  const response = await fetch(new URL(path, url), { headers: { authorization: `Bearer ${token}` } })
  if (response.ok && response.body) return response.body
  throw new Error(((await response.json().catch(() => ({}))) as { detail?: string }).detail ?? response.statusText)
}

/** Calls an operation on the running server with a token. Returns the exit code; errors go to standard error in words. */
export async function callOperation(operation: Operation, files: string[], flags: Flags, fields: readonly Field[]): Promise<number> {
  const input = await inputOf(files, flags, fields)
  const headers: Record<string, string> = {}
  if (typeof flags.as === 'string') headers['concord-as'] = flags.as
  if (typeof flags.world === 'string') headers['concord-world'] = flags.world
  if (typeof flags.reason === 'string' && !fields.some(({ name }) => name === 'reason'))
    headers['concord-reason'] = encodeURIComponent(flags.reason)
  const answer = await askServer(operation, input, headers)
  process.stdout.write(`${flags.json === true ? JSON.stringify(answer) : JSON.stringify(answer, null, 2)}\n`)
  return 0
}

/** The registry in words, or with JSON schemas, one operation a line. */
export function describeOperations(operations: readonly Operation[], json: boolean): string {
  return operations
    .map((operation) => {
      const command = `concord ${wordsOf(operation).join(' ')}`
      const who = typeof operation.who === 'string' ? operation.who : operation.who.join(', ')
      if (!json) return `${command}\n    ${operation.summary} (${operation.kind}; ${who})`
      const schema = (part: z.ZodType) =>
        z.toJSONSchema(part, { unrepresentable: 'any', io: part === operation.input ? 'input' : 'output' })
      return JSON.stringify({
        name: operation.name,
        command,
        kind: operation.kind,
        who: operation.who,
        summary: operation.summary,
        path: pathOf(operation),
        input: schema(operation.input),
        output: schema(operation.output),
      })
    })
    .join('\n')
}
