import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { afterEvent, defaultPolicy, independentWays, nextDue, planSteps } from './rules.ts'
import type { CallOut, Effects, Event, Person } from './rules/shapes.ts'

const start = new Date('2031-03-04T02:00:00Z')
const minute = (minutes: number) => new Date(start.getTime() + minutes * 60_000)
const all = ['mail', 'sms', 'voice', 'webhook'] as const

const person = (personId: string, capacity: Person['capacity'], ...channels: Person['addresses'][number]['channel'][]): Person => ({
  personId,
  capacity,
  addresses: channels.map((channel) => ({ channel, to: `${personId}-${channel}` })),
})
const cast = [
  person('holder', 'holder', 'sms', 'mail'),
  person('deputy', 'deputy', 'voice', 'mail'),
  person('chief', 'executive', 'sms', 'mail'),
]
const begin = (people = cast, usable: readonly (typeof all)[number][] = all) =>
  planSteps(defaultPolicy, people, usable, { id: 'co', postId: 'post', startedAt: start })

/** Plays events one after another and gathers everything that was sent. */
function play(first: Effects, ...events: [number, Event][]) {
  const sent = [...first.due]
  let callOut = first.callOut
  let last = first
  for (const [at, event] of events) {
    last = afterEvent(callOut, event, minute(at))
    sent.push(...last.due)
    callOut = last.callOut
  }
  return { callOut, sent, last, who: sent.map((ask) => `${ask.kind} ${ask.personId} ${ask.channel}`) }
}
const tick: Event = { kind: 'tick' }
const first = (personId: string) => `co/ask/${personId}/0`

describe('the ladder of a call-out', () => {
  test('nobody answers: channel, reminder and next channel, deputy, executive, then it shows as unanswered', () => {
    const at = (minutes: number) =>
      play(begin(), ...[1, 5, 10, 15, 20].filter((each) => each <= minutes).map((each): [number, Event] => [each, tick]))
    expect(at(1).who).toEqual(['call-out holder sms'])
    expect(at(5).who.slice(1)).toEqual(['remind holder sms', 'call-out holder mail'])
    expect(at(10).who.slice(3)).toEqual(['call-out deputy voice'])
    expect(at(15).who.slice(4)).toEqual(['call-out chief sms'])
    expect(at(15).callOut.state).toBe('asking')
    expect(at(20).callOut).toMatchObject({ state: 'unanswered', unansweredSince: minute(20).toISOString() })
    expect(nextDue(at(5).callOut)).toBe(minute(10).toISOString())
  })

  test('only acceptance stops it: delivered and read do not', () => {
    const read = play(begin(), [1, { kind: 'delivered', key: first('holder') }], [2, { kind: 'read', key: first('holder') }], [5, tick])
    expect(read.who).toHaveLength(3)
    const accepted = play(begin(), [2, { kind: 'accepted', key: first('holder') }], [60, tick])
    expect(accepted.who).toEqual(['call-out holder sms'])
    expect(accepted.callOut).toMatchObject({ state: 'accepted', acceptedBy: 'holder' })
    expect(accepted.callOut.steps.filter((step) => step.state === 'waiting')).toEqual([])
  })

  test('those asked earlier can still accept; the first wins and the others are shown', () => {
    const late = play(
      begin(),
      [10, tick],
      [11, { kind: 'accepted', key: first('holder') }],
      [12, { kind: 'accepted', key: first('deputy') }],
    )
    expect(late.callOut.acceptedBy).toBe('holder')
    expect(late.last.outcome).toBe('also-accepted')
    expect(late.callOut.asks.filter((ask) => ask.state === 'accepted').map((ask) => ask.personId)).toEqual(['holder', 'deputy'])
  })

  test('a decline goes to the deputy at once, that of the last deputy to the executive, that of the executive to unanswered', () => {
    const one = play(begin(), [1, { kind: 'declined', key: first('holder'), reason: 'ill' }])
    expect(one.who.at(-1)).toBe('call-out deputy voice')
    expect(one.callOut.asks[0]).toMatchObject({ state: 'declined', reason: 'ill' })
    const two = play(one.last, [2, { kind: 'declined', key: first('deputy') }])
    expect(two.who.at(-1)).toBe('call-out chief sms')
    const three = play(two.last, [3, { kind: 'declined', key: first('chief') }])
    expect(three.callOut).toMatchObject({ state: 'unanswered', unansweredSince: minute(3).toISOString() })
    expect(play(three.last, [15, tick], [20, tick]).sent).toEqual([])
  })

  test('a late decline of the holder does not ask a second time who is asked already', () => {
    const both = play(begin(), [10, tick], [12, { kind: 'declined', key: first('holder') }])
    expect(both.last.due).toEqual([])
    expect(both.callOut.asks.filter((ask) => ask.personId === 'chief')).toEqual([])
  })

  test('a failed channel moves to the next at once, and with no channel left to the deputy', () => {
    const next = play(begin(), [0, { kind: 'failed', key: first('holder') }])
    expect(next.who.at(-1)).toBe('call-out holder mail')
    const gone = play(next.last, [0, { kind: 'failed', key: 'co/ask/holder/1' }])
    expect(gone.who.at(-1)).toBe('call-out deputy voice')
    expect(gone.callOut.flags).toContain('somebody-unreachable')
  })

  test('nobody on duty: the deputy at once, and a flag; nobody at all: unanswered at once', () => {
    const none = begin(cast.slice(1))
    expect(none.callOut.flags).toContain('nobody-on-duty')
    expect(none.due.map((ask) => ask.personId)).toEqual(['deputy'])
    expect(begin([]).callOut).toMatchObject({ state: 'unanswered', flags: ['nobody-on-duty', 'no-deputy', 'no-executive'] })
    expect(begin([person('mute', 'holder'), ...cast.slice(1)]).due.map((ask) => ask.personId)).toEqual(['deputy'])
  })

  test('a process that slept an hour sends every step once; an acceptance that waited meanwhile stops them all', () => {
    const slept = play(begin(), [60, tick], [60, tick], [61, tick])
    expect(slept.who).toEqual([
      'call-out holder sms',
      'remind holder sms',
      'call-out holder mail',
      'call-out deputy voice',
      'call-out chief sms',
    ])
    expect(slept.callOut.state).toBe('unanswered')
    const waited = play(begin(), [60, { kind: 'accepted', key: first('holder') }], [60, tick])
    expect(waited.callOut.asks.map((ask) => ask.personId)).toEqual(['holder'])
  })

  test('a step that is run again after a crash makes no second message: its key is there already', () => {
    const ran = play(begin(), [15, tick]).callOut
    const forgotten: CallOut = { ...ran, steps: ran.steps.map((step) => ({ ...step, state: 'waiting' })) }
    const again = afterEvent(forgotten, tick, minute(15))
    const keys = again.callOut.asks.map((ask) => ask.key)
    expect(new Set(keys).size).toBe(keys.length)
    const known = new Set(ran.asks.map((ask) => ask.key))
    expect(again.due.filter((ask) => known.has(ask.key))).toEqual([])
  })

  test('an unanswered call-out still takes an acceptance, and so does one that expired', () => {
    const late = play(begin(), [20, tick], [241, tick], [300, { kind: 'accepted', key: first('deputy') }])
    expect(late.last.outcome).toBe('won')
    expect(late.callOut.state).toBe('accepted')
  })

  test('an ask that waits in the queue is withdrawn when somebody accepts', () => {
    const quick = play(begin(), [10, tick], [10, { kind: 'accepted', key: first('holder') }])
    expect(quick.last.cancelled).toContain(first('deputy'))
    expect(quick.callOut.asks.find((ask) => ask.key === first('deputy'))?.state).toBe('expired')
  })

  test('a decline by who accepted does not undo it; standing down ends everything', () => {
    const won = play(begin(), [1, { kind: 'accepted', key: first('holder') }], [2, { kind: 'declined', key: first('holder') }])
    expect(won.last.outcome).toBe('already-accepted')
    expect(won.callOut.state).toBe('accepted')
    const down = play(begin(), [1, { kind: 'stood-down' }], [30, tick], [31, { kind: 'accepted', key: first('holder') }])
    expect(down.last.outcome).toBe('stood-down')
    expect(down.sent).toHaveLength(1)
  })

  test('a channel that really sends comes before one that would be simulated', () => {
    expect(begin(cast, ['mail']).due[0]).toMatchObject({ channel: 'mail' })
    expect(begin(cast, []).due[0]).toMatchObject({ channel: 'sms' })
    expect(play(begin(cast, []), [0, { kind: 'simulated', key: first('holder') }], [4, tick]).sent).toHaveLength(1)
  })

  test('two ways that cannot fail together are wanted: SMS and voice are one (R-3.4.8)', () => {
    expect(independentWays(['sms', 'voice'])).toBe(1)
    expect(independentWays(['sms', 'mail'])).toBe(2)
    expect(begin([person('solo', 'holder', 'sms', 'voice')]).callOut.flags).toContain('one-way-only')
    expect(begin().callOut.flags).toEqual([])
  })
})

describe('any order of events', () => {
  const channel = fc.constantFrom(...all)
  const people = fc
    .tuple(
      ...(['holder', 'deputy', 'deputy', 'executive', 'executive'] as const).map((capacity) =>
        fc.tuple(fc.constant(capacity), fc.boolean(), fc.uniqueArray(channel, { maxLength: 3 })),
      ),
    )
    .map((rows) => rows.flatMap(([capacity, there, channels], index) => (there ? [person(`p${index}`, capacity, ...channels)] : [])))
  const move = fc.record({
    kind: fc.constantFrom(
      'tick',
      'tick',
      'tick',
      'attempted',
      'simulated',
      'delivered',
      'read',
      'failed',
      'failed',
      'declined',
      'accepted',
    ) as fc.Arbitrary<Event['kind']>,
    which: fc.nat(30),
    /** Minutes the clock moves: mostly on, sometimes back, sometimes an hour. */
    by: fc.constantFrom(0, 0, 1, 2, 5, 5, 60, -3, -30),
  })
  const usable = fc.subarray([...all])

  const eventOf = (callOut: CallOut, kind: Event['kind'], which: number): Event => {
    const ask = callOut.asks[which % Math.max(callOut.asks.length, 1)]
    if (kind === 'tick' || kind === 'stood-down' || ask === undefined) return { kind: 'tick' }
    return { kind, key: ask.key }
  }

  test('at most one winner, nothing sent after it, no key twice, never silent', () => {
    fc.assert(
      fc.property(people, usable, fc.array(move, { maxLength: 40 }), (cast, ways, moves) => {
        let effects = begin(cast, ways)
        const sent = effects.due.map((ask) => ask.key)
        let winner: string | null = null
        let now = 0
        const ranges: Record<string, string> = {}
        for (const { kind, which, by } of moves) {
          now += by
          const before = effects.callOut
          const event = eventOf(before, kind, which)
          effects = afterEvent(before, event, minute(now))
          if (before.state === 'accepted') expect(effects.due).toEqual([])
          if (winner !== null) expect(effects.callOut.acceptedBy).toBe(winner)
          winner ??= effects.callOut.acceptedBy
          if (event.kind === 'accepted') expect(winner).not.toBeNull()
          sent.push(...effects.due.map((ask) => ask.key))
          // The same event again (a repeated receipt, a restart) sends nothing more.
          const again = afterEvent(effects.callOut, event, minute(now))
          expect(again.due).toEqual([])
          expect(again.callOut).toEqual(effects.callOut)
          for (const step of effects.callOut.steps) {
            if (ranges[step.key] !== undefined && ranges[step.key] !== 'waiting') expect(step.state).toBe(ranges[step.key])
            ranges[step.key] = step.state
          }
        }
        expect(new Set(sent).size).toBe(sent.length)
        const end = afterEvent(effects.callOut, { kind: 'tick' }, minute(Math.max(now, 0) + 500))
        sent.push(...end.due.map((ask) => ask.key))
        expect(new Set(sent).size).toBe(sent.length)
        expect(new Set(end.callOut.asks.map((ask) => ask.key)).size).toBe(end.callOut.asks.length)
        expect(end.callOut.steps.filter((step) => step.state === 'waiting')).toEqual([])
        if (winner === null) {
          expect(end.callOut.state).toBe('unanswered')
          // Everybody who has an address was asked before it was given up.
          for (const each of end.callOut.people)
            if (each.addresses.length > 0) expect(end.callOut.asks.some((ask) => ask.personId === each.personId)).toBe(true)
        } else expect(end.callOut.state).toBe('accepted')
      }),
      { numRuns: 3_000 },
    )
  }, 60_000)

  test('one long sleep sends the same as ticks on time', () => {
    fc.assert(
      fc.property(people, fc.uniqueArray(fc.integer({ min: 0, max: 300 }), { maxLength: 12 }), (cast, times) => {
        const keys = (effects: Effects) => effects.callOut.asks.map((ask) => ask.key)
        let often = begin(cast)
        for (const at of [...times.sort((one, other) => one - other), 300]) often = afterEvent(often.callOut, tick, minute(at))
        expect(keys(often)).toEqual(keys(afterEvent(begin(cast).callOut, tick, minute(300))))
      }),
    )
  })
})
