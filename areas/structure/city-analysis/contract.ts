import { z } from 'zod'
import { command, query } from '#core/operation/operation.ts'
import { Krackhardt } from '../analysis/contract.ts'
import { Id, When } from '../contract.ts'
import { Band } from '../network/contract.ts'

/** Where a city is weak is for named hands (house: aggregation). */
export const hands = ['administrator', 'secretariat', 'watch-officer', 'chair'] as const

export const networkFindingKinds = [
  'nobody-accountable',
  'many-accountable',
  'isolated',
  'outside-groups',
  'control-room-outside',
  'parts',
  'single-path',
  'cut-point',
  'bridge',
  'circular-reporting',
  'span-of-control',
  'load',
  'no-primary',
  'no-backup',
  'dependent-backup',
  'untested',
  'product-incomplete',
  'group-without-chair',
  'chair-is-deputy',
  'group-without-quorum',
  'quorum-too-high',
  'empty-post',
  'deputy-of-oneself',
  'two-places',
  'no-version',
] as const

/** The rules that findings rest on, as the requirements number them; `rule.<number>` says each in a sentence. */
export const findingRules = [
  'R-1.1.1',
  'R-1.1.2',
  'R-1.1.3',
  'R-1.1.4',
  'R-1.1.5',
  'R-1.2.1',
  'R-1.2.5',
  'R-2.1.2',
  'A.1.1',
  'GAP-03',
] as const
export type FindingRule = (typeof findingRules)[number]

/** A change that would mend a finding: a deed of `network/rules/changes.ts`, so that a draft can take it over. New rows get their id there. */
export const Mend = z.discriminatedUnion('deed', [
  z.object({
    deed: z.literal('addLink'),
    from: z.object({ kind: z.enum(['group', 'post', 'agency']), id: Id }),
    to: z.object({ kind: z.enum(['group', 'post', 'agency']), id: Id }),
    primaryMediumId: Id.nullable(),
    backupMediumId: Id.nullable(),
  }),
  z.object({ deed: z.literal('setMedium'), linkId: Id, which: z.enum(['primaryMediumId', 'backupMediumId']), mediumId: Id }),
  z.object({
    deed: z.literal('setOffice'),
    groupId: Id,
    office: z.enum(['chairPostId', 'deputyChairPostId']),
    postId: Id.nullable(),
  }),
  z.object({ deed: z.literal('addSeat'), groupId: Id, agencyId: Id, postId: Id.nullable(), basis: z.string() }),
])
export type Mend = z.infer<typeof Mend>

export const Who = z.object({
  kind: z.enum(['agency', 'post', 'group', 'link', 'product', 'person', 'network']),
  id: z.string(),
  name: z.string(),
})
export type Who = z.infer<typeof Who>

/** Who, where, why it matters, what would mend it. `values` fill the words of `analysis.why.<kind>` and `analysis.mend.<kind>`, in any language. */
export const CityFinding = z.object({
  id: z.string(),
  kind: z.enum(networkFindingKinds),
  rule: z.enum(findingRules),
  /** The rule in a sentence, in English; pages say it in their own language. */
  ruleWords: z.string(),
  /** A blocking finding stands before all others: the structure is not sound while it lasts. */
  blocking: z.boolean(),
  who: z.array(Who),
  values: z.record(z.string(), z.string()),
  why: z.string(),
  mend: z.string(),
  edit: Mend.nullable(),
})
export type CityFinding = z.infer<typeof CityFinding>

/** The city's own words for what the network is for, and how soon; minutes from the first signal. The newest holds. */
export const Goal = z.object({
  words: z.string(),
  sharedMinutes: z.number().int(),
  decidedMinutes: z.number().int(),
  actedMinutes: z.number().int(),
  /** links that a post may have before its load is a finding. */
  loadLimit: z.number().int(),
  spanLimit: z.number().int(),
  setAt: When,
})
export type Goal = z.infer<typeof Goal>
export const usualLimits = { loadLimit: 10, spanLimit: 7 } as const

const Node = z.object({
  id: Id,
  kind: z.enum(['agency', 'post', 'group']),
  name: z.string(),
  /** Of a post. */
  agency: z.string().nullable(),
  /** Steps from the nearest strategic group; null: none leads there. */
  steps: z.number().int().nullable(),
  /** Links that it must keep. */
  load: z.number().int(),
  /** Whom it directs, and who reports to it. */
  span: z.number().int(),
  between: z.number(),
  closeness: z.number(),
  eigenvector: z.number(),
  core: z.number().int(),
})
export type Node = z.infer<typeof Node>

export const Figures = z.object({
  parts: z.number().int(),
  cutPoints: z.number().int(),
  bridges: z.number().int(),
  /** Of links that tell, how many are answered by one the other way; 0 to 1, null without links. */
  reciprocity: z.number().nullable(),
  maxCore: z.number().int(),
  /** Of directing and reporting alone; null where nobody directs anybody. */
  krackhardt: Krackhardt.nullable(),
  farthest: z.number().int().nullable(),
})
export type Figures = z.infer<typeof Figures>

export const notLookedAt = ['rota', 'rooms', 'people', 'links-true', 'other-variants', 'media-true'] as const

export const CityAnalysis = z.object({
  id: Id,
  at: When,
  basis: z.object({
    version: z.number().int().nullable(),
    incidentType: z.string(),
    band: Band,
    agencies: z.number().int(),
    posts: z.number().int(),
    groups: z.number().int(),
    links: z.number().int(),
  }),
  goal: Goal.nullable(),
  findings: z.array(CityFinding),
  /** Joint by law: more than one accountable, on a basis that is written down. */
  joint: z.array(z.object({ activity: z.string(), phase: z.string(), agencies: z.array(z.string()), basis: z.string() })),
  nodes: z.array(Node),
  figures: Figures,
  notLooked: z.array(z.enum(notLookedAt)),
  marking: z.string(),
})
export type CityAnalysis = z.infer<typeof CityAnalysis>

export const analyseCity = command('structure.analyseCity', {
  who: hands,
  summary: "Analyse the city's own network, by attack type and time band: findings with what would mend them. Each run is an entry.",
  input: z.object({
    version: z.coerce.number().int().positive().optional(),
    incidentType: z.string().trim().min(1).max(100).default('any'),
    band: Band.default('any'),
  }),
  output: CityAnalysis,
})

const minutes = z.coerce.number().int().min(1).max(10_080)
export const setGoal = command('structure.setGoal', {
  who: ['administrator', 'secretariat', 'chair'],
  summary: 'Say what the network is for, and how soon after the first signal it should know, decide and act (minutes).',
  input: z.object({
    words: z.string().trim().min(10).max(2000),
    sharedMinutes: minutes,
    decidedMinutes: minutes,
    actedMinutes: minutes,
    loadLimit: z.coerce.number().int().min(1).max(500).default(usualLimits.loadLimit),
    spanLimit: z.coerce.number().int().min(1).max(500).default(usualLimits.spanLimit),
  }),
  output: Goal,
})

export const goal = query('structure.goal', {
  who: 'person',
  summary: 'What the network is for, in the words of the city, and how soon it should know, decide and act.',
  input: z.object({}),
  output: z.object({ goal: Goal.nullable() }),
})
