import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

const onDatabase = /^core\/db\/(testing\.ts|launch\/)/
const imported = /(?:\bfrom|\bimport)\s*\(?\s*['"]((?:#|\.\.?\/)[^'"]+)['"]/g

/** Whether a test (path from the root) stands on a database: it starts a server or a browser, or imports, however far away, what opens a store. */
export function standsOnDatabase(root: string, path: string, seen = new Set<string>()): boolean {
  if (onDatabase.test(path) || (seen.size === 0 && /\.(srv\.test|e2e)\.tsx?$/.test(path))) return true
  if (seen.has(path) || !/\.tsx?$/.test(path) || !existsSync(join(root, path))) return false
  seen.add(path)
  return [...readFileSync(join(root, path), 'utf8').matchAll(imported)].some(([, name = '']) =>
    standsOnDatabase(root, name.startsWith('#') ? name.slice(1) : normalize(join(dirname(path), name)), seen),
  )
}
