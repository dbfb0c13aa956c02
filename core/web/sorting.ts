export type Sortable = string | number | Date | null | undefined

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })

const compare = (a: NonNullable<Sortable>, b: NonNullable<Sortable>): number =>
  typeof a === 'string' && typeof b === 'string' ? collator.compare(a, b) : Number(a) - Number(b)

/** A sorted copy; what is absent comes last in either direction, because unknown is neither least nor most. */
export function sorted<T>(rows: readonly T[], by: (row: T) => Sortable, descending: boolean): T[] {
  return [...rows].sort((left, right) => {
    const a = by(left)
    const b = by(right)
    if (a === null || a === undefined) return b === null || b === undefined ? 0 : 1
    if (b === null || b === undefined) return -1
    return descending ? compare(b, a) : compare(a, b)
  })
}
