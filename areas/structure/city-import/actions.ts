import { internLabel } from '#core/access/reach.ts'
import { invalid } from '#core/errors.ts'
import { type Implementation, implement, type Tx } from '#core/operation/implement.ts'
import { reviewFindings } from '../findings/actions.ts'
import { keepVersion } from '../network/store.ts'
import { type CityFile, importCity } from './contract.ts'
import { contactsFrom, homeCityOf, type KnownCodes, straysOf } from './rules.ts'
import * as store from './store.ts'

const codesOf = (known: Awaited<ReturnType<typeof store.known>>): KnownCodes => ({
  agencies: new Set(known.agencies.map(({ orgCode }) => orgCode)),
  posts: new Set(known.posts.keys()),
  people: new Set(known.people.keys()),
  groups: new Set(known.groups.keys()),
  patterns: new Set(known.patterns.keys()),
  mails: new Map(known.mails),
})

export const knownCodes = async (tx: Tx): Promise<KnownCodes> => codesOf(await store.known(tx))

/** Writes a whole file in one transaction; what is already so is left alone. */
export async function storeCity(
  tx: Tx,
  file: CityFile,
  since: Date,
  id: () => string,
  standsAt: string | null = null,
): Promise<Record<string, number>> {
  const here = await store.cityCode(tx)
  if (file.city && file.city.code !== here)
    throw invalid('city.city.code', `This is the city ${here}, and the file is of ${file.city.code}. Nothing was stored.`)
  const known = await store.known(tx)
  const agencyIds = new Map(known.agencies.map((agency) => [agency.orgCode, agency.id]))
  const exact = new Map(known.agencies.map((agency) => [`${agency.orgType} ${agency.orgCode}`, agency.id]))
  const [stray] = straysOf(file, codesOf(known))
  if (stray)
    throw invalid(
      `city.${stray.list}.${stray.index}.${stray.field}`,
      `${stray.words} Nothing was stored. Correct the file and send it again.`,
    )
  const idOf = (ids: Map<string, string>, key: string): string => {
    const found = ids.get(key) ?? id()
    ids.set(key, found)
    return found
  }
  const maybeId = (ids: Map<string, string>, key: string | undefined) => (key === undefined ? null : idOf(ids, key))
  for (const agency of file.agencies) agencyIds.set(agency.orgCode, idOf(exact, `${agency.orgType} ${agency.orgCode}`))
  for (const person of file.people) {
    if (known.people.has(person.code)) continue
    const account = person.mail === undefined ? undefined : known.accounts.get(person.mail.toLowerCase())
    known.people.set(person.code, account ?? id())
  }
  const label = await internLabel(tx, { clauses: [[`city:${here}`]], marking: 'TLP:GREEN' })
  const agencyOf = new Map(file.people.map((person) => [idOf(known.people, person.code), idOf(agencyIds, person.agency)]))
  const labels = await store.personLabels(tx, await withAgencies(tx, agencyOf, file, known.people))

  await store.putAgencies(
    tx,
    label,
    file.agencies.map((agency) => ({
      id: idOf(agencyIds, agency.orgCode),
      org_type: agency.orgType,
      org_code: agency.orgCode,
      name: agency.name,
      short_name: agency.shortName ?? null,
      sector: agency.sector ?? null,
      call_back: agency.callBack ?? null,
      home_city: homeCityOf(agency.orgCode, file.city?.neighbour),
    })),
  )
  await store.putPosts(
    tx,
    label,
    file.posts.map((post) => ({
      id: idOf(known.posts, post.code),
      code: post.code,
      agency_id: idOf(agencyIds, post.agency),
      kind: post.kind,
      title: post.title,
      minimum_seniority: post.minimumSeniority,
    })),
  )
  await store.putPeople(
    tx,
    label,
    file.people.map((person) => ({
      id: idOf(known.people, person.code),
      code: person.code,
      name: person.name,
      agency_id: idOf(agencyIds, person.agency),
      needs: person.needs ?? null,
      mail: person.mail ?? null,
      language: person.language,
    })),
  )
  await store.putContacts(
    tx,
    file.people.flatMap((person) => {
      const personId = idOf(known.people, person.code)
      return contactsFrom(person).map((contact) => ({
        id: idOf(known.contacts, `${personId} ${contact.rank}`),
        person_id: personId,
        ...contact,
        label: labels.get(personId),
      }))
    }),
  )
  await store.putPatterns(
    tx,
    label,
    file.dutyPatterns.map((pattern) => ({
      id: idOf(known.patterns, pattern.code),
      code: pattern.code,
      words: pattern.words,
      weekdays: pattern.weekdays,
      from_local: pattern.from,
      until_local: pattern.until,
      weeks: pattern.weeks,
      stands_at: standsAt,
    })),
  )
  await store.putHoldings(
    tx,
    since,
    file.holdings.map((holding) => {
      const [postId, personId] = [idOf(known.posts, holding.post), idOf(known.people, holding.person)]
      return {
        id: idOf(known.holdings, `${postId} ${personId}`),
        post_id: postId,
        person_id: personId,
        capacity: holding.capacity,
        rank: holding.order,
        pattern_id: holding.duty === 'always' ? null : idOf(known.patterns, holding.duty.pattern),
        label: labels.get(personId),
      }
    }),
  )
  await store.putGroups(
    tx,
    label,
    file.groups.map((group) => ({
      id: idOf(known.groups, group.code),
      code: group.code,
      name: group.name,
      name_fr: group.nameFr ?? null,
      tier: group.tier,
      purpose: group.purpose,
      authority: group.authority,
      convening: group.convening,
      chair_post_id: maybeId(known.posts, group.chair),
      deputy_chair_post_id: maybeId(known.posts, group.deputyChair),
      secretariat_post_id: maybeId(known.posts, group.secretariat),
      quorum: group.quorum ?? null,
    })),
  )
  await store.putMemberships(
    tx,
    label,
    file.memberships.map((membership) => {
      const [groupId, agencyId] = [idOf(known.groups, membership.group), idOf(agencyIds, membership.agency)]
      return {
        id: idOf(known.memberships, `${groupId} ${agencyId}`),
        group_id: groupId,
        agency_id: agencyId,
        post_id: maybeId(known.posts, membership.post),
        kind: membership.kind,
        basis: membership.basis,
        derived: false,
      }
    }),
  )
  await store.putLeads(
    tx,
    label,
    file.leadArrangements.map((lead) => ({
      id: idOf(known.leads, `${lead.incidentType} ${lead.jurisdiction} ${lead.phase}`),
      incident_type: lead.incidentType,
      jurisdiction: lead.jurisdiction,
      phase: lead.phase,
      agency_id: idOf(agencyIds, lead.agency),
      basis: lead.basis,
    })),
  )
  const { city: _, ...lists } = file
  return Object.fromEntries(Object.entries(lists).map(([name, values]) => [name, values.length]))
}

/** People who hold something in the file and stood in the city before it also need a label for their holdings. */
async function withAgencies(tx: Tx, agencyOf: ReadonlyMap<string, string>, file: CityFile, people: ReadonlyMap<string, string>) {
  const wanted = file.holdings.flatMap(({ person }) => people.get(person) ?? []).filter((personId) => !agencyOf.has(personId))
  const before = wanted.length === 0 ? [] : await store.agenciesOfPeople(tx, wanted)
  return [...[...agencyOf].map(([id, agencyId]) => ({ id, agencyId })), ...before]
}

export const actions: readonly Implementation[] = [
  implement(importCity, async ({ input, tx, clock, id, emit }) => {
    const counts = await storeCity(
      tx,
      input.city,
      input.since === undefined ? clock.now() : new Date(input.since),
      id,
      input.standsAt ?? null,
    )
    if (input.cast) {
      const { people } = await store.known(tx)
      await store.clear(
        tx,
        input.cast.flatMap(({ person, cleared }) =>
          cleared.flatMap((what) => (people.has(person) ? { person: people.get(person)!, token: `cleared:${what}` } : [])),
        ),
      )
    }
    await keepVersion(tx, 'import', null)
    await reviewFindings(tx, clock.now(), 'structure.importCity', id)
    const tokens = await store.refreshTokens(tx, clock.now())
    emit('structure.changed', { counts })
    return { counts, tokens }
  }),
]
