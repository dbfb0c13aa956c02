import { structureFor, type TestHolder } from '#areas/structure/testing.ts'
import { expect } from 'vitest'
import { area as structureArea } from '#areas/structure/area.ts'
import { testDoor } from '#core/access/sign-in/testing.ts'
import { readConfig } from '#core/config.ts'
import { liveDoor } from '#core/http/testing.ts'
import type { Area } from '#core/operation/implement.ts'
import { serveLive } from '#core/http/live.ts'
import { startTail } from '#core/live/tail.ts'
import { startSequencer } from '#core/record/sequencer.ts'
import { placeAll } from '#core/record/testing.ts'
import { internLabel } from '#core/access/reach.ts'
import { one, rows, run, sql } from '#core/db/sql.ts'
import { liveWorld, type TestCity, testCity, type TestPerson } from '#core/db/testing.ts'
import { type Operation, pathOf, type PostKind, wordsOf } from '#core/operation/operation.ts'
import { perform, registryOf } from '#core/operation/perform.ts'
import { id } from '#core/id.ts'
import { startRunner } from '#core/jobs/runner.ts'
import { area } from './area.ts'
import { type ItemDetail, item, items, openItem, shareItem } from './items/contract.ts'
import { tearLines } from './tear-lines/contract.ts'
import { draftProtocol, offerProtocol, protocol, type ProtocolDetail, signProtocol, type Terms } from './protocols/contract.ts'

/** A city with an agency of each name and its executive, and the deeds of sharing in it: as most tests of sharing begin. */
export async function sharingCity<Name extends string>(...names: readonly Name[]) {
  const city = await testCity()
  const structure = structureFor(city)
  const people = {} as Record<Name, TestHolder>
  for (const name of names) people[name] = await structure.holder(`${name} executive`, await structure.agency(name), 'executive')
  return {
    city,
    structure,
    sharing: sharingFor(city),
    ...people,
    /** Another post of somebody's agency, held by somebody else. */
    colleague: (of: TestHolder, name: string, kind: PostKind, tokens: readonly string[] = []) =>
      structure.holder(name, of.agencyId, kind, tokens),
    /** What somebody gets out of the database by SQL of their own, as themselves. */
    asks: <Row extends object = Record<string, unknown>>(person: TestPerson, text: string, values: unknown[] = [], world = liveWorld) =>
      city.database.read(person.enters('', world), ({ tx }) => rows<Row>(tx, { text, values })),
    /** What somebody tries by SQL of their own, and its error. */
    tries: (person: TestPerson, text: string, values: unknown[] = []) =>
      city.database.change({ entering: person.enters(), run: async ({ tx }) => ({ value: await run(tx, { text, values }) }) }),
  }
}

/** Windows of a real browser on a city with sharing: `open` goes to a page as somebody; what goes wrong in any of them is in `said`. */
export async function sharingWindows(city: TestCity, more: readonly Area[] = []) {
  // Here and not above: tests without a browser load none.
  const { openBrowser, openWindow } = await import('#core/web/testing.ts')
  const door = await liveDoor(city, { areas: [structureArea, area, ...more] })
  const browser = await openBrowser()
  const said: string[] = []
  return {
    said,
    async open(who: TestPerson, path: string, options?: Parameters<typeof openWindow>[3]) {
      const { page } = await openWindow(browser, door.url, who.key, options, said)
      await page.goto(`${door.url}${path}`)
      await page.locator('main h1').waitFor()
      return page
    },
    async end() {
      await browser.close()
      await door.stop()
    },
  }
}

/** Sharing as it is seen by the wire: answers with all that stands around them, and streams. */
export async function sharingWire(city: TestCity) {
  const failed = (error: unknown) => console.error(error)
  const tail = await startTail(city.database, { failed, idle: 20 })
  const sequencer = startSequencer(city.database, { placed: () => tail.poke(), failed })
  city.database.onCommit(() => sequencer.poke())
  const door = await testDoor(city, {
    areas: [structureArea, area],
    limitCalls: false,
    web: async (server) => serveLive(server, { database: city.database, tail, config: readConfig({ port: '0' }, {}) }),
  })
  const shown = async (answer: Response) => ({
    status: answer.status,
    text: await answer.text(),
    headers: [...answer.headers.keys()].sort(),
    length: answer.headers.get('content-length'),
    etag: answer.headers.get('etag'),
  })
  return {
    get: async (person: TestPerson, path: string, headers: Record<string, string> = {}) =>
      shown(await fetch(door.url + path, { headers: { cookie: `concord=${person.key}`, ...headers } })),
    /** A deed, as it is answered. */
    ask: async (person: TestPerson, operation: Operation, input: object) => {
      const { status, text } = await door.ask(pathOf(operation), input, { cookie: `concord=${person.key}` })
      return { status, text }
    },
    /** What comes down somebody's stream from now on, or from a place in it. */
    async stream(person: TestPerson, after?: string) {
      const ending = new AbortController()
      const answer = await fetch(`${door.url}/live?world=${liveWorld}`, {
        headers: { cookie: `concord=${person.key}`, ...(after === undefined ? {} : { 'last-event-id': after }) },
        signal: ending.signal,
      })
      const got: string[] = []
      const reading = (async () => {
        for await (const bytes of answer.body!) got.push(Buffer.from(bytes as Uint8Array).toString())
      })().catch(() => {})
      await expect.poll(() => got.join(''), { timeout: 5_000 }).toContain('id: ')
      return {
        text: () => got.join('').replaceAll('event: beat\ndata:\n\n', ''),
        last: () => [...got.join('').matchAll(/^id: (.*)$/gm)].at(-1)?.[1],
        async end() {
          ending.abort()
          await reading
        },
      }
    },
    async stop() {
      await sequencer.stop()
      await tail.stop()
      await door.stop()
    },
  }
}

/** Deeds of sharing as people do them, in a test city. */
export function sharingFor(city: TestCity) {
  const registry = registryOf([area])
  const as = <T>(person: TestPerson, operation: Operation, input: unknown, world = liveWorld) =>
    perform(city.database, registry, registry.named(...wordsOf(operation)), input, person.enters(operation.name, world)) as Promise<T>

  const termsFor = (parties: readonly TestHolder[], more: Partial<Terms> = {}): Terms => ({
    title: 'Hospitals and roads',
    parties: parties.map(({ agencyId }) => ({ agencyId, use: [], sign: ['executive'], past: 'all' as const })),
    purposes: ['Beds are known where roads are closed.'],
    kinds: ['situation', 'casualty-numbers'],
    personal: { is: false, basis: '', assessment: '' },
    triggers: ['routine', 'emergency'],
    method: 'In Concord.',
    handling: 'Not for the media.',
    marking: 'TLP:AMBER',
    retention: 'One year.',
    emergency: '',
    onLeaving: 'keeps',
    expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
    reviewAt: new Date(Date.now() + 3_600_000).toISOString(),
    testedOn: null,
    ...more,
  })
  const read = (person: TestPerson, protocolId: string) => as<ProtocolDetail>(person, protocol, { protocolId })
  /** Signs the newest version for everybody's own agency. */
  async function signAll(protocolId: string, signers: readonly TestHolder[]): Promise<void> {
    for (const signer of signers) {
      const version = (await read(signer, protocolId)).versions.at(-1)!
      await as(signer, signProtocol, { protocolId, versionId: version.id, agencyId: signer.agencyId, hash: version.hash })
    }
  }
  return {
    as,
    termsFor,
    /** A way to reach somebody. */
    async contact(personId: string, channel: string, address: string): Promise<void> {
      await city.owner.query(
        `insert into structure.contacts (id, person_id, channel, address, rank, label, world)
         values ($1, $2, $3, $4, 1, access.intern('[["city:test"]]', 'TLP:GREEN'), $5)`,
        [id(), personId, channel, address, liveWorld],
      )
    },
    /** An exercise's clock goes on by so many minutes. */
    async passes(world: string, minutes: number): Promise<void> {
      await city.owner.query('update access.world set world_from = world_from + make_interval(secs => $2) where id = $1', [
        world,
        minutes * 60,
      ])
    },
    /** One server's timed duties of sharing: `runDue` does what is due in every world. Errors are gathered. */
    duties() {
      const errors: unknown[] = []
      return { errors, ...startRunner(city.database, registry, area.jobs ?? [], (_, error) => void errors.push(error)) }
    },
    /** Messages that went into the outbox of a world, as anybody who holds the database would find them. */
    async queued(world = liveWorld): Promise<{ key: string; kind: string; channel: string; recipient: string; words: unknown }[]> {
      return (
        await city.owner.query('select key, kind, channel, recipient, words from channels.outbox where world = $1 order by number', [world])
      ).rows
    },
    read,
    signAll,
    /** A protocol in force between these executives' agencies. */
    async inForce(parties: readonly TestHolder[], more: Partial<Terms> = {}): Promise<string> {
      const [first] = parties as [TestHolder]
      const { protocolId } = await as<{ protocolId: string }>(first, draftProtocol, { terms: termsFor(parties, more) })
      await as(first, offerProtocol, { protocolId })
      await signAll(protocolId, parties)
      return protocolId
    },
    /** Every entry has its position. */
    placed: () => placeAll(city),
    /** Shares for the sharer's own agency; its id. */
    async share(person: TestPerson, more: object, world = liveWorld): Promise<string> {
      const given = { kind: 'situation', title: 'Roof at the quay', text: 'The roof has come down.', marking: 'TLP:AMBER', ...more }
      return (await as<{ id: string }>(person, shareItem, given, world)).id
    },
    item: (person: TestPerson, itemId: string, world?: string) => as<ItemDetail>(person, item, { itemId }, world),
    /** Opens it; what it says. */
    opens: async (person: TestPerson, itemId: string) => (await as<{ text: string }>(person, openItem, { itemId })).text,
    /** The ids that stand on a person's page. */
    listed: async (person: TestPerson, world?: string) =>
      (await as<{ items: { id: string }[] }>(person, items, {}, world)).items.map(({ id }) => id),
    /** Everything that somebody can lay hands on, as rows of every table that a member may select from, and as the answers of operations. */
    async everything(person: TestPerson): Promise<string> {
      await this.placed()
      const { rows: tables } = await city.owner.query<{ name: string }>(
        `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where c.relkind = 'r' and has_table_privilege('concord_member', c.oid, 'select')`,
      )
      const named = new Set(tables.map(({ name }) => name))
      for (const must of [
        'sharing.items',
        'sharing.releases',
        'record.entry',
        'record.place',
        'record.openings',
        'access.admission',
        'access.label',
      ])
        if (!named.has(must)) throw new Error(`${must} is not looked at.`)
      const found: unknown[] = []
      for (const name of named) {
        const columns =
          name === 'record.entry'
            ? "x.seq, x.transaction::text, x.label, convert_from(x.header, 'UTF8') as header, convert_from(x.content, 'UTF8') as content"
            : 'to_jsonb(x) as row'
        found.push(
          name,
          await city.database.read(person.enters(), ({ tx }) => rows(tx, { text: `select ${columns} from ${name} x`, values: [] })),
        )
      }
      found.push(await as(person, items, {}))
      for (const itemId of await this.listed(person)) found.push(await this.item(person, itemId), await as(person, tearLines, { itemId }))
      return JSON.stringify(found)
    },
    /** Can this person read what carries only the circle of an epoch? */
    async reads(person: TestPerson, protocolId: string, epoch: number): Promise<boolean> {
      return city.database.read(person.enters(), async ({ tx }) => {
        const label = await internLabel(tx, { clauses: [[`circle:protocol.${protocolId}.${epoch}`]], marking: 'TLP:AMBER' })
        return (await one<{ may: boolean }>(tx, sql`select ${label} = any(access.readable()) as may`)).may
      })
    },
  }
}
