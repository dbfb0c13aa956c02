import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

const imported = /(?:\bfrom|\bimport)\s*\(?\s*['"]([^'"]+)['"]/g

/** Whether a module (path from the root) is, or imports however far away, something that matches: a path from the root, or a package. */
export function reaches(root: string, path: string, wanted: RegExp, seen = new Set<string>()): boolean {
  if (wanted.test(path)) return true
  if (seen.has(path) || !/\.tsx?$/.test(path) || !existsSync(join(root, path))) return false
  seen.add(path)
  const names = [...readFileSync(join(root, path), 'utf8').matchAll(imported)].map(([, name = '']) => name)
  return names.some((name) => {
    if (name.startsWith('#')) return reaches(root, name.slice(1), wanted, seen)
    return name.startsWith('.') ? reaches(root, normalize(join(dirname(path), name)), wanted, seen) : wanted.test(name)
  })
}

/** Whether a test stands on a database: it starts a server or a browser, or reaches what opens a store. */
export function standsOnDatabase(root: string, path: string): boolean {
  return /\.(srv\.test|e2e)\.tsx?$/.test(path) || reaches(root, path, /^core\/db\/(testing\.ts|launch\/)/)
}

/** They try commands, processes and what the scaffolds write; their SQL is tried on both kinds beside the code. */
const onceIsEnough = /^(tests\/record\.srv|tools\/scaffold)\.test\.ts$/

/**
 * Whether a test is run on each PostgreSQL that CONCORD_TEST_POSTGRES names. The others that stand on one bring their own (core/db/launch tries
 * both kinds by itself), or are named above.
 */
export function runsOnChosenDatabase(root: string, path: string): boolean {
  const chosen = /^(core\/db\/testing|tests\/faults\/served-city|tools\/throwaway-postgres)\.ts$/
  return !onceIsEnough.test(path) && standsOnDatabase(root, path) && reaches(root, path, chosen)
}

/** Whether a test drives a browser. */
export function standsOnBrowser(root: string, path: string): boolean {
  return /\.e2e\.tsx?$/.test(path) || reaches(root, path, /^playwright-core/)
}
