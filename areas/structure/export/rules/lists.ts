import type { CityFile } from '../../city-import/contract.ts'
import { agencyNames } from '../../city-import/rules/references.ts'
import type { End, Network } from '../../network/contract.ts'
import { guardCell } from '../../sheets/rules/formula.ts'
import { joined } from '../../sheets/rules/rows.ts'
import type { Cell, Sheet } from '../../sheets/rules/starter.ts'
import type { ExportedList } from '../contract.ts'

/** What the network leaves out and lists hold. */
export interface Besides {
  callBacks: ReadonlyMap<string, string>
  frenchNames: ReadonlyMap<string, string>
  leads: ReadonlyArray<{
    incidentType: string
    jurisdiction: string
    phase: 'response' | 'transition' | 'recovery'
    agencyId: string
    basis: string
  }>
}

/** The lists of a city, as import reads them: codes, never ids. A row that names what its reader cannot read is left out whole. */
export function listsOf(network: Network, besides: Besides): Pick<CityFile, ExportedList> {
  const names = agencyNames(network.agencies)
  const agencies = new Map(network.agencies.map((agency) => [agency.id, names.nameOf(agency)]))
  const codes = (rows: ReadonlyArray<{ id: string; code: string }>) => new Map(rows.map(({ id, code }) => [id, code]))
  const [posts, groups, media, places] = [codes(network.posts), codes(network.groups), codes(network.media), codes(network.places)]
  const maybe = (of: ReadonlyMap<string, string>, id: string | null) => (id === null ? null : (of.get(id) ?? null))
  const end = ({ kind, id }: End) => {
    const code = { group: groups, post: posts, agency: agencies }[kind].get(id)
    return code === undefined ? undefined : `${kind}:${code}`
  }
  return {
    agencies: network.agencies.map((row) => ({
      orgType: row.orgType,
      orgCode: row.orgCode,
      name: row.name,
      shortName: row.shortName,
      sector: row.sector,
      callBack: besides.callBacks.get(row.id) ?? null,
      parent: maybe(agencies, row.parentId),
      services: row.services,
    })),
    places: network.places.map(({ code, name }) => ({ code, name })),
    media: network.media.map(({ code, name, dependsOn }) => ({ code, name, dependsOn })),
    posts: network.posts.flatMap((row) => {
      const agency = agencies.get(row.agencyId)
      if (agency === undefined) return []
      const { code, kind, title, minimumSeniority, competences } = row
      return [{ code, agency, kind, title, minimumSeniority, competences, place: maybe(places, row.placeId) }]
    }),
    groups: network.groups.map((row) => ({
      code: row.code,
      name: row.name,
      nameFr: besides.frenchNames.get(row.id) ?? null,
      tier: row.tier,
      purpose: row.purpose,
      authority: row.authority,
      convening: row.convening,
      termsOfReference: row.termsOfReference,
      cells: row.cells,
      chair: maybe(posts, row.chairPostId),
      deputyChair: maybe(posts, row.deputyChairPostId),
      secretariat: maybe(posts, row.secretariatPostId),
      recordsOwner: maybe(posts, row.recordsOwnerPostId),
      quorum: row.quorum,
      place: maybe(places, row.placeId),
      reviewAt: row.reviewAt,
    })),
    memberships: network.memberships.flatMap((row) => {
      const [group, agency, post] = [groups.get(row.groupId), agencies.get(row.agencyId), maybe(posts, row.postId)]
      return group === undefined || agency === undefined
        ? []
        : [{ group, agency, kind: row.kind, basis: row.basis, ...(post === null ? {} : { post }) }]
    }),
    leadArrangements: besides.leads.flatMap(({ agencyId, ...lead }) => {
      const agency = agencies.get(agencyId)
      return agency === undefined ? [] : [{ ...lead, agency }]
    }),
    links: network.links.flatMap((row) => {
      const [from, to] = [end(row.from), end(row.to)]
      if (from === undefined || to === undefined) return []
      const [primary, backup] = [maybe(media, row.primaryMediumId), maybe(media, row.backupMediumId)]
      return [{ from, kind: row.kind, to, primary, backup, carries: row.carries, testedAt: row.testedAt }]
    }),
    responsibilities: network.responsibilities.flatMap(({ activity, phase, agencyId, part, jointBasis }) => {
      const agency = agencies.get(agencyId)
      return agency === undefined ? [] : [{ activity, phase, agency, part, jointBasis }]
    }),
    products: network.products.map((row) => ({
      code: row.code,
      name: row.name,
      producer: maybe(agencies, row.producerAgencyId),
      medium: maybe(media, row.mediumId),
      protocol: row.protocol,
      receivers: row.receiverAgencyIds.flatMap((id) => agencies.get(id) ?? []).toSorted(),
    })),
    variants: network.variants.flatMap((row) => {
      const group = groups.get(row.groupId)
      const { incidentType, band, effect, basis } = row
      return group === undefined
        ? []
        : [{ group, incidentType, band, effect, agency: maybe(agencies, row.agencyId), post: maybe(posts, row.postId), basis }]
    }),
  }
}

function textOf(cell: Cell, value: unknown): string {
  if (value === null || value === undefined) return ''
  if (Array.isArray(value)) return guardCell(cell === 'words' || cell === 'codes' ? joined(value as string[]) : value.join(','))
  // A moment that is a day is written as one.
  if (cell === 'day') return String(value).replace(/T00:00:00(?:\.0+)?Z$/, '')
  return guardCell(String(value))
}

/** The cells of one list in the order of its sheet, each as text that no spreadsheet runs. */
export const cellsOf = (sheet: Sheet, rows: readonly object[]): string[][] =>
  rows.map((row) => sheet.columns.map(({ field, cell }) => textOf(cell, (row as Record<string, unknown>)[field])))
