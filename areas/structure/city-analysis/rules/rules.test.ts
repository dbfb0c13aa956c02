import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Network } from '../../network/contract.ts'
import { inventedNetwork } from '../../network/testing.ts'
import en from '../../words/en.json' with { type: 'json' }
import fr from '../../words/fr.json' with { type: 'json' }
import { CityFinding, findingRules, networkFindingKinds, usualLimits } from '../contract.ts'
import { analysisOfCity } from '../analysis.ts'
import { mended } from './mend.ts'
import type { Duty } from './model.ts'
import { ruleKey, ruleOf } from './rule-words.ts'

const id = (n: number) => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`
const [police, fire, water, rail] = [1, 2, 3, 4].map(id) as [string, string, string, string]
const [gold, officer, chief, engineer, controller] = [11, 12, 13, 14, 15].map(id) as [string, string, string, string, string]
const [strategic, tactical] = [21, 22].map(id) as [string, string]
const [telephone, radio, pager] = [31, 32, 33].map(id) as [string, string, string]
const [room, hall] = [41, 42].map(id) as [string, string]
const at = new Date('2026-11-20T03:00:00Z')
const agency = (one: string, name: string, orgType = 'test'): Network['agencies'][number] => ({
  ...{ id: one, orgType, orgCode: name, name, shortName: null, sector: null, parentId: null, services: [], homeCity: null },
})
const post = (
  one: string,
  title: string,
  agencyId: string,
  kind: Network['posts'][number]['kind'] = 'executive',
): Network['posts'][number] => ({
  ...{ id: one, code: title, agencyId, kind, title, minimumSeniority: 3, competences: [], placeId: null },
})
const group = (one: string, name: string, tier: Network['groups'][number]['tier'], chairPostId: string, deputyChairPostId: string) => ({
  ...{ id: one, code: name, name, tier, purpose: '', authority: '', convening: '', termsOfReference: '', cells: [], quorum: 2 },
  ...{ chairPostId, deputyChairPostId, secretariatPostId: null, recordsOwnerPostId: null, placeId: room, reviewAt: null },
})
let next = 100
const seat = (groupId: string, agencyId: string, postId: string | null): Network['memberships'][number] => ({
  ...{ id: id((next += 1)), groupId, agencyId, postId, kind: 'core', basis: 'Plan', derived: false },
})
const link = (
  from: Network['links'][number]['from'],
  to: Network['links'][number]['to'],
  more: Partial<Network['links'][number]> = {},
) => ({
  ...{ id: id((next += 1)), from, to, kind: 'liaises' as const, primaryMediumId: telephone, backupMediumId: radio, carries: [] },
  ...{ testedAt: '2026-09-01T10:00:00Z', ...more },
})
const answers = (activity: string, agencyId: string) =>
  (['response', 'transition', 'recovery'] as const).map((phase): Network['responsibilities'][number] => ({
    ...{ id: id((next += 1)), activity, phase, agencyId, part: 'accountable', jointBasis: null },
  }))

/** Nothing is wrong with it. */
const sound: Network = {
  agencies: [agency(police, 'Police'), agency(fire, 'Fire'), agency(water, 'Water')],
  posts: [
    post(gold, 'Gold', police),
    post(officer, 'Officer', police, 'duty'),
    post(chief, 'Chief', fire),
    post(engineer, 'Engineer', water, 'duty'),
  ],
  groups: [group(strategic, 'SCG', 'strategic', gold, chief), group(tactical, 'TCG', 'tactical', officer, engineer)],
  memberships: [
    ...[seat(strategic, police, gold), seat(strategic, fire, chief), seat(strategic, water, null)],
    ...[seat(tactical, police, officer), seat(tactical, fire, null), seat(tactical, water, engineer)],
  ],
  media: [
    { id: telephone, code: 'T', name: 'Telephone', dependsOn: ['mobile-network'] },
    { id: radio, code: 'R', name: 'Radio', dependsOn: ['masts'] },
    { id: pager, code: 'P', name: 'Pager', dependsOn: ['mobile-network'] },
  ],
  places: [
    { id: room, code: 'A', name: 'Room' },
    { id: hall, code: 'B', name: 'Hall' },
  ],
  links: [link({ kind: 'group', id: strategic }, { kind: 'group', id: tactical })],
  responsibilities: answers('Warn', police),
  products: [
    { id: id(51), code: 'CAS', name: 'Casualties', producerAgencyId: fire, mediumId: radio, protocol: 'P1', receiverAgencyIds: [police] },
  ],
  variants: [],
}
const rota: Duty = [gold, officer, chief, engineer].map((postId, place) => ({
  ...{ postId, personId: id(61 + place), name: `Person ${place}`, capacity: 'holder' as const, onDuty: true },
}))
const look = (network: Network, duty: Duty | null = rota, versioned = true) =>
  analysisOfCity(network, { at, duty, limits: usualLimits, versioned })
const kindsOf = (network: Network, duty: Duty | null = rota) => look(network, duty).findings.map(({ kind }) => kind)
const withLinks = (...links: Network['links']): Network => ({ ...sound, links: [...sound.links, ...links] })
const ofPost = (one: string) => ({ kind: 'post' as const, id: one })
const ofAgency = (one: string) => ({ kind: 'agency' as const, id: one })
const ofGroup = (one: string) => ({ kind: 'group' as const, id: one })

test('the sound network is one that the contract takes, and has no finding', () => {
  expect(Network.safeParse(sound).success).toBe(true)
  expect(look(sound).findings).toEqual([])
})

describe('each rule, by a network that breaks it', () => {
  const [left, right] = [[5, 6].map(id), [7, 8].map(id)] as [string[], string[]]
  const fdo = id(16)
  const broken: [string, Network, Duty?][] = [
    ['isolated', { ...sound, agencies: [...sound.agencies, agency(rail, 'Rail')] }],
    ['outside-groups', { ...withLinks(link(ofAgency(police), ofAgency(rail))), agencies: [...sound.agencies, agency(rail, 'Rail')] }],
    ['control-room-outside', { ...sound, agencies: [...sound.agencies, agency(rail, 'Fire control', 'control_room')] }],
    ['no-primary', withLinks(link(ofAgency(police), ofAgency(fire), { primaryMediumId: null }))],
    ['no-backup', withLinks(link(ofAgency(police), ofAgency(fire), { backupMediumId: null }))],
    ['dependent-backup', withLinks(link(ofAgency(police), ofAgency(fire), { backupMediumId: pager }))],
    ['untested', withLinks(link(ofAgency(police), ofAgency(fire), { testedAt: null }))],
    ['untested', withLinks(link(ofAgency(police), ofAgency(fire), { testedAt: '2025-11-19T03:00:00Z' }))],
    [
      'circular-reporting',
      withLinks(link(ofPost(gold), ofPost(chief), { kind: 'directs' }), link(ofPost(gold), ofPost(chief), { kind: 'reports' })),
    ],
    ['load', withLinks(...Array.from({ length: 11 }, () => link(ofPost(gold), ofAgency(fire))))],
    [
      'nobody-accountable',
      {
        ...sound,
        responsibilities: sound.responsibilities.map((one, place) => (place === 0 ? { ...one, part: 'consulted' as const } : one)),
      },
    ],
    ['nobody-accountable', { ...sound, responsibilities: sound.responsibilities.slice(1) }],
    ['product-incomplete', { ...sound, products: [{ ...sound.products[0]!, receiverAgencyIds: [], protocol: null }] }],
    ['group-without-chair', { ...sound, groups: [sound.groups[0]!, { ...sound.groups[1]!, chairPostId: null, deputyChairPostId: null }] }],
    ['chair-is-deputy', { ...sound, groups: [{ ...sound.groups[0]!, deputyChairPostId: gold }, sound.groups[1]!] }],
    ['group-without-quorum', { ...sound, groups: [{ ...sound.groups[0]!, quorum: null }, sound.groups[1]!] }],
    ['quorum-too-high', { ...sound, groups: [{ ...sound.groups[0]!, quorum: 4 }, sound.groups[1]!] }],
    ['empty-post', sound, rota.slice(1)],
    ['empty-post', sound, rota.map((row, place) => (place === 1 ? { ...row, onDuty: false } : row))],
    ['deputy-of-oneself', sound, [...rota, { ...rota[0]!, capacity: 'deputy' }]],
    [
      'parts',
      {
        ...sound,
        links: [],
        agencies: [...sound.agencies, agency(rail, 'Rail')],
        posts: [...sound.posts, post(controller, 'Controller', rail)],
        groups: [...sound.groups, group(id(23), 'Rail group', 'partnership', controller, id(999))],
        memberships: [...sound.memberships, seat(id(23), rail, null), seat(id(23), rail, null)],
      },
    ],
    // The force duty officer: two groups of different agencies, and one post that speaks with both.
    [
      'single-path',
      {
        ...sound,
        agencies: [...sound.agencies, agency(rail, 'Rail'), agency(right[0]!, 'Tram')],
        posts: [
          ...sound.posts,
          post(fdo, 'Duty officer', police, 'duty'),
          post(controller, 'Controller', rail),
          post(id(17), 'Second', rail),
        ],
        groups: [...sound.groups, { ...group(id(23), 'Rail group', 'partnership', controller, id(17)), quorum: 1 }],
        memberships: [...sound.memberships, seat(id(23), rail, null), seat(id(23), right[0]!, null)],
        links: [...sound.links, link(ofGroup(id(23)), ofPost(fdo))],
      },
      [...rota, { ...rota[0]!, postId: fdo, personId: id(70) }],
    ],
    [
      'cut-point',
      {
        ...sound,
        agencies: [...sound.agencies, agency(rail, 'Rail')],
        posts: [...sound.posts, post(controller, 'Liaison', water), post(id(18), 'Link', rail)],
        links: [...sound.links, link(ofPost(controller), ofAgency(rail))],
      },
      [...rota, { ...rota[0]!, postId: controller, personId: id(71) }],
    ],
    [
      'bridge',
      {
        ...sound,
        agencies: [...sound.agencies, ...left.map((one) => agency(one, `L${one.at(-1)}`))],
        groups: [...sound.groups, { ...group(id(24), 'Harbour', 'partnership', id(998), id(997)), quorum: 2 }],
        memberships: [...sound.memberships, ...left.map((one) => seat(id(24), one, null))],
        links: [...sound.links, link(ofGroup(strategic), ofGroup(id(24)))],
      },
    ],
    [
      'two-places',
      { ...sound, groups: [sound.groups[0]!, { ...sound.groups[1]!, placeId: hall }] },
      [...rota.slice(1), { ...rota[1]!, postId: gold }],
    ],
  ]
  test.each(broken)('%s', (kind, network, duty) => {
    const { findings } = look(network, duty)
    const these = findings.filter((one) => one.kind === kind)
    expect(these.length, JSON.stringify(findings.map((one) => [one.kind, one.why]))).toBeGreaterThan(0)
    for (const one of these) {
      expect(CityFinding.safeParse(one).success).toBe(true)
      expect(one.who.length + Number(kind === 'nobody-accountable')).toBeGreaterThan(0)
      expect(one.why).not.toMatch(/\{\{|\?/)
      expect(one.mend).not.toMatch(/\{\{|\?/)
      if (one.edit !== null)
        expect(look(mended(network, one.edit, id(5000)), duty).findings.map(({ id: key }) => key)).not.toContain(one.id)
    }
  })

  test('span of control: eight directed is one too many, whether told from above or below', () => {
    const posts = Array.from({ length: 8 }, (_, place) => post(id(200 + place), `Sector ${place}`, fire))
    const duty = [...rota, ...posts.map((one, place) => ({ ...rota[0]!, postId: one.id, personId: id(300 + place) }))]
    const links = posts.map((one, place) =>
      place % 2 === 0 ? link(ofPost(chief), ofPost(one.id), { kind: 'directs' }) : link(ofPost(one.id), ofPost(chief), { kind: 'reports' }),
    )
    expect(kindsOf({ ...withLinks(...links), posts: [...sound.posts, ...posts] }, duty)).toEqual(['span-of-control'])
    expect(kindsOf({ ...withLinks(...links.slice(1)), posts: [...sound.posts, ...posts.slice(1)] }, duty)).toEqual([])
  })

  test('two accountable block, unless each names the law that joins them; then they are shown with it', () => {
    const two = (jointBasis: string | null): Network => ({
      ...sound,
      responsibilities: [
        ...sound.responsibilities.map((one) => ({ ...one, jointBasis: one.phase === 'response' ? jointBasis : null })),
        { ...sound.responsibilities[0]!, id: id(901), agencyId: fire, jointBasis },
      ],
    })
    expect(look(two(null)).findings).toMatchObject([{ kind: 'many-accountable', blocking: true, values: { names: 'Fire, Police' } }])
    const { findings, joint } = look(two('Civil Protection Act, section 4'))
    expect(findings).toEqual([])
    expect(joint).toEqual([{ activity: 'Warn', phase: 'response', agencies: ['Fire', 'Police'], basis: 'Civil Protection Act, section 4' }])
  })

  test('an activity for which nobody answers is one finding, with its phases; those with people in them already stand first', () => {
    const rows = sound.responsibilities
    const nobody = look({
      ...sound,
      responsibilities: [
        ...rows,
        { ...rows[0]!, id: id(911), activity: 'Shelter', phase: 'response' },
        { ...rows[0]!, id: id(912), activity: 'Feed', phase: 'response', part: 'informed' },
        { ...rows[0]!, id: id(913), activity: 'Feed', phase: 'recovery', agencyId: fire, part: 'consulted' },
      ],
    }).findings
    expect(nobody.map(({ kind, values }) => [kind, values.activity, values.phases, values.others])).toEqual([
      ['nobody-accountable', 'Feed', 'response, transition, recovery', 'Fire, Police'],
      ['nobody-accountable', 'Shelter', 'transition, recovery', '–'],
    ])
  })

  test('many partnerships that nothing joins are one finding; a long list of names says how many more', () => {
    const apart = Array.from({ length: 12 }, (_, place) => id(700 + place))
    const forum = (place: number) => ({
      ...group(id(750 + place), `Forum ${10 + place}`, 'partnership', officer, engineer),
      chairPostId: null,
      deputyChairPostId: null,
    })
    const { findings } = look({
      ...sound,
      agencies: [...sound.agencies, ...apart.map((one, place) => agency(one, `Council ${10 + place}`))],
      groups: [...sound.groups, ...apart.map((_, place) => forum(place))],
      memberships: [...sound.memberships, ...apart.map((one, place) => seat(id(750 + place), one, null))],
    })
    const parts = findings.filter(({ kind }) => kind === 'parts')
    expect(parts).toHaveLength(1)
    expect(parts[0]?.values.names).toBe('Forum 10, Forum 11, Forum 12, Forum 13, Forum 14, Forum 15, Forum 16 … (+5)')
    expect(parts[0]?.who).toHaveLength(24)
  })

  test('blocking findings stand first, and no version is a finding', () => {
    const { findings } = look({ ...sound, responsibilities: [], products: [{ ...sound.products[0]!, protocol: null }] }, rota, false)
    expect(findings.map(({ kind }) => kind)).toEqual(['product-incomplete', 'no-version'])
    const blocked = look({
      ...sound,
      responsibilities: sound.responsibilities.slice(1),
      products: [{ ...sound.products[0]!, protocol: null }],
    })
    expect(blocked.findings.map(({ blocking }) => blocking)).toEqual([true, false])
  })

  test('one person in two groups of one room is in one place; without the rota nothing is said of people', () => {
    const duty = [...rota.slice(1), { ...rota[1]!, postId: gold }]
    expect(kindsOf(sound, duty)).toEqual([])
    expect(kindsOf({ ...sound, groups: [sound.groups[0]!, { ...sound.groups[1]!, placeId: hall }] }, null)).toEqual([])
  })
})

describe('figures', () => {
  test('steps from the strategic group, load, and what is not measured is not told as a figure', () => {
    const network = { ...sound, agencies: [...sound.agencies, agency(rail, 'Rail')] }
    const { nodes, figures } = look(network)
    const of = (one: string) => nodes.find((node) => node.id === one)
    expect([strategic, police, officer, rail].map((one) => of(one)?.steps)).toEqual([0, 1, 2, null])
    expect(of(strategic)).toMatchObject({ load: 1, span: 0, agency: null })
    expect(of(gold)).toMatchObject({ agency: 'Police' })
    expect(figures).toMatchObject({ parts: 2, krackhardt: null, reciprocity: 1, farthest: 2 })
  })

  test('a chain of command is a hierarchy; links told one way are not answered', () => {
    const { figures } = look(
      withLinks(link(ofPost(gold), ofPost(officer), { kind: 'directs' }), link(ofPost(chief), ofPost(gold), { kind: 'reports' })),
    )
    expect(figures.krackhardt).toEqual({ connectedness: 1, hierarchy: 1, efficiency: 1, least_upper_boundedness: 1 })
    expect(figures.reciprocity).toBeCloseTo(0.5)
  })
})

test('any network is analysed, every finding is said in both languages, and every mend is one that a draft takes', () => {
  for (const kind of networkFindingKinds)
    for (const words of [en, fr])
      for (const part of [words.finding, words.analysis.why, words.analysis.mend]) expect(part[kind]).not.toBe('')
  fc.assert(
    fc.property(fc.nat(5000), (seed) => {
      const network = inventedNetwork({ agencies: 14, posts: 10, groups: 4, links: 18, seed })
      const thin = { ...network, memberships: network.memberships.filter((_, place) => place % 3 !== 0) }
      for (const one of look(thin, []).findings) {
        expect(CityFinding.safeParse(one).success).toBe(true)
        if (one.edit !== null) expect(Network.safeParse(mended(thin, one.edit, id(5000))).success).toBe(true)
      }
    }),
    { numRuns: 60 },
  )
})

test('the rule behind every finding is said in a sentence, in both languages, and by the command line', () => {
  expect(new Set(Object.values(ruleOf))).toEqual(new Set(findingRules))
  for (const rule of findingRules)
    for (const words of [en, fr]) {
      expect(words.rule[ruleKey(rule)]).toMatch(/^\p{Lu}.{20,}\.$/u)
      expect(words.rule[ruleKey(rule)]).not.toContain(rule)
    }
  const { findings } = look({ ...sound, responsibilities: [] }, rota, false)
  expect(findings.map(({ rule, ruleWords }) => [rule, ruleWords])).toEqual(
    findings.map(({ kind, rule }) => [ruleOf[kind], en.rule[ruleKey(rule)]]),
  )
  expect(findings.length).toBeGreaterThan(0)
})
