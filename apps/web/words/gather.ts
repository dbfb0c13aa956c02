import type { Catalogue } from '#core/web/words.ts'

/** The kit's words and each area's, by the name of its folder. */
export function gather(kit: Record<string, unknown>, areas: Record<string, unknown>): Catalogue {
  const all: Catalogue = { kit }
  for (const [path, words] of Object.entries(areas)) {
    const area = /areas\/([^/]+)\//.exec(path)?.[1]
    if (area) all[area] = words as Record<string, unknown>
  }
  return all
}
