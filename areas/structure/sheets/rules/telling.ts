import type { CityFile, CityList } from '../../city-import/contract.ts'
import { type AgencyCode, agencyNames, readEnd, references } from '../../city-import/rules/references.ts'
import type { CodeHistory } from '../../code-history/rules.ts'

/**
 * Rows whose agencies are named by codes that have changed, with the codes of now; each told. A code that the city still has means what it
 * says; one that was split is not guessed.
 */
export function renewCodes(
  list: CityList,
  rows: ReadonlyArray<{ row: unknown }>,
  agencies: readonly AgencyCode[],
  history: CodeHistory,
): {
  rows: unknown[]
  told: { index: number; words: string }[]
  split: { index: number; field: string; words: string }[]
} {
  if (history.changes.length === 0) return { rows: rows.map(({ row }) => row), told: [], split: [] }
  const known = agencyNames(agencies)
  const told: { index: number; words: string }[] = []
  const split: { index: number; field: string; words: string }[] = []
  const fields = Object.entries(references[list]).filter(([, named]) => named === 'agency' || named === 'end')
  const renewed = rows.map(({ row }, index) => {
    const now = { ...(row as Record<string, unknown>) }
    const renew = (field: string, text: string): string => {
      const end = readEnd(text)
      const named = references[list][field] === 'end' ? end : { kinds: ['agency'], code: text }
      if (!named.kinds.includes('agency') || known.meant(named.code).length > 0) return text
      const code = history.ofCode(named.code)
      if (code.kind === 'split') split.push({ index, field, words: code.words })
      if (code.kind !== 'now') return text
      told.push({ index, words: code.words })
      return text.endsWith(named.code) ? text.slice(0, -named.code.length) + code.orgCode : text
    }
    for (const [field] of fields) {
      const value = now[field]
      if (typeof value === 'string') now[field] = renew(field, value)
      else if (Array.isArray(value)) now[field] = value.map((code) => renew(field, String(code)))
    }
    return now
  })
  return { rows: renewed, told, split }
}

/**
 * Links by which somebody reports to somebody who, link by link, reports back to them (to direct somebody is to be reported to): stored as it
 * stands, because it may be what the city does, and told.
 */
export function circlesOfReporting(links: CityFile['links']): { index: number; words: string }[] {
  const codeOf = (text: string) => readEnd(text).code
  const upward = links.flatMap(({ from, to, kind }, index) =>
    kind === 'reports'
      ? [{ index, from: codeOf(from), to: codeOf(to) }]
      : kind === 'directs'
        ? [{ index, from: codeOf(to), to: codeOf(from) }]
        : [],
  )
  const above = Map.groupBy(upward, ({ from }) => from)
  const told: { index: number; words: string }[] = []
  const done = new Set<string>()
  for (const start of above.keys()) {
    if (done.has(start)) continue
    // Depth first, without recursion: long chains are as deep as lists are long.
    const path: { code: string; next: number }[] = [{ code: start, next: 0 }]
    const on = new Map([[start, 0]])
    while (path.length > 0) {
      const here = path[path.length - 1]!
      const step = above.get(here.code)?.[here.next]
      if (step === undefined) {
        done.add(here.code)
        on.delete(here.code)
        path.pop()
        continue
      }
      here.next += 1
      const at = on.get(step.to)
      if (at !== undefined) {
        const circle = [...path.slice(at).map(({ code }) => code), step.to]
        if (circle.length > 2 && told.length < 100)
          told.push({
            index: step.index,
            words: `Reporting goes round in a circle: ${circle.join(' to ')}. It was taken as it stands; nobody in it is above the others.`,
          })
      } else if (!done.has(step.to)) {
        on.set(step.to, path.length)
        path.push({ code: step.to, next: 0 })
      }
    }
  }
  return told
}
