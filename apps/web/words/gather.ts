import type { Catalogue } from '#core/web/words.ts'

/** The kit's words, each area's, and those of core's own rooms that people see, by the name of the folder. */
export function gather(kit: Record<string, unknown>, areas: Record<string, unknown>): Catalogue {
  const all: Catalogue = { kit }
  for (const [path, words] of Object.entries(areas)) {
    const area = /(?:areas|core)\/([^/]+)\//.exec(path)?.[1]
    if (area) all[area] = words as Record<string, unknown>
  }
  return all
}
