import { expect, test } from 'vitest'
import { countTests, failures, type Told } from './count-tests.ts'

const told = (part: Partial<Told> = {}): Told => ({
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [],
  ...part,
})

test.each<[string, Told | undefined, number, [passed: number, failed: number, skipped: number]]>([
  ['all passed', told(), 0, [3, 0, 0]],
  ['one failed', told({ numFailedTests: 1 }), 1, [3, 1, 0]],
  ['skipped and still to come', told({ numPendingTests: 1, numTodoTests: 2 }), 0, [3, 0, 3]],
  ['a file could not be read', told({ testResults: [{ name: '/p/a.test.ts', status: 'failed', assertionResults: [] }] }), 1, [3, 1, 0]],
  ['all passed, and an error was left behind', told(), 1, [3, 1, 0]],
  ['nothing ran', told({ numPassedTests: 0 }), 0, [0, 1, 0]],
  ['the runner died without a report', undefined, 137, [0, 5, 0]],
])('%s', (_, report, code, [passed, failed, skipped]) => {
  expect(countTests(report, code, 5)).toEqual({ passed, failed, skipped })
})

test('what failed is named with the first line of why; a file that could not be read too; nothing is named of what passed', () => {
  const report = told({
    testResults: [
      {
        name: '/p/core/a.test.ts',
        status: 'failed',
        assertionResults: [
          { fullName: 'it adds', status: 'failed', failureMessages: ['\nError: 3 is not 4\n    at somewhere'] },
          { fullName: 'it takes away', status: 'passed', failureMessages: [] },
        ],
      },
      { name: '/p/core/b.test.ts', status: 'failed', message: 'SyntaxError: unexpected end\nmore', assertionResults: [] },
      { name: '/p/core/c.test.ts', status: 'passed', assertionResults: [{ fullName: 'it is so', status: 'passed' }] },
    ],
  })
  expect(failures(report, '/p')).toEqual(['core/a.test.ts > it adds: Error: 3 is not 4', 'core/b.test.ts: SyntaxError: unexpected end'])
  expect(failures(undefined, '/p')).toEqual([])
})
