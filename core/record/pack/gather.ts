import type { PackTable } from '#core/operation/implement.ts'
import { type Chapter, type EntryContent, type Line, lineOf, lookTables } from './chapters.ts'
import type { Making, PackedEntry, Picture } from './store.ts'
import type { PackWords } from './words.ts'

interface Header {
  at: string
  table: string
  row: string
  action: string
  label: number
  operation: string
}
interface Look {
  n: number
  what: string
  who: string
  at: string
  table: string
  row: string
}
/** What stood of one row when a picture's moment came. */
interface Standing {
  n: number
  at: string
  table: string
  row: string
}
interface PictureState extends Picture {
  upto: number
  labels: ReadonlySet<number>
  rows: Map<string, Standing>
}

export interface Gathered {
  chapters: ReadonlyArray<{ chapter: Chapter; lines: readonly Line[] }>
  looks: ReadonlyArray<readonly (string | number)[]>
  pictures: ReadonlyArray<{ name: string; at: string; rows: ReadonlyArray<readonly (string | number)[]> }>
  markings: readonly string[]
}

const keyOf = (table: string, row: string) => `${table} ${row}`

/** Takes a pack's entries one by one, in order, and keeps what its tables and its report say of them. */
export async function createGatherer(it: Making, words: PackWords, momentOf: (picture: Picture) => Promise<unknown>) {
  const tables = new Map<string, { chapter: Chapter; table: PackTable | undefined }>()
  for (const chapter of it.form.chapters) for (const table of chapter.tables) tables.set(table.table, { chapter, table })
  const other = it.form.chapters.at(-1)!
  const lines = new Map<Chapter, Line[]>(it.form.chapters.map((chapter) => [chapter, []]))
  const numberOf = new Map<string, number>()
  const looks: Look[] = []
  const persons = new Set<string>(it.pictures.map(({ personId }) => personId))
  const markings = new Set<string>()
  const pictures: PictureState[] = []
  for (const picture of it.pictures) {
    const moment = (await momentOf(picture)) as { upto: number; labels: number[] }
    pictures.push({ ...picture, upto: moment.upto, labels: new Set(moment.labels), rows: new Map() })
  }
  const numbers = new WeakMap<PackedEntry, { n: number; header: Header; content: EntryContent | null }>()
  let count = 0

  function notePictures(position: number, n: number, header: Header): void {
    const key = keyOf(header.table, header.row)
    for (const picture of pictures) {
      if (position > picture.upto) continue
      const readable = picture.labels.has(header.label)
      // A row that left for another label is there again only when it arrives where this person can read.
      if (header.action === 'left' || !readable) picture.rows.delete(key)
      else picture.rows.set(key, { n, at: header.at, table: header.table, row: header.row })
    }
  }

  function take(entry: PackedEntry): void {
    count += 1
    const header = JSON.parse(entry.header.toString('utf8')) as Header
    const content = entry.content === null ? null : (JSON.parse(entry.content.toString('utf8')) as EntryContent)
    numbers.set(entry, { n: count, header, content })
    if (entry.marking !== null) markings.add(entry.marking)
    if (content?.person) persons.add(content.person)
    if (content?.operator) persons.add(content.operator)
    const what = lookTables[header.table]
    if (what !== undefined) {
      if (content === null) return
      const row = content.row as { person_id?: string; to_token?: string; table_name?: string; row_id?: string } & Record<string, string>
      const who = row.person_id ?? row.to_token?.replace(/^person:/, '') ?? ''
      if (who !== '' && !who.includes(':')) persons.add(who)
      looks.push({
        n: count,
        what,
        who,
        at: new Date(row.opened_at ?? row.acknowledged_at ?? row.sent_at ?? header.at).toISOString(),
        table: row.table_name ?? '',
        row: row.row_id ?? '',
      })
      return
    }
    numberOf.set(keyOf(header.table, header.row), count)
    const place = tables.get(header.table) ?? { chapter: other, table: undefined }
    lines
      .get(place.chapter)!
      .push(lineOf(count, header, content, entry.marking ?? '', place.table, entry.shown ? words.removed : words.withheld))
    if (header.table.startsWith('record.') || header.table.startsWith('access.')) return
    notePictures(entry.placePosition, count, header)
  }

  return {
    take,
    persons: () => [...persons],
    /** An entry as a redacted pack shows it: no position, no hash, no label number: nothing that counts what is not there. */
    plain(entry: PackedEntry) {
      const { n, header, content } = numbers.get(entry)!
      const { at, table, row, action, operation } = header
      return { n, recordedAt: at, table, row, action, operation, marking: entry.marking, content }
    },
    end(names: ReadonlyMap<string, string>): Gathered {
      const nameOf = (id: string) => names.get(id) ?? it.form.organisations?.[id] ?? id
      for (const some of lines.values()) for (const line of some) line.person = nameOf(line.person)
      const firstOf = (picture: PictureState, what: string) => {
        const found = new Map<string, string>()
        for (const look of looks) {
          if (look.what !== what || look.who !== picture.personId || look.at > picture.at) continue
          const key = keyOf(look.table, look.row)
          if (!found.has(key) || look.at < found.get(key)!) found.set(key, look.at)
        }
        return found
      }
      return {
        chapters: it.form.chapters.map((chapter) => ({ chapter, lines: lines.get(chapter)! })),
        looks: looks.map((look) => [
          look.n,
          words[look.what as 'sent'],
          nameOf(look.who),
          look.at,
          look.table,
          look.row,
          numberOf.get(keyOf(look.table, look.row)) ?? '',
        ]),
        pictures: pictures.map((picture) => {
          const [opened, acknowledged] = [firstOf(picture, 'opened'), firstOf(picture, 'acknowledged')]
          return {
            name: nameOf(picture.personId),
            at: picture.at,
            rows: [...picture.rows.values()]
              .sort((a, b) => a.n - b.n)
              .map(({ n, at, table, row }) => [
                nameOf(picture.personId),
                picture.at,
                table,
                row,
                n,
                at,
                opened.get(keyOf(table, row)) ?? '',
                acknowledged.get(keyOf(table, row)) ?? '',
              ]),
          }
        }),
        markings: [...markings].sort(),
      }
    },
  }
}
