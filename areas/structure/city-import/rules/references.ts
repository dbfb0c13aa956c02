import type { CityFile, CityList } from '../contract.ts'

/** What a field of a list names. An end is a group, a post or an agency. */
export type Named = 'agency' | 'post' | 'person' | 'group' | 'pattern' | 'medium' | 'place' | 'end'

/** Which fields of which list name something that must be there. */
export const references: { readonly [L in CityList]: Readonly<Record<string, Named>> } = {
  agencies: { parent: 'agency' },
  places: {},
  media: {},
  posts: { agency: 'agency', place: 'place' },
  people: { agency: 'agency' },
  dutyPatterns: {},
  holdings: { post: 'post', person: 'person', duty: 'pattern' },
  groups: { chair: 'post', deputyChair: 'post', secretariat: 'post', recordsOwner: 'post', place: 'place' },
  memberships: { group: 'group', agency: 'agency', post: 'post' },
  leadArrangements: { agency: 'agency' },
  links: { from: 'end', to: 'end', primary: 'medium', backup: 'medium' },
  responsibilities: { agency: 'agency' },
  products: { producer: 'agency', medium: 'medium', receivers: 'agency' },
  variants: { group: 'group', agency: 'agency', post: 'post' },
}

/** The codes that a field of a row names; none, when it says nothing. */
export function codesIn(value: unknown): string[] {
  if (typeof value === 'string') return value === 'always' ? [] : [value]
  if (Array.isArray(value)) return value as string[]
  if (typeof value === 'object' && value !== null && 'pattern' in value) return [String(value.pattern)]
  return []
}

/** What names each row of a list once, and the field at which a second one is told. */
export const keysOfRows: {
  readonly [L in CityList]: { field: string; key: (row: CityFile[L][number]) => string }
} = {
  agencies: { field: 'orgCode', key: (row) => `${row.orgType} ${row.orgCode}` },
  places: { field: 'code', key: (row) => row.code },
  media: { field: 'code', key: (row) => row.code },
  posts: { field: 'code', key: (row) => row.code },
  people: { field: 'code', key: (row) => row.code },
  dutyPatterns: { field: 'code', key: (row) => row.code },
  holdings: { field: 'person', key: (row) => `${row.post} ${row.person}` },
  groups: { field: 'code', key: (row) => row.code },
  memberships: { field: 'agency', key: (row) => `${row.group} ${row.agency}` },
  leadArrangements: { field: 'phase', key: (row) => `${row.incidentType} ${row.jurisdiction} ${row.phase}` },
  links: { field: 'to', key: (row) => `${row.from} ${row.kind} ${row.to}` },
  responsibilities: { field: 'part', key: (row) => `${row.activity} ${row.phase} ${row.agency} ${row.part}` },
  products: { field: 'code', key: (row) => row.code },
  variants: {
    field: 'effect',
    key: (row) => `${row.group} ${row.incidentType} ${row.band} ${row.effect} ${row.agency ?? ''} ${row.post ?? ''}`,
  },
}

export type EndKind = 'group' | 'post' | 'agency'

/** `group:SCG` is a group and nothing else; `SCG` may be any of the three. */
export function readEnd(text: string): { kinds: readonly EndKind[]; code: string } {
  const [, kind, code] = /^(group|post|agency):(.+)$/.exec(text) ?? []
  return kind === undefined || code === undefined ? { kinds: ['group', 'post', 'agency'], code: text } : { kinds: [kind as EndKind], code }
}

export interface AgencyCode {
  orgType: string
  orgCode: string
}

/** How agencies are named by lists: by code where one agency alone has it, and always by type:code. */
export function agencyNames<A extends AgencyCode>(agencies: Iterable<A>) {
  const exact = new Map<string, A>()
  const byCode = new Map<string, A[]>()
  for (const agency of agencies) {
    const key = `${agency.orgType}:${agency.orgCode}`
    if (!exact.has(key)) byCode.set(agency.orgCode, [...(byCode.get(agency.orgCode) ?? []), agency])
    exact.set(key, agency)
  }
  return {
    /** The agencies that a code may mean: none, one, or several. */
    meant: (code: string): readonly A[] => {
      const found = exact.get(code)
      return found === undefined ? (byCode.get(code) ?? []) : [found]
    },
    /** The shortest name that means this agency alone. */
    nameOf: (agency: AgencyCode): string =>
      (byCode.get(agency.orgCode)?.length ?? 0) > 1 ? `${agency.orgType}:${agency.orgCode}` : agency.orgCode,
  }
}
