import { one, rows, run, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'
import { networkNow } from '../network/store.ts'

const list = (values: readonly unknown[]) => JSON.stringify(values)

/** What is there already, so that a file sent twice doubles nothing and what it does not say stays. */
export async function known(tx: Tx) {
  const pairs = async (statement: ReturnType<typeof sql>) =>
    new Map((await rows<{ code: string; id: string }>(tx, statement)).map(({ code, id }) => [code, id]))
  return {
    network: await networkNow(tx),
    /** What the network leaves out: call-back numbers, and names in French. */
    callBacks: await pairs(sql`select id as code, call_back as id from structure.agencies where call_back is not null`),
    frenchNames: await pairs(sql`select id as code, name_fr as id from structure.groups where name_fr is not null`),
    /** Ended ones too: who comes back has the same row. */
    memberships: await pairs(sql`select group_id || ' ' || agency_id as code, id from structure.memberships`),
    people: await pairs(sql`select code, id from structure.people`),
    left: await pairs(sql`select code, id from structure.people where left_at is not null`),
    accounts: await pairs(sql`select lower(mail) as code, person as id from access.account where mail is not null`),
    mails: (
      await rows<{ mail: string; code: string }>(
        tx,
        sql`select lower(a.mail) as mail, p.code from structure.people p join access.account a on a.person = p.id where a.mail is not null`,
      )
    ).map(({ mail, code }): [string, string] => [mail, code]),
    patterns: await pairs(sql`select code, id from structure.duty_patterns`),
    holdings: await pairs(sql`select post_id || ' ' || person_id as code, id from structure.holdings where until_at is null`),
    leads: await pairs(sql`select incident_type || ' ' || jurisdiction || ' ' || phase as code, id from structure.lead_arrangements`),
    contacts: await pairs(sql`select person_id || ' ' || rank as code, id from structure.contacts`),
  }
}
export type Known = Awaited<ReturnType<typeof known>>

export const cityCode = async (tx: Tx) => (await one<{ code: string }>(tx, sql`select code from access.city`)).code

/** Numbers of the labels for what names a person: that person, their agency, and the posts that keep the rota. */
export async function personLabels(tx: Tx, people: ReadonlyArray<{ id: string; agencyId: string }>): Promise<Map<string, number>> {
  const found = await rows<{ id: string; label: number }>(
    tx,
    sql`select p.id, access.intern(jsonb_build_array(jsonb_build_array('person:' || p.id, 'agency:' || p.agency_id, 'kind:watch-officer', 'kind:secretariat',
          'kind:administrator')), 'TLP:AMBER+STRICT') as label
        from jsonb_to_recordset(${list(people.map((person) => ({ id: person.id, agency_id: person.agencyId })))}::jsonb) as p (id uuid, agency_id uuid)`,
  )
  return new Map(found.map(({ id, label }) => [id, label]))
}

export const agenciesOfPeople = (tx: Tx, people: readonly string[]) =>
  rows<{ id: string; agencyId: string }>(tx, sql`select id, agency_id from structure.people where id = any(${people})`)

export interface AgencyRow {
  id: string
  org_type: string
  org_code: string
  name: string
  short_name: string | null
  sector: string | null
  call_back: string | null
  home_city: string | null
  services: readonly string[]
}
export const putAgencies = (tx: Tx, label: number, values: readonly AgencyRow[]) =>
  run(
    tx,
    sql`insert into structure.agencies as was (id, org_type, org_code, name, short_name, sector, call_back, home_city, services, label)
        select id, org_type, org_code, name, short_name, sector, call_back, home_city, services, ${label}
        from jsonb_to_recordset(${list(values)}::jsonb) as new (id uuid, org_type text, org_code text, name text, short_name text, sector text, call_back text, home_city text,
          services text[])
        on conflict (id) do update set name = excluded.name, short_name = excluded.short_name, sector = excluded.sector, call_back = excluded.call_back,
          home_city = excluded.home_city, services = excluded.services
        where (was.name, was.short_name, was.sector, was.call_back, was.home_city, was.services)
          is distinct from (excluded.name, excluded.short_name, excluded.sector, excluded.call_back, excluded.home_city, excluded.services)`,
  )

/** Whose branch an agency is, once all agencies are there. */
export const putParents = (tx: Tx, values: ReadonlyArray<{ id: string; parent_id: string | null }>) =>
  run(
    tx,
    sql`update structure.agencies was set parent_id = new.parent_id from jsonb_to_recordset(${list(values)}::jsonb) as new (id uuid, parent_id uuid)
        where was.id = new.id and was.parent_id is distinct from new.parent_id`,
  )

export interface PostRow {
  id: string
  code: string
  agency_id: string
  kind: string
  title: string
  minimum_seniority: number
  competences: readonly string[]
  place_id: string | null
}
export const putPosts = (tx: Tx, label: number, values: readonly PostRow[]) =>
  run(
    tx,
    sql`insert into structure.posts as was (id, code, agency_id, kind, title, minimum_seniority, competences, place_id, label)
        select id, code, agency_id, kind, title, minimum_seniority, competences, place_id, ${label}
        from jsonb_to_recordset(${list(values)}::jsonb) as new (id uuid, code text, agency_id uuid, kind text, title text, minimum_seniority int, competences text[], place_id uuid)
        on conflict (id) do update set agency_id = excluded.agency_id, kind = excluded.kind, title = excluded.title, minimum_seniority = excluded.minimum_seniority,
          competences = excluded.competences, place_id = excluded.place_id
        where (was.agency_id, was.kind, was.title, was.minimum_seniority, was.competences, was.place_id)
          is distinct from (excluded.agency_id, excluded.kind, excluded.title, excluded.minimum_seniority, excluded.competences, excluded.place_id)`,
  )

export interface PersonRow {
  id: string
  code: string
  name: string
  agency_id: string
  needs: string | null
  mail: string | null
  language: string
}
/** Opens accounts for those who have none, then writes who they are. */
export async function putPeople(tx: Tx, label: number, values: readonly PersonRow[]): Promise<void> {
  await run(
    tx,
    sql`insert into access.account (person, name, mail, language)
        select id, name, mail, language from jsonb_to_recordset(${list(values)}::jsonb) as new (id uuid, name text, mail text, language text)
        where not exists (select from access.account known where known.person = new.id)`,
  )
  await run(
    tx,
    sql`insert into structure.people as was (id, code, name, agency_id, needs, label)
        select id, code, name, agency_id, needs, ${label}
        from jsonb_to_recordset(${list(values)}::jsonb) as new (id uuid, code text, name text, agency_id uuid, needs text)
        on conflict (id) do update set name = excluded.name, agency_id = excluded.agency_id, needs = excluded.needs
        where (was.name, was.agency_id, was.needs) is distinct from (excluded.name, excluded.agency_id, excluded.needs)`,
  )
}

export const putContacts = (
  tx: Tx,
  values: ReadonlyArray<{ id: string; person_id: string; channel: string; address: string; rank: number; label: number | undefined }>,
) =>
  run(
    tx,
    sql`insert into structure.contacts as was (id, person_id, channel, address, rank, label)
        select id, person_id, channel, address, rank, label
        from jsonb_to_recordset(${list(values)}::jsonb) as new (id uuid, person_id uuid, channel text, address text, rank int, label int)
        on conflict (id) do update set channel = excluded.channel, address = excluded.address, tested_at = null, ended_at = null
        where was.ended_at is not null or (was.channel, was.address) is distinct from (excluded.channel, excluded.address)`,
  )

export interface PatternRow {
  id: string
  code: string
  words: string
  weekdays: number[]
  from_local: string
  until_local: string
  weeks: string
  stands_at: string | null
}
export const putPatterns = (tx: Tx, label: number, values: readonly PatternRow[]) =>
  run(
    tx,
    sql`insert into structure.duty_patterns as was (id, code, words, weekdays, from_local, until_local, weeks, stands_at, label)
        select id, code, words, array(select jsonb_array_elements_text(weekdays)::int), from_local, until_local, weeks, stands_at, ${label}
        from jsonb_to_recordset(${list(values)}::jsonb) as new (id uuid, code text, words text, weekdays jsonb, from_local text, until_local text, weeks text, stands_at timestamptz)
        on conflict (id) do update set words = excluded.words, weekdays = excluded.weekdays, from_local = excluded.from_local, until_local = excluded.until_local,
          weeks = excluded.weeks, stands_at = excluded.stands_at
        where (was.words, was.weekdays, was.from_local, was.until_local, was.weeks, was.stands_at)
          is distinct from (excluded.words, excluded.weekdays, excluded.from_local, excluded.until_local, excluded.weeks, excluded.stands_at)`,
  )

export interface HoldingRow {
  id: string
  post_id: string
  person_id: string
  capacity: string
  rank: number
  pattern_id: string | null
  label: number | undefined
}
export const putHoldings = (tx: Tx, from: Date, values: readonly HoldingRow[]) =>
  run(
    tx,
    sql`insert into structure.holdings as was (id, post_id, person_id, capacity, rank, pattern_id, from_at, label)
        select id, post_id, person_id, capacity, rank, pattern_id, ${from}, label
        from jsonb_to_recordset(${list(values)}::jsonb) as new (id uuid, post_id uuid, person_id uuid, capacity text, rank int, pattern_id uuid, label int)
        on conflict (id) do update set capacity = excluded.capacity, rank = excluded.rank, pattern_id = excluded.pattern_id
        where (was.capacity, was.rank, was.pattern_id) is distinct from (excluded.capacity, excluded.rank, excluded.pattern_id)`,
  )

export interface GroupRow {
  id: string
  code: string
  name: string
  name_fr: string | null
  tier: string
  purpose: string
  authority: string
  convening: string
  terms_of_reference: string
  cells: readonly string[]
  chair_post_id: string | null
  deputy_chair_post_id: string | null
  secretariat_post_id: string | null
  records_owner_post_id: string | null
  quorum: number | null
  place_id: string | null
  review_at: string | null
}
const groupColumns = sql`name, name_fr, tier, purpose, authority, convening, terms_of_reference, cells, chair_post_id, deputy_chair_post_id, secretariat_post_id,
  records_owner_post_id, quorum, place_id, review_at`
export const putGroups = (tx: Tx, label: number, values: readonly GroupRow[]) =>
  run(
    tx,
    sql`insert into structure.groups as was (id, code, ${groupColumns}, label)
        select id, code, ${groupColumns}, ${label}
        from jsonb_to_recordset(${list(values)}::jsonb) as new (id uuid, code text, name text, name_fr text, tier text, purpose text, authority text, convening text,
          terms_of_reference text, cells text[], chair_post_id uuid, deputy_chair_post_id uuid, secretariat_post_id uuid, records_owner_post_id uuid, quorum int,
          place_id uuid, review_at timestamptz)
        on conflict (id) do update set name = excluded.name, name_fr = excluded.name_fr, tier = excluded.tier, purpose = excluded.purpose, authority = excluded.authority,
          convening = excluded.convening, terms_of_reference = excluded.terms_of_reference, cells = excluded.cells, chair_post_id = excluded.chair_post_id,
          deputy_chair_post_id = excluded.deputy_chair_post_id, secretariat_post_id = excluded.secretariat_post_id,
          records_owner_post_id = excluded.records_owner_post_id, quorum = excluded.quorum, place_id = excluded.place_id, review_at = excluded.review_at
        where (was.name, was.name_fr, was.tier, was.purpose, was.authority, was.convening, was.terms_of_reference, was.cells, was.chair_post_id, was.deputy_chair_post_id,
            was.secretariat_post_id, was.records_owner_post_id, was.quorum, was.place_id, was.review_at)
          is distinct from (excluded.name, excluded.name_fr, excluded.tier, excluded.purpose, excluded.authority, excluded.convening, excluded.terms_of_reference,
            excluded.cells, excluded.chair_post_id, excluded.deputy_chair_post_id, excluded.secretariat_post_id, excluded.records_owner_post_id, excluded.quorum,
            excluded.place_id, excluded.review_at)`,
  )

export const putMemberships = (
  tx: Tx,
  label: number,
  values: ReadonlyArray<{
    id: string
    group_id: string
    agency_id: string
    post_id: string | null
    kind: string
    basis: string
    derived: boolean
  }>,
) =>
  run(
    tx,
    sql`insert into structure.memberships as was (id, group_id, agency_id, post_id, kind, basis, derived, label)
        select id, group_id, agency_id, post_id, kind, basis, derived, ${label}
        from jsonb_to_recordset(${list(values)}::jsonb) as new (id uuid, group_id uuid, agency_id uuid, post_id uuid, kind text, basis text, derived boolean)
        on conflict (id) do update set post_id = excluded.post_id, kind = excluded.kind, basis = excluded.basis, derived = excluded.derived, ended_at = null
        where was.ended_at is not null or (was.post_id, was.kind, was.basis, was.derived) is distinct from (excluded.post_id, excluded.kind, excluded.basis, excluded.derived)`,
  )

export const putLeads = (
  tx: Tx,
  label: number,
  values: ReadonlyArray<{ id: string; incident_type: string; jurisdiction: string; phase: string; agency_id: string; basis: string }>,
) =>
  run(
    tx,
    sql`insert into structure.lead_arrangements as was (id, incident_type, jurisdiction, phase, agency_id, basis, label)
        select id, incident_type, jurisdiction, phase, agency_id, basis, ${label}
        from jsonb_to_recordset(${list(values)}::jsonb) as new (id uuid, incident_type text, jurisdiction text, phase text, agency_id uuid, basis text)
        on conflict (id) do update set agency_id = excluded.agency_id, basis = excluded.basis
        where (was.agency_id, was.basis) is distinct from (excluded.agency_id, excluded.basis)`,
  )

/** Clearances, each once: the administrator records them, and each is an entry. */
export const clear = (tx: Tx, values: ReadonlyArray<{ person: string; token: string }>) =>
  run(
    tx,
    sql`select access.grant_reach(new.person, new.token, null, null, 'structure.clearance:' || new.person)
        from jsonb_to_recordset(${list(values)}::jsonb) as new (person uuid, token text)
        where not exists (select from access.reach r where r.person = new.person and r.token = new.token and r.until_at is null)`,
  )

/** Brings reach into step with who holds what; also ends what no longer holds. Returns how many tokens it changed. */
export const refreshTokens = async (tx: Tx, at: Date) =>
  (await one<{ changed: number }>(tx, sql`select structure.refresh_tokens(${at}) as changed`)).changed
