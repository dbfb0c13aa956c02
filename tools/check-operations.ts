import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { postKinds } from '#core/operation/operation.ts'
import { report, type Sin, text } from './files.ts'
import { accessMatrix, definedOperations, type Known, matrixPath, registryPath, servedOperations } from './operations.ts'

/** Every operation is implemented once, says who may, has a summary, and stands in the committed access matrix as it is. */
export function checkOperations(defined: { name: string; path: string }[], served: Known[], matrix: string | undefined): Sin[] {
  const times = (name: string) => served.filter((operation) => operation.name === name).length
  return [
    ...defined
      .filter(({ name }) => times(name) === 0)
      .map(({ name, path }) => ({ where: path, what: `${name} is implemented nowhere in ${registryPath}` })),
    ...twice(defined).map(({ name, path }) => ({ where: path, what: `${name} is defined more than once` })),
    ...twice(served).map(({ name }) => ({ where: registryPath, what: `${name} is implemented more than once` })),
    ...served.flatMap(words),
    ...compareMatrix(accessMatrix(served), matrix),
  ]
}

function twice<Item extends { name: string }>(items: Item[]): Item[] {
  return items.filter((item, place) => items.findIndex((other) => other.name === item.name) < place)
}

function words({ name, who, summary }: Known): Sin[] {
  const sins: Sin[] = []
  if (!/^[a-z]+\.[a-z][A-Za-z0-9]*$/.test(name)) sins.push({ where: name, what: 'is not named area.operationName' })
  if (!summary) sins.push({ where: name, what: 'has no summary' })
  const kinds: readonly string[] = [who ?? []].flat()
  const known: readonly string[] = ['anyone', 'person', ...postKinds]
  if (kinds.length === 0) sins.push({ where: name, what: 'does not say who may call it' })
  for (const kind of kinds) if (!known.includes(kind)) sins.push({ where: name, what: `is for '${kind}', which is no kind of post` })
  return sins
}

function compareMatrix(expected: string, matrix: string | undefined): Sin[] {
  const again = 'run node tools/gen-access-matrix.ts, and review what changed like code'
  if (matrix === undefined) return [{ where: matrixPath, what: `is not there: ${again}` }]
  const committed = new Map(matrix.split('\n').map((line) => [line.split('\t')[0], line]))
  const now = new Map(expected.split('\n').map((line) => [line.split('\t')[0], line]))
  const changed = [...now].filter(([name, line]) => committed.get(name) !== line).map(([name]) => name)
  const gone = [...committed.keys()].filter((name) => !now.has(name))
  return [...changed, ...gone].map((name) => ({ where: matrixPath, what: `${name} is not as the code has it: ${again}` }))
}

if (import.meta.main) {
  const root = process.cwd()
  const served = await servedOperations(root)
  const matrix = existsSync(join(root, matrixPath)) ? text(root, matrixPath) : undefined
  const nothing: Sin[] = served.length === 0 ? [{ where: registryPath, what: 'serves no operation: nothing was checked' }] : []
  report('operations', [...nothing, ...checkOperations(definedOperations(root), served, matrix)], `${served.length} operations`)
  process.exit()
}
