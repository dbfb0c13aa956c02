import { z } from 'zod'
import { postKinds, query } from '#core/operation/operation.ts'
import { Id, Phase, Tier, When } from '../contract.ts'

export const linkKinds = ['directs', 'reports', 'informs', 'requests', 'liaises'] as const
export const LinkKind = z.enum(linkKinds)
export type LinkKind = z.infer<typeof LinkKind>

export const bands = ['any', 'first-hour', 'first-day', 'recovery'] as const
export const Band = z.enum(bands)
export type Band = z.infer<typeof Band>

export const parts = ['accountable', 'responsible', 'consulted', 'informed'] as const
export const Part = z.enum(parts)

/** What a variant does to a group in its time. */
export const effects = ['joins', 'leaves', 'chairs', 'deputy-chairs'] as const

/** One end of a link. */
export const End = z.object({ kind: z.enum(['group', 'post', 'agency']), id: Id })
export type End = z.infer<typeof End>

/**
 * The whole network of a city at one moment: what a version holds, a picture shows, an analysis reads and a review compares.
 * Ids are those of the tables, so that two versions can be laid side by side. Who holds a post is not in it: that is tonight's matter.
 */
export const Network = z.object({
  agencies: z.array(
    z.object({
      id: Id,
      orgType: z.string(),
      orgCode: z.string(),
      name: z.string(),
      shortName: z.string().nullable(),
      sector: z.string().nullable(),
      parentId: Id.nullable(),
      services: z.array(z.string()),
      homeCity: z.string().nullable(),
    }),
  ),
  posts: z.array(
    z.object({
      id: Id,
      code: z.string(),
      agencyId: Id,
      kind: z.enum(postKinds),
      title: z.string(),
      minimumSeniority: z.number().int(),
      competences: z.array(z.string()),
      placeId: Id.nullable(),
    }),
  ),
  groups: z.array(
    z.object({
      id: Id,
      code: z.string(),
      name: z.string(),
      tier: Tier,
      purpose: z.string(),
      authority: z.string(),
      convening: z.string(),
      termsOfReference: z.string(),
      cells: z.array(z.string()),
      chairPostId: Id.nullable(),
      deputyChairPostId: Id.nullable(),
      secretariatPostId: Id.nullable(),
      recordsOwnerPostId: Id.nullable(),
      quorum: z.number().int().nullable(),
      placeId: Id.nullable(),
      reviewAt: When.nullable(),
    }),
  ),
  memberships: z.array(
    z.object({
      id: Id,
      groupId: Id,
      agencyId: Id,
      postId: Id.nullable(),
      kind: z.enum(['core', 'standing', 'invitee']),
      basis: z.string(),
      derived: z.boolean(),
    }),
  ),
  media: z.array(z.object({ id: Id, code: z.string(), name: z.string(), dependsOn: z.array(z.string()) })),
  places: z.array(z.object({ id: Id, code: z.string(), name: z.string() })),
  links: z.array(
    z.object({
      id: Id,
      from: End,
      to: End,
      kind: LinkKind,
      primaryMediumId: Id.nullable(),
      backupMediumId: Id.nullable(),
      carries: z.array(z.string()),
      testedAt: When.nullable(),
    }),
  ),
  responsibilities: z.array(
    z.object({ id: Id, activity: z.string(), phase: Phase, agencyId: Id, part: Part, jointBasis: z.string().nullable() }),
  ),
  products: z.array(
    z.object({
      id: Id,
      code: z.string(),
      name: z.string(),
      producerAgencyId: Id.nullable(),
      mediumId: Id.nullable(),
      protocol: z.string().nullable(),
      receiverAgencyIds: z.array(Id),
    }),
  ),
  variants: z.array(
    z.object({
      id: Id,
      groupId: Id,
      incidentType: z.string(),
      band: Band,
      effect: z.enum(effects),
      agencyId: Id.nullable(),
      postId: Id.nullable(),
      basis: z.string(),
    }),
  ),
})
export type Network = z.infer<typeof Network>

export const subjects = [
  'agency',
  'post',
  'group',
  'membership',
  'medium',
  'place',
  'link',
  'responsibility',
  'product',
  'variant',
] as const
export const Subject = z.enum(subjects)
export type Subject = z.infer<typeof Subject>

/** One field of a row that changed: what it said, what it says. Ids are told by name; null: nothing. */
export const FieldDifference = z.object({ field: z.string(), was: z.string().nullable(), is: z.string().nullable() })
export type FieldDifference = z.infer<typeof FieldDifference>

/**
 * One row that came, went or changed between two networks. `name`, `with` and `kind` are what it is called by: a link by its two ends and its kind,
 * a membership by agency, group and standing, a responsibility by activity, agency and part. The page makes the sentence.
 */
export const Difference = z.object({
  subject: Subject,
  how: z.enum(['came', 'went', 'changed']),
  id: Id,
  name: z.string(),
  with: z.string().nullable(),
  kind: z.string().nullable(),
  fields: z.array(FieldDifference),
  /** Agencies whose matter it is: at either end, in the group, with a part. */
  agencyIds: z.array(Id),
})
export type Difference = z.infer<typeof Difference>

export const VersionLine = z.object({
  id: Id,
  number: z.number().int(),
  inForceFrom: When,
  basis: z.enum(['import', 'review']),
  reviewId: Id.nullable(),
})
export type VersionLine = z.infer<typeof VersionLine>

export const network = query('structure.network', {
  who: 'person',
  summary: 'The whole network: agencies, posts, groups, links, responsibilities, information products. As it stands now, or in a version.',
  input: z.object({ version: z.coerce.number().int().positive().optional() }),
  output: z.object({ network: Network, version: VersionLine.nullable(), versions: z.array(VersionLine), marking: z.string() }),
})
