import { maybe, one, rows, run, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { Belongings } from '../belonging.ts'
import type { Scheme } from '#core/access/scheme.ts'
import type { Chapter } from './chapters.ts'
import type { Pack } from './contract.ts'
import type { Recipient } from './seal.ts'

/** How its entries are set out, and the scheme by which its marking is worked out: as they stood when it was asked for. */
export interface Form {
  chapters: readonly Chapter[]
  scheme: Scheme
  /** Names of organisations by token, as whoever asked for the pack could read them. */
  organisations?: Readonly<Record<string, string>>
}

export interface NewPack {
  id: string
  thread: string
  personId: string
  postId: string | null
  receiver: string
  purpose: string
  authority: string
  reach: Pack['reach']
  tokens: readonly string[] | null
  withheld: Pack['withheld']
  belongings: Belongings
  form: Form
  pictures: readonly Picture[]
  language: string
  marking: string
  recipient: Recipient
  askedAt: Date
  expiresAt: Date
  label: number
}

/** A picture that was asked for: `at` by the world's clock, `real` the same moment by the real one. */
export interface Picture {
  personId: string
  at: string
  real: string
}

export const put = (tx: Tx, it: NewPack) =>
  run(
    tx,
    sql`insert into record.packs (id, thread, asked_by, post_id, receiver, purpose, authority, reach, tokens, withheld, threads, row_tables, row_ids, chapters, pictures,
          language, marking, recipient, asked_at, expires_at, label)
        values (${it.id}, ${it.thread}, ${it.personId}, ${it.postId}, ${it.receiver}, ${it.purpose}, ${it.authority}, ${it.reach}, ${it.tokens}, ${it.withheld},
          ${it.belongings.threads}, ${it.belongings.tables}, ${it.belongings.ids}, ${JSON.stringify(it.form)}::jsonb, ${JSON.stringify(it.pictures)}::jsonb,
          ${it.language}, ${it.marking}, ${JSON.stringify(it.recipient)}::jsonb, ${it.askedAt}, ${it.expiresAt}, ${it.label})`,
  )

type PackRow = Omit<Pack, 'downloads' | 'progress'> & { done: number | null; whole: number | null }
const columns = sql`p.id, p.thread, p.receiver, p.purpose, p.authority, p.reach, p.withheld, p.asked_at, p.expires_at, p.state, p.finished_at, p.size,
  encode(p.file_hash, 'hex') as file_hash, encode(p.manifest_hash, 'hex') as manifest_hash`

export async function packs(tx: Tx, thread: string | null): Promise<Pack[]> {
  const found = await rows<PackRow>(
    tx,
    sql`select ${columns}, w.done, w.whole from record.packs p left join lateral record.pack_progress(p.id) w on p.state = 'asked'
        where ${thread}::uuid is null or p.thread = ${thread} order by p.asked_at desc, p.id limit 200`,
  )
  const taken = await rows<{ packId: string; name: string; at: string }>(
    tx,
    sql`select d.pack_id, coalesce(s.name, '') as name, d.at from record.pack_downloads d left join structure.people s on s.id = d.person_id
        where d.pack_id = any(${found.map(({ id }) => id)}) order by d.at`,
  )
  return found.map(({ done, whole, ...rest }) => ({
    ...rest,
    progress: done === null || whole === null ? null : { done, whole },
    downloads: taken.filter(({ packId }) => packId === rest.id).map(({ name, at }) => ({ name, at })),
  }))
}

export const readyPack = (tx: Tx, id: string) =>
  maybe<{ thread: string; size: number; fileHash: string; label: number; state: string }>(
    tx,
    sql`select thread, size, encode(file_hash, 'hex') as file_hash, label, state from record.packs where id = ${id}`,
  )

export interface Download {
  id: string
  packId: string
  thread: string
  personId: string
  at: Date
  ticketHash: Buffer
  until: Date
  label: number
}
export const noteDownload = (tx: Tx, it: Download) =>
  run(
    tx,
    sql`insert into record.pack_downloads (id, pack_id, thread, person_id, at, ticket_hash, until_at, label)
        values (${it.id}, ${it.packId}, ${it.thread}, ${it.personId}, ${it.at}, ${it.ticketHash}, ${it.until}, ${it.label})`,
  )

/** Whose file a ticket opens: only its own person's, only while it lasts, only while the pack does. */
export const ofTicket = (tx: Tx, ticketHash: Buffer, personId: string) =>
  maybe<{ packId: string; size: number }>(
    tx,
    sql`select p.id as pack_id, p.size from record.pack_downloads d join record.packs p on p.id = d.pack_id and p.world = d.world
        where d.ticket_hash = ${ticketHash} and d.person_id = ${personId} and d.until_at > clock_timestamp() and p.state = 'ready' and p.expires_at > clock_timestamp()`,
  )

// ---- the making, by timed duties ----

export interface Making {
  id: string
  thread: string
  world: string
  worldKind: 'live' | 'exercise'
  worldName: string
  receiver: string
  purpose: string
  authority: string
  reach: Pack['reach']
  withheld: Pack['withheld']
  form: Form
  pictures: readonly Picture[]
  language: 'en' | 'fr'
  marking: string
  recipient: Recipient
  askedAt: string
  expiresAt: string
  cityCode: string
  cityName: string
  zone: string
}

/** Takes the oldest pack that nobody makes: one that was begun and not touched for so long is begun again. Undefined: none is waiting. */
export const claim = (tx: Tx) =>
  maybe<{ pack: string; tries: number }>(
    tx,
    sql`insert into record.pack_work as w (pack, claimed_at)
        select p.id, clock_timestamp() from record.packs p left join record.pack_work b on b.pack = p.id
        where p.state = 'asked' and (b.pack is null or b.claimed_at < clock_timestamp() - interval '90 seconds')
        order by p.asked_at limit 1 for update of p skip locked
        on conflict (pack) do update set claimed_at = excluded.claimed_at, tries = w.tries + 1 returning pack, tries`,
  )
export const making = (tx: Tx, id: string) =>
  one<Making>(
    tx,
    sql`select p.id, p.thread, p.world, w.kind as world_kind, w.name as world_name, p.receiver, p.purpose, p.authority, p.reach, p.withheld, p.chapters as form, p.pictures,
          p.language, p.marking, p.recipient, p.asked_at, p.expires_at, c.code as city_code, c.name as city_name, c.time_zone as zone
        from record.packs p join access.world w on w.id = p.world cross join access.city c where p.id = ${id}`,
  )
/** Left for another process, or for this one's next start. */
export const leave = (tx: Tx, id: string) => run(tx, sql`update record.pack_work set claimed_at = '-infinity' where pack = ${id}`)
export const progress = (tx: Tx, id: string, done: number, whole: number) =>
  run(tx, sql`update record.pack_work set claimed_at = clock_timestamp(), done = ${done}, whole = ${whole} where pack = ${id}`)

export interface Outcome {
  headSize: number
  size: number
  fileHash: Buffer
  manifestHash: Buffer
}
export const finish = (tx: Tx, id: string, it: Outcome) =>
  run(
    tx,
    sql`update record.packs set state = 'ready', finished_at = clock_timestamp(), head_size = ${it.headSize}, size = ${it.size}, file_hash = ${it.fileHash},
          manifest_hash = ${it.manifestHash} where id = ${id} and state = 'asked'`,
  )
export const fail = (tx: Tx, id: string) =>
  run(tx, sql`update record.packs set state = 'failed', finished_at = clock_timestamp() where id = ${id} and state = 'asked'`)
/** Ends every pack whose days are over; their files are deleted by whoever asked. */
export const expire = async (tx: Tx): Promise<string[]> =>
  (
    await rows<{ id: string }>(
      tx,
      sql`update record.packs set state = 'expired' where state <> 'expired' and expires_at <= clock_timestamp() returning id`,
    )
  ).map(({ id }) => id)
/** Of these, the packs whose file may be kept. */
export const living = async (tx: Tx, ids: readonly string[]): Promise<string[]> =>
  (await rows<{ id: string }>(tx, sql`select id from record.packs where id = any(${ids}) and state in ('asked', 'ready')`)).map(
    ({ id }) => id,
  )

export const positions = (tx: Tx, id: string, below: number) =>
  rows<{ placePosition: number; shown: boolean }>(tx, sql`select * from record.pack_positions(${id}, ${below})`)

export interface PackedEntry {
  placePosition: number
  leaf: Buffer
  header: Buffer
  salt: Buffer | null
  content: Buffer | null
  contentHash: Buffer
  marking: string | null
  shown: boolean
  tableName: string
  rowId: string
}
export const page = (tx: Tx, id: string, at: readonly number[]) => rows<PackedEntry>(tx, sql`select * from record.pack_page(${id}, ${at})`)
export const momentOf = (tx: Tx, id: string, personId: string, real: string) =>
  one<{ upto: number; labels: number[] }>(tx, sql`select * from record.pack_moment(${id}, ${personId}, ${real})`)
export const names = async (tx: Tx, id: string, persons: readonly string[]): Promise<Map<string, string>> =>
  new Map(
    (await rows<{ person: string; name: string }>(tx, sql`select * from record.pack_names(${id}, ${persons}::uuid[])`)).map((row) => [
      row.person,
      row.name,
    ]),
  )

// ---- by the verifying role ----

export interface Head {
  size: number
  note: string
  at: string
}
export const lastHead = (tx: Tx) => maybe<Head>(tx, sql`select size, note, at from record.head order by size desc limit 1`)
/** Heads that say which key signs from then on: without them a later key would be a stranger's. */
export const keyChanges = async (tx: Tx): Promise<string[]> =>
  (await rows<{ note: string }>(tx, sql`select note from record.head where note like '%' || chr(10) || 'key-change %' order by size`)).map(
    (row) => row.note,
  )
export const publicKeys = async (tx: Tx): Promise<string[]> =>
  (await rows<{ publicKey: string }>(tx, sql`select public_key from record.signing_key order by from_at`)).map((row) => row.publicKey)
/** A run of hashes of one level of the tree, by index; level 0 are the leaves. */
export const nodes = (tx: Tx, level: number, from: number, count: number) =>
  level === 0
    ? rows<{ index: number; hash: Buffer }>(
        tx,
        sql`select position as index, leaf as hash from record.place where position >= ${from} and position < ${from + count}`,
      )
    : rows<{ index: number; hash: Buffer }>(
        tx,
        sql`select index, hash from record.node where level = ${level} and index >= ${from} and index < ${from + count}`,
      )
