import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pause, until } from '#core/db/launch/processes.ts'
import { startPhoneGateway } from '../gateways/phone-gateway.ts'
import { follow, type Stream } from './follow.ts'
import { ask, send, servedCity, type Account, type ServedCity, type ServerProcess } from './served-city.ts'
import { fillDuty } from './duty.ts'

let city: ServedCity
let servers: ServerProcess[]
let writer: Account
let viewers: Account[]
let outsider: Account
let administrator: Account
let incidentId: string
let phone: Awaited<ReturnType<typeof startPhoneGateway>>
const streams: Stream[] = []

const join = (account: Account, server: ServerProcess, after?: string) => {
  const stream = follow(server.url, account.key, after)
  streams.push(stream)
  return stream
}

/** Writes through a server until it is acknowledged, by another server when that one is gone; returns the id of the line. */
async function write(through: () => ServerProcess, text = `line ${randomUUID()}`): Promise<string> {
  const key = `two-${randomUUID()}`
  let id: string | undefined
  const acknowledged = await until(20_000, async () => {
    id = (await send<{ id: string }>(through().url, writer.key, 'response/write-entry', { incidentId, text }, key))?.id
    return id !== undefined
  })
  if (!acknowledged) throw new Error('a line found no answer in 20 s')
  return id!
}

/** The rows of the timeline in the one order of the city. */
const inOrder = async (ids: readonly string[]) =>
  (
    await city.ask<{ row_id: string }>(
      "select row_id from record.place where table_name = 'response.log_entries' and row_id = any($1) order by position",
      [ids],
    )
  ).map((row) => row.row_id)

beforeAll(async () => {
  phone = await startPhoneGateway()
  city = servedCity({ CONCORD_EXERCISE_SMS_URL: `${phone.url}/sms` })
  servers = [await city.serve(), await city.serve()]
  writer = await city.person('Writer', ['kind:secretariat', 'city:our-city'])
  administrator = await city.person('Ada', ['kind:administrator'])
  incidentId = (await send<{ id: string }>(
    servers[0]!.url,
    writer.key,
    'response/open-incident',
    { name: 'Two', incidentType: 'flood' },
    randomUUID(),
  ))!.id
  viewers = await Promise.all(Array.from({ length: 6 }, (_, n) => city.person(`Viewer ${n}`, ['city:our-city', `incident:${incidentId}`])))
  outsider = await city.person('Outsider', ['city:our-city'])
}, 120_000)
afterAll(async () => {
  for (const stream of streams) stream.close()
  await phone?.close()
  await city?.end()
})

describe('two servers of one city', () => {
  test('every viewer sees every entry once and in order, whichever server they joined and whichever server the command went to', {
    timeout: 60_000,
  }, async () => {
    const joined = viewers.map((viewer, n) => join(viewer, servers[n % 2]!))
    const outside = join(outsider, servers[1]!)
    await Promise.all([...joined, outside].map((stream) => stream.opened))
    const ids = (
      await Promise.all(
        [0, 1].map(async (which) => {
          const mine: string[] = []
          for (let n = 0; n < 40; n += 1) mine.push(await write(() => servers[(which + n) % 2]!))
          return mine
        }),
      )
    ).flat()
    const order = await (async () => {
      await until(10_000, async () => (await inOrder(ids)).length === ids.length)
      return inOrder(ids)
    })()
    expect(order).toHaveLength(80)
    await until(10_000, () => joined.every((stream) => ids.every((id) => stream.rows().includes(id))))
    for (const stream of joined) expect(stream.rows('response.log_entries').filter((id) => ids.includes(id))).toEqual(order)
    expect(outside.rows().filter((id) => ids.includes(id))).toEqual([])
    for (const stream of [...joined, outside]) stream.close()
  })

  test('when one is killed, its viewers go on at the other without a lost or doubled entry, and the other gives positions and seals', {
    timeout: 90_000,
  }, async () => {
    const joined = viewers.map((viewer, n) => join(viewer, servers[n % 2]!))
    await Promise.all(joined.map((stream) => stream.opened))
    const ids: string[] = []
    let through = 0
    const writing = (async () => {
      for (let n = 0; n < 60; n += 1) ids.push(await write(() => servers[through]!))
    })()
    await pause(250)
    await city.kill(servers[0]!)
    through = 1
    // Whoever sat at the dead server comes to the other with the last place they heard.
    const moved = joined.map((stream, n) => (n % 2 === 0 ? join(viewers[n]!, servers[1]!, stream.last()) : undefined))
    await writing
    const settled = await until(10_000, async () => (await inOrder(ids)).length === ids.length)
    expect(settled).toBe(true)
    const order = await inOrder(ids)
    const heard = () =>
      joined.map((stream, n) =>
        [...stream.rows('response.log_entries'), ...(moved[n]?.rows('response.log_entries') ?? [])].filter((id) => ids.includes(id)),
      )
    await until(10_000, () => heard().every((rows) => rows.length >= order.length))
    for (const rows of heard()) expect(rows).toEqual(order)
    const sealed = await until(10_000, async () => {
      const report = await ask<{ ok: boolean; unplaced: number; notYetSealed: number }>(
        servers[1]!.url,
        administrator.key,
        'record/verify',
        {},
      )
      return report.ok && report.unplaced === 0 && report.notYetSealed === 0
    })
    expect(sealed).toBe(true)
    servers[0] = await city.serve()
  })

  test('no step of an escalation runs twice at two servers, and none is skipped when one is killed in the middle', {
    timeout: 90_000,
  }, async () => {
    const duty = await fillDuty(city, 5)
    const begun = await send<{ id: string }>(servers[0]!.url, duty.officer.key, 'watch/activate', duty.activation, randomUUID(), duty.world)
    expect(begun).toBeDefined()
    // A minute of the exercise is a fifth of a second: the ladder of 20 minutes takes four.
    await pause(1500)
    await city.kill(servers[0]!)
    const states = () =>
      city.ask<{ state: string; asks: number }>(
        `select c.state, (select count(*)::int from watch.asks a where a.call_out_id = c.id) as asks from watch.call_outs c where c.activation_id = $1`,
        [begun!.id],
      )
    const over = await until(40_000, async () => (await states()).every(({ state }) => state === 'unanswered'))
    expect({ over, states: await states() }).toEqual({
      over: true,
      states: Array.from({ length: 5 }, () => ({ state: 'unanswered', asks: 4 })),
    })
    await until(40_000, () => new Set(phone.received.map(({ key }) => key)).size === 20)
    const keys = Map.groupBy(phone.received, ({ key }) => key)
    expect(keys.size).toBe(20)
    // What the dead server had taken to the gateway and not yet noted may go out again, with the same key and the same words.
    expect([...keys.values()].every((times) => new Set(times.map(({ text }) => text)).size === 1)).toBe(true)
    servers[0] = await city.serve()
  })
})
