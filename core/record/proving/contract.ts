import { z } from 'zod'
import { query } from '#core/operation/operation.ts'

const Id = z.uuid()
const Table = z.string().regex(/^[a-z_]+\.[a-z_]+$/)
/** 32 bytes. */
const Hash = z.base64()
const keepers = ['administrator', 'inquiry', 'operator'] as const

/** Which entry: the newest of a row, as the asker sees it; or for those who may see positions, the one that stands there. */
const Which = z
  .object({ table: Table.optional(), id: Id.optional(), position: z.coerce.number().int().min(0).optional() })
  .refine(
    ({ table, id, position }) =>
      position === undefined ? table !== undefined && id !== undefined : table === undefined && id === undefined,
    {
      message: 'Give a table and an id, or a position alone.',
      path: ['id'],
    },
  )

/** The stored bytes that make the leaf: SHA-256(0x00 ‖ header ‖ contentHash). What the entry says stays where it is. */
const Leaf = z.object({ header: z.string(), contentHash: Hash, leaf: Hash })

export const receipt = query('record.receipt', {
  who: 'person',
  summary: 'The city’s signed word that an entry you can read stands in the record, and since when. It shows nothing of what else does.',
  input: z.object({ table: Table, id: Id }),
  output: Leaf.extend({
    sealedAt: z.iso.datetime({ offset: true }),
    /** A signed note: origin, `receipt`, the leaf, `at …`. An inquiry can hold the city to it. */
    receipt: z.string(),
  }),
})

export const inclusion = query('record.inclusion', {
  who: keepers,
  summary: 'The proof (RFC 9162) that an entry you can read stands in the record under its newest signed head.',
  input: Which,
  output: Leaf.extend({ position: z.number().int(), size: z.number().int(), path: z.array(Hash), head: z.string() }),
})

export const consistency = query('record.consistency', {
  who: keepers,
  summary: 'The proof (RFC 9162) that a later signed head only adds to an earlier one.',
  input: z.object({ from: z.coerce.number().int().min(1), to: z.coerce.number().int().min(1) }),
  output: z.object({ from: z.string(), to: z.string(), path: z.array(Hash) }),
})

export const openStatements = query('record.openStatements', {
  who: keepers,
  summary: 'Open commitments that a witness holds: which signed head each was, with the proof that the record still continues it.',
  input: z.object({ commitments: z.array(Hash).max(100) }),
  output: z.object({
    /** The newest head, which the proofs lead to; empty before the first. */
    head: z.string(),
    opened: z.array(
      z.object({
        commitment: Hash,
        at: z.iso.datetime({ offset: true }),
        salt: Hash,
        head: z.string(),
        /** Null where there is nothing to prove: no head yet, or one that is not of this record. */
        path: z.array(Hash).nullable(),
      }),
    ),
  }),
})
