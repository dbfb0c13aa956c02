import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type pg from 'pg'
import { asOwner, playKeys } from '#core/access/found.ts'
import type { Log } from '#core/db/launch/store.ts'
import type { Database, Entering } from '#core/db/tx.ts'
import { ConcordError } from '#core/errors.ts'
import { wordsOf } from '#core/operation/operation.ts'
import { perform, type Registry } from '#core/operation/perform.ts'

const demo = fileURLToPath(new URL('../../demo/', import.meta.url))

export interface Step {
  at: string
  /** A person's code, `post/CODE` for whoever is on duty there, or null for a partner's feed. */
  as: string | null
  operation: string
  input: Record<string, unknown>
  says: { en: string; fr: string }
  keep?: string
  expect?: string
  show?: string
  live?: boolean
}

export interface Script {
  name: { en: string; fr: string }
  startsAt: string
  rate: number
  steps: Step[]
}

export interface Playing {
  database: Database
  registry: Registry
  owner: pg.ClientConfig
  operatorToken: string
  url: string
  log: Log
}

const minutesOf = (at: string): number => {
  const [, hours, minutes] = /^T\+(\d+):(\d\d)$/.exec(at) ?? []
  return Number(hours) * 60 + Number(minutes)
}

/** Ids behind the codes that the script uses. Read by the owner, since no one person may see all of them. */
async function idsByCode(owner: pg.ClientConfig): Promise<Map<string, string>> {
  return asOwner(owner, async (client) => {
    const { rows } = await client.query<{ code: string; id: string }>(`
      select 'agency/' || org_code as code, id from structure.agencies union all select 'post/' || code, id from structure.posts
      union all select 'person/' || code, id from structure.people union all select 'group/' || code, id from structure.groups`)
    return new Map(rows.map((row) => [row.code, row.id]))
  })
}

/** Who holds these posts when the exercise begins: post → person. */
async function holdersOf(owner: pg.ClientConfig, posts: readonly string[], at: string): Promise<Map<string, string>> {
  return asOwner(owner, async (client) => {
    const { rows } = await client.query<{ post: string; person: string }>(
      'select p.id as post, d.person_id as person from unnest($1::uuid[]) p (id), lateral (select * from structure.on_duty(p.id, $2) limit 1) d',
      [posts, at],
    )
    return new Map(rows.map((row) => [row.post, row.person]))
  })
}

/** `$name.path.0` out of what earlier steps kept. */
function kept(memory: ReadonlyMap<string, unknown>, path: string): unknown {
  const [name = '', ...rest] = path.split('.')
  return rest.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], memory.get(name))
}

/**
 * Plays the exercise of the demo city: in a world of its own, clock sped up, in the names of the people of the cast. `from`: a folder of
 * real CAP messages that are handed in first, so that a newcomer sees what their own would look like on the desk. `rate`: faster or slower than
 * the script says. Resolves when it is over.
 */
export async function play(
  playing: Playing,
  options: { from?: string; rate?: number; opened?(worldId: string): void } = {},
): Promise<{ worldId: string; refused: number }> {
  const { database, registry, owner, log } = playing
  const script = JSON.parse(await readFile(join(demo, 'exercise/script.json'), 'utf8')) as Script
  const { cast } = JSON.parse(await readFile(join(demo, 'halvern/cast.json'), 'utf8')) as { cast: Array<{ person: string; post: string }> }
  const ids = await idsByCode(owner)
  const posts = [...new Set(script.steps.flatMap((step) => (step.as?.startsWith('post/') ? [step.as] : [])))]
  const onDuty = await holdersOf(
    owner,
    posts.map((post) => ids.get(post)!),
    script.startsAt,
  )
  const people = [
    ...cast.map(({ person, post }) => ({ personId: ids.get(`person/${person}`)!, postId: ids.get(`post/${post}`) ?? null })),
    ...[...onDuty].map(([postId, personId]) => ({ personId, postId })),
  ]
  const keys = await playKeys(owner, people)
  const memory = new Map<string, unknown>()
  const keyOf = (as: string | null) => {
    if (as === null) return playing.operatorToken
    const personId = as.startsWith('post/') ? onDuty.get(ids.get(as) ?? '') : ids.get(`person/${as}`)
    return keys.get(personId ?? '')!
  }

  const call = (as: string | null, name: string, input: unknown, world?: string) => {
    const [area, verb] = wordsOf({ name } as Parameters<typeof wordsOf>[0])
    const entering: Entering = { key: keyOf(as), operation: name, ...(world === undefined ? {} : { world }) }
    return perform(database, registry, registry.named(area, verb), input, entering)
  }

  if (options.from !== undefined) await handIn(options.from, (files) => call(null, 'watch.ingest', { files }), log)

  const watchOfficer = script.steps.find((step) => step.as !== null)!.as
  const rate = options.rate ?? script.rate
  const world = (await call(watchOfficer, 'watch.openExercise', { name: script.name.en, startsAt: script.startsAt, rate })) as {
    id: string
  }
  options.opened?.(world.id)
  const began = Date.now()
  log.info(`${script.name.en} is being played: ${playing.url}/?world=${world.id} (three minutes; every name in it is fictional)`)

  const meant = async (value: unknown): Promise<unknown> => {
    if (Array.isArray(value)) return Promise.all(value.map(meant))
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(await Promise.all(Object.entries(value).map(async ([key, part]) => [key, await meant(part)])))
    }
    if (typeof value !== 'string') return value
    if (value.startsWith('$')) return kept(memory, value.slice(1))
    if (value === '@world') return world.id
    if (value.startsWith('@file/')) return (await readFile(join(demo, 'exercise', value.slice('@file/'.length)))).toString('base64')
    if (value.startsWith('@time/'))
      return new Date(Date.parse(script.startsAt) + minutesOf(value.slice('@time/'.length)) * 60_000).toISOString()
    if (value.startsWith('@level/')) return value.slice('@level/'.length)
    if (value.startsWith('@token/'))
      return value.slice('@token/'.length).replace(/^(\w+)\/.*$/, `$1:${ids.get(value.slice('@token/'.length))}`)
    return value.startsWith('@') ? ids.get(value.slice(1)) : value
  }

  let refused = 0
  for (const step of script.steps) {
    const due = began + (minutesOf(step.at) * 60_000) / rate
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - Date.now())))
    try {
      const input = await meant(step.input)
      const answer = await patiently(step, () => call(step.as, step.operation, input, step.live ? undefined : world.id))
      if (step.keep) memory.set(step.keep, answer)
      log.info(`${step.at}  ${step.says.en}`)
    } catch (error) {
      const kind = error instanceof ConcordError ? error.kind : 'unexpected'
      if (step.expect === kind || (step.expect === 'nothing' && kind === 'not-found')) log.info(`${step.at}  ${step.says.en}`)
      else {
        refused += 1
        log.warn(`${step.at}  ${step.operation} did not go as written (${kind}): ${error instanceof Error ? error.message : String(error)}`)
      }
    }
  }
  log.info('The exercise is over. Its record stays: read it as of any moment.')
  return { worldId: world.id, refused }
}

/** On a slow machine a post may not have been asked yet when the script lets it accept: what is not there yet is looked for again, for five seconds. */
async function patiently(step: Step, attempt: () => Promise<unknown>): Promise<unknown> {
  for (let left = 20; ; left -= 1) {
    try {
      return await attempt()
    } catch (error) {
      const notYet = step.expect === undefined && error instanceof ConcordError && error.kind === 'not-found'
      if (!notYet || left === 0) throw error
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
  }
}

/** Hands in every file of a folder, a few at a time; what the judge refuses is told, as the desk tells it. */
async function handIn(
  folder: string,
  ingest: (files: Array<{ name: string; content: string }>) => Promise<unknown>,
  log: Log,
): Promise<void> {
  const names = (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  const outcomes = new Map<string, number>()
  for (const name of names) {
    const content = (await readFile(name)).toString('base64')
    const { files } = (await ingest([{ name: name.slice(folder.length + 1), content }]).catch(() => ({
      files: [{ outcome: 'not taken' }],
    }))) as { files: Array<{ outcome: string }> }
    for (const { outcome } of files) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
  }
  log.info(`Handed in ${names.length} files from ${folder}: ${[...outcomes].map(([outcome, count]) => `${count} ${outcome}`).join(', ')}.`)
}
