import type { CityFinding } from '../contract.ts'

type Kind = CityFinding['kind']
/** Kinds whose words name something that would do, and have others for when there is nothing of the sort. */
const naming = [
  'isolated',
  'outside-groups',
  'control-room-outside',
  'no-primary',
  'no-backup',
  'dependent-backup',
  'group-without-chair',
  'chair-is-deputy',
] as const
type Naming = (typeof naming)[number]
const names = (kind: Kind): kind is Naming => (naming as readonly Kind[]).includes(kind)

/** Which words say what would mend a finding: `mend.<kind>`, or `mendWithout.<kind>` where nothing that would do is at hand. */
export const mendKey = ({ kind, values }: Pick<CityFinding, 'kind' | 'values'>): `mend.${Kind}` | `mendWithout.${Naming}` =>
  names(kind) && values.other === undefined ? `mendWithout.${kind}` : `mend.${kind}`

export const mendIn = (
  words: { mend: Record<Kind, string>; mendWithout: Record<Naming, string> },
  { kind, values }: Pick<CityFinding, 'kind' | 'values'>,
): string => (names(kind) && values.other === undefined ? words.mendWithout[kind] : words.mend[kind])
