import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pause, until } from '#core/db/launch/processes.ts'
import { ask, onDebian, postgresLog, send, servedCity, type Account, type ServedCity, type ServerProcess } from './served-city.ts'

/** How often something is killed in all, shared among the kinds below. */
const crashes = Number(process.env.CONCORD_CRASHES ?? (onDebian ? 8 : 50))
const people = 6

interface Sent {
  person: Account
  text: string
  key: string
  answer: string | undefined
}
interface Report {
  ok: boolean
  entries: number
  unplaced: number
  problems: unknown[]
}

let city: ServedCity
let server: ServerProcess
let incidentId: string
let members: Account[]
let administrator: Account
const sent: Sent[] = []
/** What was sent and not acknowledged before a crash, and what became of it when it was sent again. */
let again = 0

const write = async (one: Sent) => {
  const answer = await send<{ id: string }>(server.url, one.person.key, 'response/write-entry', { incidentId, text: one.text }, one.key)
  one.answer = answer?.id
}

/** Several persons at once, each writing line after line, until they are told to stop. */
function load(): () => Promise<void> {
  let stopped = false
  const writers = members.map(async (person) => {
    while (!stopped) {
      const one: Sent = { person, text: `line ${randomUUID()}`, key: `crash-${randomUUID()}`, answer: undefined }
      sent.push(one)
      await write(one)
      if (one.answer === undefined) return
    }
  })
  return async () => {
    stopped = true
    await Promise.all(writers)
  }
}

async function serving(): Promise<boolean> {
  try {
    const response = await fetch(`${server.url}/healthz`, { signal: AbortSignal.timeout(2000) })
    return response.ok
  } catch {
    return false
  }
}

const kinds: Record<string, (turn: number) => Promise<void>> = {
  'the server': async () => {
    await city.kill(server)
    server = await city.serve()
  },
  'PostgreSQL under a running server': () => city.killPostgres(),
  'a process of PostgreSQL': (turn) => city.killBackend(turn),
  'the server and PostgreSQL': async () => {
    await Promise.all([city.kill(server), city.killPostgres()])
    server = await city.serve()
  },
}

beforeAll(async () => {
  city = servedCity()
  server = await city.serve()
  administrator = await city.person('Ada', ['kind:administrator'])
  members = [await city.person('Writer 0', ['kind:secretariat', 'city:our-city'])]
  incidentId = (await send<{ id: string }>(
    server.url,
    members[0]!.key,
    'response/open-incident',
    { name: 'Crash', incidentType: 'flood' },
    randomUUID(),
  ))!.id
  for (let n = 1; n < people; n += 1) members.push(await city.person(`Writer ${n}`, ['city:our-city', `incident:${incidentId}`]))
}, 120_000)
afterAll(() => city?.end())

/** Everything that was ever acknowledged is there once, whatever was sent twice is there once, and every proof holds. */
async function sound(what: string): Promise<void> {
  const found = await city.ask<{ id: string; text: string }>("select id, text from response.log_entries where text like 'line %'")
  const byText = Map.groupBy(found, (row) => row.text)
  const wrong = sent.filter((one) => {
    const rows = byText.get(one.text) ?? []
    return rows.length !== 1 || rows[0]!.id !== one.answer
  })
  expect(wrong.map(({ text, answer }) => ({ what, text, answer, found: byText.get(text) }))).toEqual([])
  expect(found.length).toBe(sent.length)
  const settled = await until(10_000, async () => (await ask<Report>(server.url, administrator.key, 'record/verify', {})).unplaced === 0)
  const report = await ask<Report>(server.url, administrator.key, 'record/verify', {})
  expect({ what, settled, ok: report.ok, problems: report.problems }).toEqual({ what, settled: true, ok: true, problems: [] })
  const [positions] = await city.ask<{ broken: boolean; entries: number }>(
    `select count(*) <> coalesce(max(position) + 1, 0) as broken,
       (select count(*)::int from record.place p join record.entry e on e.seq = p.seq
        where p.table_name = 'response.log_entries' and p.action = 'insert' and convert_from(e.content, 'UTF8')::jsonb #>> '{row,text}' like 'line %') as entries
     from record.place`,
  )
  expect({ what, ...positions }).toEqual({ what, broken: false, entries: sent.length })
}

describe(`kill -9 under load, ${crashes} times in all`, () => {
  const names = Object.keys(kinds)
  names.forEach((name, place) => {
    const turns = Math.floor(crashes / names.length) + (place < crashes % names.length ? 1 : 0)
    test(`of ${name} (${turns}): nothing acknowledged is lost, nothing sent twice is there twice, and the record verifies`, {
      timeout: 30_000 + turns * 20_000,
    }, async () => {
      for (let turn = 0; turn < turns; turn += 1) {
        const stop = load()
        // At another moment of the load each time, from the first commands on their way to many acknowledged.
        await pause(60 + ((turn * 97) % 420))
        await kinds[name]!(turn)
        if (!(await until(30_000, serving)))
          throw new Error(`the city did not come back after turn ${turn}: ${server.said().slice(-1500)}\n${postgresLog(city)}`)
        await stop()
        for (const one of sent.filter(({ answer }) => answer === undefined)) {
          again += 1
          // The city may still be finding its feet: a person would press the button again too.
          if (!(await until(15_000, async () => (await write(one), one.answer !== undefined))))
            throw new Error('a command found no answer in 15 s')
        }
        // Sent once more although it was acknowledged, with the same key: the same answer, and nothing more.
        const known = sent[Math.floor(sent.length / 2)]!
        const answer = known.answer
        await write(known)
        expect(known.answer).toBe(answer)
        if (turn % 4 === 3 || turn === turns - 1) await sound(`${name}, turn ${turn}`)
      }
    })
  })

  test("PostgreSQL's own log tells of its deaths and quotes nothing that was written", async () => {
    for (const text of ["select 'Zyrkonia'::int", 'select zyrkonia', "do $$ begin raise exception 'Zyrkonia'; end $$"])
      await city.ask(text).catch(() => undefined)
    const log = postgresLog(city)
    expect(log).toMatch(/database system was interrupted|automatic recovery in progress|ready to accept connections/)
    expect(log).not.toMatch(/zyrkonia/i)
    expect(log).not.toContain('line ')
  })

  test('and there was something to lose: commands were under way at the crashes', () => {
    expect(sent.length).toBeGreaterThan(crashes * people)
    expect(again).toBeGreaterThan(0)
    console.log(`${sent.length} commands, ${again} of them without an answer at first`)
  })
})
