import { cityCode } from '#core/access/found.ts'
import { notFound, unavailable } from '#core/errors.ts'
import { type Implementation, implement, type Tx } from '#core/operation/implement.ts'
import { standingKeys } from '../keys.ts'
import type { Machine } from '../machine.ts'
import { readHead, signNote } from '../tree/heads.ts'
import { digestBytes } from '../tree/digest.ts'
import { consistencyProof, inclusionProof, type NodeSource } from '../tree/proofs.ts'
import * as words from './contract.ts'
import * as store from './store.ts'

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')

/** Walks once to learn which nodes a proof needs, asks for them together, and walks again. At most some dozens, in one round trip. */
async function proved(tx: Tx, proof: (source: NodeSource) => Promise<Uint8Array[]>): Promise<string[]> {
  const wanted: store.Place[] = []
  const blank = Buffer.alloc(digestBytes)
  await proof({
    node: (level, index) => {
      wanted.push({ level, index })
      return blank
    },
  })
  const found = await store.nodes(tx, wanted)
  return (await proof({ node: (level, index) => found.get(`${level} ${index}`) ?? blank })).map(base64)
}

const leafOf = (row: store.EntryRow) => ({ header: row.header.toString(), contentHash: base64(row.contentHash), leaf: base64(row.leaf) })
const notSealed = () => unavailable('This entry is not sealed yet. Nothing is wrong with it. Ask again in a second.')

export const actions = (machine: Machine, real: () => Date): readonly Implementation[] => [
  implement(words.receipt, async ({ input, tx }) => {
    const entry = await store.newestOf(tx, input.table, input.id)
    const sealedAt = await store.sealedAt(tx, entry.position)
    if (sealedAt === null) throw notSealed()
    const keys = machine.ring ? await standingKeys(tx, machine.ring, real()) : []
    if (keys.length === 0) throw unavailable('The key that signs for this city is not at hand. Nothing was changed. Tell the operators.')
    const body = `${await cityCode(tx)}\nreceipt\n${base64(entry.leaf)}\nat ${new Date(sealedAt).toISOString()}\n`
    return { ...leafOf(entry), sealedAt, receipt: signNote(body, keys) }
  }),
  implement(words.inclusion, async ({ input, tx }) => {
    const entry =
      input.position === undefined ? await store.newestOf(tx, input.table ?? '', input.id ?? '') : await store.entryAt(tx, input.position)
    const head = await store.newestHead(tx)
    if (head === undefined || head.size <= entry.position) throw notSealed()
    const path = await proved(tx, (source) => inclusionProof(head.size, entry.position, source))
    return { ...leafOf(entry), position: entry.position, size: head.size, path, head: head.note }
  }),
  implement(words.consistency, async ({ input, tx }) => {
    const [from, to] = [input.from, input.to].sort((a, b) => a - b) as [number, number]
    const [first, last] = [await store.headOf(tx, from), await store.headOf(tx, to)]
    return { from: first.note, to: last.note, path: await proved(tx, (source) => consistencyProof(from, to, source)) }
  }),
  implement(words.openStatements, async ({ input, tx }) => {
    const newest = await store.newestHead(tx)
    const rows = await store.opened(
      tx,
      input.commitments.map((text) => Buffer.from(text, 'base64')),
    )
    const opened = []
    for (const { commitment, moment, salt, head } of rows) {
      const size = head === '' ? 0 : readHead(head).head.size
      // A size that this tree has not reached is no fault of the question: it is what the asker wants to know.
      const path =
        newest === undefined || size === 0 || size > newest.size
          ? null
          : await proved(tx, (source) => consistencyProof(size, newest.size, source)).catch((error: unknown) => {
              if ((error as { kind?: string }).kind === notFound().kind) return null
              throw error
            })
      opened.push({ commitment: base64(commitment), at: moment, salt: base64(salt), head, path })
    }
    return { head: newest?.note ?? '', opened }
  }),
]
