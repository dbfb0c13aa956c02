/** Somebody's clock may be a little fast; more than this is a mistake. */
export const isAhead = (occurredAt: Date, enteredAt: Date): boolean => occurredAt.getTime() - enteredAt.getTime() > 60_000

export interface Nameable {
  id: string
  name: string
  shortName: string | null
  orgCode: string
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** which agencies a text speaks of, by name, short name or code, as whole words, in any case. */
export function agenciesNamed(text: string, agencies: readonly Nameable[]): string[] {
  if (text === '') return []
  return agencies
    .filter(({ name, shortName, orgCode }) =>
      [name, shortName, orgCode].some(
        (word) => !!word && new RegExp(`(?<![\\p{L}\\p{N}-])${escaped(word)}(?![\\p{L}\\p{N}-])`, 'iu').test(text),
      ),
    )
    .map(({ id }) => id)
}
