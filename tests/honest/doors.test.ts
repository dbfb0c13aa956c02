import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { conflict } from '#core/errors.ts'
import { id } from '#core/id.ts'
import { rows } from '#core/db/sql.ts'
import { liveWorld, type TestPerson } from '#core/db/testing.ts'
import { follow } from '../faults/follow.ts'
import { cityRun, inputFor, named, operations, planted, type Answer, type CityRun } from './city-run.ts'

let here: CityRun
let url: string
const until = async (condition: () => boolean | Promise<boolean>, ms = 5000) => {
  for (const end = Date.now() + ms; !(await condition()); await new Promise((resolve) => setTimeout(resolve, 20)))
    if (Date.now() > end) return false
  return true
}

/** One line for each table: its name, how many rows it has, and what they are in all. What a session's use and a person's kept sight leave is no deed. */
async function everything(): Promise<string[]> {
  const { rows: tables } = await here.city.owner.query<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'r' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
     and c.oid::regclass::text not in ('access.sight', 'access.limits', 'access.session', 'record.sequencer') order by 1`,
  )
  const lines: string[] = []
  for (const { name } of tables) {
    const { rows: found } = await here.city.owner.query<{ line: string }>(
      `select count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as line from ${name} t`,
    )
    lines.push(`${name} ${found[0]!.line}`)
  }
  const { rows: sessions } = await here.city.owner.query<{ line: string }>(
    "select count(*) || ' ' || md5(string_agg(key_hash::text || coalesce(post::text, '') || coalesce(ended_at::text, '') || coalesce(strong_at::text, ''), '|' order by key_hash)) as line from access.session",
  )
  return [...lines, `access.session ${sessions[0]!.line}`]
}

const idsOf = (which: 'real' | 'invented'): Record<string, string> => {
  const give = (real: string) => (which === 'real' ? real : id())
  const { incidentId, activationId, restrictedEntryId } = here.ids
  return {
    incidentId: give(incidentId),
    thread: give(incidentId),
    activationId: give(activationId),
    entryId: give(restrictedEntryId),
    id: give(restrictedEntryId),
    corrects: give(restrictedEntryId),
    personId: give(here.people.secretariat.personId),
    postId: give(here.people.secretariat.postId),
    agencyId: give(here.people.secretariat.agencyId),
  }
}
const inputOf = (operation: (typeof operations)[number], ids: Record<string, string>) =>
  inputFor(
    operation,
    (name, format) =>
      ids[name] ??
      (name === 'table' ? 'response.log_entries' : name === 'at' && format === 'date-time' ? '2030-01-01T00:00:00Z' : undefined),
  )

beforeAll(async () => {
  here = await cityRun()
  url = await here.server.listen({ port: 0, host: '127.0.0.1' })
})
afterAll(() => here?.end())

describe('the doors', () => {
  test('a GET never acts: every query and every page asked for by everybody, with and without input, leaves every table as it was', {
    timeout: 120_000,
  }, async () => {
    const before = await everything()
    let answered = 0
    for (const person of Object.values(here.people)) {
      for (const operation of operations.filter(({ kind }) => kind === 'query')) {
        for (const input of [{}, inputOf(operation, idsOf('real'))])
          answered += Number((await here.call(person, operation, input)).status === 200)
      }
    }
    const routes = [...here.server.printRoutes({ commonPrefix: false }).matchAll(/(\/[^\s(]*) \(([A-Z, ]+)\)/g)]
    const paths = new Set([
      ...routes.map(([, path]) => path!),
      ...operations.map((operation) => `/api/${operation.name.replace('.', '/')}`),
      '/healthz',
      '/metrics',
      '/openapi.json',
      '/a/x',
      '/sign-in',
      '/sign-in/link/x',
    ])
    expect(paths.size).toBeGreaterThan(40)
    for (const path of paths) {
      if (path === '/live' || path.includes('*')) continue
      const at = path.replace(/:[a-zA-Z]+/g, here.ids.activationId)
      for (const method of ['GET', 'HEAD', 'OPTIONS'] as const) {
        for (const headers of [{}, { authorization: `Bearer ${here.people.secretariat.key}` }])
          await here.server.inject({
            method,
            url: `${at}?input=${encodeURIComponent(JSON.stringify({ incidentId: here.ids.incidentId }))}&answer=accept`,
            headers,
          })
      }
    }
    expect(answered).toBeGreaterThan(100)
    expect(await everything()).toEqual(before)
  })

  test('what is hidden answers as what is not there: every operation, in the same words, to somebody in every post but outside the incident', {
    timeout: 120_000,
  }, async () => {
    let compared = 0
    const nobodys = id()
    const differing: Array<{ operation: string; hidden: Answer; absent: Answer }> = []
    for (const operation of operations) {
      // The person's own, and what their posts read anyway (every desk reads an activation), are no secret.
      const shared = {
        activationId: nobodys,
        personId: here.people.outsider.personId,
        postId: here.people.outsider.postId,
        agencyId: here.people.outsider.agencyId,
      }
      const input = (which: 'real' | 'invented') => inputOf(operation, { ...idsOf(which), ...shared })
      if (!/incidentId|thread|activationId|entryId|"id"|corrects/.test(JSON.stringify(input('real')))) continue
      const hidden = await here.call(here.people.outsider, operation, input('real'))
      const absent = await here.call(here.people.outsider, operation, input('invented'))
      compared += 1
      const blank = ({ status, text }: Answer) =>
        `${status} ${text.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID').replace(/"\d{4}-\d\d-\d\dT[^"]+"/g, 'TIME')}`
      if (blank(hidden) !== blank(absent)) differing.push({ operation: operation.name, hidden, absent })
    }
    expect(compared).toBeGreaterThan(25)
    expect(
      differing.map(
        ({ operation, hidden, absent }) =>
          `${operation}: ${hidden.status} ${hidden.text.slice(0, 160)} | ${absent.status} ${absent.text.slice(0, 160)}`,
      ),
    ).toEqual([])
  })

  test('nothing counts the withheld: rows that a viewer cannot see change no answer that they get, not by a byte', {
    timeout: 120_000,
  }, async () => {
    const asked = async () => {
      const answers: Record<string, string> = {}
      for (const operation of operations.filter(({ kind }) => kind === 'query')) {
        const { status, text } = await here.call(here.people.member, operation, inputOf(operation, idsOf('real')))
        // The time of the answer itself, and what has run out by it, move on; so do the opaque places of the stream.
        answers[operation.name] = `${status} ${text.replace(/"(asOf|now|at|until|worldAt|realAt|next)":"[^"]*"/g, '"$1":"…"')}`
      }
      return answers
    }
    await here.place()
    const before = await asked()
    for (let n = 0; n < 7; n += 1) {
      const written = await here.call(here.people.secretariat, named('response.writeEntry'), {
        incidentId: here.ids.incidentId,
        text: `Kept apart ${n}`,
        label: { clauses: [['cleared:secret']], marking: 'TLP:AMBER+STRICT' },
      })
      expect(written.status).toBe(200)
    }
    await here.place()
    const after = await asked()
    expect(Object.values(before).filter((text) => text.startsWith('200')).length).toBeGreaterThan(15)
    const around = (name: string) => {
      const [old, now] = [before[name] ?? '', after[name] ?? '']
      const at = old.split('').findIndex((letter, place) => letter !== now[place])
      return `${name}: ${old.slice(Math.max(0, at - 60), at + 60)} | ${now.slice(Math.max(0, at - 60), at + 60)}`
    }
    expect(
      Object.keys(before)
        .filter((name) => before[name] !== after[name])
        .map(around),
    ).toEqual([])
  })

  test('an error tells nothing of a hidden row: a clash with it reads as any other clash', async () => {
    const { administrator } = here.people
    await here.city.owner.query(
      `insert into structure.agencies (id, org_type, org_code, name, label, world) values (gen_random_uuid(), 'secret', 'S-1', 'Hidden ${planted[0]}', access.intern('[["cleared:secret"]]', 'TLP:AMBER+STRICT'), $1)`,
      [liveWorld],
    )
    const insert = (type: string, code: string) =>
      here.city.database
        .change({
          entering: administrator.enters(),
          run: async ({ tx }) => ({
            value: await rows(tx, {
              text: "insert into structure.agencies (id, org_type, org_code, name, label) values (gen_random_uuid(), $1, $2, 'New', access.city_label())",
              values: [type, code],
            }),
          }),
        })
        .then(
          () => 'done',
          (error: unknown) => error,
        )
    for (const outcome of [await insert('secret', 'S-1'), await insert('test', '')]) {
      if (outcome === 'done') continue
      expect(outcome).toMatchObject({ kind: expect.stringMatching(/^(conflict|not-allowed)$/) })
      expect([conflict().message, 'Your post does not allow this. Nothing was changed. Ask the secretariat or your agency.']).toContain(
        (outcome as Error).message,
      )
    }
  })

  test('a place in the stream is opaque: guessed, counted, cut, foreign or altered ones are refused, and a sound one opens no row', async () => {
    const sound = here.tail.hub.encodeCursor(0)
    const guesses = [
      '0',
      '1',
      '-1',
      '999999',
      'AAAAAAAAAAAAAAAAAAAAAA',
      sound.slice(0, -1),
      `${sound}A`,
      sound.split('').reverse().join(''),
      randomBytes(16).toString('base64url'),
      Buffer.from('42').toString('base64'),
    ]
    for (const guess of guesses) {
      const answer = await here.server.inject({
        method: 'GET',
        url: '/live',
        headers: { authorization: `Bearer ${here.people.outsider.key}`, 'last-event-id': guess },
      })
      expect({ guess, status: answer.statusCode }).toEqual({ guess, status: 400 })
      const again = await here.server.inject({
        method: 'GET',
        url: `/live?after=${encodeURIComponent(guess)}`,
        headers: { authorization: `Bearer ${here.people.outsider.key}` },
      })
      expect(again.statusCode).toBe(400)
    }
    const [mine, theirs] = [follow(url, here.people.member.key, sound), follow(url, here.people.outsider.key, sound)]
    await Promise.all([mine.opened, theirs.opened])
    expect(await until(() => mine.rows().includes(here.ids.incidentId))).toBe(true)
    expect(theirs.text()).not.toContain(here.ids.incidentId)
    expect(mine.text()).not.toContain(here.ids.restrictedEntryId)
    for (const word of [...planted, 'position', '"seq"']) expect(mine.text() + theirs.text()).not.toContain(word)
    mine.close()
    theirs.close()
  })

  test('resume is by position and never by a wake-up: what was committed while nobody looked is there', async () => {
    const stream = follow(url, here.people.member.key)
    await stream.opened
    const { body } = await here.call(here.people.member, named('response.writeEntry'), {
      incidentId: here.ids.incidentId,
      text: 'While nobody looked.',
    })
    await here.place()
    expect(await until(() => stream.rows().includes((body as { id: string }).id))).toBe(true)
    stream.close()
    const place = stream.last()
    const { body: missed } = await here.call(here.people.member, named('response.writeEntry'), {
      incidentId: here.ids.incidentId,
      text: 'After they had gone.',
    })
    await here.place()
    const back = follow(url, here.people.member.key, place)
    expect(await until(() => back.rows().includes((missed as { id: string }).id))).toBe(true)
    expect(back.rows().filter((row) => row === (body as { id: string }).id)).toEqual([])
    back.close()
  })

  test('no log line, figure, metric or error text holds a word of what was written, at the finest level of the log', {
    timeout: 60_000,
  }, async () => {
    const { secretariat, member } = here.people
    const bad = {
      authorization: `Bearer ${secretariat.key}`,
      'content-type': 'application/json',
      'concord-reason': encodeURIComponent(`Because of ${planted[1]}`),
    }
    for (const payload of [
      `{"incidentId": "${planted[0]}"`,
      `{"incidentId": "${planted[0]}", "text": "${planted[1]}"}`,
      `"${planted[2]}"`,
      JSON.stringify({ incidentId: here.ids.incidentId, text: planted[3].repeat(2000) }),
    ]) {
      const answer = await here.server.inject({ method: 'POST', url: '/api/response/write-entry', headers: bad, payload })
      expect(answer.statusCode).toBeGreaterThanOrEqual(400)
      for (const word of planted) expect(answer.body).not.toContain(word)
    }
    for (const operation of operations) {
      const wrong = inputFor(operation, () => `${planted[0]}\u0000'"; drop table x; -- ${planted[4]}`)
      const answer = await here.call(member, operation, wrong, { 'concord-reason': encodeURIComponent(planted[2]) })
      if (answer.status >= 400)
        for (const word of planted)
          expect({ operation: operation.name, text: answer.text }).not.toMatchObject({ text: expect.stringContaining(word) })
    }
    await here.server.inject({ method: 'GET', url: `/${planted[0]}/${planted[1]}?q=${planted[2]}` })
    const metrics = (await here.server.inject({ method: 'GET', url: '/metrics' })).body
    expect(metrics).toContain('concord_requests_total')
    expect(here.log()).not.toBe('')
    const told = [...planted, ...Object.values(here.people).flatMap(({ key, personId }) => [key, personId]), 'Council', here.ids.incidentId]
    for (const word of told) {
      expect({ word, inMetrics: metrics.includes(word) }).toEqual({ word, inMetrics: false })
      const line = here
        .log()
        .split('\n')
        .find((each) => each.includes(word))
      expect({ word, line: line?.slice(0, 300) }).toEqual({ word, line: undefined })
    }
  })
})

describe('two worlds', () => {
  const inside = (person: TestPerson, world: string, text: string, values: unknown[] = []) =>
    here.city.database.change({
      entering: person.enters('test.try', world),
      run: async ({ tx }) => ({ value: await rows(tx, { text, values }) }),
    })
  let exercise: string

  beforeAll(async () => {
    exercise = id()
    await here.city.owner.query(
      "insert into access.world (id, kind, name, real_from, world_from) values ($1, 'exercise', 'Exercise DOOR', clock_timestamp(), clock_timestamp())",
      [exercise],
    )
  })

  test('an exercise writes nothing city-wide, whoever tries, by any statement', async () => {
    const { administrator } = here.people
    const { rows: tables } = await here.city.owner.query<{ name: string }>(
      "select name from record.labelled_table where scope = 'city-wide'",
    )
    const before = await everything()
    for (const { name } of tables) {
      const { rows: columns } = await here.city.owner.query<{ name: string }>(
        "select column_name as name from information_schema.column_privileges where grantee = 'concord_member' and privilege_type = 'UPDATE' and table_schema || '.' || table_name = $1 limit 1",
        [name],
      )
      const column = columns[0]?.name
      if (column !== undefined) await inside(administrator, exercise, `update ${name} set ${column} = ${column}`).catch(() => undefined)
      await inside(administrator, exercise, `insert into ${name} select * from ${name}`).catch(() => undefined)
    }
    expect(tables.length).toBeGreaterThan(8)
    expect(await everything()).toEqual(before)
    await expect(
      inside(
        administrator,
        exercise,
        "insert into structure.agencies (id, org_type, org_code, name, label) values (gen_random_uuid(), 'x', 'y', 'z', access.city_label())",
      ),
    ).rejects.toMatchObject({ kind: 'not-allowed' })
    expect(
      (
        await here.call(
          administrator,
          named('watch.setLevel'),
          { code: 'other', rank: 2, name: 'Other', criteria: 'None.', callsOut: [], convenes: [] },
          { 'concord-world': exercise },
        )
      ).status,
    ).toBe(403)
  })

  test('no row of one world is seen in the other, points at it, or moves there', async () => {
    const { secretariat } = here.people
    const { incidentId } = here.ids
    expect(await inside(secretariat, exercise, 'select * from response.incidents')).toEqual([])
    expect((await here.call(secretariat, named('response.incident'), { incidentId }, { 'concord-world': exercise })).status).toBe(404)
    expect(
      (await here.call(secretariat, named('response.writeEntry'), { incidentId, text: 'From an exercise.' }, { 'concord-world': exercise }))
        .status,
    ).toBe(404)
    const put =
      "insert into response.log_entries (id, incident_id, occurred_at, entered_at, kind, text, by_person, label) values (gen_random_uuid(), $1, '2026-01-01', '2026-01-01', 'note', 'x', access.person(), access.intern(format('[[\"incident:%s\"]]', $1)::jsonb, 'TLP:AMBER'))"
    await expect(inside(secretariat, exercise, put, [incidentId])).rejects.toBeDefined()
    await expect(
      inside(secretariat, liveWorld, 'update response.incidents set world = $1 where id = $2', [exercise, incidentId]),
    ).rejects.toMatchObject({ kind: 'not-allowed' })
    await expect(
      here.city.owner.query('update response.incidents set world = $1 where id = $2', [exercise, incidentId]),
    ).rejects.toMatchObject({ code: '42501' })
  })

  test('what an exercise sends is queued in the exercise, where no live channel takes it; and nothing that is queued says what is going on', async () => {
    const begun = await here.call(
      here.people.watch,
      named('watch.activate'),
      {
        level: 'activated',
        criteriaMatched: `In ${planted[0]}.`,
        reason: `As ${planted[1]} says.`,
        incidentType: 'flood',
        incidentName: `The ${planted[2]}`,
      },
      { 'concord-world': exercise },
    )
    expect(begun.status).toBe(200)
    await inside(here.people.watch, exercise, 'select channels.queue($1::jsonb)', [
      JSON.stringify([
        { key: 'an exercise in live clothes', kind: 'call-out', channel: 'sms', recipient: '+447700900000', words: {}, world: liveWorld },
      ]),
    ])
    const { rows: queued } = await here.city.owner.query<{ world: string; words: string | null; key: string }>(
      "select world, words::text as words, key from channels.outbox where key = 'an exercise in live clothes' or world = $1",
      [exercise],
    )
    expect(queued.length).toBeGreaterThan(0)
    expect(queued.every(({ world }) => world === exercise)).toBe(true)
    const { rows: live } = await here.city.owner.query<{ key: string }>(
      "select key from channels.outbox where world = $1 and (key = 'an exercise in live clothes' or channel <> 'mail')",
      [liveWorld],
    )
    expect(live.map(({ key }) => key)).not.toContain('an exercise in live clothes')
    const { rows: all } = await here.city.owner.query<{ words: string }>(
      "select coalesce(words::text, '') || coalesce(detail, '') || key as words from channels.outbox",
    )
    for (const { words } of all) for (const word of [...planted, 'flood', 'suspected']) expect(words).not.toContain(word)
  })

  test('an exercise that has ended takes nothing more', async () => {
    await here.city.owner.query('update access.world set ended_at = clock_timestamp() where id = $1', [exercise])
    const answer = await here.call(
      here.people.secretariat,
      named('response.openIncident'),
      { name: 'Late', incidentType: 'flood' },
      { 'concord-world': exercise },
    )
    expect(answer.status).toBe(403)
  })
})
