import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LabelInput } from './contract.ts'
import { canonical, canSee, combine, isToken, nobody, sameLabel, tokenKinds } from './label.ts'

const token = fc
  .tuple(fc.constantFrom('person', 'agency', 'group'), fc.constantFrom('a', 'b', 'c', 'A', '-', '.', 'ab'))
  .map(([kind, id]) => `${kind}:${id}`)
const clauses = fc.array(fc.array(token, { maxLength: 4 }), { maxLength: 4 })
const reach = fc.array(token, { maxLength: 8 }).map((tokens) => new Set(tokens))

describe('the rule of reading', () => {
  it('a viewer sees a row when every clause shares a token with the reach', () => {
    const label = [['agency:fire', 'agency:police'], ['cleared:os']]
    expect(canSee(label, new Set(['agency:fire', 'cleared:os']))).toBe(true)
    expect(canSee(label, new Set(['agency:police', 'cleared:os', 'person:x']))).toBe(true)
    expect(canSee(label, new Set(['agency:fire']))).toBe(false)
    expect(canSee(label, new Set(['cleared:os']))).toBe(false)
    expect(canSee(label, new Set())).toBe(false)
  })

  it('no clauses, or an empty clause, is nobody and never everybody', () => {
    fc.assert(
      fc.property(reach, clauses, (held, other) => {
        expect(canSee([], held)).toBe(false)
        expect(canSee(nobody, held)).toBe(false)
        expect(canSee([...other, []], held)).toBe(false)
        expect(canSee(combine([], other), held)).toBe(false)
        expect(canSee(combine(other, [[]]), held)).toBe(false)
      }),
    )
    expect(canonical([])).toEqual([[]])
    expect(canonical([['agency:a'], []])).toEqual([[]])
    expect(combine([], [['agency:a']])).toEqual([[]])
  })

  it('more reach never takes sight away, and one more clause never gives it', () => {
    fc.assert(
      fc.property(clauses, reach, token, fc.array(token, { maxLength: 3 }), (label, held, more, clause) => {
        if (canSee(label, held)) expect(canSee(label, new Set([...held, more]))).toBe(true)
        if (label.length > 0 && !canSee(label, held)) expect(canSee([...label, clause], held)).toBe(false)
      }),
    )
  })

  it('who can see the combination is exactly who can see both', () => {
    fc.assert(
      fc.property(clauses, clauses, reach, (a, b, held) => {
        expect(canSee(combine(a, b), held)).toBe(canSee(a, held) && canSee(b, held))
      }),
      { numRuns: 2000 },
    )
  })

  it('combining is the same in any order, any grouping, and twice', () => {
    fc.assert(
      fc.property(clauses, clauses, clauses, (a, b, c) => {
        expect(combine(a, b)).toEqual(combine(b, a))
        expect(combine(a, combine(b, c))).toEqual(combine(combine(a, b), c))
        expect(combine(a, a)).toEqual(canonical(a))
      }),
    )
  })

  it('the canonical form means the same, is one for every way of writing, and stays as it is', () => {
    fc.assert(
      fc.property(clauses, reach, fc.nat(), (label, held, seed) => {
        const form = canonical(label)
        expect(canSee(form, held)).toBe(canSee(label, held))
        expect(canonical(form)).toEqual(form)
        const turned = label.map((clause) => [...clause.slice(seed % 3), ...clause.slice(0, seed % 3), ...clause.slice(0, 1)]).reverse()
        expect(canonical([...turned, ...turned.slice(0, 1)])).toEqual(form)
        expect(sameLabel(turned, label)).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })

  it('sorts by byte, and clauses by how many tokens they have first', () => {
    expect(canonical([['person:b', 'person:B', 'person:a'], ['person:z'], ['person:-', 'person:z']])).toEqual([
      ['person:z'],
      ['person:-', 'person:z'],
      ['person:B', 'person:a', 'person:b'],
    ])
  })
})

it('two labels are the same when they ask the same, and not otherwise', () => {
  expect(sameLabel([['agency:a', 'agency:b']], [['agency:b', 'agency:a', 'agency:a']])).toBe(true)
  expect(sameLabel([['agency:a']], [['agency:b']])).toBe(false)
  expect(sameLabel([], [['agency:a']])).toBe(false)
  expect(sameLabel([], [[]])).toBe(true)
})

describe('tokens', () => {
  it('are kind:id of a known kind', () => {
    for (const kind of tokenKinds) expect(isToken(`${kind}:0192-a.b_C`)).toBe(true)
    for (const text of [
      '',
      'person',
      'person:',
      ':x',
      'Person:x',
      'ghost:x',
      'person:x y',
      'person:x\n',
      'person:x:y',
      ' person:x',
      'person:é',
      `person:${'x'.repeat(201)}`,
    ]) {
      expect(isToken(text)).toBe(false)
    }
  })

  it('that are malformed, and markings that are misspelt, are refused at the door', () => {
    expect(LabelInput.safeParse({ clauses: [['agency:fire']], marking: 'TLP:AMBER+STRICT' }).success).toBe(true)
    expect(LabelInput.safeParse({ clauses: [], marking: '' }).success).toBe(true)
    expect(LabelInput.safeParse({ clauses: [['agency:fire', 'everyone']], marking: '' }).success).toBe(false)
    expect(LabelInput.safeParse({ clauses: ['agency:fire'], marking: '' }).success).toBe(false)
    expect(LabelInput.safeParse({ clauses: [['agency:fire']], marking: 'TLP:WHITE' }).success).toBe(false)
    expect(LabelInput.safeParse({ clauses: [['agency:fire']], marking: '', extra: 1 }).success).toBe(false)
  })
})
