import { z } from 'zod'
import { command, query } from '#core/operation/operation.ts'
import { Id, When } from '../contract.ts'
import { Band } from '../network/contract.ts'

export const takenKinds = ['agency', 'post', 'medium', 'dependence', 'place'] as const

/** Something taken away in thought: an agency, a post, a medium, what media depend on (by its word), a place. */
export const Taken = z.object({ kind: z.enum(takenKinds), id: z.string().min(1).max(200) })
export type Taken = z.infer<typeof Taken>

const Harm = { untold: z.number().int(), uncovered: z.number().int(), headless: z.number().int(), inquorate: z.number().int() }

const QuorumTime = z.object({
  p10: z.number().nullable(),
  p50: z.number().nullable(),
  p90: z.number().nullable(),
  never: z.number(),
  draws: z.number().int(),
  unmeasured: z.array(Id),
})

/** What was found. Names are of the moment of the run; `names` tells every id that stands here. */
export const Found = z.object({
  /** Exact: who cannot be told, by what is declared; a link without a medium carries nothing. */
  loss: z
    .object({
      untold: z.array(Id),
      untoldGroups: z.array(Id),
      uncovered: z.array(z.object({ activity: z.string(), phase: z.string(), reason: z.enum(['lost', 'untold']) })),
      groups: z.array(z.object({ groupId: Id, lost: z.array(z.enum(['chair', 'deputy', 'quorum', 'room'])) })),
    })
    .nullable(),
  /** Each thing alone, the worst first. */
  singles: z.array(z.object({ taken: Taken, ...Harm })),
  /** Of all pairs, those first that do most which neither does alone. `counted`: how many were looked at. */
  pairs: z
    .object({
      counted: z.number().int(),
      worst: z.array(z.object({ taken: z.tuple([Taken, Taken]), ...Harm, together: z.number().int() })),
    })
    .nullable(),
  /** Simulated: when each strategic group has its quorum, with what was taken away gone. */
  quorum: z.array(
    z.object({ groupId: Id, quorum: z.number().int(), members: z.number().int(), time: QuorumTime, measured: z.number().int() }),
  ),
  names: z.record(z.string(), z.string()),
})
export type Found = z.infer<typeof Found>

const Asked = z.object({
  mode: z.enum(['these', 'any-one', 'any-two']),
  taken: z.array(Taken).max(6).default([]),
  incidentType: z.string().trim().max(80).default('any'),
  band: Band.default('any'),
  /** The same seed draws the same times. */
  seed: z.number().int().min(0).max(2_147_483_647).default(1),
})

export const Run = z.object({
  id: Id,
  asked: Asked,
  found: Found,
  onVersion: z.number().int().nullable(),
  by: z.string(),
  at: When,
  label: z.number().int(),
  marking: z.string(),
})
export type Run = z.infer<typeof Run>

const named = ['administrator', 'secretariat', 'watch-officer', 'chair'] as const

export const stress = command('structure.stress', {
  who: named,
  summary:
    'Take something away in thought, these, any one, or any two, and say who could then not be told. The run is kept, for you and whom you name.',
  input: Asked.extend({
    /** People who may read the run too. */
    readers: z.array(Id).max(50).default([]),
  }).refine(({ mode, taken }) => mode !== 'these' || taken.length > 0, { path: ['taken'], message: 'Say what is taken away.' }),
  output: Run,
})

export const stressRuns = query('structure.stressRuns', {
  who: named,
  summary: 'Stress tests that you ran or were named for, the newest first.',
  input: z.object({}),
  output: z.object({ runs: z.array(Run.omit({ found: true })) }),
})

export const stressRun = query('structure.stressRun', {
  who: named,
  summary: 'One stress test that you ran or were named for.',
  input: z.object({ runId: Id }),
  output: Run,
})
