import { id } from '#core/id.ts'
import { pause } from '#core/db/launch/processes.ts'
import type { Account, ServedCity } from './served-city.ts'

const liveWorld = '00000000-0000-7000-8000-000000000001'
const label = `access.intern('[["city:our-city"]]', 'TLP:GREEN')`

/** Posts with a holder, a deputy and an executive post each, whom nobody but a text message reaches, in an exercise 300 times as fast as the day. */
export async function fillDuty(
  city: ServedCity,
  posts: number,
): Promise<{ officer: Account; world: string; activation: Record<string, unknown> }> {
  const put = async (table: string, row: Record<string, unknown>) => {
    const columns = Object.keys(row)
    await city.ask(
      `insert into structure.${table} (${[...columns, 'world', 'label'].join(', ')}) values (${columns.map((_, n) => `$${n + 1}`).join(', ')}, '${liveWorld}', ${label})`,
      Object.values(row),
    )
  }
  const agency = async (name: string) => {
    const agencyId = id()
    await put('agencies', { id: agencyId, org_type: 'test', org_code: agencyId, name })
    return agencyId
  }
  const post = async (agencyId: string, kind: string) => {
    const postId = id()
    await put('posts', { id: postId, code: postId, agency_id: agencyId, kind, title: `${kind} ${postId.slice(-4)}` })
    return postId
  }
  const holder = async (name: string, agencyId: string, postId: string, kind: string, capacity = 'holder') => {
    const account = await city.person(name, ['city:our-city', `agency:${agencyId}`, `post:${postId}`, `kind:${kind}`])
    await put('people', { id: account.personId, code: account.personId, name, agency_id: agencyId })
    await put('holdings', { id: id(), post_id: postId, person_id: account.personId, capacity, from_at: '2020-01-01T00:00Z' })
    return account
  }
  let number = 0
  const contact = (personId: string) =>
    put('contacts', {
      id: id(),
      person_id: personId,
      channel: 'sms',
      address: `+44770090${String((number += 1)).padStart(4, '0')}`,
      rank: 1,
    })

  const office = await agency('Office')
  const officer = await holder('Wanda Watch', office, await post(office, 'watch-officer'), 'watch-officer')
  const called: string[] = []
  for (let n = 0; n < posts; n += 1) {
    const here = await agency(`Agency ${n}`)
    const duty = await post(here, 'duty')
    called.push(duty)
    for (const person of [
      await holder(`Holder ${n}`, here, duty, 'duty'),
      await holder(`Deputy ${n}`, here, duty, 'duty', 'deputy'),
      await holder(`Executive ${n}`, here, await post(here, 'executive'), 'executive'),
    ]) {
      await contact(person.personId)
    }
  }
  const level = id()
  await city.ask(
    `insert into watch.levels (id, code, rank, name, criteria, calls_out, convenes, world, label) values ($1, 'activated', 1, 'Activated', 'Trial.', $2, '{}', $3, ${label})`,
    [level, called, liveWorld],
  )
  const world = id()
  await city.ask(
    "insert into access.world (id, kind, name, real_from, world_from, rate) values ($1, 'exercise', 'Exercise TWO', clock_timestamp(), '2026-03-12T14:10:00Z', 300)",
    [world],
  )
  // A server looks at the worlds a few times a second.
  await pause(300)
  return { officer, world, activation: { level: 'activated', criteriaMatched: 'Trial.', reason: 'Trial.', incidentType: 'flood' } }
}
