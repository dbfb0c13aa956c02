import { maybe, one, rows, run, sql } from '#core/db/sql.ts'
import type { Channel } from '#core/channels/channel.ts'
import { usableChannels } from '#core/channels/outbox/store.ts'
import type { Tx } from '#core/operation/implement.ts'
import { nextDue } from '../rules.ts'
import type { Ask, AskState, CallOut, Person, Step } from '../rules/shapes.ts'

/** A call-out as it stands in the database: the rule's shape, and what the rule need not know. */
export interface Stored {
  callOut: Omit<CallOut, 'state'> & { state: CallOut['state'] | 'planned' }
  activationId: string
  agencyId: string
  label: number
}

const moments = [
  'queued',
  'simulated',
  'attempted',
  'delivered',
  'read',
  'accepted',
  'declined',
  'failed',
  'expired',
] as const satisfies readonly AskState[]

interface Row {
  id: string
  activationId: string
  postId: string
  agencyId: string
  state: Stored['callOut']['state']
  startedAt: string
  acceptedBy: string | null
  acceptedAt: string | null
  unansweredSince: string | null
  flags: CallOut['flags']
  people: Person[]
  label: number
  steps: Record<string, string | number | null>[]
  asks: Record<string, string | number | null>[]
}

const iso = (moment: unknown) => new Date(String(moment)).toISOString()

const askOf = (row: Row['asks'][number]): Ask => {
  const reached = moments.filter((state) => row[`${state}_at`] !== null).map((state) => [state, iso(row[`${state}_at`])])
  return {
    key: String(row.key),
    kind: row.kind as Ask['kind'],
    personId: String(row.person_id),
    capacity: row.capacity as Ask['capacity'],
    address: Number(row.address),
    channel: row.channel as Channel,
    to: String(row.contact_id),
    dueAt: iso(row.due_at),
    state: row.state as AskState,
    ...(row.reason === null ? {} : { reason: String(row.reason) }),
    at: Object.fromEntries(reached) as Ask['at'],
  }
}

const stepOf = (row: Row['steps'][number]): Step => ({
  key: String(row.key),
  afterMinutes: Number(row.after_minutes),
  dueAt: iso(row.due_at),
  do: row.action as Step['do'],
  ...(row.capacity === null ? {} : { capacity: row.capacity as NonNullable<Step['capacity']> }),
  state: row.state as Step['state'],
})

/** Loads one call-out of this world, locked; undefined when another process is at it. */
export async function lock(tx: Tx, id: string): Promise<Stored | undefined> {
  const row = await maybe<Row>(
    tx,
    sql`select c.id, c.activation_id, c.post_id, c.agency_id, c.state, c.started_at, c.accepted_by, c.accepted_at, c.unanswered_since, c.flags, c.people, c.label,
          (select coalesce(jsonb_agg(to_jsonb(s) order by s.after_minutes, s.key), '[]') from watch.steps s where s.call_out_id = c.id) as steps,
          (select coalesce(jsonb_agg(to_jsonb(a) order by a.due_at, a.id), '[]') from watch.asks a where a.call_out_id = c.id) as asks
        from watch.call_outs c where c.id = ${id} and c.world = access.world() for update of c skip locked`,
  )
  if (row === undefined) return undefined
  const { activationId, agencyId, label, steps, asks, ...callOut } = row
  return { activationId, agencyId, label, callOut: { ...callOut, steps: steps.map(stepOf), asks: asks.map(askOf) } }
}

const idsOf = async (tx: Tx, statement: ReturnType<typeof sql>) => (await rows<{ id: string }>(tx, statement)).map((row) => row.id)

/** Call-outs with a step that is due, or that are not begun yet, the longest due first. Left out: those that another process is at. */
export const due = (tx: Tx, now: Date, atMost: number) =>
  idsOf(
    tx,
    sql`select id from watch.call_outs where world = access.world() and state in ('planned', 'asking', 'unanswered') and next_due <= ${now}
        order by next_due limit ${atMost} for update skip locked`,
  )

/** Call-outs of activations that were stood down. */
export const stoodDown = (tx: Tx, atMost: number) =>
  idsOf(
    tx,
    sql`select c.id from watch.call_outs c join watch.activations a on a.id = c.activation_id
        where c.world = access.world() and a.stood_down_at is not null and c.state <> 'stood-down' limit ${atMost} for update of c skip locked`,
  )

/** Whose messages failed. */
export const ofKeys = (tx: Tx, keys: readonly string[]) =>
  rows<{ id: string; key: string }>(
    tx,
    sql`select call_out_id as id, key from watch.asks where world = access.world() and key = any(${keys})`,
  )

const changed = <T extends { key: string }>(before: readonly T[], after: readonly T[]): { made: T[]; altered: T[] } => {
  const known = new Map(before.map((each) => [each.key, JSON.stringify(each)]))
  return {
    made: after.filter((each) => !known.has(each.key)),
    altered: after.filter((each) => known.has(each.key) && known.get(each.key) !== JSON.stringify(each)),
  }
}

const momentsOf = (ask: Ask) => Object.fromEntries(moments.map((state) => [`${state}_at`, ask.at[state] ?? null]))

/** Writes back what a rule made of a call-out: only what is new or different. */
export async function save(tx: Tx, stored: Stored, after: CallOut, id: () => string): Promise<void> {
  const { callOut: before, label, activationId } = stored
  const steps = changed(before.steps, after.steps)
  const asks = changed(before.asks, after.asks)
  await run(
    tx,
    sql`update watch.call_outs set state = ${after.state}, next_due = ${nextDue(after)}, accepted_by = ${after.acceptedBy}, accepted_at = ${after.acceptedAt},
          unanswered_since = ${after.unansweredSince}, flags = ${after.flags}, people = ${JSON.stringify(after.people)}::jsonb where id = ${after.id}`,
  )
  if (steps.made.length > 0) {
    const made = steps.made.map((step) => ({ ...step, id: id() }))
    await run(
      tx,
      sql`insert into watch.steps (id, call_out_id, key, after_minutes, due_at, action, capacity, state, label)
          select s.id, ${after.id}, s.key, s."afterMinutes", s."dueAt", s."do", s.capacity, s.state, ${label}
          from jsonb_to_recordset(${JSON.stringify(made)}::jsonb)
            as s (id uuid, key text, "afterMinutes" double precision, "dueAt" timestamptz, "do" text, capacity text, state text)`,
    )
  }
  if (steps.altered.length > 0) {
    await run(
      tx,
      sql`update watch.steps w set state = s.state from jsonb_to_recordset(${JSON.stringify(steps.altered)}::jsonb) as s (key text, state text)
          where w.call_out_id = ${after.id} and w.key = s.key`,
    )
  }
  if (asks.made.length > 0) {
    const made = asks.made.map((ask) => ({ ...ask, ...momentsOf(ask), id: id() }))
    // Rotas stay with three: the person asked, the desk and the secretariat.
    await run(
      tx,
      sql`insert into watch.asks (id, call_out_id, activation_id, post_id, person_id, key, kind, capacity, address, channel, contact_id, due_at, state, reason,
            queued_at, simulated_at, attempted_at, delivered_at, read_at, accepted_at, declined_at, failed_at, expired_at, label)
          select a.id, ${after.id}, ${activationId}, ${after.postId}, a."personId", a.key, a.kind, a.capacity, a.address, a.channel, a."to", a."dueAt", a.state, a.reason,
            a.queued_at, a.simulated_at, a.attempted_at, a.delivered_at, a.read_at, a.accepted_at, a.declined_at, a.failed_at, a.expired_at,
            access.intern(jsonb_build_array(jsonb_build_array('person:' || a."personId", 'kind:watch-officer', 'kind:secretariat')), 'OFFICIAL-SENSITIVE // Rota')
          from jsonb_to_recordset(${JSON.stringify(made)}::jsonb) as a (id uuid, "personId" uuid, key text, kind text, capacity text, address int, channel text,
            "to" uuid, "dueAt" timestamptz, state text, reason text, queued_at timestamptz, simulated_at timestamptz, attempted_at timestamptz,
            delivered_at timestamptz, read_at timestamptz, accepted_at timestamptz, declined_at timestamptz, failed_at timestamptz, expired_at timestamptz)`,
    )
  }
  if (asks.altered.length > 0) {
    const altered = asks.altered.map((ask) => ({ ...ask, ...momentsOf(ask) }))
    await run(
      tx,
      sql`update watch.asks w set state = a.state, reason = a.reason, queued_at = a.queued_at, simulated_at = a.simulated_at, attempted_at = a.attempted_at,
            delivered_at = a.delivered_at, read_at = a.read_at, accepted_at = a.accepted_at, declined_at = a.declined_at, failed_at = a.failed_at, expired_at = a.expired_at
          from jsonb_to_recordset(${JSON.stringify(altered)}::jsonb) as a (key text, state text, reason text, queued_at timestamptz, simulated_at timestamptz,
            attempted_at timestamptz, delivered_at timestamptz, read_at timestamptz, accepted_at timestamptz, declined_at timestamptz, failed_at timestamptz, expired_at timestamptz)
          where w.call_out_id = ${after.id} and w.key = a.key`,
    )
  }
}

/** How far messages got: for many at once, and only ever further, as the rule says; a failure goes through the rule instead. */
export const noteProgress = (tx: Tx, news: readonly { key: string; state: string; detail: string | null }[], now: Date) =>
  run(
    tx,
    sql`update watch.asks a set state = n.state, detail = n.detail,
          simulated_at = case n.state when 'simulated' then ${now} else a.simulated_at end,
          attempted_at = case n.state when 'attempted' then ${now} else a.attempted_at end,
          delivered_at = case n.state when 'delivered' then ${now} else a.delivered_at end,
          read_at = case n.state when 'read' then ${now} else a.read_at end
        from jsonb_to_recordset(${JSON.stringify(news)}::jsonb) as n (key text, state text, detail text)
        where a.key = n.key and a.world = access.world() and a.state not in ('accepted', 'declined')
          and case n.state when 'read' then 3 when 'delivered' then 2 else 1 end
            > case when a.read_at is not null then 3 when a.delivered_at is not null then 2
                   when coalesce(a.simulated_at, a.attempted_at, a.failed_at) is not null then 1 else 0 end`,
  )

/** Why a message failed, in neutral words. */
export const noteDetail = (tx: Tx, key: string, detail: string | null) =>
  run(tx, sql`update watch.asks set detail = ${detail} where key = ${key} and world = access.world()`)

/** Who is in line for a post now: on duty, deputies, then the agency's executives; each with their contacts in their order. */
export async function inLine(tx: Tx, postId: string, at: Date): Promise<Person[]> {
  return rows<Person>(
    tx,
    sql`with line as (
          select d.person_id, d.capacity, 1 as part, d.rank, d.ordinality from structure.on_duty(${postId}, ${at}) with ordinality d
          union all
          select d.person_id, 'executive', 2, d.rank, d.ordinality
          from structure.posts post join structure.posts executive on executive.agency_id = post.agency_id and executive.kind = 'executive' and executive.id <> post.id
          cross join lateral structure.on_duty(executive.id, ${at}) with ordinality d where post.id = ${postId})
        select line.person_id, line.capacity,
          (select coalesce(jsonb_agg(jsonb_build_object('channel', c.channel, 'to', c.id) order by c.rank), '[]')
             from structure.contacts c where c.person_id = line.person_id and c.ended_at is null) as addresses
        from line order by line.part, line.ordinality`,
  )
}

export const usable = (tx: Tx, worldKind: 'live' | 'exercise') => usableChannels(tx, worldKind)

/** What a message says of a post: all that it may say. */
export const facts = (tx: Tx, activationId: string, postId: string) =>
  one<{ post: string; agency: string; callBack: string; purpose: string }>(
    tx,
    sql`select p.title as post, g.name as agency, a.call_back, a.purpose from watch.activations a, structure.posts p join structure.agencies g on g.id = p.agency_id
        where a.id = ${activationId} and p.id = ${postId}`,
  )

/** The addresses behind contacts, and the language of who has them. */
export const addresses = (tx: Tx, contactIds: readonly string[]) =>
  rows<{ id: string; address: string; language: string }>(
    tx,
    sql`select c.id, c.address, coalesce(l.language, 'en') as language from structure.contacts c
        left join watch.languages((select array_agg(distinct o.person_id) from structure.contacts o where o.id = any(${contactIds}))) l on l.person = c.person_id
        where c.id = any(${contactIds})`,
  )

export interface NewWay {
  key: string
  tokenHash: string
  replyCode: string
}

/** Opens the ways in which asks can be answered; returns the keys whose reply code is taken by another open ask. */
export async function openWays(tx: Tx, ways: readonly NewWay[], expiresAt: Date): Promise<string[]> {
  const opened = await rows<{ key: string }>(
    tx,
    sql`insert into watch.ways (ask_id, world, token_hash, reply_code, expires_at)
        select a.id, a.world, decode(w."tokenHash", 'hex'), w."replyCode", ${expiresAt}
        from jsonb_to_recordset(${JSON.stringify(ways)}::jsonb) as w (key text, "tokenHash" text, "replyCode" text)
        join watch.asks a on a.key = w.key and a.world = access.world()
        on conflict do nothing returning (select o.key from watch.asks o where o.id = ways.ask_id) as key`,
  )
  const done = new Set(opened.map((row) => row.key))
  return ways.filter((way) => !done.has(way.key)).map((way) => way.key)
}

/** The reply codes of a call-out are free for others again; its links still open, and say how things stand. */
export const closeWays = (tx: Tx, callOutId: string) =>
  run(
    tx,
    sql`update watch.ways w set closed = true from watch.asks a where a.id = w.ask_id and a.call_out_id = ${callOutId} and not w.closed`,
  )

/** Does something that must not take the rest of the transaction with it when it goes wrong. */
export async function apart(tx: Tx, work: () => Promise<unknown>): Promise<unknown> {
  await run(tx, sql`savepoint apart`)
  try {
    await work()
    await run(tx, sql`release savepoint apart`)
    return undefined
  } catch (error) {
    await run(tx, sql`rollback to savepoint apart`)
    await run(tx, sql`release savepoint apart`)
    return error ?? new Error('unknown')
  }
}
