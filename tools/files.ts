import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

/** One thing that breaks a rule: where (path from the root, with a line where it helps) and what to do about it. */
export type Sin = { where: string; what: string }

const rooms = ['areas', 'core', 'apps', 'demo', 'tests', 'bench', 'tools']

/** Every file of the project, as paths from the root with `/`: what git would keep, or all that stands there without git. */
export function projectFiles(root: string): string[] {
  if (existsSync(join(root, '.git'))) {
    const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { cwd: root, encoding: 'utf8' })
    return listed.split('\0').filter((path) => path !== '' && existsSync(join(root, path)))
  }
  return walk(root, root).sort()
}

function walk(root: string, folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (['node_modules', 'dist', '.git', '.concord'].includes(entry.name)) return []
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return walk(root, path)
    return entry.isFile() ? [relative(root, path)] : []
  })
}

/** The TypeScript modules of the rooms: what the borders are held for. */
export function modules(root: string): string[] {
  return projectFiles(root).filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.d.ts') && rooms.includes(path.split('/')[0] ?? ''))
}

/** The text of a project file. */
export function text(root: string, path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

/** How many lines a file has; a last line without a line end counts. */
export function lineCount(content: string): number {
  return content === '' ? 0 : content.replace(/\n$/, '').split('\n').length
}

/** Prints what a check found, one sin a line, and sets the exit code: 1 when there is any. */
export function report(name: string, sins: Sin[], read: string): void {
  for (const sin of sins) console.log(`${sin.where}: ${sin.what}`)
  console.log(sins.length === 0 ? `${name}: sound (${read})` : `${name}: ${sins.length} to mend (${read})`)
  process.exitCode = sins.length === 0 ? 0 : 1
}
