import type { PackSection, PackTable } from '#core/operation/implement.ts'

/** A chapter as a pack keeps it: plain data, so that whoever makes the pack needs no area. */
export interface Chapter {
  name: string
  title: Readonly<Record<'en' | 'fr', string>>
  tables: readonly PackTable[]
}

/** What core itself adds, and where rows go that no area speaks of. */
const others: Chapter = { name: 'other', title: { en: 'Other entries', fr: 'Autres inscriptions' }, tables: [] }
const making: Chapter = {
  name: 'holds-and-packs',
  title: { en: 'Holds, packs and inquiries', fr: 'Conservations, dossiers et enquêtes' },
  tables: [
    { table: 'record.holds', at: 'placed_at', words: ['reason', 'authority', 'release_reason'] },
    { table: 'record.packs', at: 'asked_at', words: ['receiver', 'purpose', 'authority', 'reach', 'state'] },
    { table: 'record.pack_downloads', at: 'at', words: [] },
    { table: 'record.inspections', at: 'as_of', words: ['purpose', 'authority'] },
    { table: 'record.lookups', at: 'as_of', words: ['purpose', 'authority'] },
    { table: 'access.reach', at: 'from_at', words: ['token', 'source', 'until_at'] },
  ],
}

export const chaptersOf = (sections: readonly PackSection[]): Chapter[] => [
  ...sections.map(({ name, title, tables }) => ({ name, title, tables })),
  making,
  others,
]

/** Tables that say who looked: they are an index of their own. */
export const lookTables: Readonly<Record<string, string>> = {
  'record.sendings': 'sent',
  'record.openings': 'opened',
  'record.acknowledgements': 'acknowledged',
}

export interface Line {
  /** Its number in this pack, from 1. */
  n: number
  recordedAt: string
  occurredAt: string
  table: string
  row: string
  action: string
  operation: string
  person: string
  post: string
  reason: string
  marking: string
  words: string
}

export const lineColumns: ReadonlyArray<keyof Line> = [
  'n',
  'recordedAt',
  'occurredAt',
  'table',
  'row',
  'action',
  'operation',
  'person',
  'post',
  'reason',
  'marking',
  'words',
]

interface Content {
  person: string | null
  operator?: string | null
  post: string | null
  reason: string | null
  row: Record<string, unknown>
}

const textOf = (value: unknown): string =>
  value === null || value === undefined
    ? ''
    : typeof value === 'string'
      ? value
      : typeof value === 'object'
        ? JSON.stringify(value)
        : String(value)

/** One entry as a line of its chapter: when, who, in which post, why, and the row's words as the area orders them. */
export function lineOf(
  n: number,
  header: { at: string; table: string; row: string; action: string; operation: string },
  content: Content | null,
  marking: string,
  known: PackTable | undefined,
  removed: string,
): Line {
  const row = content?.row ?? {}
  const columns = known?.words ?? Object.keys(row).filter((name) => !['id', 'label', 'world'].includes(name))
  return {
    n,
    recordedAt: header.at,
    occurredAt: known?.at === undefined ? '' : textOf(row[known.at]),
    table: header.table,
    row: header.row,
    action: header.action,
    operation: header.operation,
    person: content?.person ?? '',
    post: content?.post ?? '',
    reason: content?.reason ?? '',
    marking,
    words:
      content === null
        ? removed
        : columns
            .map((name) => textOf(row[name]))
            .filter((text) => text !== '' && text !== '{}')
            .join(' · '),
  }
}
export type EntryContent = Content
