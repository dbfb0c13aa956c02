import { defineConfig } from 'vitest/config'

const base = { globalSetup: ['tools/vitest-postgres.ts'], pool: 'forks' as const, testTimeout: 30_000, hookTimeout: 60_000 }
const elsewhere = ['**/node_modules/**', '**/dist/**']

/** Two kinds of test: modules on a real PostgreSQL and journeys in a real browser, two files at a time. */
export default defineConfig({
  test: {
    maxWorkers: 2,
    silent: 'passed-only',
    projects: [
      {
        extends: true,
        test: { ...base, name: 'modules', include: ['{areas,core,apps,demo,tests,bench,tools}/**/*.test.{ts,tsx}'], exclude: elsewhere },
      },
      {
        extends: true,
        test: {
          ...base,
          name: 'e2e',
          include: ['{areas,core,apps,demo,tests}/**/*.e2e.{ts,tsx}'],
          exclude: elsewhere,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
