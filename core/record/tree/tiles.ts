import { digestBytes, nodeInto } from './digest.ts'
import type { NodeSource } from './proofs.ts'
import type { NodeListener } from './tree.ts'

/** A tile holds up to 256 hashes of one level: tile level L holds nodes of tree level 8·L (the tlog-tiles layout). */
export const tileHeight = 8
export const tileWidth = 2 ** tileHeight

/** New hashes for one tile: `hashes` (32 bytes each, joined) take their place from the `offset`th hash on. */
export interface TilePart {
  level: number
  index: number
  offset: number
  hashes: Buffer
}

/**
 * Gathers what a sealer must store. Give `listen` to `createTree`; after a batch `take()` hands over the parts and forgets them.
 * Writing a part twice changes nothing, so a sealer that dies between tree and store starts again from its stored frontier.
 */
export function createTileWriter(): { listen: NodeListener; take(): TilePart[] } {
  let open = new Map<string, { level: number; index: number; offset: number; hashes: Buffer[] }>()
  return {
    listen(level, index, hash) {
      if (level % tileHeight !== 0) return
      const tile = Math.floor(index / tileWidth)
      const key = `${level} ${tile}`
      const part = open.get(key)
      if (part === undefined) open.set(key, { level: level / tileHeight, index: tile, offset: index % tileWidth, hashes: [hash] })
      else part.hashes.push(hash)
    },
    take() {
      const parts = [...open.values()].map((part) => ({ ...part, hashes: Buffer.concat(part.hashes) }))
      open = new Map()
      return parts
    },
  }
}

/** Reads one tile: its hashes joined, as many as are stored. */
export type ReadTile = (level: number, index: number) => Uint8Array | Promise<Uint8Array>

/** The root of a run of 2^n hashes, folded in a copy of its own. */
function foldRun(run: Uint8Array): Uint8Array {
  const row = Buffer.from(run)
  for (let width = row.length / digestBytes; width > 1; width /= 2) {
    for (let at = 0; at < width; at += 2) {
      const left = at * digestBytes
      nodeInto(row.subarray(left, left + digestBytes), row.subarray(left + digestBytes, left + 2 * digestBytes), row, left / 2)
    }
  }
  return row.subarray(0, digestBytes)
}

/**
 * Nodes out of tiles. Each tile is read once for the life of the source (make one per proof or per snapshot), so an inclusion
 * proof among a million leaves reads at most six. Throws RangeError when a tile is shorter than the tree needs it to be.
 */
export function tileSource(readTile: ReadTile): NodeSource {
  const kept = new Map<string, Uint8Array | Promise<Uint8Array>>()
  return {
    async node(level, index) {
      const tileLevel = Math.floor(level / tileHeight)
      const span = 2 ** (level % tileHeight)
      const first = index * span
      const tile = Math.floor(first / tileWidth)
      const key = `${tileLevel} ${tile}`
      let found = kept.get(key)
      if (found === undefined) {
        found = readTile(tileLevel, tile)
        kept.set(key, found)
      }
      const bytes = await found
      const start = (first % tileWidth) * digestBytes
      if (bytes.length < start + span * digestBytes) throw new RangeError(`Tile ${tileLevel}/${tile} is shorter than this tree needs.`)
      return foldRun(bytes.subarray(start, start + span * digestBytes))
    },
  }
}
