import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { chooseLanguage, directionOf, localeOf } from './language.ts'

const project = fileURLToPath(new URL('../..', import.meta.url))
const catalogues = globSync(['core/web/words/en.json', 'areas/*/words/en.json'], { cwd: project })
const read = (path: string) => JSON.parse(readFileSync(project + path, 'utf8')) as Record<string, unknown>

const leaves = (words: unknown, path = ''): [key: string, text: string][] =>
  typeof words === 'string'
    ? [[path, words]]
    : Object.entries(words as object).flatMap(([key, more]) => leaves(more, path ? `${path}.${key}` : key))
/** French counts in one more way than English ('many'); the key is the same word. */
const plain = (key: string) => key.replace(/_(zero|one|two|few|many|other)$/, '')
const holes = (text: string) => [...text.matchAll(/\{\{\s*(\w+)/g)].map(([, name]) => name).sort()

describe('the catalogues', () => {
  test.each(catalogues)('%s has every word in French too, with the same things to fill in', (english) => {
    const en = leaves(read(english))
    const fr = new Map(leaves(read(english.replace('en.json', 'fr.json'))))
    expect([...new Set([...fr.keys()].map(plain))].sort()).toEqual([...new Set(en.map(([key]) => plain(key)))].sort())
    for (const [key, text] of en) expect(holes(fr.get(key) ?? text), key).toEqual(holes(text))
    for (const [key, text] of [...en, ...fr]) expect(text.trim(), key).not.toBe('')
  })
})

describe('the language of a reader', () => {
  test('is the first of theirs that we have, whatever its region; else English', () => {
    expect(chooseLanguage(['en', 'fr'], ['de-DE', 'fr-CA', 'en-GB'])).toBe('fr')
    expect(chooseLanguage(['en', 'fr'], ['de'])).toBe('en')
    expect(localeOf('en')).toBe('en-GB')
    expect(directionOf('ar-EG')).toBe('rtl')
  })
})
