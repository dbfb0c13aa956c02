import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { checkBorders } from './check-borders.ts'
import { checkFiles } from './check-files.ts'
import { checkWords } from './check-words.ts'

// A check that cannot fail is worthless: each sin is planted in a small sound house and must be found.

const root = join(import.meta.dirname, '..')
const readme = `# Structure\n${'Who is who.\n'.repeat(35)}`
const house: Record<string, string> = {
  'areas/structure/README.md': readme,
  'areas/structure/area.ts': `import { actions } from './post/actions.ts'\nexport const area = { name: 'structure', features: [actions] }\n`,
  'areas/structure/contract.ts': `export type PostId = string\n`,
  'areas/structure/facade.ts': `import { onDuty } from './post/store.ts'\nexport const who = () => onDuty()\n`,
  'areas/structure/pages.ts': `export const pages = () => import('./post/page.tsx')\n`,
  'areas/structure/sql/0001-post.sql': `create table structure.post (id uuid primary key);\n`,
  'areas/structure/sql/0002-holder.sql': `create table structure.holder (id uuid primary key);\n`,
  'areas/structure/words/en.json': `{ "post": { "title": "Posts", "held_one": "{{count}} post", "held_other": "{{count}} posts" } }`,
  'areas/structure/words/fr.json': `{ "post": { "title": "Postes", "held_one": "{{count}} poste", "held_many": "{{count}} de postes", "held_other": "{{count}} postes" } }`,
  'areas/structure/post/contract.ts': `import type { PostId } from '../contract.ts'\nexport type Post = { id: PostId }\n`,
  'areas/structure/post/rules.ts': `import type { Post } from './contract.ts'\nimport { id } from '#core/id.ts'\nexport const free = (post: Post) => post.id === id\n`,
  'areas/structure/post/store.ts': `import { rows } from '#core/db/sql.ts'\nexport const onDuty = () => rows()\n`,
  'areas/structure/post/actions.ts': `import { free } from './rules.ts'\nimport { onDuty } from './store.ts'\nexport const actions = [free, onDuty]\n`,
  'areas/structure/post/page.tsx': `import type { Post } from './contract.ts'\nimport { form } from '#core/web/form.tsx'\nexport const page = (post: Post) => form(post.id)\n`,
  'areas/lessons/README.md': readme,
  'areas/lessons/area.ts': `import type { PostId } from '#areas/structure/contract.ts'\nexport const area = { name: 'lessons', owner: '' as PostId }\n`,
  'areas/lessons/contract.ts': `export type LessonId = string\n`,
  'core/db/sql.ts': `export const rows = () => []\n`,
  'core/id.ts': `export const id = 'one'\n`,
  'core/web/form.tsx': `export const form = (id: string) => id\n`,
  'apps/server/serve.ts': `import { area } from '#areas/structure/area.ts'\nexport const serve = () => area\n`,
}

const made: string[] = []
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function build(change: Record<string, string | null> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'concord-house-'))
  made.push(folder)
  for (const file of ['.dependency-cruiser.mjs', 'tsconfig.json', 'package.json', 'areas/order.ts']) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    cpSync(join(root, file), join(folder, file))
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  for (const [path, content] of Object.entries({ ...house, ...change })) {
    if (content === null) continue
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  return folder
}

const lines = (count: number) => 'export {}\n'.repeat(count)

describe('a sound house', () => {
  it('passes every check', async () => {
    const folder = build()
    expect(checkFiles(folder)).toEqual([])
    expect(checkWords(folder)).toEqual([])
    const { sins, read } = await checkBorders(folder)
    expect(sins).toEqual([])
    expect(read).toBe(Object.keys(house).filter((path) => /\.tsx?$/.test(path)).length + 1)
  })
})

describe('borders', () => {
  const page = 'areas/structure/post/page.tsx'
  it.each<[string, string, string, Record<string, string>?]>([
    ['order-structure', 'areas/structure/facade.ts', `export * from '#areas/lessons/contract.ts'`],
    ['other-area-only-by-its-two-doors', 'areas/lessons/area.ts', `export * from '#areas/structure/post/rules.ts'`],
    ['core-knows-no-area', 'core/id.ts', `export * from '#areas/structure/contract.ts'`],
    ['areas-know-no-app', 'areas/lessons/area.ts', `export * from '../../apps/server/serve.ts'`],
    ['apps-use-only-manifests', 'apps/server/serve.ts', `export * from '#areas/structure/post/contract.ts'`],
    ['demo-uses-only-doors', 'demo/load.ts', `export * from '#areas/structure/post/store.ts'`],
    ['contract-is-pure', 'areas/structure/post/contract.ts', `export * from '#core/db/sql.ts'`],
    ['rules-are-pure', 'areas/structure/post/rules.ts', `export * from './store.ts'`],
    ['rules-are-pure', 'areas/structure/post/rules/deputy.ts', `export * from '#core/db/sql.ts'`],
    ['no-node-in-the-page', 'areas/structure/post/contract.ts', `export * from 'node:fs'`],
    ['no-node-in-the-page', page, `export * from 'node:fs'`],
    ['no-node-in-rules', 'areas/structure/post/rules.ts', `export * from 'node:fs'`],
    ['only-store-touches-db', 'areas/structure/post/actions.ts', `export * from '#core/db/sql.ts'`],
    [
      'only-store-touches-db',
      'areas/structure/post/actions.ts',
      `import type { Tx } from '#core/db/tx.ts'`,
      { 'core/db/tx.ts': 'export type Tx = 1' },
    ],
    ['store-is-called-by-actions-only', 'areas/structure/area.ts', `export * from './post/store.ts'`],
    ['page-sees-contract-and-rules-only', page, `export * from './actions.ts'`],
    ['page-sees-contract-and-rules-only', 'areas/structure/post/parts/row.tsx', `export * from '../store.ts'`],
    ['page-sees-contract-and-rules-only', page, `export * from '#core/live/hub.ts'`, { 'core/live/hub.ts': 'export {}' }],
    ['server-never-loads-a-page', 'areas/structure/area.ts', `export * from './pages.ts'`],
    ['server-never-loads-a-page', 'apps/server/serve.ts', `export const page = () => import('#core/web/form.tsx')`],
    ['tests-are-not-imported', 'core/id.ts', `export * from './id.test.ts'`, { 'core/id.test.ts': 'export {}' }],
    ['running-code-needs-no-development-package', 'core/id.ts', `export * from 'fast-check'`],
    ['testing-is-for-tests', 'core/id.ts', `export * from './db/testing.ts'`, { 'core/db/testing.ts': 'export {}' }],
    ['pure-core-is-pure', 'core/id.ts', `export * from './db/sql.ts'`],
    ['every-import-resolves', 'core/id.ts', `export * from './nowhere.ts'`],
    [
      'no-cycles',
      'core/id.ts',
      `export * from './ring.ts'`,
      { 'core/ring.ts': `import type { id } from './id.ts'\nexport type Id = typeof id` },
    ],
    ['unseen-import', 'core/id.ts', `export type { Kind } from './kind.ts'`, { 'core/kind.ts': 'export type Kind = 1' }],
    ['core-knows-no-area', 'core/id.ts', `export type Post = import('#areas/structure/contract.ts').PostId`],
  ])('finds %s in %s: %s', async (rule, path, line, more = {}) => {
    const { sins } = await checkBorders(build({ [path]: `${line}\n`, ...more }))
    expect(sins.filter((sin) => sin.where === path || path === 'core/id.ts').map((sin) => sin.what.split(':')[0])).toContain(rule)
  })

  it('fails when it read fewer modules than the tree has', async () => {
    const folder = build()
    const config = join(folder, '.dependency-cruiser.mjs')
    writeFileSync(config, `export default { forbidden: [], options: { exclude: { path: '^areas/structure/post' } } }\n`)
    const { sins } = await checkBorders(folder)
    expect(sins.map((sin) => sin.where)).toContain('areas/structure/post/store.ts')
  })
})

describe('files', () => {
  it.each<[string, string, string | null, RegExp]>([
    ['a barrel', 'areas/structure/post/index.ts', lines(1), /barrel/],
    ['a drawer', 'core/utils/date.ts', lines(1), /utils says nothing/],
    ['a drawer with one file', 'areas/structure/helpers.ts', lines(1), /helpers says nothing/],
    ['a long file', 'core/long.ts', lines(351), /351 lines, at most 350/],
    ['a long test', 'core/long.test.ts', lines(601), /601 lines, at most 600/],
    ['a long manifest', 'areas/lessons/area.ts', lines(41), /41 lines, at most 40/],
    ['a long decision', 'docs/decisions/001-x.md', lines(61), /61 lines, at most 60/],
    ['a short README', 'areas/lessons/README.md', lines(29), /29 lines: a README/],
    ['a long README', 'areas/lessons/README.md', lines(61), /61 lines: a README/],
    ['no README', 'areas/lessons/README.md', null, /has no README/],
    ['an area out of order', 'areas/weather/area.ts', lines(1), /not in areas\/order/],
    ['a migration number twice', 'areas/structure/sql/0002-again.sql', '', /unique in the house/],
    ['a migration number of another room', 'core/record/sql/0002-seal.sql', '', /unique in the house/],
    ['a gap in the numbers', 'areas/structure/sql/0004-late.sql', '', /unbroken/],
    ['a nameless migration', 'areas/structure/sql/fix.sql', '', /NNNN-what-it-does/],
    ['a machine path', 'docs/start.md', `cd ${'/work'}/main\n`, /one machine/],
    ['a registry host', '.npmrc', `registry=https://registry.${'npmjs'}.org\n`, /one machine/],
    ['becoming somebody outside core', 'areas/structure/post/store.ts', 'sql`set local role member`', /for core\/ alone/],
    ['session authorization', 'apps/cli/x.ts', '"set session authorization owner"', /for core\/ alone/],
    ['mission time from SQL', 'areas/structure/post/store.ts', 'sql`select now()`', /mission time/],
    ['a default of now()', 'areas/structure/sql/0003-x.sql', 'create table x (at timestamptz default current_timestamp);', /mission time/],
    ['time of the machine', 'areas/structure/post/actions.ts', 'export const at = new Date()', /time and chance/],
    ['a cascade', 'areas/structure/sql/0003-x.sql', 'alter table x add foreign key (y) references z on delete cascade;', /CASCADE/],
    ['an enum', 'core/kind.ts', 'export enum Kind { A }', /cannot strip/],
    ['node in the bundle', 'dist/web/assets/a.js', 'import a from"node:fs"', /reached the page/],
  ])('finds %s', (_, path, content, what) => {
    expect(checkFiles(build({ [path]: content })).map((sin) => sin.what)).toContainEqual(expect.stringMatching(what))
  })

  it('leaves comments and clock.now() in peace', () => {
    const store = `// now() is the clock of the machine\n/* set role x */\nexport const at = (clock: Clock) => clock.now()\n`
    expect(checkFiles(build({ 'areas/structure/post/store.ts': store }))).toEqual([])
  })
})

describe('words', () => {
  const french = 'areas/structure/words/fr.json'
  it.each<[string, string | null, RegExp]>([
    ['a word French has not', '{ "post": { "title": "Postes" } }', /has no post\.held/],
    ['a word English has not', `${house[french]?.slice(0, -1)}, "more": "plus" }`, /has no more/],
    [
      'another place for a value',
      house[french]?.replaceAll('{{count}}', '{{number}}') ?? '',
      /takes \{number\} where English takes \{count\}/,
    ],
    ['an empty word', house[french]?.replace('"Postes"', '""') ?? '', /is empty/],
    ['a broken file', '{', /cannot be read/],
    ['a language that is not there', null, /only en of/],
  ])('finds %s', (_, content, what) => {
    expect(checkWords(build({ [french]: content })).map((sin) => sin.what)).toContainEqual(expect.stringMatching(what))
  })

  it.each<[string, string, RegExp]>([
    ['a word that is in no catalogue', `const t = useWords('structure')\nt('post.title')\nt('post.gone')`, /^asks for post\.gone,/],
    ['a catalogue that is not there', `const t = useWords('lessons')`, /reads words of lessons/],
  ])('finds %s', (_, content, what) => {
    expect(checkWords(build({ 'areas/structure/post/page.tsx': content })).map((sin) => sin.what)).toEqual([expect.stringMatching(what)])
  })

  it.each<[string, string | null, RegExp]>([['a file that is not words', '[]', /has no post/]])('finds %s', (_, content, what) => {
    expect(checkWords(build({ [french]: content })).map((sin) => sin.what)).toContainEqual(expect.stringMatching(what))
  })
})
