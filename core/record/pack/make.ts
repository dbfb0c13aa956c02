import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createHash } from 'node:crypto'
import { stringify } from 'csv-stringify/sync'
import type { Database } from '#core/db/tx.ts'
import type { Scheme } from '#core/access/scheme.ts'
import { composeMarking, parseMarking, strictest } from '#core/access/marking.ts'
import { inclusionProof } from '../tree/proofs.ts'
import { type ProvedRow, writeBundle } from '../tree/bundle.ts'
import { verifierSource } from '../verifier/source.ts'
import { type Line, lineColumns } from './chapters.ts'
import { createGatherer, type Gathered } from './gather.ts'
import { storedNodes } from './proofs.ts'
import { type Report, reportOf, type ReportTable } from './report.ts'
import { reportLines } from './rules.ts'
import { createSealer } from './seal.ts'
import * as store from './store.ts'
import { filled, packWords, readMe } from './words.ts'
import { createZip } from './zip.ts'

const pageOf = 400

/** Where the sealed file of a pack is kept. Its name is a number that means nothing to anybody else. */
export const fileOf = (folder: string, packId: string): string => join(folder, `${packId}.sealed`)

const csv = (rows: readonly (readonly unknown[])[]): string => stringify(rows as unknown[][], { escape_formulas: true })
function* csvInParts(head: readonly string[], rows: readonly (readonly unknown[])[]): Generator<string> {
  yield csv([head])
  for (let at = 0; at < rows.length; at += 1000) yield csv(rows.slice(at, at + 1000))
}

/** The newest signed head: one signed after the pack was asked for, if it comes soon, so that the asking itself is under it. */
async function headFor(database: Database, askedAt: string, patience: number): Promise<store.Head> {
  for (let waited = 0; ; waited += 250) {
    const head = await database.verifier(store.lastHead)
    if (head && (head.at >= askedAt || waited >= patience)) return head
    if (waited >= patience) throw new Error('the record has no signed head yet')
    await new Promise((done) => setTimeout(done, 250))
  }
}

export interface MakeOptions {
  /** How long to wait for a head that covers the asking, in ms. */
  patience?: number
}

/** Makes the sealed file of a pack that was claimed. Holds the lines and never the content of all entries; throws when it cannot be finished. */
export async function makePack(database: Database, folder: string, packId: string, options: MakeOptions = {}): Promise<store.Outcome> {
  const jobs = <T>(work: Parameters<Database['jobs']>[2]) => database.jobs('record.makePack', null, work) as Promise<T>
  const it = await jobs<store.Making>((tx) => store.making(tx, packId))
  const head = await headFor(database, it.askedAt, options.patience ?? 10_000)
  const positions = await jobs<Awaited<ReturnType<typeof store.positions>>>((tx) => store.positions(tx, packId, head.size))
  // Positions and hashes say how much stands between: only who may know all, or that something is withheld, is given them.
  const proved = it.reach === 'all' || it.withheld === 'stubs'
  const words = packWords[it.language]
  const gatherer = await createGatherer(it, words, (picture) => jobs((tx) => store.momentOf(tx, packId, picture.personId, picture.real)))
  const source = storedNodes(database)

  async function* pages() {
    for (let at = 0; at < positions.length; at += pageOf) {
      const wanted = positions.slice(at, at + pageOf).map(({ placePosition }) => placePosition)
      const page = await jobs<store.PackedEntry[]>((tx) => store.page(tx, packId, wanted))
      for (const entry of page) gatherer.take(entry)
      await jobs((tx) => store.progress(tx, packId, at + page.length, positions.length))
      yield page
    }
  }
  async function* provedRows(): AsyncGenerator<ProvedRow[]> {
    for await (const page of pages()) {
      const rows: ProvedRow[] = []
      for (const { placePosition: position, header, salt, content, contentHash, leaf } of page)
        rows.push({
          position,
          header,
          salt,
          content,
          contentHash,
          leaf,
          columns: null,
          size: head.size,
          path: await inclusionProof(head.size, position, source),
        })
      yield rows
    }
  }
  async function* plainRows(): AsyncGenerator<string> {
    for await (const page of pages()) yield page.map((entry) => `${JSON.stringify(gatherer.plain(entry))}\n`).join('')
  }

  await mkdir(folder, { recursive: true, mode: 0o700 })
  const unfinished = `${fileOf(folder, packId)}.part`
  await rm(unfinished, { force: true })
  const file = await open(unfinished, 'wx', 0o600)
  try {
    const sealer = await createSealer(file, it.recipient)
    const zip = createZip((bytes) => sealer.write(bytes))
    const keys = await database.verifier(store.publicKeys)
    if (proved) {
      const heads = [...(await database.verifier(store.keyChanges)).filter((note) => note !== head.note), head.note]
      await zip.put(
        'record.jsonl',
        writeBundle(
          { origin: it.cityCode, made: it.askedAt, entries: positions.length, heads: heads.length, keys, part: true },
          provedRows(),
          heads,
        ),
      )
    } else await zip.put('entries.jsonl', plainRows())
    const names = await jobs<Map<string, string>>((tx) => store.names(tx, packId, gatherer.persons()))
    const gathered = gatherer.end(names)
    const marking = markingOf([it.marking, ...gathered.markings], it.form.scheme)
    await putTables(zip, gathered, names)
    const report = await reportOf(reportData(it, gathered, { marking, proved, head: head.note }))
    await zip.put(report.name, [report.bytes])
    if (proved) await zip.put('concord-verify.mjs', [await verifierSource()])
    await zip.put('check-files.mjs', [await readFile(new URL('./check-files.mjs', import.meta.url))])
    await zip.put('README.txt', [readMe(it.language, { mode: modeOf(it), marking, proved, report: report.name })])
    const manifest = manifestOf(it, { marking, proved, head: head.note, report, files: zip.files })
    await zip.put('manifest.json', [manifest])
    await zip.end()
    const sealed = await sealer.end()
    await file.sync()
    await file.close()
    await rename(unfinished, fileOf(folder, packId))
    const outcome = {
      headSize: head.size,
      size: sealed.size,
      fileHash: sealed.hash,
      manifestHash: createHash('sha256').update(manifest).digest(),
    }
    await jobs((tx) => store.finish(tx, packId, outcome))
    return outcome
  } catch (error) {
    await file.close().catch(() => {})
    await rm(unfinished, { force: true })
    throw error
  }
}

const modeOf = (it: store.Making): string =>
  it.worldKind === 'live' ? packWords[it.language].live : `${packWords[it.language].exercise}: ${it.worldName}`

/** A collection is marked as its strictest part; words that no scheme of ours knows are left to their own lines. */
function markingOf(texts: readonly string[], scheme: Scheme): string {
  const known = texts.flatMap((text) => {
    try {
      return [parseMarking(text, scheme)]
    } catch {
      return []
    }
  })
  return known.length === 0
    ? 'TLP:RED'
    : composeMarking(
        known.reduce((a, b) => strictest(a, b, scheme)),
        scheme,
      )
}

async function putTables(zip: ReturnType<typeof createZip>, gathered: Gathered, names: ReadonlyMap<string, string>): Promise<void> {
  for (const { chapter, lines } of gathered.chapters)
    if (lines.length > 0)
      await zip.put(
        `${chapter.name}.csv`,
        csvInParts(
          lineColumns,
          lines.map((line) => lineColumns.map((name) => line[name])),
        ),
      )
  await zip.put('who-saw-what.csv', csvInParts(['n', 'what', 'who', 'at', 'table', 'row', 'about'], gathered.looks))
  await zip.put(
    'people.csv',
    csvInParts(
      ['id', 'name'],
      [...names].sort(([, a], [, b]) => a.localeCompare(b)),
    ),
  )
  for (const [number, picture] of gathered.pictures.entries())
    await zip.put(
      `picture-${number + 1}.csv`,
      csvInParts(['person', 'at', 'table', 'row', 'entry', 'availableSince', 'openedAt', 'acknowledgedAt'], picture.rows),
    )
}

interface Made {
  marking: string
  proved: boolean
  head: string
}

function reportData(it: store.Making, gathered: Gathered, made: Made) {
  const words = packWords[it.language]
  const note = (shown: number, all: number, file: string) => (all === 0 ? '' : filled(words.lines, { shown, all, file }))
  const lineTable = ({ title, lines, file }: { title: string; lines: readonly Line[]; file: string }): ReportTable => ({
    title,
    note: note(Math.min(lines.length, reportLines), lines.length, file),
    columns: [words.n, words.recordedAt, words.occurredAt, words.person, words.words, words.marking],
    rows: lines
      .slice(0, reportLines)
      .map((line) => [
        String(line.n),
        shortTime(line.recordedAt),
        shortTime(line.occurredAt),
        line.person,
        line.words.slice(0, 1200),
        line.marking,
      ]),
  })
  return {
    language: it.language,
    mode: modeOf(it),
    marking: made.marking,
    title: words.title,
    by: filled(words.of, { city: it.cityName, receiver: it.receiver }),
    facts: [
      [words.incident, it.thread],
      [words.purpose, it.purpose],
      [words.authority, it.authority],
      [words.asked, shortTime(it.askedAt)],
      [words.reach, `${words[`reach${it.reach}`]}${it.withheld === 'stubs' ? ` ${words.stubs}` : ''}`],
      [words.markings, gathered.markings.join(', ')],
      ...(made.proved ? [[words.sealed, made.head.split('\n').slice(0, 4).join(' · ')] as const] : []),
    ] as const,
    notes: [words.limits, ...(made.proved ? [] : [words.unproved]), words.certified],
    tables: [
      ...gathered.chapters
        .filter(({ lines }) => lines.length > 0)
        .map(({ chapter, lines }) => lineTable({ title: chapter.title[it.language], lines, file: `${chapter.name}.csv` })),
      {
        title: words.looks,
        note: note(Math.min(gathered.looks.length, reportLines), gathered.looks.length, 'who-saw-what.csv'),
        columns: [words.n, words.what, words.person, words.at, words.about],
        rows: gathered.looks
          .slice(0, reportLines)
          .map(([n, what, who, at, , , about]) => [n, what, who, shortTime(String(at)), about].map(String)),
      },
      ...gathered.pictures.map((picture, number) => ({
        title: filled(words.picture, { name: picture.name, at: shortTime(picture.at) }),
        note: note(Math.min(picture.rows.length, reportLines), picture.rows.length, `picture-${number + 1}.csv`),
        columns: [words.about, words.available, words.opened, words.acknowledged],
        rows: picture.rows
          .slice(0, reportLines)
          .map(([, , , , entry, since, opened, acknowledged]) => [
            String(entry),
            shortTime(String(since)),
            opened === '' ? words.notRecorded : shortTime(String(opened)),
            acknowledged === '' ? words.notRecorded : shortTime(String(acknowledged)),
          ]),
      })),
    ],
    words,
  }
}

/** `2026-01-31 22:47:05 UTC`: one zone, said, whoever reads it where. */
const shortTime = (at: string): string => {
  const moment = new Date(at)
  return at === '' || Number.isNaN(moment.getTime()) ? at : `${moment.toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

const manifestOf = (it: store.Making, made: Made & { report: Report; files: ReturnType<typeof createZip>['files'] }): string =>
  `${JSON.stringify(
    {
      format: 'concord-pack',
      version: 1,
      pack: it.id,
      city: it.cityCode,
      mode: modeOf(it),
      marking: made.marking,
      thread: it.thread,
      receiver: it.receiver,
      purpose: it.purpose,
      authority: it.authority,
      reach: it.reach,
      withheld: it.withheld,
      askedAt: it.askedAt,
      head: made.proved ? made.head : null,
      notes: [
        packWords[it.language].limits,
        ...(made.report.without === null ? [packWords[it.language].certified] : [made.report.without]),
      ],
      files: made.files,
    },
    null,
    2,
  )}\n`
