import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { projectFiles } from './files.ts'

/** The forms of one name: `river-level`, `riverLevel`, `RiverLevel`, `river_levels` (a table), `River level` (a title). */
export type Forms = { kebab: string; camel: string; pascal: string; table: string; title: string }

/** Reads a name in kebab-case; anything else is refused with what to write instead. */
export function formsOf(kebab: string | undefined): Forms {
  if (!kebab || !/^[a-z]+(-[a-z]+)*$/.test(kebab))
    throw new Error('give the name as whole words in lower case, in the singular, with hyphens: river-level')
  const camel = kebab.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
  const words = kebab.replaceAll('-', ' ')
  return {
    kebab,
    camel,
    pascal: camel.charAt(0).toUpperCase() + camel.slice(1),
    table: `${kebab.replaceAll('-', '_')}s`,
    title: words.charAt(0).toUpperCase() + words.slice(1),
  }
}

/** Writes new files, never over one that is there. */
export function write(root: string, files: Record<string, string>): void {
  for (const path of Object.keys(files)) if (existsSync(join(root, path))) throw new Error(`${path} is there already; nothing was written`)
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
    console.log(`  new      ${path}`)
  }
}

/** Changes one file; the change must change something. */
export function edit(root: string, path: string, change: (content: string) => string): void {
  const before = readFileSync(join(root, path), 'utf8')
  const after = change(before)
  if (after === before) throw new Error(`${path} could not be changed: it is not as the scaffold expects; do it by hand`)
  writeFileSync(join(root, path), after)
  console.log(`  changed  ${path}`)
}

/** The next free migration number: within an area's own hundred, or, for a new area, the first of the next hundred. */
export function nextMigration(root: string, area: string): string {
  const numbers = (of: string) =>
    projectFiles(root).flatMap((path) => {
      const number = new RegExp(`^${of}/sql/(\\d{4})-[^/]*\\.sql$`).exec(path)?.[1]
      return number === undefined ? [] : [Number(number)]
    })
  const own = numbers(`areas/${area}`)
  const next = own.length > 0 ? Math.max(...own) + 1 : (Math.floor(Math.max(0, ...numbers('(?:areas|core)/[^/]+')) / 100) + 1) * 100
  return String(next).padStart(4, '0')
}
