import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { structureFor, type TestHolder } from '#areas/structure/testing.ts'
import type { TestCity } from '#core/db/testing.ts'
import { sharingCity, type sharingFor } from '../testing.ts'
import * as words from './contract.ts'

let city: TestCity
let sharing: ReturnType<typeof sharingFor>
let police: TestHolder
let hospital: TestHolder
let roads: TestHolder
let rail: TestHolder
/** Works for the police in no post of weight, and holds the executive's post of the roads. */
let borrowed: TestHolder

beforeAll(async () => {
  const here = await sharingCity('Police', 'Hospital', 'Roads', 'Rail')
  const { structure } = here
  ;({ city, sharing, Police: police, Hospital: hospital, Roads: roads, Rail: rail } = here)
  borrowed = {
    ...(await structure.holder('Lent Out', roads.agencyId, 'executive', [`agency:${police.agencyId}`])),
    agencyId: police.agencyId,
  }
})
afterAll(() => city?.end())

const refused = { kind: 'not-allowed' }

/** The next version, by whoever writes it, with these parties. */
async function next(writer: TestHolder, protocolId: string, parties: readonly TestHolder[], more: object = {}): Promise<void> {
  await sharing.as(writer, words.reviseProtocol, { protocolId, terms: sharing.termsFor(parties, more) })
  await sharing.as(writer, words.offerProtocol, { protocolId })
}

async function waits(reader: TestHolder, protocolId: string) {
  const { id: versionId, hash } = (await sharing.read(reader, protocolId)).versions.at(-1)!
  return { versionId, hash }
}

describe('what parties agree behind the back of another', () => {
  test('a new version that leaves a party out opens to newcomers nothing of what was shared while it was in', async () => {
    const protocolId = await sharing.inForce([police, hospital])
    await next(police, protocolId, [police, roads])
    await sharing.signAll(protocolId, [police, roads])
    expect(await sharing.reads(roads, protocolId, 2)).toBe(true)
    expect(await sharing.reads(roads, protocolId, 1)).toBe(false)
    expect(await sharing.reads(police, protocolId, 1)).toBe(true)
  })

  test('nor does one that left by itself find its past opened later to others', async () => {
    const protocolId = await sharing.inForce([police, hospital, rail])
    await sharing.as(hospital, words.withdrawFromProtocol, { protocolId, agencyId: hospital.agencyId, reason: 'Leaving.' })
    await next(police, protocolId, [police, rail, roads])
    await sharing.signAll(protocolId, [police, rail, roads])
    const epochs = [1, 2, 3].map((epoch) => sharing.reads(roads, protocolId, epoch))
    expect(await Promise.all(epochs)).toEqual([false, true, true])
  })

  test('who is left out keeps or loses what they had as the words say that they themselves signed', async () => {
    const protocolId = await sharing.inForce([police, hospital], { onLeaving: 'keeps' })
    await next(police, protocolId, [police, roads], { onLeaving: 'loses' })
    await sharing.signAll(protocolId, [police, roads])
    expect(await sharing.reads(hospital, protocolId, 1)).toBe(true)
    expect(await sharing.reads(hospital, protocolId, 2)).toBe(false)
  })
})

describe('who acts for a party', () => {
  test("a post of another agency signs, ends, leaves and drafts nothing for one's own", async () => {
    const { protocolId } = await sharing.as<{ protocolId: string }>(police, words.draftProtocol, {
      terms: sharing.termsFor([police, hospital]),
    })
    await sharing.as(police, words.offerProtocol, { protocolId })
    const version = (await sharing.read(police, protocolId)).versions[0]!
    expect((await sharing.read(borrowed, protocolId)).can).toMatchObject({ signFor: [], write: false })
    const given = { protocolId, versionId: version.id, agencyId: police.agencyId, hash: version.hash }
    await expect(sharing.as(borrowed, words.signProtocol, given)).rejects.toMatchObject(refused)
    await sharing.signAll(protocolId, [police, hospital])
    expect((await sharing.read(borrowed, protocolId)).can.leaveFor).toEqual([])
    const reason = 'Not mine to end.'
    await expect(sharing.as(borrowed, words.endProtocol, { protocolId, reason })).rejects.toMatchObject(refused)
    await expect(sharing.as(borrowed, words.withdrawFromProtocol, { protocolId, agencyId: police.agencyId, reason })).rejects.toMatchObject(
      refused,
    )
    await expect(sharing.as(borrowed, words.offerProtocol, { protocolId })).rejects.toThrow()
  })

  test('who signs for a party is not changed by the words of another', async () => {
    const clerk = await structureFor(city).holder('Clerk', hospital.agencyId, 'loggist')
    const protocolId = await sharing.inForce([police, hospital])
    const parties = sharing.termsFor([police, hospital]).parties.map((party) => ({ ...party, sign: ['loggist' as const] }))
    await next(police, protocolId, [police, hospital], { parties })
    const version = (await sharing.read(clerk, protocolId)).versions.at(-1)!
    const given = { protocolId, versionId: version.id, agencyId: hospital.agencyId, hash: version.hash }
    expect((await sharing.read(clerk, protocolId)).can.signFor).toEqual([])
    await expect(sharing.as(clerk, words.signProtocol, given)).rejects.toMatchObject(refused)
    await sharing.signAll(protocolId, [police, hospital])
    expect((await sharing.read(clerk, protocolId)).can.leaveFor).toEqual([hospital.agencyId])
  })

  test('a party that has left writes no further version, though it began the protocol', async () => {
    const protocolId = await sharing.inForce([police, hospital, rail])
    await sharing.as(police, words.withdrawFromProtocol, { protocolId, agencyId: police.agencyId, reason: 'Leaving.' })
    expect((await sharing.read(police, protocolId).catch(() => ({ can: { write: false } }))).can.write).toBe(false)
    await expect(next(police, protocolId, [police, hospital, rail])).rejects.toMatchObject({
      kind: expect.stringMatching(/not-(allowed|found)/),
    })
  })
})

describe('a draft that others cannot see', () => {
  test('neither shows itself by a conflict nor keeps another party from writing', async () => {
    const protocolId = await sharing.inForce([police, hospital])
    await sharing.as(police, words.reviseProtocol, { protocolId, terms: sharing.termsFor([police, hospital], { retention: 'A month.' }) })
    await next(hospital, protocolId, [police, hospital], { retention: 'Two years.' })
    await sharing.signAll(protocolId, [hospital])
    await sharing.as(police, words.signProtocol, { protocolId, agencyId: police.agencyId, ...(await waits(hospital, protocolId)) })
    expect((await sharing.read(police, protocolId)).versions.map(({ number, state }) => ({ number, state }))).toEqual([
      { number: 1, state: 'past' },
      { number: 2, state: 'in-force' },
      { number: 3, state: 'draft' },
    ])
    expect((await sharing.read(hospital, protocolId)).versions.at(-1)!.terms.retention).toBe('Two years.')
  })
})
