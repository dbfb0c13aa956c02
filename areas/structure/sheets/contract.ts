import { z } from 'zod'
import { command, query } from '#core/operation/operation.ts'

/** The columns of a list of partnership members, one row a membership. An agency is (org_type, org_code), never a name. */
export const memberColumns = ['lrf20_code', 'lrf20_name', 'org_type', 'org_code', 'org_name', 'basis'] as const
export type MemberColumn = (typeof memberColumns)[number]

/** Types of agency that a list of members may name; another is reported, so that a slip of the pen makes no new kind of agency. */
export const orgTypes = [
  'police', 'transport_police', 'fire_and_rescue', 'ambulance', 'control_room', 'local_authority', 'nhs_trust', 'hospital', 'health_system', 'public_health',
  'military', 'coastguard', 'coroner', 'government', 'environment_agency', 'utility', 'telecoms', 'transport_operator', 'port', 'venue', 'business', 'education',
  'voluntary', 'faith', 'elected', 'partnership_office',
] as const // biome-ignore format: a list to read across

/** What could not be read: where, which field, and why. Nothing of that line was stored. */
export const LineProblem = z.object({
  file: z.string(),
  sheet: z.string().nullable(),
  line: z.number().int(),
  field: z.string(),
  words: z.string(),
})
export type LineProblem = z.infer<typeof LineProblem>

export const ImportCounts = z.object({
  lines: z.number().int(),
  stored: z.number().int(),
  refused: z.number().int(),
  agencies: z.number().int(),
  groups: z.number().int(),
  memberships: z.number().int(),
  newAgencies: z.number().int(),
  newGroups: z.number().int(),
  newMemberships: z.number().int(),
  posts: z.number().int(),
  people: z.number().int(),
  holdings: z.number().int(),
  links: z.number().int(),
  responsibilities: z.number().int(),
  products: z.number().int(),
  variants: z.number().int(),
  codeChanges: z.number().int(),
  areas: z.number().int(),
  /** Rows that a complete list left out. */
  ended: z.number().int(),
})
export type ImportCounts = z.infer<typeof ImportCounts>

/** What was read otherwise than it stands there, or what a list leaves open: told, and nothing refused for it. line: null for a whole list. */
export const Told = z.object({ file: z.string(), sheet: z.string().nullable(), line: z.number().int().nullable(), words: z.string() })
export type Told = z.infer<typeof Told>

const File = z.object({ name: z.string().min(1).max(300), content: z.string().min(1, 'The file is empty.') })

export const importFiles = command('structure.import', {
  who: ['administrator', 'operator'],
  summary:
    'Take in lists of the structure: CSV files, recognised by their headings, or the filled-in starter sheet (XLSX). Good lines are stored, bad lines reported.',
  input: z.object({
    /** content: base64. */
    files: z.array(File).min(1, 'Choose a file.').max(20),
    /** Reads and reports, stores nothing. */
    preview: z.boolean().default(false),
    /** These lists are complete: links, responsibilities, products and variants that they leave out are ended. */
    complete: z.boolean().default(false),
  }),
  output: z.object({
    preview: z.boolean(),
    counts: ImportCounts,
    /** The first thousand; `refused` counts all. */
    lines: z.array(LineProblem),
    /** The first thousand. */
    told: z.array(Told),
    findings: z.array(z.object({ kind: z.string(), about: z.string(), words: z.string() })),
  }),
})
export type ImportReport = z.infer<(typeof importFiles)['output']>

const Document = z.object({ name: z.string(), content: z.string() })

export const starterSheet = query('structure.starterSheet', {
  who: ['administrator'],
  summary:
    "An empty workbook (XLSX, base64) for a city's own agencies, posts, people, holdings, groups, memberships and lead arrangements.",
  input: z.object({}),
  output: Document,
})

export const exportMembers = query('structure.exportMembers', {
  who: ['administrator', 'secretariat'],
  summary: 'Every membership as CSV (base64), in the columns that import reads. Cells that a spreadsheet would run are made text.',
  input: z.object({}),
  /** `marking`: the strictest word on each axis of everything in it; it goes where the file goes. */
  output: Document.extend({ marking: z.string() }),
})
