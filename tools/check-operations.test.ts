import { describe, expect, it } from 'vitest'
import { checkOperations } from './check-operations.ts'
import { accessMatrix, type Known } from './operations.ts'

const served: Known[] = [
  { name: 'response.centre', kind: 'query', who: 'person', summary: 'The centre.' },
  { name: 'watch.claim', kind: 'command', who: ['watch-officer'], summary: 'Claim a signal.' },
]
const defined = served.map(({ name }) => ({ name, path: 'areas/x/contract.ts' }))
const matrix = accessMatrix(served)
const first = served[0] as Known
const change = (part: object) => [{ ...first, ...part } as Known, ...served.slice(1)]

describe('operations', () => {
  it('are sound when each is implemented once and stands in the matrix', () => {
    expect(checkOperations(defined, served, matrix)).toEqual([])
  })

  it('have a matrix in which only the named may', () => {
    const [head = '', , claim = ''] = matrix.split('\n')
    const allowed = head.split('\t').filter((_, column) => claim.split('\t')[column] === 'yes')
    expect(allowed).toEqual(['watch-officer'])
  })

  it.each<[string, { name: string; path: string }[], Known[], string | undefined, RegExp]>([
    ['one implemented nowhere', [...defined, { name: 'watch.judge', path: 'a' }], served, matrix, /watch\.judge is implemented nowhere/],
    ['one defined twice', [...defined, ...defined.slice(0, 1)], served, matrix, /defined more than once/],
    ['one implemented twice', defined, [first, ...served], matrix, /implemented more than once/],
    ['one without who', defined, change({ who: undefined }), matrix, /does not say who/],
    ['one for no kind of post', defined, change({ who: ['wizard'] }), matrix, /no kind of post/],
    ['one without a summary', defined, change({ summary: '' }), matrix, /no summary/],
    ['a name of another form', defined, change({ name: 'Centre' }), matrix, /not named area\.operationName/],
    ['no matrix', defined, served, undefined, /is not there/],
    ['a matrix that says otherwise', defined, served, matrix.replace('yes', '-'), /not as the code has it/],
    ['a matrix with one that is gone', defined, served, `${matrix}watch.old\tquery\n`, /watch\.old is not as the code has it/],
  ])('find %s', (_, definitions, implementations, committed, what) => {
    expect(checkOperations(definitions, implementations, committed).map((sin) => sin.what)).toContainEqual(expect.stringMatching(what))
  })
})
