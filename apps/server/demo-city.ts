import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { NewCity } from '#core/access/found.ts'
import type { Database, Entering } from '#core/db/tx.ts'
import type { Log } from '#core/db/launch/store.ts'
import { perform, type Registry } from '#core/operation/perform.ts'

const folder = fileURLToPath(new URL('../../demo/halvern/', import.meta.url))
const read = async (name: string) => JSON.parse(await readFile(`${folder}${name}`, 'utf8')) as unknown

/** Which demo city is founded on first run, and by whom. Everything in it is fictional. */
export async function demoCity(): Promise<{ city: NewCity; administrator: { name: string; mail: string } }> {
  const { city } = (await read('city.json')) as { city: { code: string; name: string; timeZone: string } }
  return {
    city: { code: city.code, name: city.name, timeZone: city.timeZone },
    administrator: { name: 'Demo administrator', mail: 'administrator@halvern.example' },
  }
}

/**
 * Fills the demo city through the same command that anybody's own city comes in by. Its exercise begins on 12 March 2026 at 14:10:
 * whoever is on duty then keeps the tokens of the post at every hour, so that the story can be played at night.
 */
export async function loadDemo(database: Database, registry: Registry, administrator: Entering, log: Log): Promise<void> {
  const { cast } = (await read('cast.json')) as { cast: unknown }
  const input = { city: await read('city.json'), cast, since: '2026-01-01T00:00:00Z', standsAt: '2026-03-12T14:10:00Z' }
  const command = registry.named('structure', 'import-city')
  const { counts } = (await perform(
    database,
    registry,
    command,
    input,
    { ...administrator, operation: command.operation.name },
    'demo-city',
  )) as { counts: Record<string, number> }
  log.info(
    `The demo city is there: ${counts.agencies} agencies, ${counts.posts} posts, ${counts.people} people, ${counts.groups} groups. All of it is fictional.`,
  )
  await setLevels(database, registry, administrator)
}

interface Level {
  code: string
  name: string
  nameFr: string
  criteria: string
  callsOut: string[]
  convenes: string[]
}

/** The levels of the demo city's own activation plan, lowest first. */
async function setLevels(database: Database, registry: Registry, administrator: Entering): Promise<void> {
  const ask = (area: string, verb: string, input: unknown) => {
    const implementation = registry.named(area, verb)
    return perform(database, registry, implementation, input, { ...administrator, operation: implementation.operation.name })
  }
  const { activationLevels } = (await read('city.json')) as { activationLevels: Level[] }
  const { posts } = (await ask('structure', 'posts', {})) as { posts: Array<{ id: string; code: string }> }
  const { groups } = (await ask('structure', 'groups', {})) as { groups: Array<{ id: string; code: string }> }
  const idOf = (list: Array<{ id: string; code: string }>, code: string) => list.find((entry) => entry.code === code)!.id
  for (const [rank, level] of activationLevels.entries()) {
    await ask('watch', 'set-level', {
      ...level,
      rank: rank + 1,
      callsOut: level.callsOut.map((code) => idOf(posts, code)),
      convenes: level.convenes.map((code) => idOf(groups, code)),
    })
  }
}
