import { z } from 'zod'
import { query } from '#core/operation/operation.ts'
import { Id, InformationKind, When } from '../contract.ts'

/** How something keeps people out who would otherwise read it. */
export const ways = ['fewer-than-agreed', 'caveat', 'strict-tlp'] as const

export const Restriction = z.object({
  id: Id,
  source: z.enum(['item', 'pointer']),
  kind: InformationKind.nullable(),
  title: z.string(),
  ways: z.array(z.enum(ways)),
  /** Null: nobody said why. */
  because: z.string().nullable(),
  since: When,
  /** The moment at which it ends, or is to be reviewed; null: nobody said until when. */
  until: When.nullable(),
  pastEnd: z.boolean(),
  /** The TLP word that this kind usually carries, where this one carries a stricter. */
  aboveUsual: z.string().nullable(),
  label: z.number().int(),
  marking: z.string(),
})
export type Restriction = z.infer<typeof Restriction>

export const restrictions = query('sharing.restrictions', {
  who: ['executive', 'data-protection', 'legal-adviser', 'secretariat', 'chair'],
  summary:
    'What your agency keeps from whom it was meant for: why, since when, past its end, or marked above what its kind usually carries.',
  input: z.object({}),
  output: z.object({
    /** Your agency's; those past their end first. */
    restrictions: z.array(Restriction),
    /** Of how many that you can see; null: you answer for no agency. */
    of: z.number().int().nullable(),
    /** For the chair and data-protection posts: shares of each agency's items, in steps of five of a hundred; an agency with few is left out. */
    agencies: z.array(z.object({ name: z.string(), restricted: z.number().int(), pastEnd: z.number().int() })),
    basis: z.string(),
  }),
})
