import { type MemberColumn, memberColumns, orgTypes } from '../contract.ts'
import { unguardCell } from './formula.ts'

export interface Member {
  groupCode: string
  groupName: string
  orgType: string
  orgCode: string
  orgName: string
  basis: string
  derived: boolean
}

export interface Refused {
  field: string
  words: string
}

const code = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,59}$/
const types = new Set<string>(orgTypes)

/** From geography, not declared: somebody worked out who lies where; nobody has said that they sit there. */
export const isDerived = (basis: string): boolean =>
  /\b(?:within|lookup|look-up|point|centroid|geograph\w*|boundary|boundaries|nearest|overlap\w*)\b/i.test(basis)

/** Which columns the list lacks. */
export const missingColumns = (header: readonly string[]): MemberColumn[] => memberColumns.filter((column) => !header.includes(column))

/** One row on its own: its fields in order, or what cannot be read. */
export function readMember(record: Readonly<Partial<Record<MemberColumn, string>>>): Member | Refused {
  const cell = (column: MemberColumn) => unguardCell((record[column] ?? '').trim())
  for (const column of memberColumns) {
    const text = cell(column)
    if (text === '') return { field: column, words: 'This is empty.' }
    if (text.length > 300) return { field: column, words: 'This is longer than 300 characters.' }
    if (/\uFFFD/.test(text)) return { field: column, words: 'This holds letters that cannot be read. Save the file as UTF-8.' }
    if (/\p{Cc}/u.test(text)) return { field: column, words: 'This holds a line break or a control character.' }
  }
  for (const column of ['lrf20_code', 'org_code'] as const) {
    if (!code.test(cell(column))) return { field: column, words: `${cell(column)} is not a code: letters, digits, and . _ / - only.` }
  }
  const orgType = cell('org_type')
  if (!types.has(orgType))
    return { field: 'org_type', words: `${orgType} is not a type of agency that is known here. Known: ${orgTypes.join(', ')}.` }
  const basis = cell('basis')
  return {
    groupCode: cell('lrf20_code'),
    groupName: cell('lrf20_name'),
    orgType,
    orgCode: cell('org_code'),
    orgName: cell('org_name'),
    basis,
    derived: isDerived(basis),
  }
}

export const isRefused = (row: Member | Refused): row is Refused => 'words' in row

export const agencyKey = ({ orgType, orgCode }: Pick<Member, 'orgType' | 'orgCode'>): string => `${orgType} ${orgCode}`

/**
 * Rows against each other, in the order of the file: the first name of an agency or a partnership stands, a later line that calls it
 * otherwise is refused whole; a membership said twice is one. Remembers what it has accepted.
 */
export function memberList() {
  const names = new Map<string, { name: string; line: number }>()
  const memberships = new Set<string>()
  const differs = (kind: string, key: string, name: string, line: number, field: string): Refused | undefined => {
    const first = names.get(`${kind} ${key}`)
    if (first && first.name !== name)
      return { field, words: `${key} is called ${first.name} on line ${first.line}, and ${name} here. Only one can be right.` }
    if (!first) names.set(`${kind} ${key}`, { name, line })
    return undefined
  }
  // renewed: the list wrote an old code, so what it calls the agency is the old name.
  return (line: number, row: Member, renewed = false): Refused | 'new' | 'again' => {
    const agency = renewed ? undefined : names.get(`agency ${agencyKey(row)}`)
    const refused =
      (agency && agency.name !== row.orgName ? differs('agency', agencyKey(row), row.orgName, line, 'org_name') : undefined) ??
      differs('group', row.groupCode, row.groupName, line, 'lrf20_name') ??
      (renewed ? undefined : differs('agency', agencyKey(row), row.orgName, line, 'org_name'))
    if (refused) return refused
    const membership = `${row.groupCode} ${agencyKey(row)}`
    if (memberships.has(membership)) return 'again'
    memberships.add(membership)
    return 'new'
  }
}
