import { expect, test } from 'vitest'
import { countTests, type Told } from './count-tests.ts'

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
  ['a file could not be read', told({ testResults: [{ status: 'failed', assertionResults: [] }] }), 1, [3, 1, 0]],
  ['all passed, and an error was left behind', told(), 1, [3, 1, 0]],
  ['nothing ran', told({ numPassedTests: 0 }), 0, [0, 1, 0]],
  ['the runner died without a report', undefined, 137, [0, 5, 0]],
])('%s', (_, report, code, [passed, failed, skipped]) => {
  expect(countTests(report, code, 5)).toEqual({ passed, failed, skipped })
})
