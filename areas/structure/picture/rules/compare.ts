import type { Difference, Network } from '../../network/contract.ts'

const both = <Row extends { id: string }>(before: readonly Row[], after: readonly Row[]): Row[] => {
  const known = new Set(after.map(({ id }) => id))
  return [...after, ...before.filter(({ id }) => !known.has(id))]
}

/** All rows of two networks, those of the second winning: what is laid out, so that the same thing has the same place in both pictures. */
export const merged = (before: Network, after: Network): Network =>
  Object.fromEntries(
    (Object.keys(after) as (keyof Network)[]).map((list) => [
      list,
      both(before[list] as { id: string }[], after[list] as { id: string }[]),
    ]),
  ) as Network

/** The mark of each row that differs; a group whose members changed is marked on the seat. */
export const marksFrom = (differences: readonly Difference[]): Map<string, Difference['how']> =>
  new Map(differences.map(({ id, how }) => [id, how]))
