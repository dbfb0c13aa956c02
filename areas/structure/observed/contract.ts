import { z } from 'zod'
import { command } from '#core/operation/operation.ts'
import { Goal } from '../city-analysis/contract.ts'
import { Id, observedHands, When } from '../contract.ts'
import { LinkKind } from '../network/contract.ts'

/** `used`: declared and seen. `undeclared`: seen, and no link or shared group says so. */
export const ObservedPair = z.object({
  fromId: Id,
  toId: Id,
  from: z.string(),
  to: z.string(),
  /** Rows of one agency that the other took; of these, how many it acknowledged or accepted. */
  count: z.number().int(),
  acknowledged: z.number().int(),
  firstAt: When,
  lastAt: When,
  state: z.enum(['used', 'undeclared']),
})
export type ObservedPair = z.infer<typeof ObservedPair>

/** Minutes from the first signal, or from the opening where there was none; null: not yet, or not seen. */
const Minutes = z.number().nullable()

export const Efficiency = z.object({
  /** From when it is counted: the first signal where the incident came from one, else its opening. */
  since: z.enum(['signal', 'opening']),
  beganAt: When.nullable(),
  /** Until every core agency of the strategic groups had acknowledged or accepted something. */
  sharedMinutes: Minutes,
  decidedMinutes: Minutes,
  actedMinutes: Minutes,
  coreAgencies: z.number().int(),
  knew: z.number().int(),
  /** Beside the topology: all of them for the chair and an inquiry, else one's own agency alone (house: blame). */
  agencies: z.array(
    z.object({
      id: Id,
      name: z.string(),
      /** From the nearest strategic group, as declared; null: no way. */
      steps: z.number().int().nullable(),
      minutes: Minutes,
      /** What the topology does not explain. */
      unexplained: z.enum(['close-but-slow', 'far-but-fast']).nullable(),
    }),
  ),
})
export type Efficiency = z.infer<typeof Efficiency>

export const Observed = z.object({
  at: When,
  incidentId: Id.nullable(),
  from: When.nullable(),
  to: When.nullable(),
  pairs: z.array(ObservedPair),
  /** Declared between two agencies or their posts, and not seen in use. */
  notUsed: z.array(z.object({ fromId: Id, toId: Id, from: z.string(), to: z.string(), kind: LinkKind })),
  efficiency: Efficiency.nullable(),
  goal: Goal.nullable(),
  marking: z.string(),
})
export type Observed = z.infer<typeof Observed>

export const observed = command('structure.observed', {
  who: observedHands,
  summary:
    'Who actually told whom, from the record, beside what is declared; and how soon it was known, decided, acted on. Each run is an entry.',
  input: z.object({ incidentId: Id.optional(), from: When.optional(), to: When.optional() }),
  output: Observed,
})
