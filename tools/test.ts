import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { type Counts, countTests, failures, type Told } from './count-tests.ts'
import { projectFiles } from './files.ts'
import { meet } from './prerequisites.ts'
import { runsOnChosenDatabase, standsOnBrowser } from './reach.ts'

// npm test [-- PATTERN… --quick --no-check]
//   PATTERN     only test files whose path contains one of them
//   --quick     PostgreSQL 18 only: neither the second pass on 15 nor the browser
//   --no-check  without `npm run check` first

const root = process.cwd()
const words = process.argv.slice(2)
const known = ['--quick', '--no-check']
const patterns = words.filter((word) => !word.startsWith('-'))
const strange = words.filter((word) => word.startsWith('-') && !known.includes(word))
if (strange.length > 0) {
  console.error(`test: ${strange.join(' ')} is not known; there are ${known.join(' ')} and patterns`)
  process.exit(2)
}
const quick = words.includes('--quick')
const reports = mkdtempSync(join(tmpdir(), 'concord-test-report-'))
const total: Counts = { passed: 0, failed: 0, skipped: 0 }
const lines: string[] = []
const failed: string[] = []

/** Runs a command with no stdin, its output going straight out; gives the exit code, or 1 when it could not run or was killed. */
function run(command: string, rest: string[], env: Record<string, string> = {}): Promise<number> {
  const path = [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter)
  return new Promise((resolve) => {
    const child = spawn(command, rest, { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, PATH: path, ...env } })
    const pass = (signal: NodeJS.Signals) => child.kill(signal)
    process.once('SIGINT', pass).once('SIGTERM', pass)
    const done = (code: number) => {
      process.off('SIGINT', pass).off('SIGTERM', pass)
      resolve(code)
    }
    child.on('error', () => done(1))
    child.on('close', (code) => done(code ?? 1))
  })
}

function note(title: string, counts: Counts, began: number): void {
  for (const kind of ['passed', 'failed', 'skipped'] as const) total[kind] += counts[kind]
  const seconds = Math.round((performance.now() - began) / 1000)
  lines.push(`${title.padEnd(40)} ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped  ${seconds} s`)
}

/** One pass of vitest over these files. */
async function pass(title: string, project: string, files: string[], env: Record<string, string>): Promise<void> {
  if (files.length === 0) return
  console.log(`\n── ${title}: ${files.length} files`)
  const began = performance.now()
  const output = join(reports, `${lines.length}.json`)
  const vitest = [
    join('node_modules', 'vitest', 'vitest.mjs'),
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${output}`,
  ]
  const code = await run(process.execPath, [...vitest, ...files], env)
  const told = read(output)
  note(title, countTests(told, code, files.length), began)
  failed.push(...failures(told, root))
}

function read(output: string): Told | undefined {
  try {
    return JSON.parse(readFileSync(output, 'utf8')) as Told
  } catch {
    return undefined
  }
}

const tests = projectFiles(root).filter(
  (path) => /\.(test|e2e)\.tsx?$/.test(path) && (patterns.length === 0 || patterns.some((pattern) => path.includes(pattern))),
)
const modules = tests.filter((path) => /\.test\.tsx?$/.test(path))
const journeys = quick ? [] : tests.filter((path) => /\.e2e\.tsx?$/.test(path))
const again = quick ? [] : modules.filter((path) => runsOnChosenDatabase(root, path))
if (quick) console.log('quick: without PostgreSQL 15 and without the browser')

const inBrowser = [...modules, ...journeys].some((path) => standsOnBrowser(root, path))
const unmet = meet([...(again.length > 0 ? (['postgres15'] as const) : []), ...(inBrowser ? (['chromium'] as const) : [])])

if (!words.includes('--no-check')) {
  const began = performance.now()
  console.log('\n── check')
  const code = await run(process.execPath, [join('tools', 'check.ts')])
  note('check', { passed: 0, failed: code === 0 ? 0 : 1, skipped: 0 }, began)
}
await pass('modules, on PostgreSQL 18', 'modules', modules, { CONCORD_TEST_POSTGRES: '18' })
if (unmet.includes('postgres15'))
  note('modules again, PostgreSQL 15 not here', { passed: 0, failed: again.length, skipped: 0 }, performance.now())
else await pass('modules again, on PostgreSQL 15', 'modules', again, { CONCORD_TEST_POSTGRES: '15' })
if (unmet.includes('chromium')) note('journeys, Chromium not here', { passed: 0, failed: journeys.length, skipped: 0 }, performance.now())
else await pass('journeys, in Chromium', 'e2e', journeys, { CONCORD_TEST_POSTGRES: '18' })

rmSync(reports, { recursive: true, force: true })
if (total.passed + total.failed === 0) {
  lines.push('no test was run')
  total.failed = 1
}
if (failed.length > 0) console.log(`\nWhat failed:\n${failed.join('\n')}`)
console.log(`\n${lines.join('\n')}\n`)
console.log(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`)
process.exitCode = total.failed === 0 ? 0 : 1
