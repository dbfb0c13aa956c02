export interface Dated {
  id: string
  occurredAt: string
}

/** Whole minutes between a thing and its record. */
export const lateBy = (occurredAt: string, recordedAt: string): number =>
  Math.floor((Date.parse(recordedAt) - Date.parse(occurredAt)) / 60_000)

/** Items in order of occurrence, gathered under the day they fall on. Ties keep the order they came in. */
export function byDay<T extends Dated>(
  items: readonly T[],
  oldestFirst: boolean,
  dayOf: (at: string) => string,
): { day: string; items: T[] }[] {
  const direction = oldestFirst ? 1 : -1
  const inOrder = [...items].sort((a, b) => direction * (Date.parse(a.occurredAt) - Date.parse(b.occurredAt)))
  const groups: { day: string; items: T[] }[] = []
  for (const item of inOrder) {
    const name = dayOf(item.occurredAt)
    const last = groups.at(-1)
    if (last?.day === name) last.items.push(item)
    else groups.push({ day: name, items: [item] })
  }
  return groups
}
