import { type CityFinding, type FindingRule, networkFindingKinds } from '../contract.ts'

/** Which rule each kind of finding rests on. */
export const ruleOf: Readonly<Record<CityFinding['kind'], FindingRule>> = {
  'nobody-accountable': 'R-1.2.1',
  'many-accountable': 'R-1.2.1',
  isolated: 'R-1.1.2',
  'outside-groups': 'R-1.1.2',
  'control-room-outside': 'R-1.2.5',
  parts: 'R-1.1.2',
  'single-path': 'R-1.1.3',
  'cut-point': 'R-1.1.3',
  bridge: 'R-1.1.3',
  'circular-reporting': 'A.1.1',
  'span-of-control': 'R-1.1.4',
  load: 'R-1.1.4',
  'no-primary': 'R-1.1.1',
  'no-backup': 'R-1.1.1',
  'dependent-backup': 'R-1.1.1',
  untested: 'R-1.1.1',
  'product-incomplete': 'GAP-03',
  'group-without-chair': 'R-2.1.2',
  'chair-is-deputy': 'R-2.1.2',
  'group-without-quorum': 'R-2.1.2',
  'quorum-too-high': 'R-2.1.2',
  'empty-post': 'R-1.1.3',
  'deputy-of-oneself': 'R-2.1.2',
  'two-places': 'R-1.1.3',
  'no-version': 'R-1.1.5',
}

type Dashed<Text extends string> = Text extends `${infer Before}.${infer After}` ? `${Before}-${Dashed<After>}` : Text

/** The key of a rule's sentence, `rule.<key>`: in a catalogue a point parts one level from the next. */
export const ruleKey = (rule: FindingRule) => rule.replaceAll('.', '-') as Dashed<FindingRule>

const kinds: readonly string[] = networkFindingKinds
/** The rule of a kind of finding, where the analysis of the network found it. */
export const ruleOfKind = (kind: string): FindingRule | undefined =>
  kinds.includes(kind) ? ruleOf[kind as CityFinding['kind']] : undefined
