import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { structureFor, type TestHolder } from '#areas/structure/testing.ts'
import { internLabel } from '#core/access/reach.ts'
import { type TestCity, testCity } from '#core/db/testing.ts'
import { id } from '#core/id.ts'
import { recallItem } from '../recall/contract.ts'
import { sharingFor } from '../testing.ts'
import { endPointer, makePointer, type Pointer, pointers, unread, whomToAsk } from './contract.ts'
import { restricts, withAnswerable } from './rules.ts'

let city: TestCity
let sharing: ReturnType<typeof sharingFor>
let police: TestHolder
let fire: TestHolder
let firefighter: TestHolder
let rail: TestHolder
let exercise: string

const list = async (person: TestHolder, world?: string) => (await sharing.as<{ pointers: Pointer[] }>(person, pointers, {}, world)).pointers
const point = (person: TestHolder, more: object = {}, world?: string) =>
  sharing.as<{ id: string }>(
    person,
    makePointer,
    {
      title: 'An assessment of the threat',
      holderAgencyId: police.agencyId,
      how: 'In person, with a clearance.',
      label: { clauses: [[`agency:${fire.agencyId}`]], marking: 'OFFICIAL // TLP:AMBER' },
      ...more,
    },
    world,
  )

beforeAll(async () => {
  city = await testCity()
  await city.owner.query("insert into access.city (code, name) values ('test', 'Testbridge')")
  sharing = sharingFor(city)
  const structure = structureFor(city)
  police = await structure.holder('Pol Police', await structure.agency('Police'), 'watch-officer')
  fire = await structure.holder('Exa Fire', await structure.agency('Fire'), 'executive')
  firefighter = await structure.holder('Dot Duty', fire.agencyId, 'duty')
  rail = await structure.holder('Rae Rail', await structure.agency('Rail'), 'executive')
  await city.owner.query("update structure.agencies set call_back = '555 0101' where id = $1", [police.agencyId])
  exercise = await city.exercise()
})
afterAll(() => city?.end())

describe('above the ceiling', () => {
  test.each(['TLP:RED', 'SECRET', 'OFFICIAL // TLP:RED'])('%s: refused on the way, and a pointer record offered', async (marking) => {
    await expect(point(police, { label: { clauses: [[`agency:${fire.agencyId}`]], marking } })).rejects.toMatchObject({
      kind: 'invalid',
      message: expect.stringMatching('pointer record'),
    })
    expect(await list(police)).toEqual([])
  })
})

describe('a pointer', () => {
  test('tells those of its audience that it exists, who holds it and whom to ask; the holder too; nobody else anything', async () => {
    const { id: made } = await point(police, { askPostId: police.postId })
    for (const person of [police, fire, firefighter]) expect((await list(person)).map((one) => one.id)).toContain(made)
    expect((await list(fire)).find((one) => one.id === made)).toMatchObject({ holder: 'Police', byAgency: 'Police', ended: null })
    expect(await list(rail)).toEqual([])
    const answer = await sharing.as<{ lines: string[] }>(firefighter, whomToAsk, { id: made })
    expect(answer.lines).toEqual([
      'It is held by Police, not here.',
      'Ask watch-officer (Pol Police) of Police. Number: 555 0101.',
      'In person, with a clearance.',
    ])
    const refusals = await Promise.all(
      [made, id()].map((one) =>
        sharing.as(rail, whomToAsk, { id: one }).then(
          () => null,
          (error: unknown) => ({ ...(error as object), message: (error as Error).message }),
        ),
      ),
    )
    expect(refusals[0]).toMatchObject({ kind: 'not-found' })
    expect(refusals[0]).toEqual(refusals[1])
  })

  test('made by another than the holder stands before the holder', async () => {
    const { id: made } = await point(fire, { title: 'Plans of the tunnel', holderAgencyId: rail.agencyId })
    expect((await list(rail)).map((one) => one.id)).toContain(made)
    expect((await list(police)).map((one) => one.id)).not.toContain(made)
  })

  test('is taken back by the agency that made it, once; stays in its exercise', async () => {
    const { id: made } = await point(fire)
    await expect(sharing.as(police, endPointer, { id: made, reason: 'Not mine.' })).rejects.toMatchObject({ kind: 'not-allowed' })
    await expect(sharing.as(rail, endPointer, { id: made, reason: 'Not mine.' })).rejects.toMatchObject({ kind: 'not-found' })
    await sharing.as(firefighter, endPointer, { id: made, reason: 'It is held no more.' })
    expect((await list(police)).find((one) => one.id === made)?.ended?.reason).toBe('It is held no more.')
    await expect(sharing.as(fire, endPointer, { id: made, reason: 'Again.' })).rejects.toMatchObject({ kind: 'conflict' })
    const { id: played } = await point(fire, {}, exercise)
    expect((await list(fire)).map((one) => one.id)).not.toContain(played)
    expect((await list(fire, exercise)).map((one) => one.id)).toEqual([played])
  })

  test('that keeps people out has a reason and an end; what its writer could not read is not kept', async () => {
    const label = (marking: string) => ({ label: { clauses: [[`agency:${fire.agencyId}`]], marking } })
    await expect(point(fire, label('TLP:AMBER+STRICT'))).rejects.toMatchObject({ field: 'restrictedBecause' })
    await expect(point(fire, { ...label('TLP:AMBER+STRICT'), restrictedBecause: 'A source is at risk.' })).rejects.toMatchObject({
      field: 'until',
    })
    await point(fire, { ...label('TLP:AMBER+STRICT // UNTIL 2099-12-31'), restrictedBecause: 'A source is at risk.' })
    await expect(
      point(fire, { label: { clauses: [[`agency:${fire.agencyId}`], ['briefed:investigation']], marking: 'TLP:AMBER' } }),
    ).rejects.toMatchObject({ field: 'label' })
    await expect(point(fire, { label: { clauses: [], marking: 'TLP:AMBER' } })).rejects.toMatchObject({ field: 'label' })
    await expect(point(fire, { askPostId: rail.postId })).rejects.toMatchObject({ field: 'askPostId' })
    await expect(point(fire, { holderAgencyId: id() })).rejects.toMatchObject({ kind: 'not-found' })
    await expect(point(fire, { title: 'x'.repeat(201) })).rejects.toMatchObject({ field: 'title' })
  })

  test('rules', () => {
    expect(restricts({ clauses: [['agency:a']], marking: 'OFFICIAL // TLP:AMBER' })).toBe(false)
    expect(restricts({ clauses: [['agency:a']], marking: 'OFFICIAL // TLP:AMBER+STRICT' })).toBe(true)
    expect(restricts({ clauses: [['agency:a'], ['briefed:x']], marking: '' })).toBe(true)
    expect(withAnswerable([['city:x'], ['agency:a'], ['agency:b']], ['c', 'a'])).toEqual([
      ['city:x'],
      ['agency:a', 'agency:c'],
      ['agency:b', 'agency:c', 'agency:a'],
    ])
    expect(withAnswerable([[]], ['c'])).toEqual([[]])
  })
})

describe('why not, of what one may know exists', () => {
  const lines = async (person: TestHolder, of: string) => (await sharing.as<{ lines: string[] }>(person, whomToAsk, { id: of })).lines
  test('what was recalled and what was asked for answer with whom to ask; a stranger, and whoever can read it, get not found', async () => {
    const itemId = await sharing.share(fire, { basis: 'The duty to tell each other.', agencyIds: [rail.agencyId] })
    await expect(lines(rail, itemId)).rejects.toMatchObject({ kind: 'not-found' })
    await sharing.as(fire, recallItem, { itemId, because: 'It was wrong.' })
    expect(await lines(rail, itemId)).toEqual([
      'Your agency was told of it by Fire; it can be read here no more.',
      'Ask the control room of Fire.',
      'It was wrong.',
    ])
    await expect(lines(police, itemId)).rejects.toMatchObject({ kind: 'not-found' })
  })
})

describe('what nobody present can read', () => {
  const told = async (person: TestHolder) =>
    (await sharing.as<{ labels: { agency: string; marking: string; needs: string[] }[] }>(person, unread, {})).labels

  test('is told to its originator’s own answerable posts; anybody else gets the empty list that is there for nothing', async () => {
    const { rows } = await city.owner.query<{ word: string }>('select sharing.agency_word($1) as word', [fire.agencyId])
    const marking = `OFFICIAL // ORIGINATOR ${rows[0]!.word}`
    await city.owner.query('select access.intern($1, $2)', [JSON.stringify([[`agency:${fire.agencyId}`], ['cleared:gone']]), marking])
    await city.database.read(fire.enters(), ({ tx }) => internLabel(tx, { clauses: [[`agency:${fire.agencyId}`]], marking }))
    expect(await told(fire)).toEqual([{ agency: 'Fire', marking, needs: ['Fire', 'and, besides: people with a clearance'] }])
    expect(await told(rail)).toEqual([])
    await expect(told(firefighter)).rejects.toMatchObject({ kind: 'not-allowed' })
    await city.person('Cleo Cleared', [`agency:${fire.agencyId}`, 'cleared:gone'])
    expect(await told(fire)).toEqual([])
  })
})
