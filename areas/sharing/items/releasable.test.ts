import { afterAll, beforeAll, expect, test } from 'vitest'
import { endProtocol } from '../protocols/contract.ts'
import { recallItem, remarkItem } from '../recall/contract.ts'
import { sharingCity } from '../testing.ts'

let here: Awaited<ReturnType<typeof sharingCity<'police' | 'hospital' | 'roads' | 'rail'>>>
let protocolId: string

beforeAll(async () => {
  here = await sharingCity('police', 'hospital', 'roads', 'rail')
  protocolId = await here.sharing.inForce([here.police, here.hospital, here.roads])
})
afterAll(() => here?.city.end())

const gone = { kind: 'not-found' }
const wrong = { kind: 'invalid', field: 'marking' }
/** REL TO these agencies, in the words of the city. */
const relTo = async (...people: { agencyId: string }[]) => {
  const { rows } = await here.city.owner.query<{ word: string }>('select structure.marking_word(a) as word from unnest($1::uuid[]) a', [
    people.map(({ agencyId }) => agencyId),
  ])
  return `TLP:AMBER // REL TO ${rows.map(({ word }) => word).join(', ')}`
}

test('whoever is to read an item must be named in its REL TO, by name or under a protocol; more may be named', async () => {
  const { police, hospital, roads, rail, sharing } = here
  const named = { agencyIds: [hospital.agencyId, roads.agencyId], basis: 'Duty.' }
  await expect(sharing.share(police, { ...named, marking: await relTo(hospital) })).rejects.toMatchObject({
    ...wrong,
    message: expect.stringContaining('roads'),
  })
  await expect(sharing.share(police, { protocolId, marking: await relTo(hospital, rail) })).rejects.toMatchObject(wrong)
  await expect(sharing.share(police, { ...named, marking: 'TLP:AMBER // REL TO NOBODY' })).rejects.toMatchObject(wrong)
  const wider = await sharing.share(police, { ...named, marking: await relTo(hospital, roads, rail) })
  for (const person of [police, hospital, roads]) expect((await sharing.item(person, wider)).marking).toMatch(/REL TO/)
  // To be named there opens nothing.
  await expect(sharing.item(rail, wider)).rejects.toMatchObject(gone)
})

test('the end of a restriction opens an item to no party whom REL TO does not name, and nobody is told of what they never had', async () => {
  const { police, hospital, roads, sharing, asks } = here
  const restrictedUntil = new Date(Date.now() + 1_500).toISOString()
  const itemId = await sharing.share(police, {
    protocolId,
    agencyIds: [hospital.agencyId],
    restrictedBecause: 'Families first.',
    restrictedUntil,
    marking: await relTo(hospital),
  })
  await expect.poll(() => Date.now(), { timeout: 8_000, interval: 100 }).toBeGreaterThan(new Date(restrictedUntil).getTime() + 500)
  expect(await sharing.listed(hospital)).toContain(itemId)
  expect(await sharing.listed(roads)).not.toContain(itemId)
  await sharing.as(police, recallItem, { itemId, because: 'It was wrong.' })
  expect(await asks(hospital, 'select deed from sharing.disclosures where item_id = $1 order by sent_at', [itemId])).toEqual([
    { deed: 'shared' },
    { deed: 'recalled' },
  ])
  expect(await asks(roads, 'select deed from sharing.disclosures where item_id = $1', [itemId])).toEqual([])
})

test('marking it otherwise keeps to the same; what is made of parts goes to whom all of them may go', async () => {
  const { police, hospital, roads, sharing } = here
  const itemId = await sharing.share(police, { protocolId })
  const change = async (marking: string) => sharing.as(police, remarkItem, { itemId, marking, because: 'Another look.' })
  await expect(change(await relTo(hospital))).rejects.toMatchObject(wrong)
  await change(await relTo(hospital, roads))
  expect(await sharing.listed(roads)).toContain(itemId)
  const other = await sharing.share(police, { agencyIds: [hospital.agencyId], basis: 'Duty.', marking: await relTo(hospital) })
  await expect(sharing.share(police, { protocolId, derivedFrom: [itemId, other] })).rejects.toMatchObject(wrong)
  const made = await sharing.share(police, { agencyIds: [hospital.agencyId], basis: 'Duty.', derivedFrom: [itemId, other] })
  expect((await sharing.item(hospital, made)).marking).toBe(await relTo(hospital))
  await expect(sharing.item(roads, made)).rejects.toMatchObject(gone)
})

test('an inquiry reads it all the same, and a protocol that ends closes it', async () => {
  const { police, hospital, roads, sharing, colleague } = here
  const inquiry = await colleague(here.rail, 'Ina Inquiry', 'inquiry')
  const ending = await sharing.inForce([police, hospital, roads])
  const itemId = await sharing.share(police, { protocolId: ending, marking: await relTo(hospital, roads) })
  expect((await sharing.item(inquiry, itemId)).title).toBe('Roof at the quay')
  await sharing.as(police, endProtocol, { protocolId: ending, reason: 'Replaced.' })
  await expect(sharing.item(hospital, itemId)).rejects.toMatchObject(gone)
})
