import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { lineCount, projectFiles, report, type Sin, text } from './files.ts'

const isTest = (path: string) => /(\.(test|e2e)\.tsx?|(^|\/)testing\.ts)$/.test(path) || path.startsWith('tests/')
const isCode = (path: string) => /\.(ts|tsx|mjs)$/.test(path)
/** Comments say what code may not do; they are not code. */
export const withoutComments = (source: string) =>
  source.replace(/(?<=^|\s)\/\*[\s\S]*?\*\//gm, blank).replace(/(^|\s)(\/\/|--).*$/gm, '$1')
const blank = (comment: string) => comment.replace(/[^\n]/g, ' ')

/** The rules of the tree that need no compiler: names, lengths, numbers of migrations, forbidden words. */
export function checkFiles(root: string): Sin[] {
  const files = projectFiles(root)
  return [
    ...files.flatMap(names),
    ...files
      .filter((path) => isCode(path) || path.endsWith('.md') || path.endsWith('.sql'))
      .flatMap((path) => contents(path, text(root, path))),
    ...files.flatMap((path) => machineWords(root, path)),
    ...migrations(files),
    ...areas(root, files),
    ...bundle(root),
  ]
}

function names(path: string): Sin[] {
  const sins: Sin[] = []
  if (/^(areas|core)\/(.*\/)?index\.tsx?$/.test(path)) sins.push({ where: path, what: 'a barrel: import the file itself' })
  const drawer = /(^|\/)(utils?|helpers?|misc|common)(\/|\.tsx?$)/.exec(path)
  if (drawer) sins.push({ where: path, what: `${drawer[2]} says nothing: name it after what it does` })
  return sins
}

function contents(path: string, content: string): Sin[] {
  const lines = lineCount(content)
  const most = mostLines(path)
  const sins: Sin[] =
    most !== undefined && lines > most ? [{ where: path, what: `${lines} lines, at most ${most}: divide it by meaning` }] : []
  if (path.endsWith('.md')) return sins
  const code = withoutComments(content)
  if (!path.startsWith('core/') && !path.startsWith('tools/') && !isTest(path)) {
    sins.push(
      ...each(
        path,
        code,
        /\b(set\s+(local\s+|session\s+)?role|reset\s+role|session\s+authorization)\b/gi,
        'becoming somebody is for core/ alone',
      ),
    )
  }
  if (path.endsWith('.sql') || /(^|\/)sql\//.test(path)) {
    sins.push(...each(path, code, /\bon\s+delete\s+cascade\b/gi, 'a row is not deleted because another was: no ON DELETE CASCADE'))
  }
  if (/^areas\/.*(\.sql|\/store\.ts|\/store\/[^/]+\.ts)$/.test(path)) {
    const clock =
      /(?<![.\w])(now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday)\s*\(\s*\)|\b(current_timestamp|localtimestamp|current_date|current_time)\b/gi
    sins.push(...each(path, code, clock, "mission time is the world's: take it as an argument"))
  }
  if (/^areas\/.*(rules|rules\/[^/]+|actions|facade|jobs|reactions|store)\.ts$/.test(path) && !isTest(path)) {
    sins.push(
      ...each(path, code, /\bDate\.now\(\)|\bnew Date\(\)|\bMath\.random\(\)|\brandomUUID\(/g, 'time and chance come in: use clock and id'),
    )
  }
  if (isCode(path) && !path.startsWith('tools/')) {
    sins.push(...each(path, code, /\b(enum|namespace)\s+[A-Z]\w*\s*\{/g, 'Node strips types and cannot strip this'))
  }
  return sins
}

function mostLines(path: string): number | undefined {
  if (/^docs\/decisions\/.*\.md$/.test(path)) return 60
  if (/^areas\/[^/]+\/area\.ts$/.test(path)) return 40
  if (isCode(path)) return isTest(path) ? 600 : 350
  return undefined
}

function each(path: string, code: string, pattern: RegExp, what: string): Sin[] {
  return [...code.matchAll(pattern)].map((match) => ({
    where: `${path}:${code.slice(0, match.index).split('\n').length}`,
    what: `${match[0].trim().replace(/\s+/g, ' ')}: ${what}`,
  }))
}

/** A path of one machine or the host of a registry makes the project belong to that machine. */
function machineWords(root: string, path: string): Sin[] {
  if (/\.(png|jpg|jpeg|webp|ico|woff2?|pdf|xlsx|gz|zip|pmtiles)$/.test(path)) return []
  const pattern = new RegExp(
    ['(?<![\\w.:/-])/' + 'work/', '(?<![\\w.])/' + 'root/', 'registry\\.' + 'npmjs', 'registry\\.' + 'yarnpkg'].join('|'),
    'g',
  )
  return each(path, text(root, path), pattern, 'belongs to one machine, not to the project')
}

/** core/db/migrate.ts applies all migrations of the house by number: unique everywhere, unbroken within a hundred (core 00, each area its own). */
function migrations(files: string[]): Sin[] {
  const found = files
    .map((path) => /^((?:areas|core)\/[^/]+\/sql)\/(?!policies\.sql$)(([^/]*)\.sql)$/.exec(path))
    .filter((match) => match !== null)
    .map(([where, , file = '']) => ({ where, number: /^(\d{4})-[a-z0-9-]+\.sql$/.exec(file)?.[1] }))
  const named = found.filter((migration) => migration.number !== undefined)
  return found.flatMap(({ where, number }) => {
    if (number === undefined) return [{ where, what: 'a migration is named NNNN-what-it-does.sql' }]
    const twin = named.find((other) => other.number === number && other.where !== where)
    if (twin) return [{ where, what: `number ${number} is also ${twin.where}: numbers are unique in the house` }]
    const hundred = (text = '') => text.slice(0, 2)
    const before = named.filter((other) => hundred(other.number) === hundred(number) && Number(other.number) < Number(number))
    const last = Math.max(...before.map((other) => Number(other.number)))
    const gap = before.length > 0 && last + 1 !== Number(number)
    return gap ? [{ where, what: `number ${number} follows ${String(last).padStart(4, '0')}: numbers are unbroken` }] : []
  })
}

function areas(root: string, files: string[]): Sin[] {
  const found = [...new Set(files.flatMap((path) => /^areas\/([^/]+)\//.exec(path)?.[1] ?? []))]
  const known = files.includes('areas/order.ts') ? text(root, 'areas/order.ts') : ''
  return found.flatMap((area) => {
    const sins: Sin[] = known.includes(`'${area}'`) ? [] : [{ where: `areas/${area}`, what: 'is not in areas/order.ts' }]
    for (const needed of ['README.md', 'area.ts', 'contract.ts']) {
      if (!files.includes(`areas/${area}/${needed}`)) sins.push({ where: `areas/${area}`, what: `has no ${needed}` })
    }
    if (files.includes(`areas/${area}/README.md`)) {
      const lines = lineCount(text(root, `areas/${area}/README.md`))
      if (lines < 30 || lines > 60) sins.push({ where: `areas/${area}/README.md`, what: `${lines} lines: a README has 30 to 60` })
    }
    return sins
  })
}

/** The built page holds nothing of Node. Nothing to say before `npm run build`. */
function bundle(root: string): Sin[] {
  const folder = join(root, 'dist/web')
  if (!existsSync(folder)) return []
  const scripts = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.js'))
  return scripts.flatMap((path) =>
    each(`dist/web/${path}`, text(folder, path), /["'`]node:[a-z_/]+["'`]/g, 'server code has reached the page'),
  )
}

if (import.meta.main) report('files', checkFiles(process.cwd()), `${projectFiles(process.cwd()).length} files`)
