import { readFile } from 'node:fs/promises'
import fc from 'fast-check'
import { XmlDocument } from 'libxml2-wasm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { area } from '#areas/structure/area.ts'
import { type TestCity, testCity, type TestPerson } from '#core/db/testing.ts'
import { perform, registryOf } from '#core/operation/perform.ts'
import { type CityList, cityRows } from '../city-import/contract.ts'
import type { Network } from '../network/contract.ts'
import { inventedNetwork } from '../network/testing.ts'
import { readCsv, headingsOf } from '../sheets/read-csv.ts'
import { isProblem, rowReader } from '../sheets/rules/rows.ts'
import { plainHeading, sheets } from '../sheets/rules/starter.ts'
import type { ImportReport } from '../sheets/contract.ts'
import { readWorkbook, writeLists } from '../sheets/workbook.ts'
import { exportedLists } from './contract.ts'
import { graphmlOf } from './rules/graphml.ts'
import { cellsOf, listsOf } from './rules/lists.ts'

const registry = registryOf([area])
let halvern: TestCity
let administrator: TestPerson
const operate = <T>(city: TestCity, who: TestPerson, verb: string, input: unknown) =>
  perform(city.database, registry, registry.named('structure', verb), input, who.enters(`structure.${verb}`)) as Promise<T>
interface File {
  name: string
  content: string
  marking: string
}
const fetched = (input: unknown, who = administrator) => operate<File>(halvern, who, 'export', input)
const found = async (code: string) => {
  const city = await testCity()
  await city.owner.query('insert into access.city (code, name) values ($1, $1)', [code])
  return { city, who: await city.person('Ada Administrator', [`city:${code}`, 'kind:administrator']) }
}
/** A network without the ids that each city makes of its own. */
const plain = (network: Network) => {
  const { links, ...lists } = listsOf(network, { callBacks: new Map(), frenchNames: new Map(), leads: [] })
  const byText = (one: object, other: object) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1)
  return Object.fromEntries(Object.entries({ links, ...lists }).map(([list, rows]) => [list, [...(rows as object[])].sort(byText)]))
}

beforeAll(async () => {
  const { city, who } = await found('HAL')
  halvern = city
  administrator = who
  const file = JSON.parse(await readFile(new URL('../../../demo/halvern/city.json', import.meta.url), 'utf8'))
  await operate(halvern, administrator, 'import-city', { city: file })
}, 120_000)
afterAll(() => halvern?.end())

describe('the whole structure as a workbook', () => {
  test('goes into another city and is the same there; back into its own, it changes nothing', { timeout: 120_000 }, async () => {
    const { content, name, marking } = await fetched({ format: 'xlsx' })
    expect([name, marking]).toEqual(['concord-structure.xlsx', 'TLP:AMBER'])
    const { city: other, who } = await found('OTH')
    try {
      const report = await operate<ImportReport>(other, who, 'import', { files: [{ name, content }] })
      expect([report.counts.refused, report.lines, report.told]).toEqual([0, [], []])
      const [here, there] = [
        await operate<{ network: Network }>(halvern, administrator, 'network', {}),
        await operate<{ network: Network }>(other, who, 'network', {}),
      ]
      expect(plain(there.network)).toEqual(plain(here.network))
    } finally {
      await other.end()
    }
    const count = async () => Number((await halvern.owner.query('select count(*) from record.entry')).rows[0].count)
    const before = await count()
    const again = await operate<ImportReport>(halvern, administrator, 'import', { files: [{ name, content }], complete: true })
    expect([again.counts.refused, again.counts.ended, again.told]).toEqual([0, 0, []])
    expect(await count()).toBe(before)
  })

  test('says its marking first, on every row, and holds no person, no number of theirs and no formula', async () => {
    const { content } = await fetched({ format: 'xlsx' })
    const book = await readWorkbook('it', Buffer.from(content, 'base64'))
    expect([...book.keys()]).toEqual(['Marking', ...exportedLists.map((list) => sheets.find((sheet) => sheet.list === list)!.name)])
    expect(book.get('Marking')![0]).toEqual(['marking', 'TLP:AMBER'])
    for (const [sheet, cells] of book)
      if (sheet !== 'Marking')
        expect(
          cells.slice(1).every((row) => row.at(-1) === 'TLP:AMBER'),
          sheet,
        ).toBe(true)
    const all = JSON.stringify([...book.values()])
    expect(all).toContain("'+44 1632 960")
    const { rows } = await halvern.owner.query('select name from structure.people union select address from structure.contacts')
    for (const { name } of rows) expect(all).not.toContain(name)
  })
})

test('each list as CSV is read back by its headings, line for line', { timeout: 120_000 }, async () => {
  for (const list of exportedLists) {
    const { name, content } = await fetched({ format: 'csv', list })
    expect(name).toBe(`concord-${list.toLowerCase()}.csv`)
    expect(Buffer.from(content, 'base64').toString().split('\r\n')[1]).toMatch(/,TLP:AMBER$/)
    const { counts, told, lines } = await operate<ImportReport>(halvern, administrator, 'import', {
      files: [{ name, content }],
      preview: true,
      complete: true,
    })
    expect([list, counts.refused, counts.ended, told, lines]).toEqual([list, 0, 0, [], []])
    expect(counts.stored).toBeGreaterThan(0)
  }
})

test('who may not is told so; a version that is not there, and one of another city, look the same', async () => {
  const member = await halvern.person('Max Member', ['city:HAL', 'kind:duty'])
  await expect(fetched({ format: 'json' }, member)).rejects.toMatchObject({ kind: 'not-allowed' })
  const secretariat = await halvern.person('Sec', ['city:HAL', 'kind:secretariat'])
  expect((await fetched({ format: 'json', version: 1 }, secretariat)).name).toBe('concord-network.json')
  await expect(fetched({ format: 'json', version: 9 }, secretariat)).rejects.toMatchObject({ kind: 'not-found' })
  const stranger = await halvern.person('Sol', ['city:ELSE', 'kind:secretariat'])
  await expect(fetched({ format: 'json', version: 1 }, stranger)).rejects.toMatchObject({ kind: 'not-found' })
  const nothing = JSON.parse(Buffer.from((await fetched({ format: 'json' }, stranger)).content, 'base64').toString()) as {
    network: Network
  }
  expect(nothing.network.agencies).toEqual([])
  await expect(fetched({ format: 'csv' })).rejects.toMatchObject({ kind: 'invalid', field: 'list' })
})

test('a row that one cannot read leaves no trace in what one exports: no code, no edge', async () => {
  await halvern.owner.query(
    "update structure.agencies set label = access.intern('[[\"group:nobody\"]]', 'TLP:AMBER') where org_code = 'HAL-VOL'",
  )
  try {
    for (const format of ['xlsx', 'graphml', 'json']) {
      const { content } = await fetched({ format })
      const bytes = Buffer.from(content, 'base64')
      const text = format === 'xlsx' ? JSON.stringify([...(await readWorkbook('it', bytes)).values()]) : bytes.toString()
      expect(text).not.toMatch(/Open Hand/)
      if (format === 'graphml') {
        const ids = new Set([...text.matchAll(/<node id="([^"]+)"/g)].map((match) => match[1]))
        expect([...text.matchAll(/(?:source|target)="([^"]+)"/g)].every((match) => ids.has(match[1]))).toBe(true)
      }
    }
    const { content } = await fetched({ format: 'xlsx' })
    const { lines } = await operate<ImportReport>(halvern, administrator, 'import', { files: [{ name: 'x.xlsx', content }], preview: true })
    expect(lines).toEqual([])
  } finally {
    await halvern.owner.query(
      "update structure.agencies set label = (select label from structure.agencies where org_code = 'HAL-POL') where org_code = 'HAL-VOL'",
    )
  }
})

describe('whatever somebody called it', () => {
  const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).map((text) => text.replaceAll(/[\p{Cc}\uFFFD]/gu, '').trim())
  const nasty = fc.constantFrom(
    '=1+1',
    "'=1",
    "''@x",
    '+44',
    '-',
    '@SUM(A1)',
    'a;b',
    'a\\b',
    '\\;',
    'شرطة',
    '🚒 crew',
    '\u202Egnp',
    '<b>&"',
    ']]>',
    ';',
    'x ; y',
    '＝1',
    'a,b',
    '"q"',
  )
  const name = fc
    .oneof(
      word,
      nasty,
      fc.tuple(nasty, word).map(([one, other]) => `${one}${other}`),
    )
    .filter((text) => text.trim() === text && text !== '')
  const code = name.map((text) => text.replaceAll(/[\s\p{Cc}\uFFFD]/gu, '')).filter((text) => text !== '' && text.trim() === text)
  const rows = {
    agencies: fc.record({
      orgType: fc.constantFrom('police', 'voluntary'),
      orgCode: code,
      name,
      shortName: fc.option(name),
      services: fc.array(name, { maxLength: 3 }),
    }),
    media: fc.record({ code, name, dependsOn: fc.array(code, { maxLength: 3 }) }),
    responsibilities: fc.record({
      activity: name,
      phase: fc.constantFrom('response', 'recovery'),
      agency: code,
      part: fc.constantFrom('accountable', 'informed'),
      jointBasis: fc.option(name),
    }),
    links: fc.record({
      from: code,
      kind: fc.constantFrom('directs', 'informs'),
      to: code,
      primary: fc.option(code),
      backup: fc.option(code),
      carries: fc.array(name, { maxLength: 4 }),
      testedAt: fc.option(fc.constantFrom('2026-02-17', '2026-02-17T10:30:00Z')),
    }),
  }
  const sheetOfList = (list: CityList) => sheets.find((sheet) => sheet.list === list)!
  const valid = <L extends keyof typeof rows>(list: L) =>
    fc
      .array(rows[list] as fc.Arbitrary<object>, { minLength: 1, maxLength: 5 })
      .map((all) =>
        all.flatMap((row) => {
          const read = cityRows[list].safeParse(row)
          return read.success ? [read.data as Record<string, unknown>] : []
        }),
      )
      .filter((all) => all.length > 0)

  test.each(['agencies', 'media', 'responsibilities', 'links'] as const)(
    '%s come back from CSV and XLSX as they were',
    { timeout: 120_000 },
    async (list) => {
      const sheet = sheetOfList(list)
      await fc.assert(
        fc.asyncProperty(valid(list), async (given) => {
          const cells = cellsOf(sheet, given)
          const { stringify } = await import('csv-stringify/sync')
          const csv = Buffer.from(
            stringify([sheet.columns.map(({ heading }) => plainHeading(heading)), ...cells], { bom: true, record_delimiter: 'windows' }),
          )
          const headings = headingsOf(csv)
          const reader = rowReader(sheet, headings)
          const back: unknown[] = []
          for await (const batch of readCsv(csv))
            for (const line of batch) {
              if (!('record' in line)) throw new Error(line.words)
              const read = reader.read(
                line.line,
                headings.map((heading) => line.record[heading]),
              )
              if (isProblem(read)) throw new Error(`${read.field}: ${read.words}`)
              back.push(read.row)
            }
          const filled = (row: Record<string, unknown>) =>
            Object.fromEntries(
              sheet.columns.flatMap(({ field, clears, cell }) => {
                const value = row[field] ?? (clears ? (cell === 'words' || cell === 'codes' ? [] : null) : undefined)
                return value === undefined ? [] : [[field, value]]
              }),
            )
          expect(back).toEqual(given.map(filled))
          for (const text of cells.flat()) expect(text).not.toMatch(/^[=+\-@\t\r＝＋－＠]/)
        }),
        { numRuns: 150 },
      )
      const [sample] = fc.sample(valid(list), { numRuns: 1, seed: 7 }) as [Record<string, unknown>[]]
      const book = await readWorkbook('it', await writeLists({ marking: 'TLP:AMBER' }, [{ sheet, cells: cellsOf(sheet, sample) }]))
      const [head, ...lines] = book.get(sheet.name)!
      const reader = rowReader(sheet, head as string[])
      expect(reader.unknown).toEqual([])
      expect(lines.map((cells, index) => reader.read(index + 2, cells)).every((read) => !isProblem(read))).toBe(true)
    },
  )

  test('GraphML is well-formed XML with every node, whatever their names hold', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 20 }), { minLength: 1, maxLength: 8 }), (names) => {
        const network = inventedNetwork({ agencies: names.length, posts: 2, groups: 2, links: 3, seed: 3 })
        names.forEach((given, index) => Object.assign(network.agencies[index]!, { name: given, sector: given, services: [given, given] }))
        const xml = graphmlOf(network, { marking: 'TLP:AMBER', at: '2026-03-12T14:10:00.000Z', version: 'now' })
        const document = XmlDocument.fromString(xml)
        const nodes = document.find('//g:node', { g: 'http://graphml.graphdrawing.org/xmlns' })
        expect(nodes).toHaveLength(network.agencies.length + network.posts.length + network.groups.length)
        document.dispose()
      }),
      { numRuns: 200 },
    )
  })
})

test('GraphML of the demo city names its marking, every link once, and its media', async () => {
  const { content, name } = await fetched({ format: 'graphml' })
  expect(name).toBe('concord-network.graphml')
  const document = XmlDocument.fromString(Buffer.from(content, 'base64').toString())
  const space = { g: 'http://graphml.graphdrawing.org/xmlns' }
  expect(document.get('/g:graphml/g:graph/g:data[@key="graph-marking"]', space)?.content).toBe('TLP:AMBER')
  expect(document.find('//g:edge[g:data[@key="edge-primary"]]', space)).toHaveLength(66)
  expect(document.find('//g:key', space).length).toBeGreaterThan(10)
  document.dispose()
})
