import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import writeExcelFile from 'write-excel-file/node'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { area } from '#areas/structure/area.ts'
import { type TestCity, testCity, type TestPerson } from '#core/db/testing.ts'
import { startRunner } from '#core/jobs/runner.ts'
import { perform, registryOf } from '#core/operation/perform.ts'
import type { ImportReport } from './contract.ts'
import { guardCell, unguardCell } from './rules/formula.ts'
import { isDerived } from './rules/members.ts'
import { sheets } from './rules/starter.ts'
import { readWorkbook } from './workbook.ts'

const registry = registryOf([area])
let city: TestCity
let administrator: TestPerson
let member: TestPerson

const base64 = (text: string | Buffer) => Buffer.from(text).toString('base64')
const operate = <T>(who: TestPerson, verb: string, input: unknown) =>
  perform(city.database, registry, registry.named('structure', verb), input, who.enters(`structure.${verb}`)) as Promise<T>
const take = (text: string | Buffer, more: { preview?: boolean; name?: string } = {}, who = administrator) =>
  operate<ImportReport>(who, 'import', {
    files: [{ name: more.name ?? 'members.csv', content: base64(text) }],
    preview: more.preview ?? false,
  })
const asked = async (statement: string) => (await city.owner.query(statement)).rows
const count = async (table: string) => Number((await asked(`select count(*) from structure.${table}`))[0].count)
const header = 'lrf20_code,lrf20_name,org_type,org_code,org_name,basis'
const list = (...lines: string[]) => [header, ...lines].join('\r\n')

beforeEach(async () => {
  city = await testCity()
  await city.owner.query("insert into access.city (code, name) values ('TST', 'Testham')")
  administrator = await city.person('Ada Administrator', ['city:TST', 'kind:administrator'])
  member = await city.person('Max Member', ['city:TST', 'kind:duty'])
})
afterEach(() => city?.end())

const real = resolve('../shared/data/org/uk_lrf_members.csv')
const absent = !existsSync(real)

describe.skipIf(absent)(`a real list of members${absent ? ' (skipped: ../shared/data/org/uk_lrf_members.csv is absent)' : ''}`, () => {
  // Counted here by another hand than the one under test: this list has no quoted commas but in names, so codes are found by their shape (one has a space after it).
  const text = absent ? '' : readFileSync(real, 'utf8')
  const lines = text.trimEnd().split('\n').slice(1)
  const codes = lines.map((line) => /^(E\d{8}),(?:"[^"]*"|[^",]*),([a-z_]+),([A-Z0-9]+) *,/.exec(line)!)

  test('comes in whole: 35 partnerships, an agency once however often it sits, Cumbria a finding and not an error', async () => {
    const { counts, lines: problems, findings } = await take(text)
    expect(codes.every(Boolean)).toBe(true)
    const agencies = new Set(codes.map((code) => `${code[2]} ${code[3]}`))
    expect(counts).toMatchObject({
      lines: lines.length,
      stored: lines.length,
      refused: 0,
      groups: 35,
      agencies: agencies.size,
      memberships: new Set(codes.map((code) => `${code[1]} ${code[2]} ${code[3]}`)).size,
    })
    expect(problems).toEqual([])
    expect([await count('groups'), await count('agencies'), await count('memberships')]).toEqual([35, agencies.size, lines.length])
    expect(findings.filter(({ kind }) => kind === 'forum-without-police').map(({ words }) => words)).toEqual([
      expect.stringMatching(/^Cumbria /),
    ])
    expect(
      await asked('select distinct tier, (select bool_and(derived) from structure.memberships) as derived from structure.groups'),
    ).toEqual([{ tier: 'partnership', derived: true }])
    const [several] = await asked(
      'select count(*) from (select agency_id from structure.memberships group by 1 having count(*) > 1) several',
    )
    const often = [...agencies].filter((key) => codes.filter((code) => `${code[2]} ${code[3]}` === key).length > 1)
    expect(Number(several.count)).toBe(often.length)
    expect(often.length).toBeGreaterThan(0)
  })

  test('twice is once, and what is read out again is what was read in', async () => {
    await take(text)
    const [{ count: entries }] = await asked('select count(*) from record.entry')
    const { counts } = await take(text, { name: 'again.csv' })
    expect(counts).toMatchObject({ newAgencies: 0, newGroups: 0, newMemberships: 0 })
    expect((await asked('select count(*) from record.entry'))[0].count).toBe(entries)
    const { content } = await operate<{ content: string }>(administrator, 'export-members', {})
    const back = await take(Buffer.from(content, 'base64'), { preview: true })
    expect(back.counts).toMatchObject({ lines: lines.length, refused: 0, newAgencies: 0, newMemberships: 0 })
  })

  test('a preview reports the same and stores nothing', async () => {
    const { counts, findings } = await take(text, { preview: true })
    expect(counts).toMatchObject({ lines: lines.length, groups: 35, newGroups: 35 })
    expect(findings).toEqual([expect.objectContaining({ kind: 'forum-without-police', words: expect.stringMatching(/^Cumbria /) })])
    expect(await count('agencies')).toBe(0)
  })
})

describe('a list with bad lines', () => {
  test('good lines are stored, bad ones reported with their line, and nothing of a bad line is half-stored', async () => {
    const { counts, lines } = await take(
      list(
        'F1,First Forum,police,P1,Police One,declared',
        'F1,First Forum,wizards,W1,Wizards,declared',
        'F2,Second Forum,police,,Nameless,declared',
        'F1,First Forum,police,P1,Police Uno,declared',
        'F1,Other Name,ambulance,A1,Ambulance,declared',
        'F1,First Forum,ambulance,A1',
        'F1,First Forum,ambulance,not a code,Ambulance,declared',
        'F1,First Forum,police,P1,Police One,declared',
      ),
    )
    expect(lines.map(({ line, field }) => [line, field])).toEqual([
      [3, 'org_type'],
      [4, 'org_code'],
      [5, 'org_name'],
      [6, 'lrf20_name'],
      [7, 'line'],
      [8, 'org_code'],
    ])
    expect(lines[2]!.words).toContain('line 2')
    expect(counts).toMatchObject({ lines: 8, stored: 2, refused: 6, agencies: 1, groups: 1, memberships: 1 })
    expect(await asked('select name from structure.agencies')).toEqual([{ name: 'Police One' }])
    expect(await asked('select code from structure.groups')).toEqual([{ code: 'F1' }])
  })

  test('names in Arabic, with emoji, quotes, commas and line ends of any kind; a mark at the start of the file', async () => {
    const text = `\uFEFF${list('F1,"Forum, ""the first""",police,P1,شرطة المدينة,declared', 'F1,"Forum, ""the first""",fire_and_rescue,P1,Fire 🚒 Crew,point within F1')}\r\n`
    expect((await take(text)).lines).toEqual([])
    expect(await asked('select name, org_type from structure.agencies order by org_type')).toEqual([
      { name: 'Fire 🚒 Crew', org_type: 'fire_and_rescue' },
      { name: 'شرطة المدينة', org_type: 'police' },
    ])
    expect(await asked('select derived from structure.memberships order by derived')).toEqual([{ derived: false }, { derived: true }])
    expect((await take(Buffer.from(`\uFEFF${text.slice(1)}`, 'utf16le'), { name: 'wide.csv' })).counts).toMatchObject({
      stored: 2,
      newAgencies: 0,
    })
    expect((await take(text.replaceAll(/,(?! ""the)/g, ';'), { name: 'semicolons.csv' })).counts).toMatchObject({ stored: 2, refused: 0 })
  })

  test('letters that were lost, a quotation mark never closed, no header, an empty file: each in words', async () => {
    expect(
      (await take(Buffer.concat([Buffer.from(list('F1,Forum,police,P1,Caf')), Buffer.from([0xe9]), Buffer.from(',declared')]))).lines,
    ).toEqual([expect.objectContaining({ line: 2, field: 'org_name', words: expect.stringContaining('UTF-8') })])
    const open = await take(
      list('F1,Forum,police,P1,Police,declared', 'F1,Forum,ambulance,A1,"Never closed,declared', 'F1,Forum,coroner,C1,Coroner,declared'),
    )
    expect(open.lines).toEqual([expect.objectContaining({ line: 3, words: expect.stringContaining('never closed') })])
    expect(open.counts.stored).toBe(1)
    expect((await take('a,b\n1,2')).lines).toEqual([expect.objectContaining({ line: 1, field: 'lrf20_code' })])
    expect((await take('\n')).lines).toEqual([expect.objectContaining({ line: 1, words: expect.stringContaining('nothing') })])
  })

  test('a formula is a name like another here, and is made text when it leaves', async () => {
    await take(list('F1,Forum,police,P1,"=HYPERLINK(""http://x.example"",""Police"")",declared'))
    const { content } = await operate<{ content: string }>(administrator, 'export-members', {})
    expect(Buffer.from(content, 'base64').toString()).toContain(`"'=HYPERLINK(`)
    const again = await take(Buffer.from(content, 'base64'), { name: 'back.csv' })
    expect(again.counts).toMatchObject({ newAgencies: 0, refused: 0 })
    expect(await asked('select name from structure.agencies')).toEqual([{ name: '=HYPERLINK("http://x.example","Police")' }])
  })

  test('a new list renames an agency and keeps what else is known about it', async () => {
    await take(list('F1,Forum,police,P1,Police One,declared'))
    await city.owner.query("update structure.agencies set call_back = '+44 1632 960000'")
    expect((await take(list('F1,Forum,police,P1,City Police,declared'))).counts).toMatchObject({ newAgencies: 0, stored: 1 })
    expect(await asked('select name, call_back from structure.agencies')).toEqual([{ name: 'City Police', call_back: '+44 1632 960000' }])
  })

  test('nobody but an administrator imports, exports or fetches the sheet', async () => {
    for (const [verb, input] of [
      ['import', { files: [{ name: 'x', content: base64(header) }] }],
      ['export-members', {}],
      ['starter-sheet', {}],
    ] as const) {
      await expect(operate(member, verb, input)).rejects.toMatchObject({ kind: 'not-allowed' })
    }
  })

  test('the operator of the machine takes in a list, reads no rota, and takes in no workbook', async () => {
    const operator = await city.person('Operator', ['city:TST', 'kind:operator'])
    await take(list('F0,Other,police,P1,Police,declared'))
    await city.owner.query(`insert into structure.posts (id, code, agency_id, kind, title, label, world)
      select gen_random_uuid(), 'TST-DUT', a.id, 'duty', 'Duty', a.label, a.world from structure.agencies a limit 1`)
    const { counts, findings } = await take(list('F1,Forum,ambulance,A1,Ambulance,declared'), {}, operator)
    expect(counts).toMatchObject({ stored: 1, newAgencies: 1 })
    expect(findings.map(({ kind }) => kind)).toEqual(['forum-without-police'])
    expect(await asked('select kind from structure.findings')).toEqual([{ kind: 'forum-without-police' }])
    const workbook = await operate<{ content: string }>(administrator, 'starter-sheet', {})
    await expect(take(Buffer.from(workbook.content, 'base64'), { name: 'ours.xlsx' }, operator)).rejects.toMatchObject({
      kind: 'not-allowed',
    })
  })

  test('the hourly review finds and resolves by itself', async () => {
    await take(list('F1,Forum,police,P1,Police,declared'))
    await city.owner.query(`insert into structure.posts (id, code, agency_id, kind, title, label, world)
      select gen_random_uuid(), 'TST-DUT', a.id, 'duty', 'Duty', a.label, a.world from structure.agencies a limit 1`)
    const runner = startRunner(city.database, registry, area.jobs ?? [], (job, error) => {
      throw new Error(job, { cause: error })
    })
    await runner.runDue()
    await runner.stop()
    expect(
      (await asked('select kind, about from structure.findings where resolved_at is null order by kind')).map(
        ({ kind, about }) => `${kind} ${about}`,
      ),
    ).toEqual(['empty-post Duty (Police)', 'post-without-holder TST-DUT'])
  })

  test('a finding goes when the police come', async () => {
    expect((await take(list('F1,Forum,ambulance,A1,Ambulance,declared'))).findings.map(({ kind }) => kind)).toEqual([
      'forum-without-police',
    ])
    expect((await take(list('F1,Forum,police,P1,Police,declared'))).findings).toEqual([])
  })

  test('ten thousand lines come in without a crash', { timeout: 110_000 }, async () => {
    const many = [
      header,
      ...Array.from({ length: 10_000 }, (_, n) => `F${n % 100},Forum ${n % 100},voluntary,V${n},Helpers 🚒 ${n},declared`),
    ].join('\n')
    expect((await take(many)).counts).toMatchObject({ stored: 10_000, agencies: 10_000, memberships: 10_000 })
  })

  test('two hundred thousand broken lines are counted, and the first thousand told', { timeout: 60_000 }, async () => {
    const { counts, lines } = await take(
      [header, ...Array.from({ length: 200_000 }, (_, n) => `F1,Forum,wizards,V${n},Wizard ${n},declared`)].join('\n'),
    )
    expect(counts).toMatchObject({ lines: 200_000, refused: 200_000, stored: 0 })
    expect(lines).toHaveLength(1000)
  })
})

describe('the starter sheet', () => {
  const fill = (rows: Record<string, (string | number)[][]>) =>
    writeExcelFile(
      sheets.map((sheet) => ({ sheet: sheet.name, data: [sheet.columns.map(({ heading }) => heading), ...(rows[sheet.name] ?? [])] })),
    ).toBuffer()

  test('has a sheet that explains, and one for each list', async () => {
    const { content, name } = await operate<{ content: string; name: string }>(administrator, 'starter-sheet', {})
    const book = await readWorkbook(name, Buffer.from(content, 'base64'))
    expect([...book.keys()]).toEqual(['How to', ...sheets.map((sheet) => sheet.name)])
    expect(book.get('People')).toEqual([['Code', 'Name', 'Agency code', 'Mail', 'Mobile', 'Language', 'Needs']])
    expect((await take(Buffer.from(content, 'base64'), { name })).counts).toMatchObject({ lines: 0, stored: 0, refused: 0 })
  })

  test('filled in, it becomes agencies, posts, people and who holds what; bad rows are told by sheet and line, with what hangs on them', async () => {
    const workbook = await fill({
      Agencies: [
        ['police', 'TST-POL', 'Testham Police', 'Police', 'police', '+44 1632 960000'],
        ['Fire!', 'TST-FRS', 'Testham Fire', '', '', ''],
      ],
      Posts: [
        ['TST-POL-DUT', 'TST-POL', 'duty', 'Duty officer', 3],
        ['TST-FRS-DUT', 'TST-FRS', 'duty', 'Duty officer', 3],
      ],
      People: [
        ['ann.able', 'Ann Able', 'TST-POL', 'ann@testham.example', '+44 7700 900001', 'en', ''],
        ['bob.baker', 'Bob Baker', 'TST-POL', 'not mail', '', '', ''],
      ],
      'Duty hours': [['days', 'By day', '1,2,3,4,5', '07:00', '19:00', 'all']],
      Holdings: [
        ['TST-POL-DUT', 'ann.able', 'holder', 1, 'days'],
        ['TST-FRS-DUT', 'ann.able', 'deputy', 1, 'always'],
      ],
      Groups: [['SCG', 'Strategic Group', '', 'strategic', 'One strategy', '', '', 'TST-POL-DUT', '', '', 1]],
      Memberships: [['SCG', 'TST-POL', 'TST-POL-DUT', 'core', 'declared']],
      'Lead arrangements': [['any', 'any', 'response', 'TST-POL', 'Agreed']],
    })
    const preview = await take(workbook, { name: 'ours.xlsx', preview: true })
    expect(await count('agencies')).toBe(0)
    const { counts, lines } = await take(workbook, { name: 'ours.xlsx' })
    expect(preview.counts).toEqual(counts)
    expect(lines.map(({ sheet, line, field }) => [sheet, line, field])).toEqual([
      ['Agencies', 3, 'Type'],
      ['People', 3, 'Mail'],
      ['Posts', 3, 'Agency code'],
      ['Holdings', 3, 'Post code'],
    ])
    expect(counts).toMatchObject({ agencies: 1, posts: 1, people: 1, holdings: 1, groups: 1, memberships: 1, refused: 4 })
    expect(await asked('select channel, address from structure.contacts order by rank')).toEqual([
      { channel: 'sms', address: '+447700900001' },
      { channel: 'voice', address: '+447700900001' },
      { channel: 'mail', address: 'ann@testham.example' },
    ])
    const again = await take(workbook, { name: 'ours.xlsx' })
    expect(again.counts).toMatchObject({ newAgencies: 0, newGroups: 0, stored: counts.stored })
    expect(await count('holdings')).toBe(1)
  })

  test('what is no workbook is refused in words', async () => {
    await expect(
      take(Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), Buffer.alloc(100)]), { name: 'broken.xlsx' }),
    ).rejects.toMatchObject({ kind: 'invalid', field: 'files' })
  })
})

test('cells that a spreadsheet would run are made text, and come back as they were', () => {
  for (const text of ['=1+1', '+44', '-1', '@SUM(A1)', '\tx', '＝1']) {
    expect(guardCell(text)).toBe(`'${text}`)
    expect(unguardCell(guardCell(text))).toBe(text)
  }
  for (const text of ['Police', "'tis", 'a=b', '']) expect(unguardCell(guardCell(text))).toBe(text)
})

test('membership worked out from geography is told from what was declared', () => {
  expect(
    ['point-on-surface of LTLA21 within LRF20', 'HQ point within LRF20', 'ONS lookup LTLA21-FRA21', 'nearest boundary'].every(isDerived),
  ).toBe(true)
  expect(['declared', 'Charter 2024, annex B', 'memorandum of understanding'].some(isDerived)).toBe(false)
})
