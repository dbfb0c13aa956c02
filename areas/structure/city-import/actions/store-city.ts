import { internLabel } from '#core/access/reach.ts'
import { invalid } from '#core/errors.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { CityFile, EndingList } from '../contract.ts'
import { isDerived } from '../../sheets/rules/members.ts'
import { contactsFrom, homeCityOf, type KnownCodes, strays } from '../rules.ts'
import { identities } from '../rules/identities.ts'
import { sectorOf } from '../rules/sectors.ts'
import { stillHere } from '../../sheets/store.ts'
import * as store from '../store.ts'
import { endRows, productIds, putMedia, putPlaces } from '../store/network.ts'
import { fallenOut, inPieces, storeNetwork } from './store-network.ts'

const codesOf = ({ network, ...known }: store.Known): KnownCodes => {
  const keys = new Map(network.agencies.map((agency) => [agency.id, `${agency.orgType}:${agency.orgCode}`]))
  const codes = (rows: ReadonlyArray<{ code: string }>) => new Set(rows.map(({ code }) => code))
  return {
    agencies: network.agencies.map((agency) => ({ ...agency, parent: keys.get(agency.parentId ?? '') ?? null })),
    posts: codes(network.posts),
    people: new Set(known.people.keys()),
    left: new Set(known.left.keys()),
    groups: codes(network.groups),
    patterns: new Set(known.patterns.keys()),
    media: codes(network.media),
    places: codes(network.places),
    mails: new Map(known.mails),
  }
}

export const knownCodes = async (tx: Tx): Promise<KnownCodes> => codesOf(await store.known(tx))

/** What the city has and these lists do not name; for a file without strays. */
export async function leftOut(tx: Tx, file: CityFile, id: () => string) {
  const known = await store.known(tx)
  return fallenOut(file, known.network, identities(file, { ...known, productIds: await productIds(tx) }, id))
}

interface How {
  /** Now. */
  at: Date
  /** Holdings of the file begin then. */
  since: Date
  id: () => string
  standsAt?: string | null
  /** Lists that are complete: what they leave out is ended. */
  complete?: readonly EndingList[]
}

/**
 * Writes a whole file; what is already so is left alone, and so is what the file does not say. Returns how many rows of each list it read,
 * and how many were ended. Errors: invalid (the list, row and field), and then nothing is stored.
 */
export async function storeCity(
  tx: Tx,
  file: CityFile,
  { at, since, id, standsAt = null, complete = [] }: How,
): Promise<Record<string, number>> {
  const here = await store.cityCode(tx)
  if (file.city && file.city.code !== here)
    throw invalid('city.city.code', `This is the city ${here}, and the file is of ${file.city.code}. Nothing was stored.`)
  const known = await store.known(tx)
  const { network } = known
  const steps = strays(file, codesOf(known))
  let step = steps.next()
  // A transaction that waits for us is ended: it hears from us between the steps.
  for (; !step.done; step = steps.next()) await stillHere(tx)
  const [stray] = step.value
  if (stray)
    throw invalid(
      `city.${stray.list}.${stray.index}.${stray.field}`,
      `${stray.words} Nothing was stored. Correct the file and send it again.`,
    )
  for (const person of file.people) {
    if (known.people.has(person.code)) continue
    const account = person.mail === undefined ? undefined : known.accounts.get(person.mail.toLowerCase())
    known.people.set(person.code, account ?? id())
  }
  const ids = identities(file, { ...known, productIds: await productIds(tx) }, id)
  const left = complete.length === 0 ? undefined : fallenOut(file, network, ids)
  const idIn = (map: Map<string, string>, key: string): string => {
    const found = map.get(key) ?? id()
    map.set(key, found)
    return found
  }
  const city = [[`city:${here}`]]
  const label = await internLabel(tx, { clauses: city, marking: 'TLP:GREEN' })
  const networkLabel = await internLabel(tx, { clauses: city, marking: 'TLP:AMBER' })
  const agencyOf = new Map(file.people.map((person) => [ids.idOf('person', person.code), ids.agency(person.agency)]))
  const labels = await store.personLabels(tx, await withAgencies(tx, agencyOf, file, known.people))
  const agencies = new Map(network.agencies.map((agency) => [agency.id, agency]))
  const posts = new Map(network.posts.map((post) => [post.code, post]))
  const groups = new Map(network.groups.map((group) => [group.code, group]))
  const said = <T>(value: T | undefined, was: T | undefined, none: T): T => (value === undefined ? (was ?? none) : value)

  await inPieces(
    file.agencies.map((agency): store.AgencyRow => {
      const own = ids.agency(`${agency.orgType}:${agency.orgCode}`)
      const was = agencies.get(own)
      return {
        id: own,
        org_type: agency.orgType,
        org_code: agency.orgCode,
        name: agency.name,
        short_name: said(agency.shortName, was?.shortName, null),
        // Of an agency that is new here, and of which nothing is said, the type may say it.
        sector: said(agency.sector, was?.sector, was === undefined ? sectorOf(agency.orgType) : null),
        call_back: said(agency.callBack, known.callBacks.get(own), null),
        home_city: file.city ? homeCityOf(agency.orgCode, file.city.neighbour) : (was?.homeCity ?? null),
        services: said(agency.services, was?.services, []),
      }
    }),
    (piece) => store.putAgencies(tx, label, piece),
  )
  await inPieces(
    file.agencies.flatMap((agency) =>
      agency.parent === undefined
        ? []
        : [{ id: ids.agency(`${agency.orgType}:${agency.orgCode}`), parent_id: agency.parent === null ? null : ids.agency(agency.parent) }],
    ),
    (piece) => store.putParents(tx, piece),
  )
  await inPieces(
    file.places.map(({ code, name }) => ({ id: ids.idOf('place', code), code, name })),
    (piece) => putPlaces(tx, networkLabel, piece),
  )
  const dependences = new Map(network.media.map(({ code, dependsOn }) => [code, dependsOn]))
  await inPieces(
    file.media.map(({ code, name, dependsOn }) => ({
      id: ids.idOf('medium', code),
      code,
      name,
      depends_on: said(dependsOn, dependences.get(code), []),
    })),
    (piece) => putMedia(tx, networkLabel, piece),
  )
  await inPieces(
    file.posts.map((post): store.PostRow => {
      const was = posts.get(post.code)
      return {
        id: ids.idOf('post', post.code),
        code: post.code,
        agency_id: ids.agency(post.agency),
        kind: post.kind,
        title: post.title,
        minimum_seniority: said(post.minimumSeniority, was?.minimumSeniority, 1),
        competences: said(post.competences, was?.competences, []),
        place_id: post.place === undefined ? (was?.placeId ?? null) : ids.maybe('place', post.place),
      }
    }),
    (piece) => store.putPosts(tx, label, piece),
  )
  await inPieces(
    file.people.map((person) => ({
      id: ids.idOf('person', person.code),
      code: person.code,
      name: person.name,
      agency_id: ids.agency(person.agency),
      needs: person.needs ?? null,
      mail: person.mail ?? null,
      language: person.language,
    })),
    (piece) => store.putPeople(tx, label, piece),
  )
  await inPieces(
    file.people.flatMap((person) => {
      const personId = ids.idOf('person', person.code)
      return contactsFrom(person).map((contact) => ({
        id: idIn(known.contacts, `${personId} ${contact.rank}`),
        person_id: personId,
        ...contact,
        label: labels.get(personId),
      }))
    }),
    (piece) => store.putContacts(tx, piece),
  )
  await store.putPatterns(
    tx,
    label,
    file.dutyPatterns.map((pattern) => ({
      id: ids.idOf('pattern', pattern.code),
      code: pattern.code,
      words: pattern.words,
      weekdays: pattern.weekdays,
      from_local: pattern.from,
      until_local: pattern.until,
      weeks: pattern.weeks,
      stands_at: standsAt,
    })),
  )
  await inPieces(
    file.holdings.map((holding) => {
      const [postId, personId] = [ids.idOf('post', holding.post), ids.idOf('person', holding.person)]
      return {
        id: idIn(known.holdings, `${postId} ${personId}`),
        post_id: postId,
        person_id: personId,
        capacity: holding.capacity,
        rank: holding.order,
        pattern_id: holding.duty === 'always' ? null : ids.idOf('pattern', holding.duty.pattern),
        label: labels.get(personId),
      }
    }),
    (piece) => store.putHoldings(tx, since, piece),
  )
  await inPieces(
    file.groups.map((group): store.GroupRow => {
      const was = groups.get(group.code)
      const post = (code: string | null | undefined, before: string | null | undefined) =>
        code === undefined ? (before ?? null) : ids.maybe('post', code)
      return {
        id: ids.idOf('group', group.code),
        code: group.code,
        name: group.name,
        name_fr: said(group.nameFr, known.frenchNames.get(was?.id ?? ''), null),
        tier: group.tier,
        purpose: said(group.purpose, was?.purpose, '') ?? '',
        authority: said(group.authority, was?.authority, '') ?? '',
        convening: said(group.convening, was?.convening, '') ?? '',
        terms_of_reference: said(group.termsOfReference, was?.termsOfReference, '') ?? '',
        cells: said(group.cells, was?.cells, []),
        chair_post_id: post(group.chair, was?.chairPostId),
        deputy_chair_post_id: post(group.deputyChair, was?.deputyChairPostId),
        secretariat_post_id: post(group.secretariat, was?.secretariatPostId),
        records_owner_post_id: post(group.recordsOwner, was?.recordsOwnerPostId),
        quorum: said(group.quorum, was?.quorum, null),
        place_id: group.place === undefined ? (was?.placeId ?? null) : ids.maybe('place', group.place),
        review_at: said(group.reviewAt, was?.reviewAt, null),
      }
    }),
    (piece) => store.putGroups(tx, label, piece),
  )
  const memberships = new Map(network.memberships.map((row) => [`${row.groupId} ${row.agencyId}`, row]))
  await inPieces(
    file.memberships.map((membership) => {
      const [groupId, agencyId] = [ids.idOf('group', membership.group), ids.agency(membership.agency)]
      const was = memberships.get(`${groupId} ${agencyId}`)
      return {
        id: idIn(known.memberships, `${groupId} ${agencyId}`),
        group_id: groupId,
        agency_id: agencyId,
        post_id: ids.maybe('post', membership.post),
        kind: membership.kind,
        basis: membership.basis,
        // What was worked out from geography says so in its basis, here as in a list of members.
        derived: was?.basis === membership.basis ? was.derived : isDerived(membership.basis),
      }
    }),
    (piece) => store.putMemberships(tx, label, piece),
  )
  await store.putLeads(
    tx,
    label,
    file.leadArrangements.map((lead) => ({
      id: idIn(known.leads, `${lead.incidentType} ${lead.jurisdiction} ${lead.phase}`),
      incident_type: lead.incidentType,
      jurisdiction: lead.jurisdiction,
      phase: lead.phase,
      agency_id: ids.agency(lead.agency),
      basis: lead.basis,
    })),
  )
  await storeNetwork(tx, networkLabel, at, file, network, ids, id)
  const ending = (list: EndingList) => (left && complete.includes(list) ? left[list].map((row) => row.id) : [])
  const ended = {
    links: ending('links'),
    responsibilities: ending('responsibilities'),
    products: ending('products'),
    variants: ending('variants'),
  }
  if (complete.length > 0) await endRows(tx, at, ended)
  const { city: _, ...lists } = file
  return Object.fromEntries(Object.entries(lists).map(([name, values]) => [name, values.length]))
}

/** People who hold something in the file and stood in the city before it also need a label for their holdings. */
async function withAgencies(tx: Tx, agencyOf: ReadonlyMap<string, string>, file: CityFile, people: ReadonlyMap<string, string>) {
  const wanted = file.holdings.flatMap(({ person }) => people.get(person) ?? []).filter((personId) => !agencyOf.has(personId))
  const before = wanted.length === 0 ? [] : await store.agenciesOfPeople(tx, wanted)
  return [...[...agencyOf].map(([id, agencyId]) => ({ id, agencyId })), ...before]
}
