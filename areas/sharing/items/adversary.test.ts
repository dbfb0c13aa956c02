import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestHolder } from '#areas/structure/testing.ts'
import { id } from '#core/id.ts'
import { recallItem } from '../recall/contract.ts'
import { decideRelease, proposeRelease } from '../tear-lines/contract.ts'
import { sharingCity, sharingWire } from '../testing.ts'

let here: Awaited<ReturnType<typeof sharingCity<'police' | 'hospital' | 'rail'>>>
let wire: Awaited<ReturnType<typeof sharingWire>>
let sharing: (typeof here)['sharing']
let police: TestHolder
let second: TestHolder
let hospital: TestHolder
let rail: TestHolder
let protocolId: string

beforeAll(async () => {
  here = await sharingCity('police', 'hospital', 'rail')
  ;({ sharing, police, hospital, rail } = here)
  wire = await sharingWire(here.city)
  second = await here.colleague(police, 'Second', 'executive')
  protocolId = await sharing.inForce([police, hospital])
})
afterAll(async () => {
  await wire?.stop()
  await here?.city.end()
})

const get: (typeof wire)['get'] = (...given) => wire.get(...given)
const stream: (typeof wire)['stream'] = (...given) => wire.stream(...given)
const ask = (name: string, input: object) => `/api/sharing/${name}?input=${encodeURIComponent(JSON.stringify(input))}`

/** Every entry that there is by now has gone out to whoever may have it. */
const settled = async () => {
  const told = await sharing.share(police, { agencyIds: [rail.agencyId, hospital.agencyId], basis: 'To see that the stream runs.' })
  return told
}

describe('by the wire, whoever may not read an item', () => {
  test('cannot tell it from one that was never there: status, words, headers, length; there is no ETag to compare', async () => {
    const itemId = await sharing.share(police, { protocolId })
    for (const name of ['item', 'disclosure-log', 'challenges', 'tear-lines']) {
      const [withheld, madeUp] = [await get(rail, ask(name, { itemId })), await get(rail, ask(name, { itemId: id() }))]
      expect(withheld).toEqual(madeUp)
      expect(withheld).toMatchObject({ status: 404, etag: null })
      const again = await get(rail, ask(name, { itemId }), { 'if-none-match': '*', 'if-modified-since': new Date().toUTCString() })
      expect(again.status).toBe(404)
    }
  })

  test('sees the same bytes of every list before and after it was shared, opened, challenged and recalled', async () => {
    const lists = async () =>
      JSON.stringify([
        await get(rail, ask('items', {})),
        await get(rail, ask('items', { kind: 'situation' })),
        await get(rail, ask('items', { before: new Date(Date.now() + 60_000).toISOString().replace(/\d\d\.\d+Z/, '00.000Z') })),
        await get(rail, ask('disclosures', {})),
        await get(rail, ask('disclosures', { direction: 'received' })),
      ])
    const before = await lists()
    const itemId = await sharing.share(police, {
      protocolId,
      marking: 'TLP:AMBER+STRICT',
      until: new Date(Date.now() + 3_600_000).toISOString(),
    })
    await sharing.opens(hospital, itemId)
    await sharing.as(police, recallItem, { itemId, because: 'It was wrong.' })
    expect(await lists()).toBe(before)
  })

  test('hears nothing of it on the stream, neither live nor by coming back with a Last-Event-ID from before', async () => {
    // What the city was made of has gone out before: only what is done here comes.
    const before = await stream(rail)
    const first = await settled()
    await expect.poll(() => before.text(), { timeout: 5_000 }).toContain(first)
    await before.end()
    const theirs = await stream(rail)
    const from = theirs.last()!
    const itemId = await sharing.share(police, { protocolId, until: new Date(Date.now() + 3_600_000).toISOString() })
    const { releaseId } = await sharing.as<{ releaseId: string }>(police, proposeRelease, {
      itemId,
      kind: 'situation',
      title: 'Keep clear',
      text: 'Keep clear.',
      marking: 'TLP:GREEN',
      agencyIds: [rail.agencyId],
      basis: 'Duty to warn.',
    })
    await sharing.as(second, decideRelease, { releaseId, approve: true, words: 'Nothing of it is in it.' })
    await sharing.as(police, recallItem, { itemId, because: 'It was wrong.' })
    const told = await settled()
    await expect.poll(() => theirs.text(), { timeout: 5_000 }).toContain(told)
    const back = await stream(rail, from)
    await expect.poll(() => back.text(), { timeout: 5_000 }).toContain(told)
    for (const text of [theirs.text(), back.text()]) {
      expect(text).not.toContain(itemId)
      expect(text).not.toContain(releaseId)
      expect(text).not.toContain('access.admission')
      expect(text).not.toContain('"sharing.releases"')
      // The row itself, that it was sent to each, and what stands about it before them: nothing besides.
      const tables = [...text.matchAll(/"table":"([a-z_.]+)","id":"([^"]+)"/g)].map(([, table]) => table)
      expect(new Set(tables)).toEqual(
        new Set(['sharing.items', 'sharing.disclosures', 'record.sendings', ...(tables.includes('access.reach') ? ['access.reach'] : [])]),
      )
    }
    await theirs.end()
    await back.end()
  })

  test('whoever had it hears that it is gone, on an open stream and on coming back', async () => {
    const itemId = await sharing.share(police, { protocolId })
    const theirs = await stream(hospital)
    const from = theirs.last()!
    await sharing.as(police, recallItem, { itemId, because: 'It was wrong.' })
    const goneOf = (text: string) =>
      [...text.matchAll(/event: gone\ndata: (\[.*\])/g)].flatMap(([, ids = '[]']) => JSON.parse(ids) as string[])
    await expect.poll(() => goneOf(theirs.text()), { timeout: 5_000 }).toContain(itemId)
    const back = await stream(hospital, from)
    await expect.poll(() => goneOf(back.text()), { timeout: 5_000 }).toContain(itemId)
    await theirs.end()
    await back.end()
  })

  test('whoever holds a releasable version hears that it is gone, and nothing of the source that was recalled with it', async () => {
    const words = {
      kind: 'situation',
      title: 'Keep clear',
      text: 'Keep clear.',
      marking: 'TLP:GREEN',
      agencyIds: [rail.agencyId],
      basis: 'Duty.',
    }
    const source = await sharing.share(police, { protocolId })
    const { releaseId } = await sharing.as<{ releaseId: string }>(police, proposeRelease, { itemId: source, ...words })
    await sharing.as(second, decideRelease, { releaseId, approve: true, words: 'Nothing of it is in it.' })
    const released = await sharing.share(police, { ...words, releaseId })
    const theirs = await stream(rail)
    const from = theirs.last()!
    await sharing.as(police, recallItem, { itemId: source, because: 'It was wrong.' })
    await expect.poll(() => theirs.text(), { timeout: 5_000 }).toContain(released)
    const told = await settled()
    await expect.poll(() => theirs.text(), { timeout: 5_000 }).toContain(told)
    const back = await stream(rail, from)
    await expect.poll(() => back.text(), { timeout: 5_000 }).toContain(told)
    for (const text of [theirs.text(), back.text()]) {
      expect(text).toContain('event: gone')
      for (const one of [source, releaseId]) expect(text).not.toContain(one)
    }
    await theirs.end()
    await back.end()
  })
})
