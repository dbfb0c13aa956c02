import { one, rows, run, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { Contact } from '../contract.ts'
import type { KeptPerson, People, PersonLine } from './contract.ts'

/** In force or to come. One that was ended before it began lasts no time that counts. */
const held = (at: Date) => sql`(h.until_at is null or h.until_at > greatest(${at}, h.from_at + interval '1 second'))`

/** Of holdings and ways, those that the viewer may read. */
export const people = (tx: Tx, at: Date) =>
  rows<Omit<PersonLine, 'provided' | 'deeds'>>(
    tx,
    sql`select p.id, p.code, p.name, p.agency_id, a.name as agency_name, coalesce(held.titles, '{}') as holds, coalesce(reached.ways, '{}') as ways, p.left_at
        from structure.people p join structure.agencies a on a.id = p.agency_id
        left join (select h.person_id, array_agg(distinct o.title order by o.title) as titles from structure.holdings h join structure.posts o on o.id = h.post_id
          where ${held(at)} group by h.person_id) held on held.person_id = p.id
        left join (select c.person_id, array_agg(c.channel order by c.rank) as ways from structure.contacts c where c.ended_at is null group by c.person_id) reached on reached.person_id = p.id
        order by p.name, p.id limit 5000`,
  )

export const hours = (tx: Tx) =>
  rows<{ code: string; words: string }>(tx, sql`select code, words from structure.duty_patterns order by words, code`)

/** Whom a directory keeps; nobody, to whoever does not administer the city. */
export const provided = async (tx: Tx) =>
  new Set((await rows<{ person: string }>(tx, sql`select person from access.provided_people() person`)).map(({ person }) => person))

export const moved = (tx: Tx) =>
  rows<People['moved'][number]>(tx, sql`select id, person as person_id, name, by_name, reason, at from access.changed_addresses()`)

export interface Kept extends Omit<KeptPerson, 'own'> {
  agencyId: string
  /** The number to ring in their agency, else in the agency that keeps the watch. */
  callBack: string | null
  zone: string
  /** Where a call-out writes to; a list may have said another address than the one that signs in. */
  writtenTo: string | null
}
/** Waits until nobody else is keeping accounts: what is read after it stays so until this is done. Errors: not allowed. */
export const takeTurn = (tx: Tx) => run(tx, sql`select access.keeper()`)

/** Errors: not found. Only an administrator reads everybody's address. */
export const kept = (tx: Tx, id: string) =>
  one<Kept>(
    tx,
    sql`select p.id, p.code, p.name, p.agency_id, a.name as agency_name, account.mail, account.language, p.needs, p.left_at, city.time_zone as zone,
          coalesce(a.call_back, (select g.call_back from structure.posts o join structure.agencies g on g.id = o.agency_id
            where o.kind = 'watch-officer' and g.call_back is not null order by o.code limit 1)) as call_back,
          (select c.address from structure.contacts c where c.person_id = p.id and c.ended_at is null and c.channel in ('sms', 'voice') order by c.rank limit 1) as mobile,
          (select c.address from structure.contacts c where c.person_id = p.id and c.ended_at is null and c.channel = 'mail' order by c.rank limit 1) as written_to
        from structure.people p join structure.agencies a on a.id = p.agency_id join access.account account on account.person = p.id cross join access.city city
        where p.id = ${id}`,
  )

export type Changed = 'done' | 'absent' | 'provided' | 'closed' | 'taken' | 'guarded'
export const changeAccount = async (
  tx: Tx,
  it: { id: string; name: string; mail: string | null; language: string; reason: string | undefined },
) =>
  (
    await one<{ outcome: Changed }>(
      tx,
      sql`select access.change_account(${it.id}, ${it.name}, ${it.mail}, ${it.language}, ${it.reason ?? null}) as outcome`,
    )
  ).outcome

export type Closed = 'done' | 'absent' | 'self' | 'provided' | 'closed' | 'last'
export const closeAccount = async (tx: Tx, personId: string, reason: string) =>
  (await one<{ outcome: Closed }>(tx, sql`select access.close_account(${personId}, ${reason}) as outcome`)).outcome

export type Reopened = 'done' | 'absent' | 'provided' | 'open' | 'taken'
export const reopenAccount = async (tx: Tx, personId: string, mail: string, reason: string) =>
  (await one<{ outcome: Reopened }>(tx, sql`select access.reopen_account(${personId}, ${mail}, ${reason}) as outcome`)).outcome

export const changeWords = (tx: Tx, { id, name, needs }: { id: string; name: string; needs: string | null }) =>
  run(
    tx,
    sql`update structure.people set name = ${name}, needs = ${needs} where id = ${id} and (name, needs) is distinct from (${name}::text, ${needs}::text)`,
  )

/** Whoever never held a post is kept as long as if one had ended now. */
export const leave = (tx: Tx, id: string, at: Date) =>
  run(tx, sql`update structure.people set left_at = ${at}, held_until = coalesce(held_until, ${at}) where id = ${id}`)
export const comeBack = (tx: Tx, id: string) =>
  run(
    tx,
    sql`update structure.people p set left_at = null, held_until = (select max(h.until_at) from structure.holdings h where h.person_id = p.id) where p.id = ${id}`,
  )

/** Ends what they hold and what they were to hold, which then never begins for anybody who looks. */
export const endHeld = (tx: Tx, personId: string, at: Date) =>
  rows<{ id: string; postId: string }>(
    tx,
    sql`update structure.holdings h set until_at = greatest(${at}, h.from_at + interval '1 microsecond') where h.person_id = ${personId} and ${held(at)}
        returning h.id, h.post_id`,
  )

/** Ways that are no telephone and no mail: a list gives them, and they are not changed by hand. */
export const otherWays = (tx: Tx, personId: string) =>
  rows<Pick<Contact, 'channel' | 'address'>>(
    tx,
    sql`select channel, address from structure.contacts where person_id = ${personId} and ended_at is null and channel = 'webhook' order by rank`,
  )
export const contactIds = async (tx: Tx, personId: string) =>
  new Map(
    (await rows<{ rank: number; id: string }>(tx, sql`select rank, id from structure.contacts where person_id = ${personId}`)).map(
      ({ rank, id }) => [rank, id],
    ),
  )
export const endContactsAfter = (tx: Tx, personId: string, rank: number, at: Date) =>
  run(tx, sql`update structure.contacts set ended_at = ${at} where person_id = ${personId} and rank > ${rank} and ended_at is null`)
