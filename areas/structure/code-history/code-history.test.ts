import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { area } from '#areas/structure/area.ts'
import { type TestCity, testCity, type TestPerson } from '#core/db/testing.ts'
import { perform, registryOf } from '#core/operation/perform.ts'
import type { Network } from '../network/contract.ts'
import type { ImportReport } from '../sheets/contract.ts'
import type { CodeChange } from './contract.ts'
import { historyOf } from './rules.ts'

const registry = registryOf([area])
let city: TestCity
let administrator: TestPerson

const operate = <T>(verb: string, input: unknown, who = administrator) =>
  perform(city.database, registry, registry.named('structure', verb), input, who.enters(`structure.${verb}`)) as Promise<T>
const take = (files: Record<string, string>, preview = false) =>
  operate<ImportReport>('import', {
    files: Object.entries(files).map(([name, content]) => ({ name, content: Buffer.from(content).toString('base64') })),
    preview,
  })
const network = async () => (await operate<{ network: Network }>('network', {})).network
const membersOf = async (group: string) => {
  const { groups, memberships, agencies } = await network()
  const own = groups.find(({ code }) => code === group)?.id
  return memberships
    .filter(({ groupId }) => groupId === own)
    .map((row) => ({ ...row, agency: agencies.find(({ id }) => id === row.agencyId)! }))
}
const withoutPolice = ({ findings }: ImportReport) => findings.filter(({ kind }) => kind === 'forum-without-police')

const columns = 'org_type,old_code,old_name,new_code,new_name,since,basis'
// The source that the council changes of 2023 were made law by, and their codes in the Register of Geographic Codes of the Office for National Statistics.
const order = 'The Cumbria (Structural Changes) Order 2022 (SI 2022/331); ONS Register of Geographic Codes'
const cumbria = [
  columns,
  ...[
    ['E07000026', 'Allerdale', 'E06000063', 'Cumberland'],
    ['E07000028', 'Carlisle', 'E06000063', 'Cumberland'],
    ['E07000029', 'Copeland', 'E06000063', 'Cumberland'],
    ['E07000027', 'Barrow-in-Furness', 'E06000064', 'Westmorland and Furness'],
    ['E07000030', 'Eden', 'E06000064', 'Westmorland and Furness'],
    ['E07000031', 'South Lakeland', 'E06000064', 'Westmorland and Furness'],
    ['E10000006', 'Cumbria', 'E06000063', 'Cumberland'],
    ['E10000006', 'Cumbria', 'E06000064', 'Westmorland and Furness'],
  ].map((row) => ['local_authority', ...row, '2023-04-01', order].join(',')),
].join('\n')

beforeEach(async () => {
  city = await testCity()
  await city.owner.query("insert into access.city (code, name) values ('TST', 'Testham')")
  administrator = await city.person('Ada Administrator', ['city:TST', 'kind:administrator'])
})
afterEach(() => city?.end())

const folder = resolve('../shared/data/org')
const absent = !existsSync(`${folder}/uk_lrf_members.csv`)

describe.skipIf(absent)(`real forums${absent ? ' (skipped: ../shared/data/org is absent)' : ''}`, () => {
  const read = (name: string) => (absent ? '' : readFileSync(`${folder}/${name}`, 'utf8'))
  const forums = { 'uk_lrf_members.csv': read('uk_lrf_members.csv') }
  const lookups = {
    'lookup_ltla24_csp24_pfa24.csv': read('lookup_ltla24_csp24_pfa24.csv'),
    'lookup_ltla24_fra24.csv': read('lookup_ltla24_fra24.csv'),
  }

  test('Cumbria loses its police in a list joined by newer codes: the finding names the cause, and the code history mends it', {
    timeout: 120_000,
  }, async () => {
    const first = withoutPolice(await take({ ...forums, ...lookups }))
    expect(first).toHaveLength(1)
    expect(first[0]!.words).toMatch(
      /^Cumbria has no police agency .* 6 of its 6 local authorities carry codes that no lookup of areas knows: E07000026 Allerdale;/,
    )
    expect(first[0]!.words).toContain('code-changes.csv')
    expect((await membersOf('E48000006')).some(({ agency }) => agency.orgType === 'police')).toBe(false)

    const mended = await take({ 'code-changes.csv': cumbria })
    expect([mended.counts.codeChanges, mended.counts.refused, withoutPolice(mended)]).toEqual([8, 0, []])
    const members = await membersOf('E48000006')
    expect(members.filter(({ agency }) => agency.orgType === 'police')).toMatchObject([
      { derived: true, basis: 'lookup LTLA24-PFA24', kind: 'standing', agency: { orgCode: 'E23000002', name: 'Cumbria' } },
    ])
    const authorities = members.filter(({ agency }) => agency.orgType === 'local_authority').map(({ agency }) => agency.orgCode)
    expect(authorities).toEqual(expect.arrayContaining(['E06000063', 'E06000064', 'E07000026']))
    const before = Number((await city.owner.query('select count(*) from record.entry')).rows[0].count)
    await take({ 'code-changes.csv': cumbria, ...lookups })
    expect(Number((await city.owner.query('select count(*) from record.entry')).rows[0].count)).toBe(before)
  })

  test('with the history first, an old code in the list finds who carries it now, and each such line is told', {
    timeout: 120_000,
  }, async () => {
    const report = await take({ ...forums, 'code-changes.csv': cumbria, ...lookups }, true)
    expect(withoutPolice(report)).toEqual([])
    const stored = await take({ ...forums, 'code-changes.csv': cumbria, ...lookups })
    expect(stored.told).toEqual(report.told)
    expect(stored.told.map(({ words }) => words)).toEqual([
      'E07000026 is now part of E06000063 Cumberland since 2023.',
      'E07000027 is now part of E06000064 Westmorland and Furness since 2023.',
      'E07000028 is now part of E06000063 Cumberland since 2023.',
      'E07000029 is now part of E06000063 Cumberland since 2023.',
      'E07000030 is now part of E06000064 Westmorland and Furness since 2023.',
      'E07000031 is now part of E06000064 Westmorland and Furness since 2023.',
      // What their type says of agencies of which nobody had said a sector, for the whole of each list.
      ...[
        ['41', 'fire_and_rescue', 'fire'],
        ['284', 'local_authority', 'local-authority'],
        ['188', 'nhs_trust', 'hospital-health-system'],
        ['35', 'police', 'police'],
      ].map(
        ([count, type, sector]) =>
          `${count} agencies of type ${type}: sector ${sector}, because the list says so by the type. What the city had said already stays.`,
      ),
    ])
    expect(stored.counts.refused).toBe(0)
    const authorities = (await membersOf('E48000006')).filter(({ agency }) => agency.orgType === 'local_authority')
    expect(authorities.map(({ agency }) => `${agency.orgCode} ${agency.name}`).toSorted()).toEqual([
      'E06000063 Cumberland',
      'E06000064 Westmorland and Furness',
    ])
  })

  test('a fire service that crosses forum borders is one agency in several; London has two police forces in one forum', {
    timeout: 120_000,
  }, async () => {
    await take({ ...forums, ...lookups })
    const { agencies, memberships, groups } = await network()
    const devon = agencies.filter(({ orgCode }) => orgCode === 'E31000011')
    expect(devon).toMatchObject([{ orgType: 'fire_and_rescue', name: 'Devon & Somerset' }])
    const seats = memberships
      .filter(({ agencyId }) => agencyId === devon[0]!.id)
      .map(({ groupId }) => groups.find(({ id }) => id === groupId)?.name)
    expect(seats.toSorted()).toEqual(['Avon & Somerset', 'Devon, Cornwall & Isles of Scilly'])
    const police = (await membersOf('E48000021')).filter(({ agency }) => agency.orgType === 'police')
    expect(police.map(({ agency }) => agency.name).toSorted()).toEqual(['London, City of', 'Metropolitan Police'])
  })
})

test('an old code of other lists is followed too, and told; a split is refused with what it became, and a code that still stands means itself', async () => {
  await take({
    'code-changes.csv': cumbria,
    'agencies.csv': 'type,code,name\nlocal_authority,E06000063,Cumberland Council\nlocal_authority,E06000064,Westmorland',
  })
  const report = await take({
    'responsibilities.csv': [
      'activity,phase,agency_code,part',
      'Shelter,response,E07000026,accountable',
      'Shelter,recovery,E10000006,accountable',
      'Shelter,transition,E06000064,accountable',
    ].join('\n'),
    'links.csv': 'from,does_what,to\nagency:E07000030,informs,E07000028',
  })
  expect(report.told.map(({ words }) => words).toSorted()).toEqual([
    'E07000026 is now part of E06000063 Cumberland since 2023.',
    'E07000028 is now part of E06000063 Cumberland since 2023.',
    'E07000030 is now part of E06000064 Westmorland and Furness since 2023.',
  ])
  expect(report.lines).toMatchObject([
    {
      line: 3,
      field: 'Agency code',
      words: 'E10000006 Cumbria was split in 2023 into E06000063 Cumberland and E06000064 Westmorland and Furness. Say which is meant.',
    },
  ])
  expect((await network()).links).toHaveLength(1)
})

test('a split code in a list of members is a line, not a guess; the name that the city uses for the successor stays', async () => {
  await take({ 'code-changes.csv': cumbria, 'agencies.csv': 'type,code,name\nlocal_authority,E06000063,Cumberland Council' })
  const { lines, counts } = await take({
    'members.csv': [
      'lrf20_code,lrf20_name,org_type,org_code,org_name,basis',
      'F1,Forum,local_authority,E10000006,Cumbria County,declared',
      'F1,Forum,local_authority,E07000026,Allerdale,declared',
      'F1,Forum,local_authority,E07000028,Carlisle,declared',
    ].join('\n'),
  })
  expect(lines).toMatchObject([{ line: 2, field: 'org_code', words: expect.stringContaining('was split in 2023') }])
  expect(counts).toMatchObject({ stored: 2, agencies: 1, memberships: 1 })
  expect((await network()).agencies.map(({ name }) => name)).toEqual(['Cumberland Council'])
})

test('a bad line of changes is told: a day that is none, a code that becomes itself or comes back, the same twice', async () => {
  const line = (...cells: string[]) => ['local_authority', ...cells, 'A source'].join(',')
  const { lines, counts } = await take({
    'code-changes.csv': [
      columns,
      line('A', 'Old', 'B', 'New', '2023-02-31'),
      line('A', 'Old', 'A', 'Old', '2023-04-01'),
      line('A', 'Old', 'B', 'New', '2023-04-01'),
      line('B', 'New', 'C', 'Newer', '2024-04-01'),
      line('C', 'Newer', 'A', 'Old', '2025-04-01'),
      line('A', 'Old', 'B', 'New', '2023-04-01'),
      line('D', '', 'E', 'New', '2023-04-01'),
    ].join('\n'),
  })
  expect(lines.map(({ line: at, field }) => [at, field])).toEqual([
    [2, 'since'],
    [3, 'new_code'],
    [6, 'new_code'],
    [7, 'new_code'],
    [8, 'old_name'],
  ])
  expect(counts).toMatchObject({ codeChanges: 2, refused: 5 })
  expect((await operate<{ changes: CodeChange[] }>('code-history', {})).changes).toHaveLength(2)
  const stranger = await city.person('Sol Stranger', ['city:ELSE'])
  expect((await operate<{ changes: CodeChange[] }>('code-history', {}, stranger)).changes).toEqual([])
})

test('a lookup without a force or a service is refused, and one that names two for an area is told', async () => {
  const regions = await take({
    'regions.csv': 'ltla24_name,ltla24_code,region24_name,region24_code\nHartlepool,E06000001,North East,E12000001',
  })
  expect(regions.lines).toMatchObject([
    { line: 1, field: 'region24_code', words: expect.stringContaining('Nothing of this file was stored') },
  ])
  const twice = await take({ 'fire.csv': 'ltla24_code,ltla24_name,fra24_code,fra24_name\nA,Area,F1,One\nA,Area,F2,Two\nA,Area,F1,One' })
  expect(twice.lines).toMatchObject([{ line: 3, field: 'fra24_code' }])
  expect(twice.counts).toMatchObject({ areas: 1, stored: 2 })
})

test('a code is followed through as many changes as there were; a split on the way stops it', () => {
  const change = (orgCode: string, successorCode: string, since: string): CodeChange => ({
    orgType: 'local_authority',
    orgCode,
    name: orgCode,
    successorCode,
    successorName: `The ${successorCode}`,
    since,
    basis: 'A source',
  })
  const history = historyOf([
    change('A', 'B', '2009-04-01'),
    change('B', 'C', '2019-04-01'),
    change('X', 'A', '1999-04-01'),
    change('S', 'T', '2020-04-01'),
    change('S', 'U', '2020-04-01'),
  ])
  expect(history.ofAgency('local_authority', 'X')).toMatchObject({ kind: 'now', orgCode: 'C', words: 'X is now C The C since 2019' })
  expect(history.ofAgency('police', 'X')).toEqual({ kind: 'same' })
  expect(history.ofCode('S')).toMatchObject({ kind: 'split' })
  expect(history.circles('local_authority', 'C', 'X')).toBe(true)
  expect(history.circles('local_authority', 'C', 'D')).toBe(false)
})
