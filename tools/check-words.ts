import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { withoutComments } from './check-files.ts'
import { projectFiles, report, type Sin, text } from './files.ts'

type Catalogue = { [key: string]: string | Catalogue }

/** Every word that English has, French has, and the reverse: the same keys, the same places for values, no empty text. */
export function checkWords(root: string): Sin[] {
  return [...catalogues(root), ...projectFiles(root).flatMap((path) => used(root, path))]
}

/** Every word that a page asks for (`const t = useWords('response')`, `t('centre.title')`) is in the catalogue that it asks. */
function used(root: string, path: string): Sin[] {
  if (!/^(areas|core|apps)\/.*\.tsx?$/.test(path) || /\.test\.tsx?$/.test(path)) return []
  const source = withoutComments(text(root, path))
  return [...source.matchAll(/\b(\w+) = useWords\((?:'([^']*)')?\)/g)].flatMap(([, name = '', namespace = 'kit']) => {
    const ofCore = existsSync(join(root, `core/${namespace}/words`)) ? `core/${namespace}/words` : `areas/${namespace}/words`
    const folder = namespace === 'kit' ? 'core/web/words' : ofCore
    const known = existsSync(join(root, folder, 'en.json')) ? entries(root, `${folder}/en.json`) : undefined
    if (!(known instanceof Map)) return [{ where: path, what: `reads words of ${namespace}, but ${folder}/en.json cannot be read` }]
    const asked = [...source.matchAll(new RegExp(`(?<![\\w.])${name}\\('([\\w.-]+)'`, 'g'))].map((match) => match[1] ?? '')
    return otherwise(source, name)
      ? []
      : asked.filter((key) => !known.has(key)).map((key) => ({ where: path, what: `asks for ${key}, which ${folder}/en.json has not` }))
  })
}

/** Two catalogues under one name in one file: which one a word is asked of cannot be told here. */
const otherwise = (source: string, name: string) =>
  new Set([...source.matchAll(new RegExp(`\\b${name} = useWords\\(([^)]*)\\)`, 'g'))].map((match) => match[1])).size > 1

function catalogues(root: string): Sin[] {
  const files = projectFiles(root).filter((path) => /\/words\/[a-z]{2}\.json$/.test(path) && !path.includes('/fixtures/'))
  const folders = [...new Set(files.map((path) => path.replace(/\/[a-z]{2}\.json$/, '')))]
  return folders.flatMap((folder) => {
    const languages = ['en', 'fr'].filter((language) => files.includes(`${folder}/${language}.json`))
    if (languages.length < 2) return [{ where: folder, what: `only ${languages.join() || 'neither'} of en.json and fr.json is there` }]
    const english = entries(root, `${folder}/en.json`)
    const french = entries(root, `${folder}/fr.json`)
    if (english instanceof Map && french instanceof Map) return [...compare(folder, english, french), ...empty(folder, english, french)]
    return [english, french].flatMap((found) => (found instanceof Map ? [] : [found]))
  })
}

/** Languages have different plural forms: `_one` and `_many` are forms of one word. */
const word = (key: string) => key.replace(/_(zero|one|two|few|many|other)$/, '')
const places = (value: string) => [...new Set([...value.matchAll(/\{\{-?\s*([\w.]+)/g)].map((match) => match[1] ?? ''))].sort().join()

function entries(root: string, path: string): Map<string, string[]> | Sin {
  try {
    const found = new Map<string, string[]>()
    flatten('', JSON.parse(text(root, path)) as Catalogue, (key, value) => found.set(word(key), [...(found.get(word(key)) ?? []), value]))
    return found
  } catch (error) {
    return { where: path, what: `cannot be read: ${error instanceof Error ? error.message : String(error)}` }
  }
}

function flatten(prefix: string, node: Catalogue, take: (key: string, value: string) => void): void {
  for (const [key, value] of Object.entries(node)) {
    if (typeof value === 'string') take(prefix + key, value)
    else flatten(`${prefix}${key}.`, value, take)
  }
}

function compare(folder: string, english: Map<string, string[]>, french: Map<string, string[]>): Sin[] {
  const missing = (from: Map<string, string[]>, to: Map<string, string[]>, language: string) =>
    [...from.keys()].filter((key) => !to.has(key)).map((key) => ({ where: `${folder}/${language}.json`, what: `has no ${key}` }))
  const different = [...english].flatMap(([key, forms]) => {
    const here = places(forms.join(' '))
    const there = places(french.get(key)?.join(' ') ?? '')
    return french.has(key) && here !== there
      ? [{ where: `${folder}/fr.json`, what: `${key} takes {${there}} where English takes {${here}}` }]
      : []
  })
  return [...missing(english, french, 'fr'), ...missing(french, english, 'en'), ...different]
}

function empty(folder: string, english: Map<string, string[]>, french: Map<string, string[]>): Sin[] {
  const blanks = (language: string, found: Map<string, string[]>) =>
    [...found]
      .filter(([, forms]) => forms.some((form) => form.trim() === ''))
      .map(([key]) => ({ where: `${folder}/${language}.json`, what: `${key} is empty` }))
  return [...blanks('en', english), ...blanks('fr', french)]
}

if (import.meta.main) {
  const root = process.cwd()
  report('words', checkWords(root), `${projectFiles(root).filter((path) => path.endsWith('/words/en.json')).length} catalogues`)
}
