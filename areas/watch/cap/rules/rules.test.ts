import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { geometryFlags, readCircle, readPolygon } from './geometry.ts'
import { actsOn, type KnownMessage, routeOf, ruleOnIdentity, sameIdentity } from './identity.ts'
import { readReferences } from './references.ts'
import { instantOf, readTime } from './times.ts'

const own = { sender: 'office@weather.example', identifier: 'W-1', sent: '2026-01-02T03:04:05+01:00' }

describe('times', () => {
  it('in CAP 1.2 are whole seconds with a numeric offset; whatever else is one instant is read all the same', () => {
    expect(readTime('2026-01-02T03:04:05+01:00', '1.2')).toEqual({ strict: true, readable: true, zoneless: false })
    for (const text of [
      '2026-01-02T03:04:05Z',
      '2026-01-02T03:04:05.25+01:00',
      '2026-01-02T03:04+01:00',
      '2026-01-02 03:04:05+0100',
      '2026-01-02t03:04:05z',
    ])
      expect({ text, ...readTime(text, '1.2') }).toEqual({ text, strict: false, readable: true, zoneless: false })
    for (const text of [
      '',
      'now',
      '2026-02-30T00:00:00Z',
      '2026-01-02T25:00:00Z',
      '2026-01-02',
      '2026-01-02T03:04:05+15:00',
      '02/01/2026 03:04',
    ])
      expect({ text, ...readTime(text, '1.2') }).toMatchObject({ strict: false, readable: false })
  })

  it('without a zone are no instant in either version, although CAP 1.1 lets them through', () => {
    expect(readTime('2026-01-02T03:04:05', '1.1')).toEqual({ strict: true, readable: false, zoneless: true })
    expect(readTime('2026-01-02T03:04:05.123', '1.2')).toEqual({ strict: false, readable: false, zoneless: true })
  })

  it('are one instant however they are written', () => {
    const noon = Date.UTC(2026, 0, 2, 12)
    for (const text of [
      '2026-01-02T12:00:00Z',
      '2026-01-02T12:00:00-00:00',
      '2026-01-02T13:00:00+01:00',
      '2026-01-02T06:30:00-05:30',
      '2026-01-02T13:00+01',
    ])
      expect([text, instantOf(text)]).toEqual([text, noon])
  })

  it('never fall over, and a strict time with a zone is always readable', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc
            .date({ noInvalidDate: true, min: new Date('0001-01-01'), max: new Date('9999-12-30') })
            .map((date) => `${date.toISOString().slice(0, 19)}+00:00`),
        ),
        (text) => {
          const { strict, zoneless, readable } = readTime(text, '1.2')
          expect(!strict || zoneless || readable).toBe(true)
        },
      ),
    )
  })
})

describe('geometry', () => {
  it.each([
    ['1,2 3,4 5,6 1,2', []],
    [' 1.5,-2 \n 3,4\t5,6 +1.50,-2.0 ', []],
    ['', ['empty-polygon']],
    [' \n ', ['empty-polygon']],
    ['1,2 3,4 5,6 1,3', ['polygon-not-closed']],
    ['1,2 3,4 1,2', ['polygon-too-few-points']],
    ['1,2 3,4 5 1,2', ['polygon-bad-pair']],
    ['1,2 3,4, 5,6 1,2', ['polygon-bad-pair']],
    ['1,2 3,4 5,x 1,2', ['polygon-bad-pair']],
    ['91,2 3,4 5,6 91,2', ['coord-out-of-range', 'coord-order-looks-swapped']],
    ['1,181 3,4 5,6 1,181', ['coord-out-of-range']],
    ['139.7,35.6 139.8,35.6 139.8,35.7 139.7,35.6', ['coord-out-of-range', 'coord-order-looks-swapped']],
  ])('polygon “%s” is flagged %j', (text, flags) => {
    const polygon = readPolygon(text)
    expect(polygon.flags).toEqual(flags)
    expect(polygon.points === null).toBe(flags.length > 0)
  })

  it.each([
    ['1,2 3', []],
    ['1,2 0', []],
    ['', ['empty-circle']],
    ['1,2', ['circle-bad-form']],
    ['1 2 3', ['circle-bad-form']],
    ['1,2 3 4', ['circle-bad-form']],
    ['1,2 -3', ['circle-negative-radius']],
    ['1,2 1e3', ['circle-bad-form']],
    ['1,2 30000', ['circle-radius-too-large']],
    ['99,2 3', ['coord-out-of-range', 'coord-order-looks-swapped']],
  ])('circle “%s” is flagged %j', (text, flags) => expect(readCircle(text).flags).toEqual(flags))

  it('needs an altitude under a ceiling', () => {
    const area = { areaDesc: 'a', polygons: [], circles: [], geocodes: [], altitude: null, ceiling: '100' }
    expect(geometryFlags([area])).toEqual(['ceiling-without-altitude'])
    expect(geometryFlags([{ ...area, altitude: '200' }])).toEqual(['ceiling-below-altitude'])
    expect(geometryFlags([{ ...area, altitude: '50' }])).toEqual([])
  })

  it('draws only what is whole, whatever is written', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const shape of [readPolygon(text), readCircle(text)])
          expect('points' in shape ? shape.points === null : shape.centre === null).toBe(shape.flags.length > 0)
      }),
    )
  })
})

describe('references', () => {
  const good = 'office@weather.example,W-0,2026-01-01T00:00:00+00:00'
  it.each([
    ['Update', good, [], 1],
    ['Update', ` ${good}\n ${good.replace('W-0', 'W-00')} `, [], 2],
    ['Alert', null, [], 0],
    ['Update', null, ['references-missing'], 0],
    ['Cancel', null, ['references-missing'], 0],
    ['Ack', '', ['references-empty'], 0],
    ['Alert', ' ', ['references-empty'], 0],
    ['Update', `${good},${good}`, ['references-comma-joined'], 0],
    ['Update', `${good} ${good},${good}`, ['references-comma-joined'], 1],
    ['Cancel', 'office@weather.example,W-1,2026-01-02T02:04:05Z', ['reference-to-itself'], 0],
    ['Update', 'W-0', ['reference-malformed'], 0],
    ['Update', 'office@weather.example,,2026-01-01T00:00:00+00:00', ['reference-malformed'], 0],
    ['Update', 'office@weather.example,W-0,yesterday', ['reference-malformed'], 0],
    ['Update', good.replace('office', 'other'), ['reference-to-another-sender'], 1],
  ])('%s with “%s” is flagged %j', (msgType, text, flags, usable) => {
    const report = readReferences(text, msgType, own)
    expect(report.flags).toEqual(flags)
    expect(report.references.filter((reference) => reference.usable).length).toBe(usable)
  })

  it('cannot be made to an identifier with a space or comma', () => {
    expect(readReferences(null, 'Alert', { ...own, identifier: 'A, B' }).flags).toEqual(['identifier-cannot-be-referenced'])
  })
})

describe('identity', () => {
  const known = (id: string, bytes: string, signature: KnownMessage['signature'] = 'absent'): KnownMessage => ({
    ...own,
    id,
    bytesHash: bytes,
    elementHash: bytes,
    signature,
  })
  const { id: _id, ...incoming } = known('', 'b1')

  it('is sender, identifier and the instant of sent', () => {
    expect(sameIdentity(own, { ...own, sent: '2026-01-02T02:04:05Z' })).toBe(true)
    expect(sameIdentity(own, { ...own, sent: '2026-01-02T02:04:06Z' })).toBe(false)
    expect(sameIdentity(own, { ...own, identifier: 'w-1' })).toBe(false)
    expect(sameIdentity({ ...own, sent: null }, { ...own, sent: null })).toBe(false)
  })

  it('with the same bytes is a duplicate, bare or inside a feed', () => {
    expect(ruleOnIdentity(incoming, [])).toEqual({ ruling: 'new' })
    expect(ruleOnIdentity(incoming, [known('k', 'b1')])).toEqual({ ruling: 'duplicate', of: 'k' })
    expect(ruleOnIdentity(incoming, [{ ...known('k', 'whole-file'), elementHash: 'b1' }])).toEqual({ ruling: 'duplicate', of: 'k' })
    expect(ruleOnIdentity(incoming, [{ ...known('k', 'b1'), identifier: 'other' }])).toEqual({ ruling: 'new' })
  })

  it('with other bytes is a conflict that quarantines all, unless exactly one verifies', () => {
    expect(ruleOnIdentity(incoming, [known('k', 'b2')])).toMatchObject({
      ruling: 'conflict',
      quarantineIncoming: true,
      quarantineKnown: ['k'],
      stands: null,
    })
    expect(ruleOnIdentity(incoming, [known('k', 'b2', 'present')])).toMatchObject({ quarantineIncoming: true, quarantineKnown: ['k'] })
    expect(ruleOnIdentity(incoming, [known('k', 'b2', 'verified')])).toMatchObject({
      quarantineIncoming: true,
      quarantineKnown: [],
      stands: 'k',
    })
    const signed = { ...incoming, signature: 'verified' as const }
    expect(ruleOnIdentity(signed, [known('k', 'b2')])).toMatchObject({
      quarantineIncoming: false,
      quarantineKnown: ['k'],
      stands: 'incoming',
    })
    expect(ruleOnIdentity(signed, [known('k', 'b2', 'verified')])).toMatchObject({
      quarantineIncoming: true,
      quarantineKnown: ['k'],
      stands: null,
    })
    expect(ruleOnIdentity(signed, [known('k', 'b2', 'verified'), known('m', 'b3')])).toMatchObject({
      quarantineKnown: ['k', 'm'],
      stands: null,
    })
  })
})

describe('an Update or Cancel', () => {
  const first = { ...own, identifier: 'W-0', sent: '2026-01-01T00:00:00+00:00', id: 'first', route: 'live' as const }
  const second = { ...first, identifier: 'W-00', id: 'second' }
  const naming = (text: string | null, msgType = 'Cancel') => ({
    ...own,
    msgType,
    outcome: 'accepted' as const,
    route: 'live' as const,
    references: readReferences(text, msgType, own).references,
  })
  const good = 'office@weather.example,W-0,2026-01-01T00:00:00Z'

  it('acts only on the messages that it names', () => {
    expect(actsOn(naming(good), [first, second])).toEqual([{ id: 'first', by: 'cancel', otherSender: false }])
    expect(actsOn(naming(good, 'Update'), [first])).toEqual([{ id: 'first', by: 'update', otherSender: false }])
    for (const text of [null, '', `${good},${good}`, 'W-0', 'office@weather.example,W-1,2026-01-02T02:04:05Z'])
      expect(actsOn(naming(text), [first, second, { ...own, id: 'self', route: 'live' }])).toEqual([])
    for (const msgType of ['Alert', 'Ack', 'Error']) expect(actsOn(naming(good, msgType), [first])).toEqual([])
  })

  it('changes nothing while it is quarantined, nor from the tray into the live world', () => {
    expect(actsOn({ ...naming(good), outcome: 'quarantined' }, [first])).toEqual([])
    expect(actsOn({ ...naming(good), route: 'not-actual' }, [first])).toEqual([])
    expect(actsOn(naming(good), [{ ...first, route: 'not-actual' }])).toEqual([])
  })

  it('goes live only when its status is Actual', () => {
    expect(['Actual', 'Exercise', 'Test', 'System', 'Draft', 'actual', '', null].map(routeOf)).toEqual([
      'live',
      ...Array(7).fill('not-actual'),
    ])
  })
})
