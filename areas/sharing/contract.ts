import { z } from 'zod'
import { Id, When } from '#areas/structure/contract.ts'
import { type PostKind, postKinds } from '#core/operation/operation.ts'

/** Kinds of information, as protocols name them and items carry them. */
export const informationKinds = [
  'situation',
  'casualty-numbers',
  'people-affected',
  'site-and-premises',
  'capability-and-resources',
  'threat-and-intelligence',
  'infrastructure',
  'contact-details',
  'plans',
  'lessons',
] as const
export const InformationKind = z.enum(informationKinds)
export type InformationKind = z.infer<typeof InformationKind>

/** Why a request is refused: one of these, always (R-3.3.4; requirements A.11). */
export const refusalCodes = [
  'national-security',
  'public-safety',
  'commercial-prejudice',
  'personal-data',
  'confidentiality-to-source',
  'not-held',
  'other',
] as const
export const RefusalCode = z.enum(refusalCodes)
export type RefusalCode = z.infer<typeof RefusalCode>

/** Kinds of post that serve the machine, look over it, or are no person. */
const apart = ['inquiry', 'administrator', 'operator', 'device'] as const satisfies readonly PostKind[]
/** Kinds of post that share, point and are asked for their agency: all others. The same list stands in SQL (sharing.sharers). */
export const acting = postKinds.filter(
  (kind): kind is Exclude<PostKind, (typeof apart)[number]> => !(apart as readonly PostKind[]).includes(kind),
)

export { Id, When }
