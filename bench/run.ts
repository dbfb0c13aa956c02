import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type BenchLine, printLine } from './measure.ts'

interface Bench {
  run(options: { json: boolean; quick: boolean }): Promise<BenchLine[]> | AsyncIterable<BenchLine>
}

const folder = fileURLToPath(new URL('.', import.meta.url))
const names = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(`${folder}${entry.name}/bench.ts`))
  .map((entry) => entry.name)

/** `npm run bench -- NAME… [--quick] [--json]`: JSON lines, each with `bench`, `ratio` and what it compares; all benches without a name. */
const asked = process.argv.slice(2)
const chosen = asked.filter((word) => !word.startsWith('--'))
const unknown = chosen.filter((name) => !names.includes(name))
if (unknown.length > 0) {
  process.stderr.write(`There is no bench ${unknown.join(', ')}. There are: ${names.join(', ')}\n`)
  process.exit(2)
}
for (const name of chosen.length > 0 ? chosen : names) {
  const { run } = (await import(`./${name}/bench.ts`)) as Bench
  const lines = run({ json: asked.includes('--json'), quick: asked.includes('--quick') })
  if (Symbol.asyncIterator in lines) for await (const line of lines) printLine(line)
  else for (const line of await lines) printLine(line)
}
process.exit(0)
