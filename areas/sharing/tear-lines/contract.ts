import { z } from 'zod'
import { command, query } from '#core/operation/operation.ts'
import { acting, Id, InformationKind, When } from '../contract.ts'
import { Reason, Releasable } from '../items/contract.ts'

/** Posts of the originator's agency that approve; the same stand in SQL (sharing.decide_release). */
export const deciders = ['executive', 'data-protection'] as const

/** The releasable version of an item, as those see it who read the item. */
export const Release = z.object({
  id: Id,
  kind: InformationKind,
  title: z.string(),
  text: z.string(),
  marking: z.string(),
  protocolId: Id.nullable(),
  protocol: z.string().nullable(),
  basis: z.string().nullable(),
  agencyIds: z.array(Id).nullable(),
  audience: z.array(z.string()),
  until: When.nullable(),
  proposedBy: z.string(),
  proposedAt: When,
  state: z.enum(['proposed', 'approved', 'refused', 'sent']),
  decided: z.object({ by: z.string(), at: When, words: z.string() }).nullable(),
  /** The item that it became, once sent. */
  sentAs: Id.nullable(),
  label: z.number().int(),
  can: z.object({ decide: z.boolean(), send: z.boolean() }),
})
export type Release = z.infer<typeof Release>

export const proposeRelease = command('sharing.proposeRelease', {
  who: acting,
  summary: 'Write the releasable version of an item. Its originator approves it before it goes anywhere.',
  input: Releasable.extend({ itemId: Id }),
  output: z.object({ releaseId: Id }),
})

export const decideRelease = command('sharing.decideRelease', {
  who: deciders,
  summary: 'Approve or refuse the releasable version of an item of your agency. Never one that you proposed.',
  input: z.object({ releaseId: Id, approve: z.boolean(), words: Reason }),
  output: z.object({ state: z.enum(['approved', 'refused']) }),
})

export const tearLines = query('sharing.tearLines', {
  who: 'person',
  summary: 'The releasable versions of an item that you can read: proposed, approved, sent.',
  input: z.object({ itemId: Id }),
  output: z.object({ releases: z.array(Release) }),
})
