import { execFileSync, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

/** One printed result. `ratio` is what the goal speaks of; the rest says what was compared. */
export type BenchLine = { bench: string; ratio: number } & Record<string, unknown>

export const printLine = (line: BenchLine): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

export const rounded = (value: number, digits = 2): number => Number(value.toFixed(digits))

/** The value below which a share of the (unsorted) values lies. @param share 0 to 1 */
export const percentile = (values: readonly number[], share: number): number => {
  const ordered = [...values].sort((left, right) => left - right)
  return ordered[Math.min(ordered.length - 1, Math.floor(ordered.length * share))] ?? Number.NaN
}

export const median = (values: readonly number[]): number => percentile(values, 0.5)

const finds = (program: string): boolean => {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** True when what a Debian package brings is there, or could be installed from it. */
export const debianPackage = (aptPackage: string, isThere: () => boolean): boolean => {
  if (isThere()) return true
  process.stderr.write(`Not installed: trying Debian's package ${aptPackage}.\n`)
  for (const step of [
    ['install', '-y', '--no-install-recommends', aptPackage],
    ['update'],
    ['install', '-y', '--no-install-recommends', aptPackage],
  ]) {
    try {
      execFileSync('apt-get', step, { stdio: 'ignore', timeout: 120_000 })
    } catch {
      continue
    }
    if (isThere()) return true
  }
  return false
}

/** True when the program is there, or could be installed from Debian's packages. */
export const debianProgram = (program: string, aptPackage: string): boolean => debianPackage(aptPackage, () => finds(program))

/** Starts a program, on one core when the machine can hold it there. The caller ends it. */
export const spawnOnCore = (core: number, program: string, args: readonly string[], ipc = false): ChildProcess => {
  const stdio = ipc ? (['ignore', 'inherit', 'inherit', 'ipc'] as const) : (['ignore', 'ignore', 'inherit'] as const)
  return finds('taskset')
    ? spawn('taskset', ['-c', String(core), program, ...args], { stdio: [...stdio] })
    : spawn(program, [...args], { stdio: [...stdio] })
}

/** Resident memory of a process and its highest so far, in MB (10^6 bytes), or NaN where the system does not say. */
export const memoryOf = (pid: number): { resident: number; peak: number } => {
  const path = `/proc/${pid}/status`
  const status = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const read = (field: string): number => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? Number.NaN) * 1.024e-3
  return { resident: Math.round(read('VmRSS')), peak: Math.round(read('VmHWM')) }
}

/** Asks a child process started with ipc and waits for its answer. */
export const ask = <Answer>(child: ChildProcess, message: object, timeout = 120_000): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => done(new Error(`No answer in ${timeout} ms to ${JSON.stringify(message)}`)), timeout)
    const onMessage = (answer: unknown): void => done(undefined, answer as Answer)
    const onExit = (code: number | null): void => done(new Error(`The process ended with ${code} before it answered.`))
    const done = (error?: Error, answer?: Answer): void => {
      clearTimeout(timer)
      child.off('message', onMessage)
      child.off('exit', onExit)
      if (error) reject(error)
      else resolve(answer as Answer)
    }
    child.once('message', onMessage)
    child.once('exit', onExit)
    child.send(message)
  })

/** Processor seconds a process has used so far, or NaN where the system does not say. Ratios of these are quieter than ratios of times. */
export const processorSeconds = (pid: number): number => {
  const path = `/proc/${pid}/stat`
  if (!existsSync(path)) return Number.NaN
  // After the name in brackets, which may hold spaces; fields 14 and 15 are in hundredths.
  const fields = readFileSync(path, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}
