import { stringify } from 'csv-stringify/sync'
import { holdsAny, internLabel } from '#core/access/reach.ts'
import { notAllowed } from '#core/errors.ts'
import { type Implementation, implement, type Tx } from '#core/operation/implement.ts'
import { knownCodes, storeCity } from '../city-import/actions.ts'
import type { CityList } from '../city-import/contract.ts'
import { straysOf } from '../city-import/rules.ts'
import { cityCode, refreshTokens } from '../city-import/store.ts'
import { kindsOfLists, openFindings, reviewFindings } from '../findings/actions.ts'
import { type Found, forumsWithoutPolice } from '../findings/rules.ts'
import { keepVersion } from '../network/store.ts'
import { exportMembers, type ImportReport, importFiles, type LineProblem, memberColumns, starterSheet } from './contract.ts'
import { readCsv } from './read-csv.ts'
import { guardCell } from './rules/formula.ts'
import { agencyKey, isRefused, type Member, memberList, missingColumns, readMember } from './rules/members.ts'
import { cityOf, readSheet, type SheetLine, sheets } from './rules/starter.ts'
import * as store from './store.ts'
import { isWorkbook, readWorkbook, writeStarterSheet } from './workbook.ts'

interface Importing {
  tx: Tx
  at: Date
  id: () => string
  preview: boolean
  report: ImportReport
  refuse(problem: LineProblem): void
}

const mostLines = 1000

/** Good lines are stored, bad ones reported; all of it in one transaction, so a broken connection leaves nothing behind. */
async function importList(name: string, content: Buffer, { tx, id, preview, report, refuse }: Importing): Promise<Found[]> {
  const { counts } = report
  const label = preview ? 0 : await internLabel(tx, { clauses: [[`city:${await cityCode(tx)}`]], marking: 'TLP:GREEN' })
  const ids = await store.listIds(tx)
  const [seenAgencies, seenGroups, newAgencies, newGroups] = [
    new Set<string>(),
    new Map<string, { name: string; orgTypes: Set<string> }>(),
    new Set<string>(),
    new Set<string>(),
  ]
  const idOf = (known: Map<string, string>, key: string, made?: Set<string>): string => {
    const found = known.get(key) ?? id()
    if (!known.has(key)) made?.add(key)
    known.set(key, found)
    return found
  }
  const against = memberList()
  const told = report.lines.length
  let headed = false
  for await (const batch of readCsv(content)) {
    const good: (Member & { groupId: string; agencyId: string; membershipId: string })[] = []
    for (const line of batch) {
      const fail = (field: string, words: string) => refuse({ file: name, sheet: null, line: line.line, field, words })
      counts.lines += 1
      if (!('record' in line)) {
        fail(line.field, line.words)
        continue
      }
      if (!headed) {
        const missing = missingColumns(Object.keys(line.record))
        if (missing.length > 0) {
          counts.lines -= 1
          refuse({
            file: name,
            sheet: null,
            line: 1,
            field: missing[0]!,
            words: `The first line must name the columns ${memberColumns.join(', ')}; ${missing.join(', ')} is missing. Nothing of this file was stored.`,
          })
          return []
        }
        headed = true
      }
      const row = readMember(line.record)
      const verdict = isRefused(row) ? row : against(line.line, row)
      if (isRefused(row) || typeof verdict === 'object') {
        const { field, words } = verdict as { field: string; words: string }
        fail(field, words)
        continue
      }
      counts.stored += 1
      seenAgencies.add(agencyKey(row))
      const group = seenGroups.get(row.groupCode) ?? { name: row.groupName, orgTypes: new Set<string>() }
      group.orgTypes.add(row.orgType)
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
  report.lines.push(...report.lines.splice(told).sort((one, other) => one.line - other.line))
  if (counts.lines === 0) refuse({ file: name, sheet: null, line: 1, field: 'line', words: 'There is nothing in this file.' })
  counts.agencies += seenAgencies.size
  counts.groups += seenGroups.size
  counts.newAgencies += newAgencies.size
  counts.newGroups += newGroups.size
  return forumsWithoutPolice([...seenGroups].map(([code, group]) => ({ code, ...group })))
}

/** A filled-in starter sheet. A row that names what is not there falls away with its line, and so does what hangs on it. */
async function importWorkbook(name: string, content: Buffer, { tx, at, id, preview, report, refuse }: Importing): Promise<Found[]> {
  const book = await readWorkbook(name, content)
  const lists = new Map<CityList, SheetLine[]>()
  const { counts } = report
  for (const sheet of sheets) {
    const read = readSheet(sheet, book.get(sheet.name) ?? [sheet.columns.map(({ heading }) => heading)])
    counts.lines += read.lines
    for (const problem of read.problems) refuse({ file: name, ...problem })
    lists.set(sheet.list, read.rows)
  }
  const known = await knownCodes(tx)
  for (let strays = straysOf(cityOf(lists), known); strays.length > 0; strays = straysOf(cityOf(lists), known)) {
    const gone = new Map<CityList, Set<number>>()
    for (const { list, index, field, words } of strays) {
      const sheet = sheets.find((candidate) => candidate.list === list)!
      const out = gone.get(list) ?? new Set<number>()
      if (!out.has(index)) {
        refuse({
          file: name,
          sheet: sheet.name,
          line: lists.get(list)![index]!.line,
          field: sheet.columns.find((column) => column.field === field)?.heading ?? field,
          words,
        })
      }
      gone.set(list, out.add(index))
    }
    for (const [list, out] of gone)
      lists.set(
        list,
        lists.get(list)!.filter((_, index) => !out.has(index)),
      )
  }
  const city = cityOf(lists)
  const before = known.agencies
  for (const list of ['agencies', 'groups', 'memberships', 'posts', 'people', 'holdings'] as const) counts[list] += city[list].length
  counts.newAgencies += city.agencies.filter(({ orgCode }) => !before.has(orgCode)).length
  counts.newGroups += city.groups.filter(({ code }) => !known.groups.has(code)).length
  counts.stored += [...lists.values()].reduce((sum, rows) => sum + rows.length, 0)
  if (!preview) await storeCity(tx, city, at, id)
  return []
}

const nothing = {
  lines: 0,
  stored: 0,
  refused: 0,
  agencies: 0,
  groups: 0,
  memberships: 0,
  newAgencies: 0,
  newGroups: 0,
  newMemberships: 0,
  posts: 0,
  people: 0,
  holdings: 0,
}

export const actions: readonly Implementation[] = [
  implement(importFiles, async ({ input, tx, clock, id, emit }) => {
    const report: ImportReport = { preview: input.preview, counts: { ...nothing }, lines: [], findings: [] }
    const at = clock.now()
    const administers = await holdsAny(tx, ['kind:administrator'])
    const refuse = (problem: LineProblem) => {
      report.counts.refused += 1
      if (report.lines.length < mostLines) report.lines.push(problem)
    }
    const importing: Importing = { tx, at, id, preview: input.preview, report, refuse }
    for (const { name, content } of input.files) {
      const bytes = Buffer.from(content, 'base64')
      if (isWorkbook(bytes) && !administers)
        throw notAllowed(`${name} names people and posts: an administrator takes it in. Nothing was stored. Act for one with --as.`)
      const found = isWorkbook(bytes) ? await importWorkbook(name, bytes, importing) : await importList(name, bytes, importing)
      report.findings.push(...found)
    }
    if (input.preview) return report
    if (report.counts.stored > 0) await keepVersion(tx, 'import', null)
    await reviewFindings(tx, at, 'structure.import', id, administers ? undefined : kindsOfLists)
    await refreshTokens(tx, at)
    report.findings = (await openFindings(tx)).map(({ kind, about, words }) => ({ kind, about, words }))
    emit('structure.changed', { counts: report.counts })
    return report
  }),
  implement(starterSheet, async () => ({ name: 'concord-starter-sheet.xlsx', content: (await writeStarterSheet()).toString('base64') })),
  implement(exportMembers, async ({ tx }) => {
    const lines = (await store.allMembers(tx)).map((row) =>
      [row.groupCode, row.groupName, row.orgType, row.orgCode, row.orgName, row.basis].map(guardCell),
    )
    return {
      name: 'members.csv',
      content: Buffer.from(stringify([[...memberColumns], ...lines], { bom: true, record_delimiter: 'windows' })).toString('base64'),
    }
  }),
]
