import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Fastify from 'fastify'
import { databaseAccount } from '#core/db/launch/account.ts'
import { embeddedBinaries } from '#core/db/launch/binaries.ts'
import { type BenchLine, rounded } from '../measure.ts'

const program = fileURLToPath(new URL('../../bin/concord.mjs', import.meta.url))

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer()
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })

async function ended(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await gone
}

/** Seconds from starting the command until the first page was answered. */
async function untilFirstPage(data: string, verb: 'serve' | 'start'): Promise<{ seconds: number; child: ChildProcess }> {
  const port = await freePort()
  const began = performance.now()
  const child = spawn(process.execPath, [program, verb, '--port', String(port), '--data', data], { stdio: 'ignore' })
  for (;;) {
    const answered = await fetch(`http://127.0.0.1:${port}/`).then(
      (response) => response.ok,
      () => false,
    )
    if (answered) return { seconds: (performance.now() - began) / 1000, child }
    if (child.exitCode !== null || performance.now() - began > 120_000) throw new Error('The server did not start.')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** The same pieces by themselves: initdb and a start of PostgreSQL, an empty Node, an empty Fastify. */
async function reference(folder: string): Promise<{ seconds: number; secondSeconds: number }> {
  const account = databaseAccount()
  const binaries = embeddedBinaries(folder, account)
  const as = account ? { uid: account.uid, gid: account.gid } : {}
  const timed = async (work: () => unknown) => {
    const began = performance.now()
    await work()
    return (performance.now() - began) / 1000
  }
  const cluster = join(folder, 'pg')
  mkdirSync(folder, { recursive: true })
  chmodSync(folder, 0o777)
  const pg = (name: string, ...args: string[]) => execFileSync(join(binaries.folder, name), args, { ...as, cwd: '/', stdio: 'ignore' })
  const initdb = await timed(() => pg('initdb', '-D', cluster, '-U', 'owner', '--auth=trust', '--locale=C.UTF-8'))
  const start = await timed(() =>
    pg(
      'pg_ctl',
      '-D',
      cluster,
      '-w',
      '-o',
      `-c listen_addresses='' -c unix_socket_directories=${cluster}`,
      '-l',
      join(cluster, 'log'),
      'start',
    ),
  )
  pg('pg_ctl', '-D', cluster, '-m', 'fast', 'stop')
  const node = await timed(() => execFileSync(process.execPath, ['-e', '0']))
  const fastify = await timed(async () => {
    const server = Fastify()
    await server.listen({ port: 0 })
    await server.close()
  })
  return { seconds: initdb + start + node + fastify, secondSeconds: start + node + fastify }
}

/** Empty data folder → first page answered, and a second start. The web was built beforehand, as `npm ci` does. */
export async function run({ quick }: { quick: boolean }): Promise<BenchLine[]> {
  const parent = mkdtempSync(join(tmpdir(), 'concord-bench-'))
  chmodSync(parent, 0o755)
  const lines: BenchLine[] = []
  try {
    const bare = await reference(join(parent, 'reference'))
    for (const verb of quick ? (['start'] as const) : (['serve', 'start'] as const)) {
      const data = join(parent, verb)
      const first = await untilFirstPage(data, verb)
      await ended(first.child)
      const second = await untilFirstPage(data, verb)
      await ended(second.child)
      const line = (what: string, seconds: number, goalSeconds: number, against: number): BenchLine => ({
        bench: 'start',
        what: `${verb}: ${what}`,
        ratio: rounded(seconds / against),
        seconds: rounded(seconds),
        goalSeconds,
        referenceSeconds: rounded(against),
        reference: 'initdb (first start only), pg_ctl start, node -e 0, an empty Fastify',
      })
      lines.push(
        line('empty folder to first page', first.seconds, 6, bare.seconds),
        line('second start', second.seconds, 1.5, bare.secondSeconds),
      )
    }
  } finally {
    rmSync(parent, { recursive: true, force: true })
  }
  return lines
}
