import { internLabel } from '#core/access/reach.ts'
import { sectorOf } from '../../city-import/rules/sectors.ts'
import { derivedFrom } from '../../code-history/rules.ts'
import { type Forum, forumsWithoutPolice, type Found } from '../../findings/rules.ts'
import { memberColumns } from '../contract.ts'
import { agencyKey, isRefused, type Member, memberList, missingColumns, readMember } from '../rules/members.ts'
import * as store from '../store.ts'
import type { Importing, List } from './importing.ts'

/** Good lines are stored, bad ones reported; all of it in one transaction, so a broken connection leaves nothing behind. */
export async function importMembers({ name, headings, batches }: List, importing: Importing): Promise<Found[]> {
  const { tx, id, preview, report, refuse, tell, codes } = importing
  const { counts } = report
  const missing = missingColumns(headings)
  if (missing.length > 0) {
    refuse({
      file: name,
      sheet: null,
      line: 1,
      field: missing[0]!,
      words: `The first line names no list that is known here. A list of members names the columns ${memberColumns.join(', ')}; ${missing.join(', ')} is missing. The starter sheet names those of the other lists. Nothing of this file was stored.`,
    })
    return []
  }
  const label = preview ? 0 : await internLabel(tx, { clauses: [[`city:${importing.city}`]], marking: 'TLP:GREEN' })
  const ids = await store.listIds(tx)
  const [seenAgencies, seenGroups, newAgencies, newGroups] = [
    new Set<string>(),
    new Map<string, { name: string; orgTypes: Set<string>; authorities: Map<string, string> }>(),
    new Set<string>(),
    new Set<string>(),
  ]
  /** Agencies without a sector, by their type: it says which, or leaves it open. */
  const sectorless = new Map<string, Set<string>>()
  const idOf = (known: Map<string, string>, key: string, made?: Set<string>): string => {
    const found = known.get(key) ?? id()
    if (!known.has(key)) made?.add(key)
    known.set(key, found)
    return found
  }
  const against = memberList()
  const problems = report.lines.length
  for await (const batch of batches) {
    const good: (Member & { groupId: string; agencyId: string; membershipId: string })[] = []
    for (const line of batch) {
      const fail = (field: string, words: string) => refuse({ file: name, sheet: null, line: line.line, field, words })
      counts.lines += 1
      if (!('record' in line)) {
        fail(line.field, line.words)
        continue
      }
      const said = readMember(line.record)
      if (isRefused(said)) {
        fail(said.field, said.words)
        continue
      }
      const now = codes.history.ofAgency(said.orgType, said.orgCode)
      if (now.kind === 'split') {
        fail('org_code', now.words)
        continue
      }
      if (now.kind === 'now') tell({ file: name, sheet: null, line: line.line, words: `${now.words}.` })
      const row = now.kind === 'same' ? said : { ...said, orgCode: now.orgCode, orgName: ids.names.get(agencyKey(now)) ?? now.name }
      const verdict = against(line.line, row, now.kind === 'now')
      if (typeof verdict === 'object') {
        fail(verdict.field, verdict.words)
        continue
      }
      counts.stored += 1
      seenAgencies.add(agencyKey(row))
      if (!ids.sectors.has(agencyKey(row))) sectorless.set(row.orgType, (sectorless.get(row.orgType) ?? new Set()).add(agencyKey(row)))
      const group = seenGroups.get(row.groupCode) ?? {
        name: row.groupName,
        orgTypes: new Set<string>(),
        authorities: new Map<string, string>(),
      }
      group.orgTypes.add(row.orgType)
      if (row.orgType === 'local_authority') group.authorities.set(said.orgCode, said.orgName)
      seenGroups.set(row.groupCode, group)
      if (verdict === 'again') continue
      const membership = `${row.groupCode} ${agencyKey(row)}`
      counts.memberships += 1
      if (!ids.memberships.has(membership)) counts.newMemberships += 1
      good.push({
        ...row,
        agencyId: idOf(ids.agencies, agencyKey(row), newAgencies),
        groupId: idOf(ids.groups, row.groupCode, newGroups),
        membershipId: idOf(ids.memberships, membership),
      })
    }
    if (preview || good.length === 0) await store.stillHere(tx)
    else await store.putMembers(tx, label, good)
  }
  report.lines.push(...report.lines.splice(problems).sort((one, other) => one.line - other.line))
  for (const [orgType, those] of sectorless) tell({ file: name, sheet: null, line: null, words: sectorTold(orgType, those.size) })
  counts.agencies += seenAgencies.size
  counts.groups += seenGroups.size
  counts.newAgencies += newAgencies.size
  counts.newGroups += newGroups.size
  const forums = [...seenGroups].map(([code, group]): Forum => {
    const authorities = [...group.authorities].map(([orgCode, orgName]) => ({ orgCode, name: orgName }))
    const derived = derivedFrom(authorities, codes.history, codes.areas).map(({ orgType }) => orgType)
    return { code, name: group.name, orgTypes: new Set([...group.orgTypes, ...derived]), authorities }
  })
  return forumsWithoutPolice(forums, codes)
}

const sectorTold = (orgType: string, count: number): string => {
  const sector = sectorOf(orgType)
  const agencies = `${count} ${count === 1 ? 'agency' : 'agencies'} of type ${orgType}`
  return sector === null
    ? `${agencies}: the type does not say which sector, so none was set. Set it under Who is who.`
    : `${agencies}: sector ${sector}, because the list says so by the type. What the city had said already stays.`
}
