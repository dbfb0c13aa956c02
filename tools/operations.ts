import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Operation, postKinds, type Who } from '#core/operation/operation.ts'
import { projectFiles, text } from './files.ts'

/** Where the one list of implemented operations is, and where the committed access matrix is. */
export const registryPath = 'apps/server/registry.ts'
export const matrixPath = 'tests/access-matrix.tsv'

/** What the checks and the matrix need to know of an operation. */
export type Known = Pick<Operation, 'kind' | 'name' | 'who' | 'summary'>

/** The operations that the server serves, by name; throws when there is no registry. */
export async function servedOperations(root: string): Promise<Known[]> {
  if (!existsSync(join(root, registryPath)))
    throw new Error(`${registryPath} is not there: it exports \`operations\`, every implemented operation once`)
  const { operations } = (await import(pathToFileURL(join(root, registryPath)).href)) as {
    operations?: Iterable<Known | { operation: Known }>
  }
  if (!operations) throw new Error(`${registryPath} does not export \`operations\``)
  return [...operations].map((entry) => ('operation' in entry ? entry.operation : entry)).sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** The operations that contracts define: name and where. */
export function definedOperations(root: string): { name: string; path: string }[] {
  return projectFiles(root)
    .filter((path) => /^(areas|core)\/.*contract\.ts$/.test(path))
    .flatMap((path) =>
      [...text(root, path).matchAll(/\b(?:command|query)\(\s*'([^']+)'/g)].map((match) => ({ name: match[1] ?? '', path })),
    )
}

/** The personas of the matrix: nobody signed in, anybody signed in without a post, and the holder of each kind of post. */
export const personas = ['visitor', 'person', ...postKinds] as const

/** Whether a persona may call an operation for whom `who` stands. The holder of a post is also a person; a device is one only to read. */
export function may(persona: (typeof personas)[number], who: Who, kind: string): boolean {
  if (who === 'anyone') return true
  if (persona === 'visitor') return false
  if (who === 'person') return persona !== 'device' || kind === 'query'
  return persona !== 'person' && ([who ?? []].flat() as readonly string[]).includes(persona)
}

/** The access matrix as it is committed: one operation a line, one persona a column. */
export function accessMatrix(operations: Known[]): string {
  const head = ['operation', 'kind', ...personas]
  const lines = operations.map(({ name, kind, who }) => [name, kind, ...personas.map((persona) => (may(persona, who, kind) ? 'yes' : '-'))])
  return [head, ...lines].map((line) => `${line.join('\t')}\n`).join('')
}
