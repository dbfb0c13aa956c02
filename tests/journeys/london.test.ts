import { existsSync, readFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { area as response } from '#areas/response/area.ts'
import type { Incident } from '#areas/response/contract.ts'
import { openIncident } from '#areas/response/incidents/contract.ts'
import { admitPerson } from '#areas/response/members/contract.ts'
import { writeEntry } from '#areas/response/timeline/contract.ts'
import { area as sharing } from '#areas/sharing/area.ts'
import { structureArea } from '#areas/structure/area.ts'
import { analyseCity, type CityAnalysis } from '#areas/structure/city-analysis/contract.ts'
import { importCity } from '#areas/structure/city-import/contract.ts'
import { type Network, network, type VersionLine } from '#areas/structure/network/contract.ts'
import { type Observed, observed } from '#areas/structure/observed/contract.ts'
import { giveVerdict, offerReview, proposeReview, review, type ReviewDetail } from '#areas/structure/review/contract.ts'
import { adoptDue } from '#areas/structure/review/store.ts'
import { importFiles, type ImportReport } from '#areas/structure/sheets/contract.ts'
import { liveWorld, type TestPerson } from '#core/db/testing.ts'
import { id } from '#core/id.ts'
import { acknowledge, open } from '#core/record/reading/contract.ts'
import { recordCity, type RecordCity } from '#core/record/testing.ts'

const file = '../shared/data/org/uk_lrf_members.csv'
const there = existsSync(file)
const london = 'E48000021'
/** Three of London's members, with fictional people in fictional posts. */
const three = [
  { agency: 'E23000001', name: 'Metropolitan Police', code: 'MET' },
  { agency: 'E31000046', name: 'London Fire and Emergency Planning Authority', code: 'FIRE' },
  { agency: 'E09000007', name: 'Camden', code: 'CAMDEN' },
]

describe.skipIf(!there)(`a real forum, from its list to what was observed${there ? '' : ' (SKIPPED: ../shared is not here)'}`, () => {
  let scene: RecordCity
  let administrator: TestPerson
  const people = new Map<string, TestPerson>()
  const who = (code: string) => people.get(code)!
  const now = async () => (await scene.as<{ network: Network; versions: VersionLine[] }>(administrator, network, {})).network
  const group = (whole: Network) => whole.groups.find(({ code }) => code === london)!

  beforeAll(async () => {
    scene = await recordCity('test', [structureArea([sharing, response]), sharing, response])
    administrator = await scene.city.person('Ada Administrator', ['city:test', 'kind:administrator'])
  })
  afterAll(() => scene?.end())

  /** A session for somebody whom an import named. */
  async function session(code: string, name: string): Promise<void> {
    const found = await scene.city.owner.query<{ id: string }>('select id from structure.people where code = $1', [code])
    const personId = found.rows[0]!.id
    const key = randomBytes(24).toString('base64url')
    await scene.city.owner.query(
      "insert into access.session (key_hash, person, kind, expires_at) values (sha256($1), $2, 'browser', clock_timestamp() + interval '1 day')",
      [Buffer.from(key), personId],
    )
    people.set(code, { personId, key, enters: (operation = name, world = liveWorld) => ({ key, world, operation }) })
  }

  test('its list is taken in, its findings say what is missing, three agencies sign a mend, an incident stands on it, and who told whom is laid over it', async () => {
    const report = await scene.as<ImportReport>(administrator, importFiles, {
      files: [{ name: 'members.csv', content: readFileSync(file).toString('base64') }],
    })
    expect(report.counts).toMatchObject({ refused: 0, groups: 35 })
    const city = {
      posts: three.flatMap(({ agency, code }) => [
        { code: `${code}-EXE`, agency, kind: 'executive', title: `Chief officer on call (${code})` },
        { code: `${code}-WATCH`, agency, kind: 'watch-officer', title: `Watch officer (${code})` },
      ]),
      people: three.flatMap(({ agency, code }) => [
        { code: `exe.${code}`, name: `Executive of ${code}`, agency },
        { code: `watch.${code}`, name: `Watch of ${code}`, agency },
      ]),
      holdings: three.flatMap(({ code }) => [
        { post: `${code}-EXE`, person: `exe.${code}`, capacity: 'holder' },
        { post: `${code}-WATCH`, person: `watch.${code}`, capacity: 'holder' },
      ]),
    }
    await scene.as(administrator, importCity, { city })
    for (const { code } of three) for (const kind of ['exe', 'watch']) await session(`${kind}.${code}`, code)

    // What is wrong with it: nobody chairs it.
    const analysed = await scene.as<CityAnalysis>(administrator, analyseCity, {})
    const before = group(await now())
    expect(before).toMatchObject({ name: 'London', chairPostId: null, quorum: null })
    const ofLondon = analysed.findings.filter(({ who: named }) => named.some((one) => one.id === before.id)).map(({ kind }) => kind)
    expect(ofLondon).toContain('group-without-chair')

    // A mend: the three sit as core members in named posts, the police chair, two are a quorum, and the fire service informs the council.
    const whole = await now()
    const agencyId = (code: string) => whole.agencies.find(({ orgCode }) => orgCode === code)!.id
    const postId = (code: string) => whole.posts.find((post) => post.code === code)!.id
    const mended: Network = {
      ...whole,
      groups: whole.groups.map((one) => (one.id === before.id ? { ...one, chairPostId: postId('MET-EXE'), quorum: 2 } : one)),
      memberships: whole.memberships.map((one) => {
        const seat = three.find(({ agency }) => one.groupId === before.id && one.agencyId === agencyId(agency))
        return seat ? { ...one, kind: 'core' as const, postId: postId(`${seat.code}-EXE`) } : one
      }),
      links: [
        {
          id: id(),
          from: { kind: 'agency', id: agencyId('E31000046') },
          to: { kind: 'agency', id: agencyId('E09000007') },
          kind: 'informs',
          primaryMediumId: null,
          backupMediumId: null,
          carries: ['situation'],
          testedAt: null,
        },
      ],
    }
    const { reviewId } = await scene.as<{ reviewId: string }>(who('exe.MET'), proposeReview, {
      title: 'London has a chair',
      reason: 'The analysis found none.',
      trigger: 'finding',
      network: mended,
    })
    const soon = new Date(Date.now() + 1500).toISOString()
    const nextDueAt = new Date(Date.now() + 182 * 86_400_000).toISOString()
    await scene.as(who('exe.MET'), offerReview, { reviewId, signBy: soon, effectiveAt: soon, nextDueAt })
    const read = (code: string) => scene.as<ReviewDetail>(who(code), review, { reviewId })
    expect((await read('exe.FIRE')).parties.map(({ agencyName }) => agencyName).toSorted()).toEqual(
      three.map(({ name }) => name).toSorted(),
    )
    for (const { code, agency } of three)
      await scene.as(who(`exe.${code}`), giveVerdict, {
        reviewId,
        agencyId: agencyId(agency),
        verdict: 'signed',
        hash: (await read(`exe.${code}`)).hash,
      })
    await new Promise((resolve) => setTimeout(resolve, 1600))
    await scene.city.database.jobs('structure.adoptReviews', liveWorld, (tx) => adoptDue(tx, new Date()))
    const adopted = await read('exe.CAMDEN')
    expect(adopted.state).toBe('adopted')
    expect(group(await now())).toMatchObject({ chairPostId: postId('MET-EXE'), quorum: 2 })
    const again = await scene.as<CityAnalysis>(administrator, analyseCity, {})
    expect(
      again.findings.filter(({ kind, who: named }) => kind === 'group-without-chair' && named.some((one) => one.id === before.id)),
    ).toEqual([])

    // An incident on it pins that version, for good.
    const incident = await scene.as<Incident>(who('watch.FIRE'), openIncident, {
      name: 'Market hall',
      incidentType: 'fire',
      groups: [before.id],
    })
    expect(incident.structureVersion).toBe(adopted.versionNumber)
    for (const code of ['exe.MET', 'exe.CAMDEN'])
      await scene.as(who('watch.FIRE'), admitPerson, { incidentId: incident.id, personId: who(code).personId, reason: 'Core member.' })
    const entry = await scene.as<{ id: string }>(who('watch.FIRE'), writeEntry, { incidentId: incident.id, text: 'The hall is cleared.' })
    await scene.place()
    for (const code of ['exe.MET', 'exe.CAMDEN']) await scene.as(who(code), open, { table: 'response.log_entries', id: entry.id })
    await scene.as(who('exe.CAMDEN'), acknowledge, { table: 'response.log_entries', id: entry.id })

    // Afterwards: who told whom, over what was declared. Looked at by a chair who took part.
    await scene.city.owner.query("select access.put_reach($1, 'kind:chair', clock_timestamp() - interval '1 second', null, 'test')", [
      who('exe.MET').personId,
    ])
    await scene.place()
    const seen = await scene.as<Observed>(who('exe.MET'), observed, { incidentId: incident.id })
    const told = seen.pairs.map(({ fromId, toId, acknowledged, state }) => ({ fromId, toId, acknowledged, state }))
    expect(told).toContainEqual({ fromId: agencyId('E31000046'), toId: agencyId('E09000007'), acknowledged: 1, state: 'used' })
    expect(told).toContainEqual(expect.objectContaining({ fromId: agencyId('E31000046'), toId: agencyId('E23000001') }))
  })
})
