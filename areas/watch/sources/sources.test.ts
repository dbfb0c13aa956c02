import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { existsSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { desk } from '../desk/contract.ts'
import { lookIntoFolders } from './actions/folders.ts'
import { pollFeeds } from './actions/feeds.ts'
import { addAnchor, addSource, renewSourceToken, retireSource, sources, type SourceLine } from './contract.ts'
import { fetchBounded, isPublic } from './fetch.ts'
import { backOff, feedLinks } from './rules.ts'
import { cap, type WatchCity, watchCity } from './testing.ts'
import { startSources } from './watching.ts'

let here: WatchCity
let inbox: string
let partner: Server
let base: string
let answers: (request: IncomingMessage, response: ServerResponse) => void
beforeAll(async () => {
  here = await watchCity()
  inbox = mkdtempSync(join(tmpdir(), 'inbox-'))
  partner = createServer((request, response) => answers(request, response))
  await new Promise<void>((done) => partner.listen(0, '127.0.0.1', done))
  base = `http://127.0.0.1:${(partner.address() as AddressInfo).port}`
})
afterAll(async () => {
  partner?.closeAllConnections()
  partner?.close()
  await rm(inbox, { recursive: true, force: true })
  await here?.end()
})

const failures: unknown[] = []
const failed = (what: string, error: unknown) => void failures.push([what, error])
const identifiers = async () => {
  const trays = await here.does<{ live: { identifier: string }[]; quarantine: { identifier: string }[] }>(here.officer, desk, {})
  return [...trays.live, ...trays.quarantine].map(({ identifier }) => identifier)
}
const lineOf = async (code: string) =>
  (await here.does<{ sources: SourceLine[] }>(here.officer, sources, {})).sources.find((one) => one.code === code)!
const feedNamed = (code: string, path: string, more: object = {}) =>
  here.does<{ id: string }>(here.administrator, addSource, { code, name: code, kind: 'feed', address: `${base}${path}`, ...more })
/** All feeds are due now. */
const ask = async (milliseconds = 1500) => {
  await here.city.owner.query("update watch.source_states set next_at = '2020-01-01T00:00Z'")
  return pollFeeds(here.city.database, { milliseconds, linksMilliseconds: 10_000, maxBytes: 100_000 }, failed)
}
const retire = async (code: string) => here.does(here.administrator, retireSource, { sourceId: (await lineOf(code)).id })
const atom = (...entries: string[]) => `<feed xmlns="http://www.w3.org/2005/Atom">${entries.join('')}</feed>`
const bare = (text: string) => text.replace(/<\?xml[^>]*\?>\n/, '')

test('a source is kept by an administrator; its token is shown once, works at once, and not after it was renewed or retired', async () => {
  const input = { code: 'posts', name: 'Posts', kind: 'http' as const }
  await expect(here.does(here.officer, addSource, input)).rejects.toMatchObject({ kind: 'not-allowed' })
  const { id, token } = await here.does<{ id: string; token: string }>(here.administrator, addSource, input)
  expect(JSON.stringify(await here.does(here.administrator, sources, {}))).not.toContain(token)
  expect((await here.post(cap(), { source: 'posts', token })).status).toBe(202)
  const renewed = await here.does<{ token: string }>(here.administrator, renewSourceToken, { sourceId: id })
  expect((await here.post(cap(), { source: 'posts', token })).status).toBe(401)
  expect((await here.post(cap(), { source: 'posts', token: renewed.token })).status).toBe(202)
  expect((await lineOf('posts')).receivedAt).not.toBeNull()
  await retire('posts')
  expect((await here.post(cap(), { source: 'posts', token: renewed.token })).status).toBe(401)
  await expect(here.does(here.administrator, addSource, { ...input, code: 'feed', address: 'http://x.example/' })).rejects.toMatchObject({
    field: 'address',
  })
  await expect(
    here.does(here.administrator, addSource, { ...input, code: 'feed', kind: 'feed', address: 'file:///etc/passwd' }),
  ).rejects.toMatchObject({ field: 'address' })
  await expect(here.does(here.administrator, addSource, { ...input, code: '../up' })).rejects.toMatchObject({ field: 'code' })
  await expect(
    here.does(here.administrator, addAnchor, { name: 'Nobody', pem: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' }),
  ).rejects.toMatchObject({ field: 'pem' })
})

test('a folder: only whole files, moved with a report beside them; what a crash left behind is moved and not taken twice', async () => {
  await here.does(here.administrator, addSource, { code: 'drop', name: 'Drop', kind: 'folder' })
  const folder = join(inbox, 'drop')
  const seen = new Map<string, string>()
  const look = () => lookIntoFolders(here.city.database, inbox, seen, failed)
  await look()
  writeFileSync(join(folder, 'one.xml'), cap({ identifier: 'LAID' }).slice(0, 200))
  writeFileSync(join(folder, 'half.part'), 'not yet')
  symlinkSync('/etc/hostname', join(folder, 'link.xml'))
  expect(await look()).toBe(0)
  const whole = cap({ identifier: 'LAID' })
  writeFileSync(join(folder, 'one.xml'), whole)
  expect(await look()).toBe(0)
  writeFileSync(join(folder, 'two.xml'), 'not xml')
  await look()
  await look()
  expect(readdirSync(join(folder, 'done')).sort()).toEqual(['one.xml', 'one.xml.report.json'])
  expect(readdirSync(join(folder, 'refused')).sort()).toEqual(['two.xml', 'two.xml.report.json'])
  expect(JSON.parse(readFileSync(join(folder, 'done/one.xml.report.json'), 'utf8'))).toMatchObject({
    outcome: 'accepted',
    alerts: [{ identifier: 'LAID' }],
  })
  expect(JSON.parse(readFileSync(join(folder, 'refused/two.xml.report.json'), 'utf8')).reasons.join()).toMatch('well-formed')
  expect(readdirSync(folder).sort()).toEqual(['done', 'half.part', 'link.xml', 'refused'])

  // Taken in, and then the power went before it was moved.
  writeFileSync(join(folder, 'three.xml'), cap({ identifier: 'CRASHED' }))
  await look()
  const before = await here.city.owner.query('select count(*)::int as count from watch.deliveries')
  const dies = {
    jobs: (async (operation: string, world: string | null, run: never) => here.city.database.jobs(operation, world, run)) as never,
  }
  const broken = { ...dies }
  await Promise.all([
    lookIntoFolders(broken, inbox, new Map(seen), failed),
    lookIntoFolders(here.city.database, inbox, new Map(seen), failed),
  ])
  const after = await here.city.owner.query('select count(*)::int as count from watch.deliveries')
  expect((after.rows[0] as { count: number }).count - (before.rows[0] as { count: number }).count).toBe(1)
  expect(existsSync(join(folder, 'done/three.xml'))).toBe(true)
  await retire('drop')
})

test('a file over the limit is refused without being read', async () => {
  await here.does(here.administrator, addSource, { code: 'big', name: 'Big', kind: 'folder' })
  const seen = new Map<string, string>()
  const look = () => lookIntoFolders(here.city.database, inbox, seen, failed)
  await look()
  writeFileSync(join(inbox, 'big', 'big.xml'), Buffer.alloc(5 * 1024 * 1024, 60))
  await look()
  await look()
  expect(JSON.parse(readFileSync(join(inbox, 'big', 'refused/big.xml.report.json'), 'utf8')).reasons.join()).toMatch('limit')
  await retire('big')
})

test('the watching goes on by itself, is told of a file, and stops', async () => {
  await here.does(here.administrator, addSource, { code: 'live-drop', name: 'Live drop', kind: 'folder' })
  const watching = startSources(here.city.database, { inbox, failed, everyMs: 100 })
  try {
    await expect.poll(() => existsSync(join(inbox, 'live-drop', 'done')), { timeout: 5000 }).toBe(true)
    writeFileSync(join(inbox, 'live-drop', 'w.xml'), cap({ identifier: 'WATCHED' }))
    await expect.poll(identifiers, { timeout: 8000 }).toContain('WATCHED')
  } finally {
    await watching.stop()
  }
  await retire('live-drop')
})

test('a feed that carries its messages: each is taken once, whatever else changes in the feed', async () => {
  await feedNamed('carrying', '/carrying')
  const message = bare(cap({ identifier: 'CARRIED' }))
  let turn = 0
  answers = (_request, response) => response.end(atom(`<updated>${(turn += 1)}</updated><entry><content>${message}</content></entry>`))
  await ask()
  await ask()
  const rows = await here.city.owner.query(
    "select d.id from watch.deliveries d join watch.sources s on s.id = d.source_id where s.code = 'carrying'",
  )
  expect(rows.rows).toHaveLength(1)
  expect(await identifiers()).toContain('CARRIED')
  expect((await lineOf('carrying')).receivedAt).not.toBeNull()
  await retire('carrying')
})

test('asks politely: what has not changed is not read again', async () => {
  await feedNamed('polite', '/polite')
  const asked: (string | undefined)[] = []
  answers = (request, response) => {
    asked.push(request.headers['if-none-match'])
    if (request.headers['if-none-match'] === '"1"') return response.writeHead(304).end()
    return response.writeHead(200, { etag: '"1"' }).end(atom())
  }
  await ask()
  await ask()
  expect(asked).toEqual([undefined, '"1"'])
  expect((await lineOf('polite')).receivedAt).toBeNull()
  await retire('polite')
})

test('a feed that only points to its messages: each is fetched once; what cannot be fetched is tried again, then shown as refused', async () => {
  await feedNamed('pointing', '/feed')
  const asked: string[] = []
  answers = (request, response) => {
    asked.push(request.url ?? '')
    if (request.url === '/feed') {
      const entry = (href: string, type = 'application/cap+xml') =>
        `<entry><updated>2026</updated><link rel="alternate" type="text/html" href="/page"/><link type="${type}" href="${href}"/></entry>`
      return response.end(atom(entry('/a.cap'), entry(`${base}/b.xml`), entry('/gone.cap'), entry('file:///etc/passwd')))
    }
    if (request.url === '/a.cap') return response.end(cap({ identifier: 'POINTED-A' }))
    if (request.url === '/b.xml') return response.end(cap({ identifier: 'POINTED-B' }))
    return response.writeHead(404).end()
  }
  for (let turn = 0; turn < 6; turn += 1) await ask()
  expect(asked.filter((path) => path === '/a.cap')).toHaveLength(1)
  expect(asked.filter((path) => path === '/gone.cap')).toHaveLength(5)
  expect(asked).not.toContain('/page')
  expect(await identifiers()).toEqual(expect.arrayContaining(['POINTED-A', 'POINTED-B']))
  const { refused } = await here.does<{ refused: { name: string; reasons: string[] }[] }>(here.officer, desk, {})
  expect(refused.find(({ name }) => name.endsWith('/gone.cap'))?.reasons.join()).toMatch('5 tries')
  await retire('pointing')
})

test('a feed that hangs, fails, sends too much or sends nonsense is lost after its number of failures, and back when it answers', async () => {
  await feedNamed('failing', '/failing', { lostAfter: 3 })
  const ways: ((response: ServerResponse) => void)[] = [
    () => undefined,
    (response) => response.writeHead(500).end(),
    (response) => {
      response.writeHead(200)
      const more = () => response.write('x'.repeat(64 * 1024), () => !response.destroyed && setImmediate(more))
      response.on('error', () => undefined)
      more()
    },
    (response) => response.writeHead(200).end('<html><body>Service unavailable</body></html>'),
    (response) => response.destroy(),
    (response) => response.writeHead(302, { location: 'http://169.254.169.254/latest' }).end(),
    (response) => response.writeHead(302, { location: '/failing' }).end(),
    (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('x'),
  ]
  const whys: string[] = []
  for (const way of ways) {
    answers = (_request, response) => way(response)
    const began = Date.now()
    await ask(800)
    expect(Date.now() - began).toBeLessThan(3000)
    const line = await lineOf('failing')
    whys.push(line.failure!)
    expect(line.lostAt !== null).toBe(whys.length >= 3)
  }
  expect(whys.map((why) => why.slice(0, 24))).toEqual([
    'It did not answer in tim',
    'It answered with status ',
    'It is larger than 100000',
    'It answered, but with so',
    'It could not be reached.',
    'It points to an address ',
    'It redirects more than 3',
    'It answered compressed, ',
  ])
  answers = (_request, response) => response.end(atom())
  await ask()
  const found = await here.does<{ sourceEvents: { kind: string; source: string; failures: number }[] }>(here.officer, desk, {})
  expect(found.sourceEvents.filter(({ source }) => source === 'failing').map(({ kind, failures }) => [kind, failures])).toEqual([
    ['back', 8],
    ['lost', 3],
  ])
  expect((await here.does<{ sourceEvents: unknown[] }>(here.outsider, desk, {})).sourceEvents).toEqual([])
  expect(await lineOf('failing')).toMatchObject({ failures: 0, failure: null, lostAt: null })
  await retire('failing')
})

test('two server processes never ask the same feed at once', async () => {
  await feedNamed('shared', '/shared')
  let asked = 0
  answers = (_request, response) => {
    asked += 1
    setTimeout(() => response.end(atom()), 100)
  }
  await here.city.owner.query("update watch.source_states set next_at = '2020-01-01T00:00Z'")
  const bounds = { milliseconds: 1500, linksMilliseconds: 1000 }
  await Promise.all([1, 2, 3, 4].map(() => pollFeeds(here.city.database, bounds, failed)))
  expect(asked).toBe(1)
  await retire('shared')
})

test('only the configured host may be on our own network', async () => {
  expect(['8.8.8.8', '2606:4700::1111'].map(isPublic)).toEqual([true, true])
  const own = [
    '127.0.0.1',
    '10.1.2.3',
    '172.20.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '0.0.0.0',
    '100.64.1.1',
    '::1',
    '::',
    'fd00::1',
    'fe80::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '224.0.0.1',
    'localhost',
  ]
  expect(own.filter(isPublic)).toEqual([])
  const bounds = { configured: 'https://feeds.example/cap', maxBytes: 1000, milliseconds: 1000 }
  for (const address of [base, base.replace('127.0.0.1', 'localhost'), base.replace('127.0.0.1', '[::ffff:127.0.0.1]')]) {
    await expect(fetchBounded(address, bounds)).rejects.toThrow('our own network')
  }
  // The same host on another port is another service.
  await expect(fetchBounded(base, { ...bounds, configured: 'http://127.0.0.1:9/' })).rejects.toThrow('our own network')
})

test('links of Atom and RSS, and how long a failing feed is left', () => {
  const rss = `<rss><channel><item><title>x</title><link>https://e.example/1.xml</link></item><item><enclosure url="/2.cap" type="application/cap+xml"/><link>https://e.example/page</link></item><item><link>javascript:x</link></item></channel></rss>`
  expect(feedLinks(Buffer.from(rss), 'https://e.example/feed')?.map(({ address }) => address)).toEqual([
    'https://e.example/1.xml',
    'https://e.example/2.cap',
  ])
  expect(feedLinks(Buffer.from('<html/>'), 'https://e.example/')).toBeUndefined()
  const from = new Date('2026-01-01T00:00:00Z')
  expect([1, 3, 20].map((count) => (backOff(60, count, from).getTime() - from.getTime()) / 1000)).toEqual([120, 480, 900])
  expect((backOff(3600, 9, from).getTime() - from.getTime()) / 1000).toBe(3600)
})

test('nothing of all this failed unseen', () => expect(failures).toEqual([]))
