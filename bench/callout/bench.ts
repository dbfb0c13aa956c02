import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createTransport } from 'nodemailer'
import { composeMessage } from '#core/channels/compose.ts'
import { benchCity, type BenchCity } from '../city.ts'
import { ask, type BenchLine, processorSeconds, rounded } from '../measure.ts'

interface Sunk {
  count: number
  links: number
  first: number
  last: number
  accepted: number
  refused: number
}

const width = 16
const from = 'concord@bench.example'
const now = () => performance.timeOrigin + performance.now()

async function startSink(): Promise<{ child: ChildProcess; port: number }> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./sink.ts', import.meta.url))], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const { port } = await new Promise<{ port: number }>((resolve, reject) => {
    child.once('message', (message) => resolve(message as { port: number }))
    child.once('exit', (code) => reject(new Error(`the sink ended with ${code}`)))
  })
  return { child, port }
}

/** A bare nodemailer pool of the same width, with mails of the same words: mails a second. */
async function bare(sink: { child: ChildProcess; port: number }, mails: number): Promise<number> {
  await ask(sink.child, { do: 'reset' })
  const transport = createTransport({
    pool: true,
    host: '127.0.0.1',
    port: sink.port,
    ignoreTLS: true,
    maxConnections: width,
    maxMessages: 500,
  })
  const world = { kind: 'live' as const, name: 'Live' }
  const words = {
    kind: 'call-out' as const,
    language: 'en' as const,
    post: 'Duty Officer',
    agency: 'Agency',
    city: 'Our city',
    callBack: '+44 1632 960015',
    world,
  }
  const started = now()
  let next = 0
  const lane = async () => {
    while (next < mails) {
      const n = next++
      const message = composeMessage(
        { key: `bare/${n}/ask`, channel: 'mail', to: `p${n}@bench.example` },
        { ...words, link: `http://localhost/b/${n}`, replyCode: '123456' },
      )
      await transport.sendMail({
        from,
        to: { name: '', address: message.to },
        subject: message.subject ?? '',
        text: message.text,
        messageId: `<bare.${n}@bench.example>`,
      })
    }
  }
  await Promise.all(Array.from({ length: width + 8 }, lane))
  const sunk = await ask<Sunk>(sink.child, { do: 'figures' })
  transport.close()
  return (sunk.count * 1000) / (sunk.last - started)
}

const parentOf = (pid: number) => {
  try {
    return Number(
      readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')[1],
    )
  } catch {
    return Number.NaN
  }
}
/** Processor seconds so far of this process (server and all), of the sink, and of PostgreSQL with all its children. */
async function seconds({ owner }: BenchCity, sink: number) {
  const { pid } = (await owner.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]!
  const postmaster = parentOf(pid)
  const children = readdirSync('/proc')
    .map(Number)
    .filter((each) => each > 0 && parentOf(each) === postmaster)
  const postgres = children.reduce((sum, each) => sum + (processorSeconds(each) || 0), 0)
  return { server: processorSeconds(process.pid), sink: processorSeconds(sink), postgres }
}

/** As many posts as there are hundreds of recipients; whoever holds a post is on duty, and each has one mail address. Returns their posts. */
async function people({ owner }: BenchCity, recipients: number): Promise<string[]> {
  const label = 'access.city_label()'
  const live = "(select id from access.world where kind = 'live')"
  await owner.query(`
    create temp table made as select n, gen_random_uuid() as person, (n - 1) / 100 as post from generate_series(1, ${recipients}) n;
    create temp table made_posts as select distinct post as n, gen_random_uuid() as id, gen_random_uuid() as agency from (select distinct post from made) m;
    insert into access.account (person, name, mail) select person, 'Bench ' || n, 'a' || n || '@bench.example' from made;
    insert into structure.agencies (id, org_type, org_code, name, call_back, label, world) select agency, 'bench', 'B' || n, 'Agency ' || n, '+44 1632 960015', ${label}, ${live} from made_posts;
    insert into structure.posts (id, code, agency_id, kind, title, label, world) select id, 'B-' || n, agency, 'duty', 'Duty Officer ' || n, ${label}, ${live} from made_posts;
    insert into structure.people (id, code, name, agency_id, label, world) select m.person, 'b' || m.n, 'Bench ' || m.n, p.agency, ${label}, ${live} from made m join made_posts p on p.n = m.post;
    insert into structure.contacts (id, person_id, channel, address, rank, label, world) select gen_random_uuid(), person, 'mail', 'p' || n || '@bench.example', 1, ${label}, ${live} from made;
    insert into structure.holdings (id, post_id, person_id, capacity, from_at, label, world)
      select gen_random_uuid(), p.id, m.person, 'holder', '2020-01-01T00:00Z', ${label}, ${live} from made m join made_posts p on p.n = m.post;
    analyze`)
  return (await owner.query<{ id: string }>('select id from made_posts order by n')).rows.map((row) => row.id)
}

async function call(url: string, key: string, verb: string, input: unknown): Promise<{ id: string }> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const response = await fetch(`${url}/api/watch/${verb}`, { method: 'POST', headers, body: JSON.stringify(input) })
  if (!response.ok) throw new Error(`${verb}: ${await response.text()}`)
  return (await response.json()) as { id: string }
}

/**
 * A whole city calls out so many people by mail, from the watch officer's deed on: posts resolved, asks and their ledger entries written, links and
 * codes made, the outbox filled, sent and settled, while acceptances come back on the accept page. Against a bare nodemailer pool to the same sink.
 */
export async function run({ quick }: { json: boolean; quick: boolean }): Promise<BenchLine[]> {
  const recipients = quick ? 2_000 : 10_000
  const sink = await startSink()
  const before = { ...process.env }
  Object.assign(process.env, {
    CONCORD_MAIL_URL: `smtp://127.0.0.1:${sink.port}`,
    CONCORD_MAIL_FROM: from,
    CONCORD_MAIL_CONCURRENCY: String(width),
  })
  const bench = await benchCity()
  try {
    const posts = await people(bench, recipients)
    const code = (await bench.owner.query<{ code: string }>('select code from access.city')).rows[0]!.code
    const officer = await bench.person([`city:${code}`, 'kind:watch-officer', 'kind:administrator'])
    await call(bench.city.url, officer.key, 'set-level', {
      code: 'all',
      rank: 1,
      name: 'All',
      criteria: 'Bench.',
      callsOut: posts,
      convenes: [],
    })
    await bare(sink, recipients / 5)
    const start = await seconds(bench, sink.child.pid!)
    const reference = await bare(sink, recipients)
    const middle = await seconds(bench, sink.child.pid!)
    await ask(sink.child, { do: 'reset', oneIn: 50 })
    const started = now()
    const { id } = await call(bench.city.url, officer.key, 'activate', {
      level: 'all',
      criteriaMatched: 'Bench.',
      reason: 'Bench.',
      incidentType: 'flood',
    })
    const left = async () =>
      (
        await bench.owner.query<{ open: number }>(
          "select (select count(*) from watch.call_outs where state = 'planned')::int + (select count(*) from channels.outbox where state = 'waiting')::int as open",
        )
      ).rows[0]!.open
    while ((await left()) > 0) await new Promise((resolve) => setTimeout(resolve, 100))
    const end = await seconds(bench, sink.child.pid!)
    const sunk = await ask<Sunk>(sink.child, { do: 'figures' })
    const ours = (sunk.count * 1000) / (sunk.last - started)
    const [settled] = (
      await bench.owner.query<{ asked: number; withdrawn: number; accepted: number }>(
        `select (select count(*) from watch.asks where activation_id = $1 and kind = 'call-out')::int as asked,
           (select count(*) from channels.outbox where state = 'withdrawn')::int as withdrawn,
           (select count(*) from watch.call_outs where activation_id = $1 and state = 'accepted')::int as accepted`,
        [id],
      )
    ).rows
    return [
      {
        bench: 'callout',
        ratio: rounded(ours / reference),
        goal: 0.8,
        comparedTo: `a bare nodemailer pool of ${width} connections to the same sink`,
        mailsPerSecond: Math.round(ours),
        poolPerSecond: Math.round(reference),
        whileSendingPerSecond: Math.round((sunk.count * 1000) / (sunk.last - sunk.first)),
        secondsToFirstMail: rounded((sunk.first - started) / 1000),
        seconds: rounded((sunk.last - started) / 1000),
        recipients: settled!.asked,
        mails: sunk.count,
        withdrawn: settled!.withdrawn,
        acceptances: sunk.accepted,
        acceptancesRefused: sunk.refused,
        postsFilled: settled!.accepted,
        processorMsPerMail: {
          pool: rounded(((middle.server - start.server) * 1000) / recipients),
          poolSink: rounded(((middle.sink - start.sink) * 1000) / recipients),
          server: rounded(((end.server - middle.server) * 1000) / sunk.count),
          postgres: rounded(((end.postgres - middle.postgres) * 1000) / sunk.count),
          sink: rounded(((end.sink - middle.sink) * 1000) / sunk.count),
        },
      },
    ]
  } finally {
    await bench.end()
    sink.child.send({ do: 'end' })
    process.env = before
  }
}
