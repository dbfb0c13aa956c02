import { z } from 'zod'
import { command, query } from '#core/operation/operation.ts'
import { LabelInput } from '../contract.ts'
import { tlpWords } from '../marking.ts'

const Word = z.string().min(1).max(80)
export const Scheme = z.object({
  code: z.string(),
  name: z.string(),
  levels: z.array(z.object({ word: Word, aliases: z.array(Word), held: z.boolean() })),
  descriptorsAt: Word,
  descriptors: z.array(z.string()),
  handling: z.array(z.string()),
})
export const GradingScale = z.object({
  code: z.string(),
  name: z.string(),
  axes: z.array(z.object({ code: z.string(), name: z.string(), grades: z.array(z.object({ word: z.string(), name: z.string() })) })),
})

/** A caveat: a clause of one token. `held`: may the asker read what carries it? */
export const Caveat = z.object({ token: z.string(), descriptor: z.string(), held: z.boolean() })
export type Caveat = z.infer<typeof Caveat>

export const MarkingRule = z.object({
  scheme: Scheme,
  /** What is above this is refused, whoever writes it. */
  ceiling: z.object({ classification: z.string().nullable(), tlp: z.enum(tlpWords).nullable() }),
  grading: GradingScale,
  caveats: z.array(Caveat),
  /** Whom REL TO and ORIGINATOR may name: the word there, what they are called, the token of their people. */
  organisations: z.array(z.object({ word: z.string(), name: z.string(), token: z.string() })),
})
export type MarkingRule = z.infer<typeof MarkingRule>

export const markingRule = query('access.markingRule', {
  who: 'person',
  summary: 'How markings are written here: the scheme, the ceiling, the caveats, the grading scale.',
  input: z.object({}),
  output: MarkingRule,
})

export const schemes = query('access.schemes', {
  who: ['administrator'],
  summary: 'The classification schemes and grading scales that this city knows, and which are in use.',
  input: z.object({}),
  output: z.object({
    schemes: z.array(Scheme.extend({ source: z.string(), inUse: z.boolean() })),
    gradings: z.array(GradingScale.extend({ source: z.string(), inUse: z.boolean() })),
    ceiling: z.object({ classification: z.string().nullable(), tlp: z.enum(tlpWords).nullable() }),
  }),
})

/** A taxonomy is at most 256 KiB: the largest in use are a tenth of that. */
const File = z.object({ name: z.string().max(300), content: z.base64().max(350_000, 'A taxonomy has at most 256 KiB.') })

export const importScheme = command('access.importScheme', {
  who: ['administrator'],
  summary: 'Bring in a classification scheme or a grading scale from a MISP machine-tag taxonomy. It is used once you choose it.',
  input: z.object({
    files: z.array(File).length(1, 'Give one taxonomy.'),
    /** Only say what would be kept. */
    preview: z.boolean().default(false),
    /** The levels from loosest to strictest, by their words, with commas between; only where the taxonomy does not tell. */
    order: z.string().max(2000).optional(),
  }),
  output: z.object({
    kind: z.enum(['classification', 'grading', 'tlp']),
    code: z.string(),
    name: z.string(),
    kept: z.boolean(),
    levels: z.array(z.object({ word: z.string(), aliases: z.array(z.string()), held: z.boolean() })),
    descriptors: z.array(z.string()),
    axes: z.array(z.object({ name: z.string(), grades: z.array(z.string()) })),
    /** What the file has and Concord does not keep, and why. */
    leftOut: z.array(z.object({ word: z.string(), why: z.string() })),
  }),
})

export const setMarkingRule = command('access.setMarkingRule', {
  who: ['administrator'],
  summary: 'Choose the scheme in which this city writes, its ceiling and its grading scale. What stands is not rewritten.',
  input: z.object({
    scheme: z.string().min(1).max(60),
    ceilingClassification: z.string().max(80).nullable(),
    ceilingTlp: z.enum(tlpWords).nullable(),
    grading: z.string().min(1).max(60),
  }),
  output: MarkingRule,
})

export const preview = query('access.preview', {
  who: 'person',
  summary: 'Who would be able to read under a label, in words, before anything is written; and what is wrong with its marking.',
  input: z.object({ label: LabelInput }),
  output: z.object({
    /** As it would be kept. */
    marking: z.string(),
    who: z.array(z.string()),
    /** Could the asker read it? What one could not read oneself is refused. */
    you: z.boolean(),
    /** What is wrong, in words; null when nothing is. */
    problem: z.string().nullable(),
    /** Above the ceiling: a pointer record is the way. */
    pointer: z.boolean(),
  }),
})
