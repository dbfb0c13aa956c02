import { createHash } from 'node:crypto'
import { Zip, ZipDeflate } from 'fflate'

export interface Packed {
  name: string
  size: number
  sha256: string
}

/** Every pack has the same time on its files: when a file was made says nothing, and the same content makes the same bytes. */
const someTime = new Date(2000, 0, 1)

/** A zip that is written as it grows: nothing of it is held but what is on its way. Files stand in the order in which they are put. */
export function createZip(take: (bytes: Uint8Array) => Promise<void>) {
  const out: Uint8Array[] = []
  let failed: Error | undefined
  const zip = new Zip((error, bytes) => {
    if (error) failed = error
    else out.push(bytes)
  })
  const files: Packed[] = []
  const flow = async () => {
    if (failed) throw failed
    for (let bytes = out.shift(); bytes !== undefined; bytes = out.shift()) await take(bytes)
  }
  return {
    files,
    async put(name: string, parts: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>): Promise<Packed> {
      const file = new ZipDeflate(name, { level: 6 })
      file.mtime = someTime
      zip.add(file)
      const hash = createHash('sha256')
      let size = 0
      for await (const part of parts) {
        const bytes = typeof part === 'string' ? Buffer.from(part) : part
        hash.update(bytes)
        size += bytes.length
        file.push(bytes)
        await flow()
      }
      file.push(new Uint8Array(0), true)
      await flow()
      const packed = { name, size, sha256: hash.digest('hex') }
      files.push(packed)
      return packed
    },
    async end(): Promise<void> {
      zip.end()
      await flow()
    },
  }
}
