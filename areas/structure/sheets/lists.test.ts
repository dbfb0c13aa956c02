import writeExcelFile from 'write-excel-file/node'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { area } from '#areas/structure/area.ts'
import { type TestCity, testCity, type TestPerson } from '#core/db/testing.ts'
import { perform, registryOf } from '#core/operation/perform.ts'
import type { Network } from '../network/contract.ts'
import type { ImportReport } from './contract.ts'
import { sheetOf, sheets } from './rules/starter.ts'

const registry = registryOf([area])
let city: TestCity
let administrator: TestPerson

const operate = <T>(who: TestPerson, verb: string, input: unknown) =>
  perform(city.database, registry, registry.named('structure', verb), input, who.enters(`structure.${verb}`)) as Promise<T>
const take = (files: Record<string, string | Buffer>, more: { preview?: boolean; complete?: boolean } = {}, who = administrator) =>
  operate<ImportReport>(who, 'import', {
    files: Object.entries(files).map(([name, content]) => ({ name, content: Buffer.from(content).toString('base64') })),
    ...more,
  })
const asked = async (statement: string) => (await city.owner.query(statement)).rows
const count = async (table: string) => Number((await asked(`select count(*) from ${table}`))[0].count)
const network = async () => (await operate<{ network: Network }>(administrator, 'network', {})).network
const csv = (...lines: string[]) => lines.join('\r\n')
const where = ({ lines }: ImportReport) => lines.map(({ file, line, field }) => [file, line, field])

const base = {
  'agencies.csv': csv(
    'type,code,name,branch_of_agency_code,services',
    'police,POL,Testham Police,,search; rescue',
    'control_room,PCR,Police Control,POL,',
    'fire_and_rescue,FRS,Testham Fire,,',
  ),
  'posts.csv': csv(
    'code,agency_code,kind,title,place_code,competences',
    'POL-DUT,POL,duty,Duty officer,HQ,command; logging',
    'FRS-DUT,FRS,duty,Duty officer,,',
  ),
  'places.csv': csv('place_code,place', 'HQ,Headquarters'),
  'groups.csv': csv(
    'code,name,tier,chair_post_code,terms_of_reference,cells,records_owner_post_code,review_by,place_code',
    'SCG,Strategic Group,strategic,POL-DUT,It decides for no agency,Legal; Map,POL-DUT,2027-03-31,HQ',
    'TCG,Tactical Group,tactical,,,,,,',
  ),
  'media.csv': csv(
    'medium_code,medium,depends_on',
    'radio,Radio,',
    'mobile,Mobile,mobile-network mains-power',
    'chat,Chat,internet;mobile-network',
  ),
  'links.csv': csv(
    'from,does_what,to,by_medium,backup_medium,carries,last_tested',
    'SCG,directs,TCG,radio,mobile,strategy; priorities,2026-02-17',
    'post:FRS-DUT,informs,group:TCG,mobile,,situation,',
    'agency:PCR,informs,POL-DUT,radio,chat,calls,2026-02-17T10:00:00+01:00',
  ),
  'responsibilities.csv': csv(
    'activity,phase,agency_code,part,joint_by_law',
    'Warn the public,response,POL,accountable,Act of Testham',
    'Warn the public,response,FRS,accountable,Act of Testham',
    'Warn the public,recovery,FRS,responsible,',
  ),
  'products.csv': csv(
    'product_code,product,producer_agency_code,channel_medium_code,protocol,receivers_agency_codes',
    'picture,Common picture,PCR,chat,Sharing agreement,POL; FRS',
    'outages,Outages,,,,',
  ),
  'variants.csv': csv(
    'group_code,incident_type,band_of_time,effect,agency_code,post_code,basis',
    'SCG,cbrn,any,joins,FRS,,Plan',
    'SCG,any,recovery,chairs,,FRS-DUT,Plan',
  ),
}

beforeEach(async () => {
  city = await testCity()
  await city.owner.query("insert into access.city (code, name) values ('TST', 'Testham')")
  administrator = await city.person('Ada Administrator', ['city:TST', 'kind:administrator'])
})
afterEach(() => city?.end())

describe('each list as a file of its own', () => {
  test('is known by its headings, as the sheet or as a file writes them; two lists are never taken for each other', () => {
    for (const sheet of sheets) {
      expect(sheetOf(sheet.columns.map(({ heading }) => heading))).toBe(sheet)
      expect(sheetOf(sheet.columns.filter(({ required }) => required).map(({ heading }) => heading))).toBe(sheet)
      expect(sheetOf(sheet.columns.map(({ heading }) => heading.toUpperCase().replaceAll(' ', '_')))).toBe(sheet)
    }
    expect(sheetOf(['a', 'b'])).toBeUndefined()
  })

  test('all of them at once become the network: the order of the files is nobody’s care; a preview says the same and stores nothing', async () => {
    const preview = await take(base, { preview: true })
    expect(await count('structure.agencies')).toBe(0)
    const { counts, lines, told } = await take(base)
    expect([lines, told]).toEqual([[], []])
    expect(preview.counts).toEqual(counts)
    expect(counts).toMatchObject({ agencies: 3, posts: 2, groups: 2, links: 3, responsibilities: 3, products: 2, variants: 2, refused: 0 })
    const it = await network()
    const id = (list: ReadonlyArray<{ id: string; code?: string; orgCode?: string }>, code: string) =>
      list.find((row) => row.code === code || row.orgCode === code)!.id
    expect(it.agencies.find(({ orgCode }) => orgCode === 'PCR')?.parentId).toBe(id(it.agencies, 'POL'))
    expect(it.agencies.find(({ orgCode }) => orgCode === 'POL')?.services).toEqual(['search', 'rescue'])
    expect(it.groups[0]).toMatchObject({
      cells: ['Legal', 'Map'],
      termsOfReference: 'It decides for no agency',
      placeId: id(it.places, 'HQ'),
      recordsOwnerPostId: id(it.posts, 'POL-DUT'),
      reviewAt: '2027-03-31T00:00:00Z',
    })
    expect(it.posts[1]).toMatchObject({ competences: ['command', 'logging'], placeId: id(it.places, 'HQ') })
    expect(it.media.find(({ code }) => code === 'mobile')?.dependsOn).toEqual(['mobile-network', 'mains-power'])
    const control = it.links.find(({ from }) => from.kind === 'agency')
    expect(control).toMatchObject({
      from: { id: id(it.agencies, 'PCR') },
      to: { kind: 'post', id: id(it.posts, 'POL-DUT') },
      backupMediumId: id(it.media, 'chat'),
      testedAt: '2026-02-17T09:00:00Z',
    })
    expect(it.products.find(({ code }) => code === 'picture')?.receiverAgencyIds.toSorted()).toEqual(
      [id(it.agencies, 'POL'), id(it.agencies, 'FRS')].toSorted(),
    )
    expect(it.responsibilities.filter(({ jointBasis }) => jointBasis === 'Act of Testham')).toHaveLength(2)
    expect(it.variants.map(({ effect }) => effect).toSorted()).toEqual(['chairs', 'joins'])
    expect(await asked('select distinct l.marking from structure.links k join access.label l on l.id = k.label')).toEqual([
      { marking: 'TLP:AMBER' },
    ])
  })

  test('twice is once: not an entry, not a version', async () => {
    await take(base)
    const before = [await count('record.entry'), await count('structure.versions')]
    const { told } = await take(base, { complete: true })
    expect([await count('record.entry'), await count('structure.versions')]).toEqual(before)
    expect(told).toEqual([])
  })

  test('what a file does not say stays; an empty cell takes away; an old list undoes no test', async () => {
    await take(base)
    await city.owner.query("update structure.links set tested_at = '2026-05-01T00:00Z' where tested_at is not null")
    await take({
      'agencies.csv': csv('type,code,name', 'police,POL,City Police'),
      'links.csv': csv('from,does_what,to,by_medium,last_tested', 'SCG,directs,TCG,radio,2026-01-01', 'post:FRS-DUT,informs,group:TCG,,'),
      'groups.csv': csv('code,name,tier,cells', 'SCG,Strategic Group,strategic,'),
    })
    const it = await network()
    expect(it.agencies.find(({ orgCode }) => orgCode === 'POL')).toMatchObject({ name: 'City Police', services: ['search', 'rescue'] })
    const [directs, informs] = ['directs', 'informs'].map(
      (kind) => it.links.find((link) => link.kind === kind && link.to.kind === 'group')!,
    )
    expect(directs).toMatchObject({ backupMediumId: it.media.find(({ code }) => code === 'mobile')!.id, testedAt: '2026-05-01T00:00:00Z' })
    expect(informs).toMatchObject({ primaryMediumId: null, carries: ['situation'] })
    expect(it.groups.find(({ code }) => code === 'SCG')).toMatchObject({ cells: [], termsOfReference: 'It decides for no agency' })
  })
})

describe('what falls out of a later list', () => {
  const shorter = csv('from,does_what,to', 'SCG,directs,TCG')

  test('stays, and is told; a complete list ends it, told before it is done; an ended link stays in the record and may come back', async () => {
    await take(base)
    const partial = await take({ 'links.csv': shorter })
    expect(partial.told).toEqual([
      expect.objectContaining({ line: null, words: expect.stringMatching(/^2 that stand now .*FRS-DUT informs TCG.*They stay/) }),
    ])
    expect((await network()).links).toHaveLength(3)
    const preview = await take({ 'links.csv': shorter }, { preview: true, complete: true })
    expect(preview.told[0]!.words).toContain('would be ended')
    expect((await network()).links).toHaveLength(3)
    const done = await take({ 'links.csv': shorter }, { complete: true })
    expect([done.counts.ended, preview.counts.ended]).toEqual([2, 2])
    expect((await network()).links).toHaveLength(1)
    expect(await count('structure.links')).toBe(3)
    expect((await network()).responsibilities).toHaveLength(3)
    await take({ 'links.csv': base['links.csv'] })
    expect((await network()).links).toHaveLength(3)
  })

  test('a complete list of which one line cannot be read ends nothing: the line may have said so', async () => {
    await take(base)
    const { told, counts } = await take({ 'links.csv': `${shorter}\r\nSCG,commands,TCG` }, { complete: true })
    expect([counts.refused, counts.ended]).toEqual([1, 0])
    expect(told[0]!.words).toContain('They stay: a list with lines that cannot be read is not complete')
    expect((await network()).links).toHaveLength(3)
  })

  test('a complete list with nothing in it is not taken for an order to end everything', async () => {
    await take(base)
    const { counts } = await take({ 'links.csv': 'from,does_what,to' }, { complete: true })
    expect([counts.refused, counts.ended]).toEqual([1, 0])
    expect((await network()).links).toHaveLength(3)
  })

  test('a product that is left out by a complete list, and named again, is the same product', async () => {
    await take(base)
    const [before] = (await network()).products
    await take({ 'products.csv': csv('product_code,product', 'picture,Common picture') }, { complete: true })
    expect((await network()).products.map(({ code }) => code)).toEqual(['picture'])
    await take({ 'products.csv': base['products.csv'] })
    expect((await network()).products[0]).toEqual(before)
  })
})

describe('bad input', () => {
  test('two rows for one agency, unknown codes, a link to itself, a backup that is the medium, a branch of itself: lines, and the rest is stored', async () => {
    const report = await take({
      ...base,
      'agencies.csv': csv(
        'type,code,name,branch_of_agency_code',
        'police,POL,Testham Police,',
        'police,POL,Testham Constabulary,',
        'control_room,PCR,Police Control,POL',
        'fire_and_rescue,FRS,Testham Fire,',
        'ambulance,A1,One,A2',
        'ambulance,A2,Two,A1',
        'ambulance,A3,Three,A3',
      ),
      'links.csv': csv(
        'from,does_what,to,by_medium,backup_medium',
        'SCG,directs,TCG,radio,mobile',
        'SCG,directs,SCG,radio,',
        'SCG,informs,NOWHERE,radio,',
        'TCG,informs,SCG,smoke,',
        'TCG,reports,SCG,radio,radio',
        'TCG,obeys,SCG,radio,',
        'SCG,directs,TCG,mobile,',
      ),
      'variants.csv': csv(
        'group_code,incident_type,band_of_time,effect,agency_code,post_code',
        'SCG,any,any,joins,FRS,',
        'SCG,cbrn,any,joins,,',
        'SCG,cbrn,any,chairs,FRS,',
      ),
    })
    expect(where(report).toSorted()).toEqual(
      [
        ['agencies.csv', 3, 'Code'],
        ['agencies.csv', 6, 'Branch of (agency code)'],
        ['agencies.csv', 7, 'Branch of (agency code)'],
        ['agencies.csv', 8, 'Branch of (agency code)'],
        ['links.csv', 3, 'To'],
        ['links.csv', 4, 'To'],
        ['links.csv', 5, 'By medium'],
        ['links.csv', 6, 'Backup medium'],
        ['links.csv', 7, 'Does what'],
        ['links.csv', 8, 'To'],
        ['variants.csv', 2, 'Band of time'],
        ['variants.csv', 3, 'Agency code'],
        ['variants.csv', 4, 'Post code'],
      ].toSorted(),
    )
    const it = await network()
    expect(it.agencies.map(({ name }) => name).toSorted()).toEqual(['Police Control', 'Testham Fire', 'Testham Police'])
    expect(it.links).toHaveLength(1)
    expect(it.variants).toHaveLength(0)
  })

  test('a cycle of reporting is stored as it stands and told, by name; to direct is to be reported to', async () => {
    const { told, lines } = await take({
      ...base,
      'links.csv': csv(
        'from,does_what,to',
        'SCG,directs,TCG',
        'SCG,reports,POL-DUT',
        'agency:POL,informs,SCG',
        'TCG,directs,POL-DUT',
        'TCG,liaises,SCG',
      ),
    })
    expect(lines).toEqual([])
    expect(told.map(({ words }) => words)).toEqual([
      expect.stringMatching(/^Reporting goes round in a circle: .*(SCG to POL-DUT to TCG|POL-DUT to TCG to SCG|TCG to SCG to POL-DUT)/),
    ])
    expect((await network()).links).toHaveLength(5)
  })

  test('a group without a chair, a chair who deputises for itself, a person in two places: findings', async () => {
    await take({
      ...base,
      'places.csv': csv('place_code,place', 'HQ,Headquarters', 'DEPOT,Depot'),
      'posts.csv': csv(
        'code,agency_code,kind,title,place_code',
        'POL-DUT,POL,duty,Duty officer,HQ',
        'POL-CHR,POL,chair,Chair,DEPOT',
        'FRS-DUT,FRS,duty,Duty officer,',
      ),
      'groups.csv': csv(
        'code,name,tier,chair_post_code,deputy_chair_post_code',
        'SCG,Strategic,strategic,POL-DUT,POL-DUT',
        'TCG,Tactical,tactical,,',
        'MAIC,Cell,operational,POL-DUT,POL-CHR',
      ),
      'people.csv': csv('code,name,agency_code', 'ann.able,Ann Able,POL'),
      'holdings.csv': csv('post_code,person_code,holder_or_deputy', 'POL-DUT,ann.able,holder', 'POL-CHR,ann.able,holder'),
    })
    const { findings } = await operate<{ findings: { kind: string; about: string; words: string }[] }>(administrator, 'findings', {})
    const of = (kind: string) => findings.filter((finding) => finding.kind === kind)
    expect(of('group-without-chair').map(({ about }) => about)).toEqual(['TCG'])
    expect(of('deputy-of-oneself').map(({ about, words }) => [about, words.split(' ')[0]])).toEqual([
      ['MAIC', 'Ann'],
      ['SCG', 'The'],
    ])
    expect(of('person-holding-two-posts')[0]?.words).toMatch(/different places: Depot, Headquarters/)
    await take({ 'groups.csv': csv('code,name,tier,chair_post_code', 'TCG,Tactical,tactical,FRS-DUT') })
    const after = await operate<{ findings: { kind: string }[] }>(administrator, 'findings', {})
    expect(after.findings.some(({ kind }) => kind === 'group-without-chair')).toBe(false)
  })

  test('a deputy of oneself, and one person in two agencies, are lines', async () => {
    const report = await take({
      ...base,
      'people.csv': csv('code,name,agency_code', 'ann.able,Ann Able,POL', 'ann.able,Ann Able,FRS'),
      'holdings.csv': csv('post_code,person_code,holder_or_deputy', 'POL-DUT,ann.able,holder', 'POL-DUT,ann.able,deputy'),
    })
    expect(where(report)).toEqual([
      ['people.csv', 3, 'Code'],
      ['holdings.csv', 3, 'Person code'],
    ])
    expect(report.lines[1]!.words).toContain('nobody deputises for themselves')
    expect(await asked('select capacity from structure.holdings')).toEqual([{ capacity: 'holder' }])
  })

  test('a code that two agencies or a group and an agency share means nothing alone, and is never guessed', async () => {
    await take({
      ...base,
      'agencies.csv': csv(
        'type,code,name',
        'police,POL,Testham Police',
        'transport_police,POL,Rail Police',
        'control_room,PCR,Control',
        'fire_and_rescue,FRS,Fire',
        'voluntary,SCG,Sea Crew Guild',
      ),
      'posts.csv': csv('code,agency_code,kind,title', 'POL-DUT,police:POL,duty,Duty officer', 'FRS-DUT,FRS,duty,Duty'),
      'links.csv': '',
      'responsibilities.csv': '',
      'products.csv': '',
      'variants.csv': '',
      'groups.csv': csv('code,name,tier', 'SCG,Strategic,strategic', 'TCG,Tactical,tactical'),
    }).catch(() => undefined)
    const files = Object.fromEntries(
      Object.entries({
        'agencies.csv': csv(
          'type,code,name',
          'police,POL,Testham Police',
          'transport_police,POL,Rail Police',
          'voluntary,SCG,Sea Crew Guild',
        ),
        'groups.csv': csv('code,name,tier', 'SCG,Strategic,strategic', 'TCG,Tactical,tactical'),
        'links.csv': csv(
          'from,does_what,to',
          'SCG,directs,TCG',
          'agency:SCG,informs,TCG',
          'agency:POL,informs,TCG',
          'agency:police:POL,informs,TCG',
        ),
      }),
    )
    const report = await take(files)
    expect(report.lines.map(({ line, words }) => [line, words])).toEqual([
      [2, 'SCG is a group and a agency. Write group:SCG or agency:SCG.'],
      [4, expect.stringContaining('agency')],
    ])
    expect((await network()).links).toHaveLength(2)
  })

  test('formulas, Arabic, right-to-left marks, emoji, NUL, UTF-16 and Windows-1252 in a list', async () => {
    await take(base)
    const report = await take({
      'media.csv': csv(
        'medium_code,medium,depends_on',
        'f1,"=HYPERLINK(""http://x.example"")",',
        'ar,راديو المدينة 📻,',
        'rtl,\u202Eoidar,',
        'nul,a\u0000b,',
        '=1+1,Formula code,',
      ),
    })
    expect(where(report)).toEqual([['media.csv', 5, 'Medium']])
    const names = Object.fromEntries((await network()).media.map(({ code, name }) => [code, name]))
    expect(names).toMatchObject({ f1: '=HYPERLINK("http://x.example")', ar: 'راديو المدينة 📻', '=1+1': 'Formula code' })
    const wide = await take({ 'places.csv': Buffer.from(`\uFEFF${csv('place_code;place', 'Q;Café')}`, 'utf16le') })
    expect([wide.counts.stored, wide.lines]).toEqual([1, []])
    const old = await take({
      'places.csv': Buffer.concat([Buffer.from('place_code,place\nW,Caf'), Buffer.from([0xe9]), Buffer.from('\n')]),
    })
    expect(old.lines).toEqual([expect.objectContaining({ line: 2, words: expect.stringContaining('UTF-8') })])
  })

  test('an unknown heading is told, and what stands under it is not read', async () => {
    const { told, lines } = await take({ 'places.csv': csv('place_code,place,address', 'HQ,Headquarters,1 Some Street') })
    expect(lines).toEqual([])
    expect(told).toEqual([expect.objectContaining({ file: 'places.csv', line: 1, words: expect.stringContaining('address') })])
    expect(JSON.stringify(await asked('select * from structure.places'))).not.toContain('Street')
  })

  test('a workbook of lists, and one that has some sheets only', async () => {
    await take(base)
    const data = [
      ['From', 'Does what', 'To', 'Last tested'],
      ['TCG', 'reports', 'SCG', new Date('2026-03-01T00:00:00Z')],
    ]
    const book = await writeExcelFile([
      {
        sheet: 'Links',
        data: data.map((row) =>
          row.map((value) => (value instanceof Date ? { value, type: Date, format: 'yyyy-mm-dd' } : { value, type: String })),
        ),
      },
    ]).toBuffer()
    const { counts, lines, told } = await take({ 'ours.xlsx': book })
    expect([counts.links, lines]).toEqual([1, []])
    expect(told[0]!.words).toContain('They stay')
    expect((await network()).links.find(({ kind }) => kind === 'reports')?.testedAt).toBe('2026-03-01T00:00:00Z')
  })

  test('two hundred thousand links to nowhere: counted, the first thousand told, nothing stored, nobody waits for ever', {
    timeout: 120_000,
  }, async () => {
    await take(base)
    const many = ['from,does_what,to', ...Array.from({ length: 200_000 }, (_, n) => `SCG,informs,NOWHERE-${n}`)].join('\n')
    const { counts, lines } = await take({ 'links.csv': many })
    expect(counts).toMatchObject({ lines: 200_000, refused: 200_000, stored: 0 })
    expect(lines).toHaveLength(1000)
    expect((await network()).links).toHaveLength(3)
  })

  test('nobody but an administrator takes in a list of the network; the operator of the machine takes in code changes', async () => {
    const [secretariat, operator] = [
      await city.person('Sec', ['city:TST', 'kind:secretariat']),
      await city.person('Operator', ['city:TST', 'kind:operator']),
    ]
    for (const who of [secretariat, operator])
      await expect(take({ 'links.csv': base['links.csv'] }, {}, who)).rejects.toMatchObject({ kind: 'not-allowed' })
    const changes = csv('org_type,old_code,old_name,new_code,new_name,since,basis', 'local_authority,A,Old,B,New,2023-04-01,Order')
    expect((await take({ 'code-changes.csv': changes }, {}, operator)).counts).toMatchObject({ codeChanges: 1, refused: 0 })
  })
})
