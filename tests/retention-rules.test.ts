import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestCity, testCity } from '#core/db/testing.ts'

// Every kind of row that has a period must be able to lose its words when its time comes, in ten years or in one: a trigger or a constraint that
// forbids it would be found then, and not before. A row of each kind is made here, by its columns, and its time is over.

interface Rule {
  table: string
  root: string | null
  rootKey: string | null
  since: string
  replacing: Record<string, unknown>
}
interface Column {
  name: string
  type: string
  needed: boolean
}
type Values = Readonly<Record<string, unknown>>

const words = 'These are the words of somebody.'
const [one, another] = [randomUUID(), randomUUID()]
const long = '1960-01-01T00:00:00Z'
const later = '1960-06-01T00:00:00Z'

/** Where a column takes only some words, or two columns only go together. */
const particular: Readonly<Record<string, Values>> = {
  'access.note': { kind: 'token-made' },
  'access.alarm': { kind: 'duress', answered_by: one, answered_at: long },
  'record.packs': { reach: 'all', withheld: 'absent', thread: one, threads: [one], asked_at: '1959-12-20T00:00:00Z', expires_at: long },
  'record.sendings': { to_token: `person:${randomUUID()}`, way: 'shared' },
  'response.decision_grounds': { kind: 'fact', flag: 'none' },
  'response.decision_options': { suitable: 'yes', feasible: 'yes', acceptable: 'yes' },
  'response.decision_outcomes': { acknowledge_by: later },
  'response.decision_reviews': { next_review_at: later },
  'response.decisions': {
    root_id: another,
    corrects_id: one,
    corrected_by: one,
    decided_by_person_id: one,
    loggist_person_id: another,
    review_at: later,
  },
  'response.lead_agencies': { phase: 'response', state: 'proposed' },
  'response.log_entries': { kind: 'note', code: null },
  'response.neutral_commanders': { until_at: later },
  'response.prompts': { cause: 'life-safety', parameters: { words }, snoozed_until: long, closed_at: long },
  'response.seats': { state: 'absent' },
  'response.tasks': { due_at: later, accept_by: later, done_at: long, done_by: one },
  'response.part_changes': { change: 'ended', sees: null },
  'sharing.briefings': { given_at: '1959-06-01T00:00:00Z', until_at: long, ended_at: later, ended_by: one },
  'sharing.challenges': { answer: 'kept', answered_by: one, answered_at: long },
  'sharing.disclosures': { deed: 'recalled', kind: 'situation' },
  'sharing.emergency_disclosures': {
    to_agencies: [one],
    review_due_at: '1960-01-02T00:00:00Z',
    reviewed_by: one,
    reviewed_at: long,
    outcome: 'right',
    disclosed_by: another,
  },
  'sharing.items': { kind: 'situation', basis: 'words', to_agencies: [one], restricted_because: null },
  'sharing.pointers': { ended_at: long, ended_by: one },
  'sharing.protocols': { ended_at: long },
  'sharing.request_answers': { outcome: 'refuse', reason_code: 'other', round: 0 },
  'sharing.request_appeals': { needed_by: later },
  'sharing.requests': { needed_by: later },
  'structure.attendance_notices': { reason: 'missed', meetings: 2, answered_by: one, answered_at: long },
  'structure.contacts': { channel: 'mail' },
  'structure.reconciliations': { outcome: 'conflict', read_by: one, read_at: long, due_at: later },
  'structure.review_verdicts': { verdict: 'objected' },
  'structure.reviews': { trigger: 'scheduled', state: 'withdrawn', offered_at: long, sign_by: long, effective_at: long, next_due_at: long },
  'watch.answers': { answer: 'declined', way: 'page' },
  'watch.asks': { kind: 'remind', capacity: 'holder', channel: 'mail', state: 'queued' },
  'watch.judgements': { triage: 'noise', review_at: later },
  'watch.signals': {
    route: 'live',
    outcome: 'quarantined',
    standing: 'released',
    signature: 'absent',
    released_by: one,
    released_at: long,
  },
  'watch.activations': { purpose: 'test', stood_down_at: long, stood_down_by: one },
  'watch.decisions_not_to_activate': { review_at: later },
  'watch.deliveries': { way: 'http', outcome: 'accepted' },
  'watch.originals': { sha256: 'a'.repeat(64) },
  'watch.source_events': { kind: 'lost' },
}

const plain: Readonly<Record<string, unknown>> = {
  integer: 3,
  bigint: 3,
  boolean: false,
  'double precision': 1,
  'timestamp with time zone': long,
  date: '1960-01-01',
  jsonb: '[{"words": "of somebody"}]',
  bytea: Buffer.alloc(32, 1),
  'uuid[]': [],
  'text[]': [],
  'integer[]': [],
}

let city: TestCity
let world: string
let label: number
let person: string
let rules: Rule[]

const ask = async <Row extends object>(text: string, values: unknown[] = []) => (await city.owner.query(text, values)).rows as Row[]
const columnsOf = (table: string) =>
  ask<Column>(
    `select a.attname as name, format_type(a.atttypid, null) as type, a.attnotnull and not a.atthasdef as needed from pg_attribute a
     where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped and a.attidentity = '' and a.attgenerated = ''`,
    [table],
  )

/** A row with all that it needs, and words wherever retention takes words away. */
async function put(table: string, more: Values, filled: readonly string[]): Promise<string> {
  const given: Record<string, unknown> = { id: randomUUID(), world, label, ...more, ...particular[table] }
  for (const { name, type, needed } of await columnsOf(table))
    if (!(name in given) && (needed || filled.includes(name)))
      given[name] = type === 'uuid' ? randomUUID() : type === 'text' ? `${words} ${randomUUID()}` : plain[type]
  const names = Object.keys(given)
  // Without triggers and foreign keys, which look at other rows; the constraints of the row itself hold.
  await city.owner.query("set session_replication_role = 'replica'")
  try {
    await city.owner.query(
      `insert into ${table} (${names.map((name) => `"${name}"`).join(', ')}) values (${names.map((_, at) => `$${at + 1}`).join(', ')})`,
      names.map((name) => given[name]),
    )
  } finally {
    await city.owner.query("set session_replication_role = 'origin'")
  }
  return String(given.id)
}

beforeAll(async () => {
  city = await testCity()
  world = (await ask<{ id: string }>("select id from access.world where kind = 'live'"))[0]!.id
  label = (await ask<{ label: number }>(`select access.intern('[["kind:inquiry"]]', 'TLP:AMBER') as label`))[0]!.label
  person = (await city.person('Pia Protection')).personId
  rules = await ask<Rule>(
    'select table_name as table, root_table as root, root_key as "rootKey", since, replacing from record.retention_rule order by table_name',
  )
})
afterAll(() => city?.end())

test('each kind of row that has a period loses its words when it is over, and nothing that it needs', async () => {
  expect(rules.length).toBeGreaterThan(50)
  const failed: string[] = []
  for (const { table, root, rootKey, since, replacing } of rules) {
    try {
      const ends = { [since]: particular[root ?? table]?.[since] ?? long }
      const rootId =
        root === null || root === table
          ? undefined
          : await put(root, ends, Object.keys(rules.find((rule) => rule.table === root)?.replacing ?? {}))
      const tie: Values = rootId === undefined ? ends : { [rootKey!]: rootId }
      // Where a row is its own root, its own moment counts.
      const id = await put(table, tie, Object.keys(replacing))
      const [before] = await ask<Record<string, unknown>>(`select * from ${table} where id = $1`, [id])
      await city.owner.query(
        `insert into record.retention_policies (id, table_name, keep_days, basis, set_by, set_at, confirmed_by, confirmed_at, label, world)
         values (gen_random_uuid(), $1, 1, 'a test', $2, clock_timestamp(), $2, clock_timestamp(), $3, $4)`,
        [table, person, label, world],
      )
      const [gone] = await ask<{ gone: number }>('select record.retain($1, clock_timestamp(), 100) as gone', [table])
      const [after] = await ask<Record<string, unknown>>(`select * from ${table} where id = $1`, [id])
      for (const [name, value] of Object.entries(after!))
        if (JSON.stringify(value).includes('somebody') && name in replacing) failed.push(`${table}: ${name} still has its words`)
      for (const name of Object.keys(replacing))
        if (before![name] !== null && JSON.stringify(before![name]) === JSON.stringify(after![name]))
          failed.push(`${table}: ${name} is as it was`)
      if (!gone || gone.gone < 1) failed.push(`${table}: nothing went`)
    } catch (error) {
      failed.push(`${table}: ${(error as Error).message}`)
    }
  }
  expect(failed).toEqual([])
})

test('how to reach somebody goes a year after their last post ended, and not while they hold one', async () => {
  const [lea, contact] = [randomUUID(), randomUUID()]
  await city.owner.query("set session_replication_role = 'replica'")
  await city.owner.query(`insert into structure.people (id, code, name, agency_id, label, world) values ($1, 'left', 'Lea', $2, $3, $4)`, [
    lea,
    randomUUID(),
    label,
    world,
  ])
  await city.owner.query(
    `insert into structure.contacts (id, person_id, channel, address, rank, label, world) values ($1, $2, 'sms', '+44 7700 900123', 1, $3, $4)`,
    [contact, lea, label, world],
  )
  await city.owner.query("set session_replication_role = 'origin'")
  // Without foreign keys, with the trigger that works out when somebody left.
  await city.owner.query('alter table structure.holdings drop constraint holdings_post_id_fkey')
  const hold = (from: string, until: string | null) =>
    city.owner.query(
      `insert into structure.holdings (id, post_id, person_id, capacity, from_at, until_at, label, world) values ($1, $2, $3, 'holder', $4, $5, $6, $7)`,
      [randomUUID(), randomUUID(), lea, from, until, label, world],
    )
  const address = async () =>
    (await ask<{ address: string }>('select address from structure.contacts where id = $1', [contact]))[0]!.address
  const retain = () => ask("select record.retain('structure.contacts', clock_timestamp(), 100)")
  await city.owner.query("update record.retention_policies set keep_days = 365 where table_name = 'structure.contacts'")
  await city.owner.query(
    "update record.retention_policies set confirmed_by = set_by, confirmed_at = clock_timestamp() where table_name = 'structure.contacts'",
  )
  await retain()
  expect(await address()).toBe('+44 7700 900123')
  await hold('2001-01-01', '2003-01-01')
  await hold('2003-01-01', null)
  await retain()
  expect(await address()).toBe('+44 7700 900123')
  await city.owner.query("update structure.holdings set until_at = '2004-01-01' where person_id = $1 and until_at is null", [lea])
  expect((await ask<{ at: string }>(`select to_char(held_until, 'YYYY') as at from structure.people where id = $1`, [lea]))[0]!.at).toMatch(
    /200[34]/,
  )
  await retain()
  expect(await address()).toBe('(removed: its time was over)')
})
