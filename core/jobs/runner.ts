import { worldClock, realClock } from '#core/clock.ts'
import { maybe, rows, sql } from '#core/db/sql.ts'
import type { Database } from '#core/db/tx.ts'
import { id } from '#core/id.ts'
import type { Job, World } from '#core/operation/implement.ts'
import type { Registry } from '#core/operation/perform.ts'

interface OpenWorld extends World {
  realFrom: string
  worldFrom: string
  rate: number
}

const openWorlds = (database: Database) =>
  database.jobs('jobs.worlds', null, (tx) =>
    rows<OpenWorld>(
      tx,
      sql`select id, kind, name, real_from, world_from, rate from access.world where ended_at is null order by kind desc`,
    ),
  )

export interface Runner {
  /** Runs every duty that is due now, once; for tests and for the moment after a commit. */
  runDue(): Promise<void>
  stop(): Promise<void>
}

/**
 * Runs timed duties in every open world by that world's clock. Any number of processes may run one: a duty that another is at is left to it,
 * and each duty claims its own due rows, so nothing is done twice and a process that dies leaves nothing behind.
 */
export function startRunner(
  database: Database,
  registry: Registry,
  jobs: readonly Job[],
  failed: (job: string, error: unknown) => void,
): Runner {
  const last = new Map<string, number>()

  /** True: the duty left something that is due already. */
  async function runOne(job: Job, world: OpenWorld): Promise<boolean> {
    const clock = world.kind === 'live' ? realClock : worldClock(new Date(world.realFrom), new Date(world.worldFrom), world.rate)
    const news: Array<{ name: string; payload: unknown }> = []
    return database.jobs(job.name, world.id, async (tx) => {
      const mine = await maybe<{ mine: boolean }>(
        tx,
        sql`select pg_try_advisory_xact_lock(hashtextextended(${`${job.name} ${world.id}`}, 0)) as mine`,
      )
      if (!mine?.mine) return false
      const doing = {
        tx,
        clock,
        id,
        emit: (name: string, payload: unknown) => void news.push({ name, payload }),
        world: { id: world.id, kind: world.kind, name: world.name },
      }
      const left = await job.run(doing)
      const actor = { personId: '', name: job.name, postId: null, agencyId: null, world: doing.world, reach: [] }
      for (let event = news.shift(); event; event = news.shift()) {
        for (const reaction of registry.reactions(event.name)) await reaction.run(event.payload as never, { ...doing, actor })
      }
      return left === 'more'
    })
  }

  async function runAll(onlyDue: boolean): Promise<boolean> {
    let more = false
    const worlds = await openWorlds(database)
    for (const world of worlds) {
      for (const job of jobs) {
        const key = `${job.name} ${world.id}`
        const interval = (job.everySeconds * 1000) / Math.max(1, world.rate)
        if (onlyDue && Date.now() - (last.get(key) ?? 0) < interval) continue
        last.set(key, Date.now())
        const left = await runOne(job, world).catch((error: unknown) => {
          failed(job.name, error)
          return false
        })
        if (left) {
          last.delete(key)
          more = true
        }
      }
    }
    return more
  }

  let stopped = false
  let timer: NodeJS.Timeout
  let running: Promise<void> = Promise.resolve()
  const tick = () => {
    running = runAll(true)
      .catch((error: unknown) => {
        failed('jobs.worlds', error)
        return false
      })
      .then((more) => {
        if (!stopped) timer = setTimeout(tick, more ? 0 : 250)
      })
  }
  tick()
  return {
    runDue: async () => void (await runAll(false)),
    async stop() {
      stopped = true
      clearTimeout(timer!)
      await running
    },
  }
}
