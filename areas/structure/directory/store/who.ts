import { realClock } from '#core/clock.ts'
import { maybe, one, rows, sql } from '#core/db/sql.ts'
import type { NameTokens, Organisation, Tx } from '#core/operation/implement.ts'
import type { PostKind } from '#core/operation/operation.ts'
import type { Agency, Contact, Group, Membership, OnDuty, Person, Phase, Post } from '../../contract.ts'

const agencyColumns = sql`id, org_type, org_code, name, short_name, sector, call_back`
const postColumns = sql`id, code, agency_id, kind, title, minimum_seniority`

export const agency = (tx: Tx, id: string) => one<Agency>(tx, sql`select ${agencyColumns} from structure.agencies where id = ${id}`)
export const agencies = (tx: Tx) => rows<Agency>(tx, sql`select ${agencyColumns} from structure.agencies order by name, id`)
/** As a marking names them. */
export const organisations = (tx: Tx) =>
  rows<Organisation>(
    tx,
    sql`select 'agency:' || id as token, structure.marking_word(id) as word, name from structure.agencies order by name, id`,
  )
export const post = (tx: Tx, id: string) => one<Post>(tx, sql`select ${postColumns} from structure.posts where id = ${id}`)
export const posts = (tx: Tx) => rows<Post>(tx, sql`select ${postColumns} from structure.posts order by code`)
export const person = (tx: Tx, id: string) =>
  one<Person>(tx, sql`select id, code, name, agency_id, needs from structure.people where id = ${id}`)

/** Holder first, then deputies by rank; nobody on duty is an empty list. */
export const onDuty = (tx: Tx, postId: string, at: Date) =>
  rows<OnDuty>(tx, sql`select person_id, capacity, rank from structure.on_duty(${postId}, ${at})`)

/** The lead agreed beforehand for this type, place and phase, or for any place; undefined when nothing was agreed. */
export const agreedLead = (tx: Tx, incidentType: string, jurisdiction: string, phase: Phase) =>
  maybe<{ agencyId: string; basis: string }>(
    tx,
    sql`select agency_id, basis from structure.lead_arrangements
        where incident_type in (${incidentType}, 'any') and jurisdiction in (${jurisdiction}, 'any') and phase = ${phase}
        order by (incident_type = ${incidentType}) desc, (jurisdiction = ${jurisdiction}) desc limit 1`,
  )

const groupColumns = sql`id, code, name, name_fr, tier, purpose, authority, convening, chair_post_id, deputy_chair_post_id, secretariat_post_id, quorum`

export const groups = (tx: Tx) => rows<Group>(tx, sql`select ${groupColumns} from structure.groups order by tier, name, id`)
export const group = (tx: Tx, id: string) => one<Group>(tx, sql`select ${groupColumns} from structure.groups where id = ${id}`)
/** Errors: not found. */
export const groupByCode = (tx: Tx, code: string) => one<Group>(tx, sql`select ${groupColumns} from structure.groups where code = ${code}`)

/** Core members first, then standing, then invitees; by name. */
export const membersOf = (tx: Tx, groupId: string) =>
  rows<Membership>(
    tx,
    sql`select m.agency_id, a.name as agency_name, m.post_id, m.kind, m.basis, m.derived
        from structure.memberships m join structure.agencies a on a.id = m.agency_id where m.group_id = ${groupId} and m.ended_at is null
        order by array_position(array['core', 'standing', 'invitee'], m.kind), a.name, a.id`,
  )

/** Posts by their codes; a code that is not there, or that the viewer cannot see, is simply absent. */
export const postsByCode = (tx: Tx, codes: readonly string[]) =>
  rows<Post>(tx, sql`select ${postColumns} from structure.posts where code = any(${codes}) order by code`)

/** The agency by its code, whatever its type; the first by type where two types share a code. Errors: not found. */
export const agencyByCode = (tx: Tx, orgCode: string) =>
  one<Agency>(tx, sql`select ${agencyColumns} from structure.agencies where org_code = ${orgCode} order by org_type limit 1`)

/** Errors: not found. */
export const personByCode = (tx: Tx, code: string) =>
  one<Person>(tx, sql`select id, code, name, agency_id, needs from structure.people where code = ${code}`)

/** How to reach a person, in the order in which channels are tried. For the jobs' role, and for the named hands of its label. */
export const contactsOf = (tx: Tx, personId: string) =>
  rows<Contact>(
    tx,
    sql`select channel, address, rank from structure.contacts where person_id = ${personId} and ended_at is null order by rank`,
  )

/** Deputies of a post who are there at a moment, by rank. */
export const deputies = async (tx: Tx, postId: string, at: Date) =>
  (await onDuty(tx, postId, at)).filter(({ capacity }) => capacity === 'deputy')

/** Where a call-out climbs to at last: the agency's executive post; undefined is a gap in the structure. */
export const executivePostOf = (tx: Tx, agencyId: string) =>
  maybe<Post>(
    tx,
    sql`select ${postColumns} from structure.posts where agency_id = ${agencyId} and kind = 'executive' order by code limit 1`,
  )

/** The posts of these kinds in an agency, by code. */
export const postsOf = (tx: Tx, agencyId: string, kinds: readonly PostKind[]) =>
  rows<Post>(tx, sql`select ${postColumns} from structure.posts where agency_id = ${agencyId} and kind = any(${kinds}) order by code`)

export interface StandIn {
  postId: string
  personId: string
  /** Real time, because reach is held in real time; null: from now on. */
  from: Date | string | null
  /** At most a week later: longer is a holding. */
  until: Date | string
  /** What was accepted, such as `watch.answer:<id>`; standing down names the same source. */
  source: string
}

/**
 * Gives a deputy (or the agency's executive) who accepted the post's tokens for a time, in an exercise for that exercise alone; each is an entry. Real time.
 * Errors: not allowed (no deputy of this post), invalid (no end, or over a week). Returns how many tokens.
 */
export const standIn = async (tx: Tx, { postId, personId, from, until, source }: StandIn) =>
  (
    await one<{ granted: number }>(
      tx,
      sql`select structure.stand_in(${postId}, ${personId}, ${from ?? realClock.now()}, ${until}, ${source}) as granted`,
    )
  ).granted

/** Ends what standing in gave (null: now). Returns how many tokens. */
export const standDown = async (tx: Tx, source: string, at: Date | string | null) =>
  (await one<{ ended: number }>(tx, sql`select structure.stand_down(${source}, ${at ?? realClock.now()}) as ended`)).ended

/** What the tokens of structure are called, as far as the viewer may read them: posts with their agency, agencies, groups, people. */
export const names: NameTokens = async (tx, tokens) => {
  const ids = (kind: string) => tokens.filter((token) => token.startsWith(`${kind}:`)).map((token) => token.slice(kind.length + 1))
  const found = await rows<{ token: string; name: string; agency: string | null }>(
    tx,
    sql`select 'post:' || p.id as token, p.title as name, a.name as agency from structure.posts p join structure.agencies a on a.id = p.agency_id where p.id::text = any(${ids('post')})
        union all select 'agency:' || id, name, null from structure.agencies where id::text = any(${ids('agency')})
        union all select 'group:' || id, name, null from structure.groups where id::text = any(${ids('group')})
        union all select 'person:' || id, name, null from structure.people where id::text = any(${ids('person')})
        union all select 'structure.holding:' || h.id, p.title, a.name from structure.holdings h join structure.posts p on p.id = h.post_id
          join structure.agencies a on a.id = p.agency_id where h.id::text = any(${ids('structure.holding')})`,
  )
  return Object.fromEntries(found.map(({ token, name, agency }) => [token, agency === null ? { name } : { name, agency }]))
}
