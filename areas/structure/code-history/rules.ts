import { type AreaService, type CodeChange, codeChangeColumns } from './contract.ts'

export type CodeNow =
  | { kind: 'same' }
  /** The code that carries on, through as many changes as there were. */
  | { kind: 'now'; orgType: string; orgCode: string; name: string; words: string }
  /** Split, somewhere on the way: nobody but the writer of the list knows which part is meant. */
  | { kind: 'split'; words: string }

const yearOf = (day: string) => day.slice(0, 4)
const listed = (names: readonly string[]) =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]!}`

/** What codes have become. Told, never guessed: a code that was split stays as it is, with the words that say so. */
export function historyOf(changes: readonly CodeChange[]) {
  const after = Map.groupBy(changes, ({ orgType, orgCode }) => `${orgType} ${orgCode}`)
  const before = Map.groupBy(changes, ({ orgType, successorCode }) => `${orgType} ${successorCode}`)
  const types = Map.groupBy(changes, ({ orgCode }) => orgCode)

  function follow(orgType: string, orgCode: string): CodeNow {
    const passed = new Set<string>()
    let [code, last]: [string, CodeChange | undefined] = [orgCode, undefined]
    let merged = false
    while (!passed.has(code)) {
      passed.add(code)
      const next = after.get(`${orgType} ${code}`) ?? []
      if (next.length > 1) {
        const into = listed(next.map(({ successorCode, successorName }) => `${successorCode} ${successorName}`))
        return { kind: 'split', words: `${code} ${next[0]!.name} was split in ${yearOf(next[0]!.since)} into ${into}. Say which is meant.` }
      }
      if (next.length === 0) break
      last = next[0]!
      code = last.successorCode
      merged ||= (before.get(`${orgType} ${code}`)?.length ?? 0) > 1
    }
    if (last === undefined) return { kind: 'same' }
    const words = `${orgCode} is now ${merged ? 'part of ' : ''}${last.successorCode} ${last.successorName} since ${yearOf(last.since)}`
    return { kind: 'now', orgType, orgCode: last.successorCode, name: last.successorName, words }
  }

  return {
    changes,
    /** Of an agency known by type and code. */
    ofAgency: follow,
    /** Of a code alone, as lists without types name agencies; several types with one code are no answer. */
    ofCode(orgCode: string): CodeNow {
      const own = [...new Set((types.get(orgCode) ?? []).map(({ orgType }) => orgType))]
      return own.length === 1 ? follow(own[0]!, orgCode) : { kind: 'same' }
    },
    /** Would a change from one code to another lead back to where it began? */
    circles(orgType: string, from: string, to: string): boolean {
      const waiting = [to]
      const passed = new Set<string>()
      for (let code = waiting.pop(); code !== undefined; code = waiting.pop()) {
        if (code === from) return true
        if (passed.has(code)) continue
        passed.add(code)
        waiting.push(...(after.get(`${orgType} ${code}`) ?? []).map(({ successorCode }) => successorCode))
      }
      return false
    },
  }
}
export type CodeHistory = ReturnType<typeof historyOf>

const code = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,59}$/

/** One row of a list of code changes. */
export function readChange(record: Readonly<Record<string, string>>): CodeChange | { field: string; words: string } {
  const cell = (column: (typeof codeChangeColumns)[number]) => (record[column] ?? '').trim()
  for (const column of codeChangeColumns) {
    const text = cell(column)
    if (text === '') return { field: column, words: 'This is empty.' }
    if (text.length > 300) return { field: column, words: 'This is longer than 300 characters.' }
    if (/[\p{Cc}\uFFFD]/u.test(text)) return { field: column, words: 'This holds characters that cannot be read. Save the file as UTF-8.' }
  }
  for (const column of ['old_code', 'new_code'] as const)
    if (!code.test(cell(column))) return { field: column, words: `${cell(column)} is not a code: letters, digits, and . _ / - only.` }
  if (!/^[a-z][a-z0-9_]*$/.test(cell('org_type'))) return { field: 'org_type', words: 'A type of agency is lower-case words joined by _.' }
  if (cell('old_code') === cell('new_code')) return { field: 'new_code', words: 'A code does not become itself.' }
  const since = cell('since')
  const day = new Date(`${since}T00:00:00Z`)
  if (!/^\d{4}-\d\d-\d\d$/.test(since) || Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== since)
    return { field: 'since', words: 'Write the first day of the new code as 2023-04-01.' }
  return {
    orgType: cell('org_type'),
    orgCode: cell('old_code'),
    name: cell('old_name'),
    successorCode: cell('new_code'),
    successorName: cell('new_name'),
    since,
    basis: cell('basis'),
  }
}

const services = { pfa: 'police', fra: 'fire_and_rescue' } as const

/** The columns of a published lookup from local authorities to a force or a fire service; undefined when these headings are no such lookup. */
export function lookupColumns(headings: readonly string[]) {
  const find = (pattern: RegExp) => headings.find((heading) => pattern.test(heading))
  const area = find(/^lt?la\d\d_code$/)
  if (area === undefined) return undefined
  const pairs = (['pfa', 'fra'] as const).flatMap((kind) => {
    const column = find(new RegExp(`^${kind}\\d\\d_code$`))
    return column === undefined ? [] : [{ orgType: services[kind], column, name: column.replace('_code', '_name') }]
  })
  return {
    area,
    areaName: area.replace('_code', '_name'),
    pairs: pairs.map((pair) => ({
      ...pair,
      basis: `lookup ${area.replace('_code', '').toUpperCase()}-${pair.column.replace('_code', '').toUpperCase()}`,
    })),
  }
}

/** A service that a group's geography brings, and by which of its authorities. */
export interface Derived {
  orgType: string
  orgCode: string
  name: string
  basis: string
}

interface Authority {
  orgCode: string
  name: string
}

/** Forces and services of the areas of these authorities, by the codes that they carry now; and the authorities that took their places. */
export function derivedFrom(
  authorities: readonly Authority[],
  history: CodeHistory,
  areas: ReadonlyMap<string, readonly AreaService[]>,
): Derived[] {
  const found = new Map<string, Derived>()
  const add = (derived: Derived) => {
    const key = `${derived.orgType} ${derived.orgCode}`
    if (!found.has(key)) found.set(key, derived)
  }
  for (const authority of authorities) {
    const now = history.ofAgency('local_authority', authority.orgCode)
    if (now.kind === 'split') continue
    if (now.kind === 'now') add({ ...now, basis: `lookup of codes: ${now.words}` })
    for (const service of areas.get(now.kind === 'now' ? now.orgCode : authority.orgCode) ?? [])
      add({ orgType: service.orgType, orgCode: service.orgCode, name: service.orgName, basis: service.basis })
  }
  return [...found.values()]
}

/** Why a force may be missing from a list: its authorities' codes have changed, or no lookup knows them. Nothing, when neither is so. */
export function causeOf(
  authorities: readonly Authority[],
  history: CodeHistory,
  areas: ReadonlyMap<string, readonly AreaService[]>,
): string {
  const shown = (words: readonly string[]) => `${words.slice(0, 6).join('; ')}${words.length > 6 ? '; and others' : ''}`
  const changed = authorities.flatMap(({ orgCode }) => {
    const now = history.ofAgency('local_authority', orgCode)
    return now.kind === 'same' ? [] : [now.words.replace(/\. Say which is meant\.$/, '')]
  })
  if (changed.length > 0)
    return ` Codes have changed under its list: ${shown(changed)}. A list joined by newer codes loses what hangs on the old ones. Take in a lookup of areas by the new codes.`
  const unknown = areas.size === 0 ? [] : authorities.filter(({ orgCode }) => !areas.has(orgCode))
  if (unknown.length > 0)
    return ` ${unknown.length} of its ${authorities.length} local authorities carry codes that no lookup of areas knows: ${shown(unknown.map(({ orgCode, name }) => `${orgCode} ${name}`))}. Their codes have probably changed since the list was made. Take in the code changes (code-changes.csv).`
  return ''
}
