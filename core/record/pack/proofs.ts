import type { Database } from '#core/db/tx.ts'
import type { NodeSource } from '../tree/proofs.ts'
import * as store from './store.ts'

const width = 256
/** 16 MB of hashes at most. */
const mostBlocks = 2000

/** Hashes of the stored tree, read in runs of 256 and kept while they may be asked for again: entries come in order, and so do their proofs. */
export function storedNodes(database: Database): NodeSource {
  const blocks = new Map<string, Promise<Map<number, Buffer>> | Map<number, Buffer>>()
  const read = async (level: number, block: number) =>
    new Map((await database.verifier((tx) => store.nodes(tx, level, block * width, width))).map(({ index, hash }) => [index, hash]))
  return {
    async node(level, index) {
      const block = Math.floor(index / width)
      const key = `${level} ${block}`
      let found = blocks.get(key)
      if (found === undefined) {
        if (blocks.size >= mostBlocks) blocks.clear()
        found = read(level, block)
        blocks.set(key, found)
      }
      const hash = (await found).get(index)
      if (hash === undefined) throw new RangeError(`the stored tree has no node ${level}/${index}`)
      return hash
    },
  }
}
