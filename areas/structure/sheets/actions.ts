import { stringify } from 'csv-stringify/sync'
import { holdsAny, markingOfAll } from '#core/access/reach.ts'
import { notAllowed } from '#core/errors.ts'
import { type Implementation, implement } from '#core/operation/implement.ts'
import { cityCode, refreshTokens } from '../city-import/store.ts'
import { deriveMembers, knownCodeHistory } from '../code-history/actions.ts'
import { codeChangeColumns } from '../code-history/contract.ts'
import { lookupColumns } from '../code-history/rules.ts'
import { kindsOfLists, openFindings, reviewFindings } from '../findings/actions.ts'
import { mayWait } from '../findings/store.ts'
import { keepVersion } from '../network/store.ts'
import { gathering } from './actions/city-lists.ts'
import { importChanges, importLookup } from './actions/code-lists.ts'
import type { Importing, List } from './actions/importing.ts'
import { importMembers } from './actions/members-list.ts'
import { exportMembers, type ImportReport, importFiles, memberColumns, starterSheet } from './contract.ts'
import { headingsOf, readCsv } from './read-csv.ts'
import { guardCell } from './rules/formula.ts'
import { missingColumns } from './rules/members.ts'
import { sheetOf } from './rules/starter.ts'
import * as store from './store.ts'
import { isWorkbook, writeStarterSheet } from './workbook.ts'

const mostTold = 1000

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
  links: 0,
  responsibilities: 0,
  products: 0,
  variants: 0,
  codeChanges: 0,
  areas: 0,
  ended: 0,
}

type Kind = 'changes' | 'lookup' | 'members' | 'list'

/** What a CSV file is, by its headings. One that is nothing else is told as a list of members that lacks its columns. */
function kindOf(headings: readonly string[]): Kind {
  if (codeChangeColumns.every((column) => headings.includes(column))) return 'changes'
  if (lookupColumns(headings) !== undefined) return 'lookup'
  if (missingColumns(headings).length === 0) return 'members'
  return sheetOf(headings) === undefined ? 'members' : 'list'
}

/** What others stand on is read first: codes before lists, lists of members before what names their agencies. */
const turns: readonly Kind[] = ['changes', 'lookup', 'members', 'list']

export const actions: readonly Implementation[] = [
  implement(importFiles, async ({ input, tx, clock, id, emit }) => {
    // Files are opened and read inside the transaction, and a busy machine takes its time over a batch.
    await mayWait(tx, 30)
    const report: ImportReport = { preview: input.preview, counts: { ...nothing }, lines: [], told: [], findings: [] }
    const at = clock.now()
    const administers = await holdsAny(tx, ['kind:administrator'])
    const city = await cityCode(tx)
    const importing: Importing = {
      tx,
      at,
      id,
      city,
      preview: input.preview,
      complete: input.complete,
      report,
      codes: await knownCodeHistory(tx),
      refuse(problem) {
        report.counts.refused += 1
        if (report.lines.length < mostTold) report.lines.push(problem)
      },
      tell(told) {
        if (report.told.length < mostTold) report.told.push(told)
      },
    }
    const gathered = gathering(importing)
    const opened = input.files.map(({ name, content }) => {
      const bytes = Buffer.from(content, 'base64')
      if (isWorkbook(bytes)) return { name, bytes, kind: 'list' as const, list: null }
      const headings = headingsOf(bytes)
      return { name, bytes, kind: kindOf(headings), list: { name, headings, batches: readCsv(bytes) } satisfies List }
    })
    const named = opened.find(({ kind }) => kind === 'list')
    if (named && !administers)
      throw notAllowed(
        `${named.name} names people, posts or links: an administrator takes it in. Nothing was stored. Act for one with --as.`,
      )
    for (const { name, bytes, kind, list } of turns.flatMap((turn) => opened.filter((file) => file.kind === turn))) {
      const before = report.counts.lines
      if (list === null) await gathered.workbook(name, bytes)
      else if (list.headings.length === 0) await store.stillHere(tx)
      else if (kind === 'list') await gathered.csv(list)
      else if (kind === 'changes') await importChanges(list, importing)
      else if (kind === 'lookup') await importLookup(list, importing)
      else report.findings.push(...(await importMembers(list, importing)))
      const nothingRead = list !== null && report.counts.lines === before && !report.lines.some((problem) => problem.file === name)
      if (nothingRead) importing.refuse({ file: name, sheet: null, line: 1, field: 'line', words: 'There is nothing in this file.' })
    }
    await gathered.settle()
    if (input.preview) return report
    if (report.counts.stored > 0) {
      await deriveMembers(tx, city, id)
      await keepVersion(tx, 'import', null)
    }
    await reviewFindings(tx, at, 'structure.import', id, administers ? undefined : kindsOfLists)
    await refreshTokens(tx, at)
    report.findings = (await openFindings(tx)).map(({ kind, about, words }) => ({ kind, about, words }))
    emit('structure.changed', { counts: report.counts })
    return report
  }),
  implement(starterSheet, async () => ({ name: 'concord-starter-sheet.xlsx', content: (await writeStarterSheet()).toString('base64') })),
  implement(exportMembers, async ({ tx }) => {
    const members = await store.allMembers(tx)
    const lines = members.map((row) => [row.groupCode, row.groupName, row.orgType, row.orgCode, row.orgName, row.basis].map(guardCell))
    return {
      name: 'members.csv',
      content: Buffer.from(stringify([[...memberColumns], ...lines], { bom: true, record_delimiter: 'windows' })).toString('base64'),
      marking: await markingOfAll(
        tx,
        members.flatMap(({ labels }) => labels),
      ),
    }
  }),
]
