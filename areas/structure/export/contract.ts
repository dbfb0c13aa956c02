import { z } from 'zod'
import { query } from '#core/operation/operation.ts'

/** Lists that leave the city. People, their hours and what they hold are not among them: who is on duty leaves named hands in no file. */
export const exportedLists = [
  'agencies',
  'places',
  'media',
  'posts',
  'groups',
  'memberships',
  'leadArrangements',
  'links',
  'responsibilities',
  'products',
  'variants',
] as const
export type ExportedList = (typeof exportedLists)[number]

export const formats = ['xlsx', 'csv', 'graphml', 'json'] as const

export const exportNetwork = query('structure.export', {
  who: ['administrator', 'secretariat'],
  summary:
    'The structure as a file (base64): all lists as XLSX, one list as CSV, both as import reads them; the network as GraphML or JSON. As far as you can read it, with its marking inside; no people.',
  input: z
    .object({
      format: z.enum(formats),
      /** csv: which list. */
      list: z.enum(exportedLists).optional(),
      /** The network as it stood in a version; as it stands now, when absent. */
      version: z.coerce.number().int().positive().optional(),
    })
    .refine(({ format, list }) => format !== 'csv' || list !== undefined, { path: ['list'], error: 'A CSV file is one list. Name it.' }),
  output: z.object({ name: z.string(), content: z.string(), marking: z.string() }),
})
