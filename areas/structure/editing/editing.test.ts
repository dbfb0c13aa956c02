import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { area } from '#areas/structure/area.ts'
import { rows, sql } from '#core/db/sql.ts'
import { type TestCity, testCity, type TestPerson } from '#core/db/testing.ts'
import { perform, registryOf } from '#core/operation/perform.ts'
import type { Network } from '../network/contract.ts'

const registry = registryOf([area])
let city: TestCity
let administrator: TestPerson
let it: Network
const operate = <T>(who: TestPerson, verb: string, input: unknown = {}) =>
  perform(city.database, registry, registry.named('structure', verb), input, who.enters(`structure.${verb}`)) as Promise<T>
const reread = async () => {
  it = (await operate<{ network: Network }>(administrator, 'network')).network
}
const post = (code: string) => ({ kind: 'post' as const, id: it.posts.find((row) => row.code === code)!.id })
const group = (code: string) => ({ kind: 'group' as const, id: it.groups.find((row) => row.code === code)!.id })
const agency = (code: string) => it.agencies.find((row) => row.orgCode === code)!.id
const medium = (code: string) => it.media.find((row) => row.code === code)!.id
const link = (from: string, to: string) => it.links.find((row) => row.from.id === post(from).id && row.to.id === post(to).id)!
const last = async (table: string, id: string) =>
  (await city.owner.query(`select reason, ended_at from structure.${table} where id = $1`, [id])).rows[0] as {
    reason: string
    ended_at: Date | null
  }

beforeAll(async () => {
  city = await testCity()
  await city.owner.query("insert into access.city (code, name) values ('HAL', 'Halvern')")
  administrator = await city.person('Ada Administrator', ['city:HAL', 'kind:administrator'])
  const file = JSON.parse(await readFile(new URL('../../../demo/halvern/city.json', import.meta.url), 'utf8'))
  await operate(administrator, 'import-city', { city: file })
  await reread()
}, 120_000)
afterAll(() => city?.end())

describe('a link by hand', () => {
  test('is added untested, changed by its ends and kind, ended with a reason that stays; an ended one may be drawn again', async () => {
    const ends = { from: post('HAL-RES-WO1'), to: post('HAL-ROA-DUT'), kind: 'informs' }
    const { linkId } = await operate<{ linkId: string }>(administrator, 'put-link', {
      ...ends,
      primaryMediumId: medium('mobile'),
      carries: ['call-out'],
      reason: 'Roads asked for it.',
    })
    const again = await operate<{ linkId: string }>(administrator, 'put-link', {
      ...ends,
      primaryMediumId: medium('mobile'),
      backupMediumId: medium('landline'),
      reason: 'A second way.',
    })
    expect(again.linkId).toBe(linkId)
    await reread()
    expect(it.links.find(({ id }) => id === linkId)).toMatchObject({ backupMediumId: medium('landline'), carries: [], testedAt: null })
    await operate(administrator, 'end-link', { linkId, reason: 'Roads use the desk now.' })
    await reread()
    expect(it.links.some(({ id }) => id === linkId)).toBe(false)
    expect(await last('links', linkId)).toMatchObject({ reason: 'Roads use the desk now.', ended_at: expect.any(Date) })
    await expect(operate(administrator, 'end-link', { linkId, reason: 'Again.' })).rejects.toMatchObject({ kind: 'not-found' })
    const third = await operate<{ linkId: string }>(administrator, 'put-link', { ...ends, reason: 'Back.' })
    expect(third.linkId).not.toBe(linkId)
  })

  test('by other media it is untested again; by the same it stays tested', async () => {
    const { from, to, kind, primaryMediumId, backupMediumId, id, testedAt } = link('HAL-RES-WO1', 'HAL-POL-DUT')
    expect(testedAt).not.toBeNull()
    await operate(administrator, 'put-link', { from, to, kind, primaryMediumId, backupMediumId, carries: ['warning'], reason: 'Words.' })
    await reread()
    expect(it.links.find((row) => row.id === id)).toMatchObject({ testedAt, carries: ['warning'] })
    await operate(administrator, 'put-link', { from, to, kind, primaryMediumId, backupMediumId: medium('satellite'), reason: 'Satellite.' })
    await reread()
    expect(it.links.find((row) => row.id === id)?.testedAt).toBeNull()
  })

  test('what cannot be is refused and names its field; what is not there and what is withheld look the same', async () => {
    const from = post('HAL-RES-WO1')
    const put = (more: object) => operate(administrator, 'put-link', { from, to: group('SCG'), kind: 'informs', reason: 'Why.', ...more })
    await expect(put({ to: from })).rejects.toMatchObject({ kind: 'invalid', field: 'to' })
    await expect(put({ primaryMediumId: medium('mail'), backupMediumId: medium('mail') })).rejects.toMatchObject({
      kind: 'invalid',
      field: 'backupMediumId',
    })
    await expect(put({ reason: ' ' })).rejects.toMatchObject({ kind: 'invalid', field: 'reason' })
    await expect(put({ carries: ['a\u0000b'] })).rejects.toMatchObject({ kind: 'invalid' })
    await expect(put({ to: { kind: 'group', id: agency('HAL-POL') } })).rejects.toMatchObject({ kind: 'not-found' })
    const hidden = agency('HAL-VOL')
    await city.owner.query("update structure.agencies set label = access.intern('[[\"group:nobody\"]]', 'TLP:AMBER') where id = $1", [
      hidden,
    ])
    const answers = await Promise.all(
      [hidden, '00000000-0000-4000-8000-000000000000'].map((id) =>
        put({ to: { kind: 'agency', id } }).then(String, (error: Error) => error.message),
      ),
    )
    expect(answers[0]).toBe(answers[1])
    await city.owner.query('update structure.agencies set label = (select label from structure.agencies where id = $1) where id = $2', [
      agency('HAL-POL'),
      hidden,
    ])
  })

  test('only an administrator changes the network, and the database says so too', async () => {
    const others: TestPerson[] = []
    for (const kind of ['secretariat', 'watch-officer', 'executive', 'duty', 'chair', 'operator'] as const)
      others.push(await city.person(kind, ['city:HAL', `kind:${kind}`]))
    const { id } = link('HAL-PCR-DUT', 'HAL-RES-WO1')
    for (const who of others) {
      for (const [verb, input] of [
        ['put-link', { from: group('SCG'), to: group('VSG'), kind: 'informs', reason: 'x' }],
        ['end-link', { linkId: id, reason: 'x' }],
        ['put-responsibility', { activity: 'x', phase: 'response', agencyId: agency('HAL-POL'), part: 'informed', reason: 'x' }],
        ['put-product', { code: 'x', name: 'x', reason: 'x' }],
        ['put-medium', { code: 'x', name: 'x', reason: 'x' }],
        ['put-place', { code: 'x', name: 'x', reason: 'x' }],
        [
          'put-variant',
          { groupId: group('SCG').id, band: 'first-hour', effect: 'joins', agencyId: agency('HAL-POL'), basis: 'x', reason: 'x' },
        ],
      ] as const)
        await expect(operate(who, verb, input)).rejects.toMatchObject({ kind: 'not-allowed' })
      const done = await city.database.change({
        entering: who.enters(),
        run: async ({ tx }) => ({
          value: await rows(tx, sql`update structure.links set ended_at = '2026-01-01T00:00Z' where id = ${id} returning id`),
        }),
      })
      expect(done).toEqual([])
    }
    expect(await operate(others[4]!, 'editing')).toEqual({ edit: false, testable: [] })
  })
})

describe('when a link was last tried', () => {
  test('is said by keepers, the watch, and a duty or executive post of either end; by nobody else', async () => {
    const { id } = link('HAL-PCR-DUT', 'HAL-RES-WO1')
    const person = (name: string, ...tokens: string[]) => city.person(name, ['city:HAL', ...tokens])
    const may = [
      await person('Sec', 'kind:secretariat'),
      await person('Watch', 'kind:watch-officer'),
      await person('Control', 'kind:duty', `agency:${agency('HAL-PCR')}`),
      await person('Office', 'kind:executive', `agency:${agency('HAL-RES')}`),
    ]
    const mayNot = [
      await person('Fire', 'kind:duty', `agency:${agency('HAL-FRS')}`),
      await person('Press', 'kind:communications', `agency:${agency('HAL-PCR')}`),
      await city.person('Abroad', ['city:ELSE', 'kind:watch-officer']),
    ]
    for (const who of may) {
      const { testedAt } = await operate<{ testedAt: string }>(who, 'note-link-test', { linkId: id })
      expect(Date.now() - Date.parse(testedAt)).toBeLessThan(60_000)
      expect((await operate<{ testable: string[] }>(who, 'editing')).testable).toContain(id)
    }
    await expect(operate(mayNot[0]!, 'note-link-test', { linkId: id })).rejects.toMatchObject({ kind: 'not-allowed' })
    await expect(operate(mayNot[1]!, 'note-link-test', { linkId: id })).rejects.toMatchObject({ kind: 'not-allowed' })
    await expect(operate(mayNot[2]!, 'note-link-test', { linkId: id })).rejects.toMatchObject({ kind: 'not-found' })
    for (const who of mayNot) {
      const tried = city.database.change({
        entering: who.enters(),
        run: async ({ tx }) => ({ value: await rows(tx, sql`select structure.note_link_test(${id}, ${new Date()})`) }),
      })
      await expect(tried).rejects.toMatchObject({ kind: 'not-allowed' })
    }
  })

  test('a group is tried by the agencies whose posts chair it or keep its record; older never replaces newer, and the future proves nothing', async () => {
    const { id } = it.links.find(({ from, to }) => from.id === group('SCG').id && to.id === group('TCG').id)!
    const chair = await city.person('Chair', ['city:HAL', 'kind:executive', `agency:${agency('HAL-POL')}`])
    const { testedAt } = await operate<{ testedAt: string }>(chair, 'note-link-test', { linkId: id })
    expect((await operate<{ testedAt: string }>(chair, 'note-link-test', { linkId: id, at: '2026-01-01T00:00:00Z' })).testedAt).toBe(
      testedAt,
    )
    await expect(operate(chair, 'note-link-test', { linkId: id, at: '2999-01-01T00:00:00Z' })).rejects.toMatchObject({
      kind: 'invalid',
      field: 'at',
    })
  })
})

test('a responsibility by hand: a part added, the law named, ended with the reason', async () => {
  const it1 = { activity: 'Evacuate or shelter the city centre', phase: 'response', agencyId: agency('HAL-CIT') }
  const known = it.responsibilities.find(
    (row) => row.activity === it1.activity && row.agencyId === it1.agencyId && row.part === 'accountable',
  )!
  const put = await operate<{ responsibilityId: string }>(administrator, 'put-responsibility', {
    ...it1,
    part: 'accountable',
    jointBasis: 'Civil Order of Example, section 3',
    reason: 'The law says so.',
  })
  expect(put.responsibilityId).toBe(known.id)
  await expect(
    operate(administrator, 'put-responsibility', { ...it1, part: 'informed', jointBasis: 'A law', reason: 'x' }),
  ).rejects.toMatchObject({
    kind: 'invalid',
    field: 'jointBasis',
  })
  await operate(administrator, 'end-responsibility', { responsibilityId: known.id, reason: 'Settled.' })
  await reread()
  expect(it.responsibilities.some(({ id }) => id === known.id)).toBe(false)
  expect(await last('responsibilities', known.id)).toMatchObject({ reason: 'Settled.' })
})

test('a product by hand: receivers are those that are named; ended, and the same when it comes back', async () => {
  const base = {
    code: 'shelters',
    name: 'Open shelters',
    producerAgencyId: agency('HAL-CIT'),
    mediumId: medium('mail'),
    protocol: 'Agreement',
  }
  const { productId } = await operate<{ productId: string }>(administrator, 'put-product', {
    ...base,
    receiverAgencyIds: [agency('HAL-POL'), agency('HAL-VOL')],
    reason: 'New.',
  })
  await operate(administrator, 'put-product', { ...base, protocol: null, receiverAgencyIds: [agency('HAL-POL')], reason: 'Fewer.' })
  await reread()
  expect(it.products.find(({ id }) => id === productId)).toMatchObject({ protocol: null, receiverAgencyIds: [agency('HAL-POL')] })
  await operate(administrator, 'end-product', { productId, reason: 'Not needed.' })
  const back = await operate<{ productId: string }>(administrator, 'put-product', { ...base, receiverAgencyIds: [], reason: 'Needed.' })
  expect(back.productId).toBe(productId)
})

test('a medium and a place by hand: added, changed by their code, with the reason; the network has them', async () => {
  const { mediumId } = await operate<{ mediumId: string }>(administrator, 'put-medium', {
    code: 'runner',
    name: 'Runner',
    dependsOn: ['roads', 'roads'],
    reason: 'When nothing else works.',
  })
  const { placeId } = await operate<{ placeId: string }>(administrator, 'put-place', { code: 'annexe', name: 'Annexe', reason: 'New.' })
  await operate(administrator, 'put-medium', { code: 'runner', name: 'Runner on foot', reason: 'In words.' })
  await operate(administrator, 'put-place', { code: 'annexe', name: 'Town hall annexe', reason: 'In words.' })
  await reread()
  expect(it.media.find(({ id }) => id === mediumId)).toEqual({ id: mediumId, code: 'runner', name: 'Runner on foot', dependsOn: [] })
  expect(it.places.find(({ id }) => id === placeId)).toEqual({ id: placeId, code: 'annexe', name: 'Town hall annexe' })
  for (const [table, id] of [
    ['media', mediumId],
    ['places', placeId],
  ])
    expect((await city.owner.query(`select reason from structure.${table} where id = $1`, [id])).rows).toEqual([{ reason: 'In words.' }])
  await expect(operate(administrator, 'put-place', { code: 'two words', name: 'x', reason: 'x' })).rejects.toMatchObject({ field: 'code' })
})

test('a variant by hand: one post chairs at a time, an agency joins once; refused where it varies nothing or names nobody; ended', async () => {
  const base = { groupId: group('SCG').id, incidentType: 'flood', band: 'first-hour', basis: 'Flood plan', reason: 'Agreed.' }
  const put = (more: object) => operate<{ variantId: string }>(administrator, 'put-variant', { ...base, ...more })
  const chairs = await put({ effect: 'chairs', postId: post('HAL-POL-SCG').id })
  expect((await put({ effect: 'chairs', postId: post('HAL-POL-DUT').id })).variantId).toBe(chairs.variantId)
  const joins = await put({ effect: 'joins', agencyId: agency('HAL-HRB'), postId: post('HAL-HRB-DUT').id })
  expect((await put({ effect: 'joins', agencyId: agency('HAL-HRB'), basis: 'Harbour plan' })).variantId).toBe(joins.variantId)
  await reread()
  expect(it.variants.find(({ id }) => id === chairs.variantId)).toMatchObject({ postId: post('HAL-POL-DUT').id, agencyId: null })
  expect(it.variants.find(({ id }) => id === joins.variantId)).toMatchObject({ postId: null, basis: 'Harbour plan' })
  await expect(put({ effect: 'joins' })).rejects.toMatchObject({ kind: 'invalid', field: 'agencyId' })
  await expect(put({ effect: 'chairs' })).rejects.toMatchObject({ kind: 'invalid', field: 'postId' })
  await expect(put({ effect: 'leaves', incidentType: 'any', band: 'any', agencyId: agency('HAL-HRB') })).rejects.toMatchObject({
    kind: 'invalid',
    field: 'incidentType',
  })
  await expect(put({ effect: 'joins', agencyId: agency('HAL-HRB'), postId: post('HAL-POL-DUT').id })).rejects.toMatchObject({
    kind: 'invalid',
    field: 'postId',
  })
  await operate(administrator, 'end-variant', { variantId: joins.variantId, reason: 'No longer.' })
  await reread()
  expect(it.variants.some(({ id }) => id === joins.variantId)).toBe(false)
  expect(await last('variants', joins.variantId)).toMatchObject({ reason: 'No longer.', ended_at: expect.any(Date) })
  await expect(operate(administrator, 'end-variant', { variantId: joins.variantId, reason: 'Again.' })).rejects.toMatchObject({
    kind: 'not-found',
  })
})
