import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { NewCity } from '#core/access/found.ts'

const folder = fileURLToPath(new URL('../../demo/halvern/', import.meta.url))

/** Which demo city is founded on first run, and by whom. Everything in it is fictional. */
export async function demoCity(): Promise<{ city: NewCity; administrator: { name: string; mail: string } }> {
  const { city } = JSON.parse(await readFile(`${folder}city.json`, 'utf8')) as { city: { code: string; name: string; timeZone: string } }
  return { city: { code: city.code, name: city.name, timeZone: city.timeZone }, administrator: { name: 'Demo administrator', mail: 'administrator@halvern.example' } }
}
