import { defineConfig } from 'vitest/config'

/** What mutation testing runs (`npm run mutate`): the tests of access and record that need no database, so that thousands of runs are a matter of minutes. */
export default defineConfig({
  test: {
    pool: 'forks',
    include: ['core/access/{label,marking}.test.ts', 'core/record/tree/{leaf,tree,heads,verify,page}.test.ts'],
    testTimeout: 20_000,
  },
})
