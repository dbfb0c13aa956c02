import { spawn } from 'node:child_process'
import { join } from 'node:path'

/** One rule-keeper: its name (`npm run check -- NAME…` runs only these) and the command that fails when a rule is broken. */
type Step = { name: string; command: string[] }

const bin = (name: string) => join('node_modules', '.bin', name)
const tool = (name: string) => [process.execPath, join('tools', name)]

const steps: Step[] = [
  { name: 'types', command: [bin('tsc'), '--noEmit'] },
  { name: 'catalogue', command: tool('check-catalogue.ts') },
  { name: 'borders', command: tool('check-borders.ts') },
  { name: 'lint', command: [bin('oxlint'), '--type-aware', '--deny-warnings'] },
  { name: 'dead', command: [bin('knip'), '--no-progress', '--no-config-hints'] },
  { name: 'operations', command: tool('check-operations.ts') },
  { name: 'format', command: [bin('biome'), 'format', '--reporter=summary', '--max-diagnostics=none'] },
  { name: 'files', command: tool('check-files.ts') },
  { name: 'words', command: tool('check-words.ts') },
]

/** Runs one step, quietly; tells its output only when it has something to say. */
function run(step: Step): Promise<{ step: Step; sound: boolean; output: string; seconds: number }> {
  const began = performance.now()
  return new Promise((resolve) => {
    const [command = '', ...rest] = step.command
    const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NO_COLOR: '1' } })
    let output = ''
    const take = (chunk: Buffer) => {
      output += chunk.toString()
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    const done = (sound: boolean) => resolve({ step, sound, output, seconds: (performance.now() - began) / 1000 })
    child.on('error', (error) => {
      output += `${error.message}\n`
      done(false)
    })
    child.on('close', (code) => done(code === 0))
  })
}

const names = process.argv.slice(2)
const unknown = names.filter((name) => !steps.some((step) => step.name === name))
if (unknown.length > 0) {
  console.error(`check: no step named ${unknown.join(', ')}; there are ${steps.map((step) => step.name).join(', ')}`)
  process.exit(2)
}
const waiting = steps.filter((step) => names.length === 0 || names.includes(step.name))
const broken: string[] = []

async function worker(): Promise<void> {
  for (let step = waiting.shift(); step; step = waiting.shift()) {
    const { sound, output, seconds } = await run(step)
    if (!sound) broken.push(step.name)
    const last = output.trim().split('\n').at(-1) ?? ''
    console.log(`${sound ? 'sound ' : 'BROKEN'} ${step.name.padEnd(10)} ${seconds.toFixed(1)} s${sound ? `  ${last.slice(0, 110)}` : ''}`)
    if (!sound) console.log(output.trimEnd().replace(/^/gm, '    '))
  }
}

await Promise.all([worker(), worker()])
console.log(broken.length === 0 ? 'check: all sound' : `check: broken: ${broken.join(', ')}`)
process.exitCode = broken.length === 0 ? 0 : 1
