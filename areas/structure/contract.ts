import { z } from 'zod'
import { postKinds } from '#core/operation/operation.ts'

export const Id = z.uuid()
/** A moment, ISO 8601 with a zone; stored in UTC, shown in local time. */
export const When = z.iso.datetime({ offset: true })

export const Agency = z.object({
  id: Id,
  orgType: z.string(),
  orgCode: z.string(),
  name: z.string(),
  shortName: z.string().nullable(),
  sector: z.string().nullable(),
  callBack: z.string().nullable(),
})
export type Agency = z.infer<typeof Agency>

export const Post = z.object({
  id: Id,
  code: z.string(),
  agencyId: Id,
  kind: z.enum(postKinds),
  title: z.string(),
  minimumSeniority: z.number().int(),
})
export type Post = z.infer<typeof Post>

export const Person = z.object({ id: Id, code: z.string(), name: z.string(), agencyId: Id, needs: z.string().nullable() })
export type Person = z.infer<typeof Person>

export const OnDuty = z.object({ personId: Id, capacity: z.enum(['holder', 'deputy']), rank: z.number().int() })
export type OnDuty = z.infer<typeof OnDuty>

/** Who may ask who actually told whom: where a city is weak is for named hands. */
export const observedHands = ['administrator', 'secretariat', 'chair', 'inquiry'] as const

export const Phase = z.enum(['response', 'transition', 'recovery'])
export type Phase = z.infer<typeof Phase>

export const tiers = ['strategic', 'tactical', 'operational', 'policy', 'national', 'partnership'] as const
export const Tier = z.enum(tiers)

export const Contact = z.object({ channel: z.enum(['mail', 'sms', 'voice', 'webhook']), address: z.string(), rank: z.number().int() })
export type Contact = z.infer<typeof Contact>

export const Membership = z.object({
  agencyId: Id,
  agencyName: z.string(),
  postId: Id.nullable(),
  kind: z.enum(['core', 'standing', 'invitee']),
  basis: z.string(),
  /** From geography, not declared: shown as such wherever the membership is shown. */
  derived: z.boolean(),
})
export type Membership = z.infer<typeof Membership>

export const Group = z.object({
  id: Id,
  code: z.string(),
  name: z.string(),
  nameFr: z.string().nullable(),
  tier: Tier,
  purpose: z.string(),
  authority: z.string(),
  convening: z.string(),
  chairPostId: Id.nullable(),
  deputyChairPostId: Id.nullable(),
  secretariatPostId: Id.nullable(),
  quorum: z.number().int().nullable(),
})
export type Group = z.infer<typeof Group>
