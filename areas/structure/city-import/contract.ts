import { z } from 'zod'
import { command, postKinds } from '#core/operation/operation.ts'
import { Phase, Tier } from '../contract.ts'
import { Band, effects, LinkKind, Part } from '../network/contract.ts'

// Text that a screen can show and a log line can hold: no control characters, and no letters that were lost on the way.
const readable = (text: string) => !/[\p{Cc}\uFFFD]/u.test(text)
const Line = z.string().trim().max(2000).refine(readable, 'This holds characters that cannot be read. Save the file as UTF-8.')
const Code = z
  .string()
  .trim()
  .regex(/^[^\s\p{Cc}\uFFFD]{1,120}$/u, 'A code is one word, without spaces.')
const Name = z
  .string()
  .trim()
  .min(1, 'This must not be empty.')
  .max(300)
  .refine(readable, 'This holds characters that cannot be read. Save the file as UTF-8.')
const LocalTime = z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'Write a local time as HH:MM.')

/** A day, or a moment with its zone; a day alone is its beginning in UTC. */
const Day = z.union([z.iso.date(), z.iso.datetime({ offset: true })], { error: 'Write a day as 2026-03-31, or a moment with its zone.' })
const Words = z.array(Name).max(50)
const Codes = z.array(Code).max(400)
/** A group, a post or an agency: its code, or group:CODE, post:CODE, agency:CODE where a code alone could be two of them. */
const EndCode = Code

/**
 * One row of each list of a city. Codes name things inside the file; ids are the city's own. An agency is named by its code, or by type:code
 * where two types share one. What a row does not say stays as the city has it; null, or an empty list, takes it away.
 */
export const cityRows = {
  agencies: z.object({
    orgType: z.string().regex(/^[a-z][a-z0-9_]*$/, 'A type of agency is lower-case words joined by _.'),
    orgCode: Code,
    name: Name,
    shortName: Name.nullish(),
    sector: Line.nullish(),
    callBack: Line.nullish(),
    parent: Code.nullish(),
    services: Words.optional(),
  }),
  places: z.object({ code: Code, name: Name }),
  media: z.object({ code: Code, name: Name, dependsOn: Codes.optional() }),
  posts: z.object({
    code: Code,
    agency: Code,
    kind: z.enum(postKinds),
    title: Name,
    minimumSeniority: z.number().int().min(1).max(5).optional(),
    competences: Words.optional(),
    place: Code.nullish(),
  }),
  people: z.object({
    code: Code,
    name: Name,
    agency: Code,
    mail: z.email('Write an address such as name@agency.example.').optional(),
    mobile: z
      .string()
      .regex(/^\+?[0-9 ().-]{5,30}$/, 'A mobile number is digits, with + and the country first.')
      .optional(),
    language: z
      .string()
      .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'A language is a tag such as en or fr.')
      .default('en'),
    needs: Line.optional(),
  }),
  dutyPatterns: z.object({
    code: Code,
    words: Name,
    weekdays: z.array(z.number().int().min(1).max(7)).min(1).max(7),
    from: LocalTime.refine((time) => time !== '24:00', 'Hours begin at 23:59 at the latest.'),
    until: LocalTime,
    weeks: z.enum(['all', 'odd', 'even']).default('all'),
  }),
  holdings: z.object({
    post: Code,
    person: Code,
    capacity: z.enum(['holder', 'deputy']),
    order: z.number().int().min(1).default(1),
    duty: z.union([z.literal('always'), z.object({ pattern: Code })]).default('always'),
  }),
  groups: z.object({
    code: Code,
    name: Name,
    nameFr: Name.nullish(),
    tier: Tier,
    purpose: Line.nullish(),
    authority: Line.nullish(),
    convening: Line.nullish(),
    termsOfReference: Line.nullish(),
    cells: Words.optional(),
    chair: Code.nullish(),
    deputyChair: Code.nullish(),
    secretariat: Code.nullish(),
    recordsOwner: Code.nullish(),
    quorum: z.number().int().positive().nullish(),
    place: Code.nullish(),
    reviewAt: Day.nullish(),
  }),
  memberships: z.object({
    group: Code,
    agency: Code,
    post: Code.optional(),
    kind: z.enum(['core', 'standing', 'invitee']),
    basis: Name.default('declared'),
  }),
  leadArrangements: z.object({ incidentType: Code, jurisdiction: Code, phase: Phase, agency: Code, basis: Name }),
  links: z.object({
    from: EndCode,
    to: EndCode,
    kind: LinkKind,
    primary: Code.nullish(),
    backup: Code.nullish(),
    carries: Words.optional(),
    /** The last of what the list and the city say stands: an old list undoes no test. */
    testedAt: Day.nullish(),
  }),
  responsibilities: z.object({ activity: Name, phase: Phase, agency: Code, part: Part, jointBasis: Name.nullish() }),
  products: z.object({
    code: Code,
    name: Name,
    producer: Code.nullish(),
    medium: Code.nullish(),
    protocol: Name.nullish(),
    receivers: Codes.optional(),
  }),
  variants: z.object({
    group: Code,
    incidentType: Code.default('any'),
    band: Band.default('any'),
    effect: z.enum(effects),
    agency: Code.nullish(),
    post: Code.nullish(),
    basis: Name.default('declared'),
  }),
}
export type CityList = keyof typeof cityRows
export const cityLists = Object.keys(cityRows) as CityList[]

/** Lists whose rows can end: what a complete list leaves out is ended, when that is asked for. */
export const endingLists = ['links', 'responsibilities', 'products', 'variants'] as const
export type EndingList = (typeof endingLists)[number]

/** A whole city, as demo/lists/shape.ts and the starter sheet give it. */
export const CityFile = z.object({
  /** neighbour: the code of the city whose agencies begin with it and carry its token instead of ours. */
  city: z
    .object({
      code: z.string().regex(/^[A-Za-z0-9._-]+$/),
      neighbour: z
        .string()
        .regex(/^[A-Za-z0-9._-]+$/)
        .optional(),
    })
    .optional(),
  agencies: z.array(cityRows.agencies).default([]),
  places: z.array(cityRows.places).default([]),
  media: z.array(cityRows.media).default([]),
  posts: z.array(cityRows.posts).default([]),
  people: z.array(cityRows.people).default([]),
  dutyPatterns: z.array(cityRows.dutyPatterns).default([]),
  holdings: z.array(cityRows.holdings).default([]),
  groups: z.array(cityRows.groups).default([]),
  memberships: z.array(cityRows.memberships).default([]),
  leadArrangements: z.array(cityRows.leadArrangements).default([]),
  links: z.array(cityRows.links).default([]),
  responsibilities: z.array(cityRows.responsibilities).default([]),
  products: z.array(cityRows.products).default([]),
  variants: z.array(cityRows.variants).default([]),
})
export type CityFile = z.infer<typeof CityFile>

export const Counts = z.record(z.string(), z.number().int())

export const importCity = command('structure.importCity', {
  who: ['administrator'],
  summary:
    'Take in a whole city: agencies, posts, people with their contacts, who holds what and when, groups, links, responsibilities, products. Sent twice, nothing doubles.',
  input: z.object({
    city: CityFile,
    /** Clearances recorded for people of the file. */
    cast: z.array(z.object({ person: Code, cleared: z.array(z.string().regex(/^[a-z0-9-]+$/)).default([]) })).optional(),
    /** Since when holdings of the file are held; now, when it does not say. Tokens never begin before now. */
    since: z.iso.datetime({ offset: true }).optional(),
    /** A demo only: whoever is on duty at this moment keeps the post's tokens at every hour. */
    standsAt: z.iso.datetime({ offset: true }).optional(),
  }),
  output: z.object({ counts: Counts, tokens: z.number().int() }),
})
