import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { ask, debianProgram, median, memoryOf, processorSeconds, rounded, spawnOnCore } from '../measure.ts'
import type { BenchLine } from '../measure.ts'
import type { Measured, Setting, Task } from './client.ts'
import type { Scene } from './scene.ts'

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url))

type System = { server: ChildProcess; client: ChildProcess; audience: number; run: (task: Task) => Promise<Run>; end: () => Promise<void> }

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

const answers = async (port: number): Promise<void> => {
  for (let tries = 0; tries < 100; tries++) {
    const socket = connect(port, '127.0.0.1')
    const up = await new Promise<boolean>((resolve) => socket.on('connect', () => resolve(true)).on('error', () => resolve(false)))
    socket.destroy()
    if (up) return
    await sleep(50)
  }
  throw new Error('The reference server did not start.')
}

const startHub = async (scene: Scene): Promise<{ server: ChildProcess; streams: number; door: number }> => {
  const server = spawnOnCore(0, process.execPath, ['--max-semi-space-size=4', here('server.ts'), JSON.stringify(scene)], true)
  const [ports] = (await once(server, 'message')) as [{ streams: number; door: number }]
  return { server, ...ports }
}

const startNats = async (): Promise<{ server: ChildProcess; streams: number; door: number }> => {
  const port = await freePort()
  const config = join(mkdtempSync(join(tmpdir(), 'concord-fanout-')), 'nats.conf')
  writeFileSync(config, `listen: "127.0.0.1:${port}"\nlogfile: "/dev/null"\nping_interval: "10m"\n`)
  const server = spawnOnCore(0, 'nats-server', ['-c', config])
  await answers(port)
  return { server, streams: port, door: port }
}

export const start = async (system: 'hub' | 'nats', scene: Scene): Promise<System> => {
  const { server, streams, door } = await (system === 'hub' ? startHub(scene) : startNats())
  const setting: Setting = { ...scene, system, streams, door }
  const client = spawnOnCore(1, process.execPath, [here('client.ts'), JSON.stringify(setting)], true)
  const [ready] = (await once(client, 'message')) as [{ audience: number }]
  return {
    server,
    client,
    audience: ready.audience,
    run: async (task) => {
      const before = processorSeconds(server.pid ?? 0)
      const began = performance.now()
      const measured = await ask<Measured>(client, task)
      // The warm-up is in both: it is measured as if it went at the measured pace.
      const seconds = (performance.now() - began) / 1000
      const used = processorSeconds(server.pid ?? 0) - before
      return { ...measured, perProcessorSecond: Math.round((measured.perSecond * seconds) / used) }
    },
    end: async () => {
      if (server.exitCode !== null || server.signalCode !== null) return
      client.kill('SIGKILL')
      server.kill('SIGTERM')
      await Promise.race([once(server, 'exit'), sleep(2000)])
      server.kill('SIGKILL')
    },
  }
}

type Run = Measured & { perProcessorSecond: number }
type Pair = { hub: Run[]; nats: Run[] }
const faults = (runs: readonly Measured[]) => ({
  leaks: runs.reduce((sum, run) => sum + run.leaks, 0),
  lost: runs.reduce((sum, run) => sum + run.lost, 0),
  disorder: runs.reduce((sum, run) => sum + run.disorder, 0),
  broken: runs.reduce((sum, run) => sum + run.broken, 0),
})

/** Runs the same task on both, turn and turn about, so that a noisy neighbour troubles both alike. */
export const both = async (hub: System, nats: System | undefined, task: (system: System) => Task, rounds: number): Promise<Pair> => {
  const pair: Pair = { hub: [], nats: [] }
  for (let round = 0; round < rounds; round++) {
    pair.hub.push(await hub.run(task(hub)))
    if (nats) pair.nats.push(await nats.run(task(nats)))
  }
  return pair
}

export const throughput = (pair: Pair) => {
  const hub = median(pair.hub.map((run) => run.perSecond))
  const nats = median(pair.nats.map((run) => run.perSecond))
  const hubCost = median(pair.hub.map((run) => run.perProcessorSecond))
  const natsCost = median(pair.nats.map((run) => run.perProcessorSecond))
  const processor = { processorRatio: rounded(hubCost / natsCost), hubPerProcessorSecond: hubCost, natsPerProcessorSecond: natsCost }
  return {
    ratio: rounded(hub / nats),
    hub,
    nats,
    ...processor,
    hubP99: rounded(median(pair.hub.map((run) => run.p99))),
    ...faults(pair.hub),
  }
}

export const latency = (pair: Pair) => {
  const hub = median(pair.hub.map((run) => run.p99))
  const nats = median(pair.nats.map((run) => run.p99))
  return {
    ratio: rounded(hub / nats),
    hubP99: rounded(hub),
    natsP99: rounded(nats),
    hubP50: rounded(median(pair.hub.map((run) => run.p50))),
    natsP50: rounded(median(pair.nats.map((run) => run.p50))),
    hubPerSecond: median(pair.hub.map((run) => run.perSecond)),
    natsPerSecond: median(pair.nats.map((run) => run.perSecond)),
    ...faults(pair.hub),
  }
}

const against = "Debian's nats-server, as many subscribers, no labels, the same client and window"

export async function run(options: { json: boolean; quick: boolean; only?: string }): Promise<BenchLine[]> {
  const lines: BenchLine[] = []
  const say = (line: BenchLine): void => {
    lines.push(line)
    if (!options.json) process.stderr.write(`${JSON.stringify(line)}\n`)
  }
  const reference = debianProgram('nats-server', 'nats-server')
  if (!reference) process.stderr.write('nats-server is missing and could not be installed: its ratios cannot be given and are null.\n')
  const ms = options.quick ? 1200 : 2500
  const rounds = options.quick ? 1 : 3
  const scenes = options.quick ? [5000] : [1000, 5000]

  for (const viewers of scenes) {
    const scene: Scene = { viewers, sets: 200, share: 0.5 }
    const hub = await start('hub', scene)
    const idle = memoryOf(hub.server.pid ?? 0)
    const nats = reference ? await start('nats', scene) : undefined
    try {
      for (const rate of [30_000, 200_000]) {
        const pair = await both(hub, nats, (system) => ({ task: 'rate', entries: rate / system.audience, ms }), rounds)
        const goal = rate === 30_000 ? 1 : viewers === 5000 ? 0.5 : 1
        say({ bench: 'fanout.p99', viewers, share: scene.share, rate, goal, below: true, ...latency(pair), against })
      }
      const steady = memoryOf(hub.server.pid ?? 0)
      for (const window of [32, 256]) {
        const pair = await both(hub, nats, () => ({ task: 'saturate', window, ms }), rounds)
        say({ bench: 'fanout.saturation', viewers, share: scene.share, window, goal: window === 32 ? 2 : 1, ...throughput(pair), against })
      }
      const { peak } = memoryOf(hub.server.pid ?? 0)
      const natsMemory = nats ? memoryOf(nats.server.pid ?? 0) : { resident: Number.NaN, peak: Number.NaN }
      say({
        bench: 'fanout.memory',
        viewers,
        goal: 190,
        below: true,
        ratio: rounded(steady.peak / 190),
        idle: idle.resident,
        steadyPeak: steady.peak,
        saturatedPeak: peak,
        natsPeak: natsMemory.peak,
        against: '190 MB',
      })
      await hub.end()
      if (options.quick) continue
      // The same where everybody may read everything: as many deliveries in flight as the reference has.
      const open = await start('hub', { ...scene, share: 1 })
      const pair = await both(open, nats, () => ({ task: 'saturate', window: 32, ms }), 2)
      say({ bench: 'fanout.saturation', viewers, share: 1, window: 32, goal: 2, ...throughput(pair), against })
      await open.end()
    } finally {
      await hub.end()
      await nats?.end()
    }
  }
  for (const line of await otherCases(options.quick)) say(line)
  return lines
}

/** Every viewer with labels of its own; and viewers who stop reading. */
const otherCases = async (quick: boolean): Promise<BenchLine[]> => {
  const lines: BenchLine[] = []
  const ms = quick ? 1500 : 3000
  const alone = await start('hub', { viewers: 5000, sets: 5000, share: 0.5 })
  const distinct = await alone.run({ task: 'saturate', window: 32, ms })
  const distinctMemory = memoryOf(alone.server.pid ?? 0)
  await alone.end()
  const shared = await start('hub', { viewers: 5000, sets: 200, share: 0.5 })
  const few = await shared.run({ task: 'saturate', window: 32, ms })
  await shared.end()
  lines.push({
    bench: 'fanout.distinct',
    viewers: 5000,
    ratio: rounded(distinct.perSecond / few.perSecond),
    hub: distinct.perSecond,
    shared: few.perSecond,
    peak: distinctMemory.peak,
    ...faults([distinct]),
    against: 'the same with 200 distinct sets of labels instead of 5,000',
  })

  const hub = await start('hub', { viewers: 1000, sets: 100, share: 0.5 })
  const task: Task = { task: 'rate', entries: 600_000 / hub.audience, ms: quick ? 2500 : 5000 }
  const before = await hub.run(task)
  await ask(hub.client, { task: 'stop', readers: 10 })
  const during: Measured[] = []
  let dropped = 0
  for (let round = 0; round < 6 && dropped < 10; round++) {
    during.push(await hub.run(task))
    dropped = (await ask<{ slow: number }>(hub.server, {})).slow
  }
  const after = await hub.run(task)
  await hub.end()
  const still = (before.p99 + after.p99) / 2
  lines.push({
    bench: 'fanout.stopped',
    viewers: 1000,
    goal: 1.2,
    below: true,
    ratio: rounded(median(during.map((run) => run.p99)) / still),
    stoppedReaders: 10,
    dropped,
    p99With: rounded(median(during.map((run) => run.p99))),
    p99Before: rounded(before.p99),
    p99After: rounded(after.p99),
    ...faults([before, ...during, after]),
    against: 'the same without stopped readers, before and after',
  })
  return lines
}
