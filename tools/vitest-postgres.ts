import { relative } from 'node:path'
import type { TestProject } from 'vitest/node'
import { standsOnDatabase } from './reach.ts'
import { migrated, throwawayPostgres } from './throwaway-postgres.ts'

/** One cluster for the whole run, whichever project asks first. Vitest loads this file once per project, hence the global. */
type Shared = { users: number; cluster?: ReturnType<typeof start> }
const shared: Shared = ((globalThis as { concordTestCluster?: Shared }).concordTestCluster ??= { users: 0 })

async function start() {
  const cluster = await throwawayPostgres()
  const template = await migrated(cluster.address, 'concord_template').catch(async (error: unknown) => {
    await cluster.stop()
    throw error
  })
  process.env.CONCORD_TEST_DATABASE = JSON.stringify(template)
  console.log(`tests run on PostgreSQL ${cluster.version}`)
  return cluster
}

/**
 * Starts PostgreSQL (18, or Debian's 15 by CONCORD_TEST_POSTGRES=15) and migrates the template that core/db/testing.ts clones.
 * Workers read its address, as the owner, from CONCORD_TEST_DATABASE: `{host, port, user, database}`. Runs of pure tests only start nothing.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const root = project.vitest.config.root
  const chosen = await project.vitest.globTestSpecifications((project.vitest as { filenamePattern?: string[] }).filenamePattern)
  if (!chosen.some((specification) => standsOnDatabase(root, relative(root, specification.moduleId)))) return async () => undefined
  shared.users += 1
  shared.cluster ??= start()
  const cluster = await shared.cluster
  return async () => {
    shared.users -= 1
    if (shared.users === 0) await cluster.stop()
  }
}
