import { relative } from 'node:path'

type Assertion = { fullName: string; status: string; failureMessages?: string[] | null }
/** What vitest's JSON reporter tells, as far as it is counted here. */
export type Told = {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  numTodoTests: number
  testResults: { name: string; status: string; message?: string; assertionResults: Assertion[] }[]
}
export type Counts = { passed: number; failed: number; skipped: number }

/**
 * Counts one pass of vitest over `files` files from its report (undefined: it left none) and its exit code.
 * A file that could not even be read is one failure; so is a pass that died, that left an error behind, or that ran nothing.
 */
export function countTests(told: Told | undefined, code: number, files: number): Counts {
  if (!told) return { passed: 0, failed: files, skipped: 0 }
  const unread = told.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length
  const failed = told.numFailedTests + unread
  const skipped = told.numPendingTests + told.numTodoTests
  const nothing = told.numPassedTests + failed + skipped === 0
  return { passed: told.numPassedTests, failed: failed === 0 && (code !== 0 || nothing) ? 1 : failed, skipped }
}

/** What failed, a line each, with the first line of why: said again at the very end, where whoever reads only the end finds it. */
export function failures(told: Told | undefined, root: string): string[] {
  return (told?.testResults ?? []).flatMap((file) => {
    const path = relative(root, file.name)
    const tests = file.assertionResults
      .filter((one) => one.status === 'failed')
      .map((one) => `${path} > ${one.fullName}: ${firstLine(one.failureMessages?.[0])}`)
    return file.status === 'failed' && tests.length === 0 ? [`${path}: ${firstLine(file.message)}`] : tests
  })
}

const firstLine = (text: string | undefined) => (text ?? 'no reason was given').trim().split('\n')[0]?.slice(0, 300) ?? ''
