import { createReadStream, createWriteStream } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { once } from 'node:events'
import { createGunzip, createGzip } from 'node:zlib'
import { finished } from 'node:stream/promises'
import { invalid } from '#core/errors.ts'

// A gzipped tar (ustar), so that any tool can look inside.
const block = 512

export interface ArchiveWriter {
  add(name: string, content: Buffer): Promise<void>
  /** Makes the file whole, on disk and in its place. */
  finish(): Promise<void>
  /** Removes what was written. */
  abandon(): Promise<void>
}

/** Writes beside the file and moves it into place at the end, closed to other accounts: it holds everything the city knows. */
export async function writeArchive(file: string): Promise<ArchiveWriter> {
  const making = `${file}.${process.pid}.part`
  const out = createWriteStream(making, { mode: 0o600 })
  await once(out, 'open')
  const gzip = createGzip({ level: 5 })
  gzip.pipe(out)
  let broken: Error | undefined
  const note = (error: Error) => {
    broken ??= error
    gzip.destroy()
  }
  out.on('error', note)
  gzip.on('error', note)
  const write = async (piece: Buffer) => {
    if (broken) throw broken
    if (!gzip.write(piece)) await Promise.race([once(gzip, 'drain'), once(gzip, 'close')])
    if (broken) throw broken
  }
  return {
    async add(name, content) {
      await write(header(name, content.length))
      await write(content)
      await write(Buffer.alloc((block - (content.length % block)) % block))
    },
    async finish() {
      await write(Buffer.alloc(2 * block))
      gzip.end()
      await finished(out)
      await sync(making)
      await rename(making, file)
      await sync(dirname(file))
    },
    async abandon() {
      gzip.destroy()
      out.destroy()
      await rm(making, { force: true })
    },
  }
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r')
  await handle.sync()
  await handle.close()
}

function header(name: string, size: number): Buffer {
  const head = Buffer.alloc(block)
  head.write(name, 0, 100, 'utf8')
  head.write('0000600\0', 100)
  head.write('0000000\0', 108)
  head.write('0000000\0', 116)
  head.write(`${size.toString(8).padStart(11, '0')}\0`, 124)
  head.write('00000000000\0', 136)
  head.write('        ', 148)
  head.write('0', 156)
  head.write('ustar\x0000', 257)
  const sum = head.reduce((total, byte) => total + byte, 0)
  head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return head
}

/** The archive's entries in order. Throws `invalid` on a file that is cut short or is no archive. */
export async function* readArchive(file: string): AsyncGenerator<{ name: string; content: Buffer }> {
  const source = createReadStream(file)
  const gunzip = createGunzip()
  source.on('error', (error) => gunzip.destroy(error))
  source.pipe(gunzip)
  let held: Buffer[] = []
  let length = 0
  const take = (size: number): Buffer => {
    const all = held.length === 1 && held[0] ? held[0] : Buffer.concat(held)
    held = [all.subarray(size)]
    length -= size
    return all.subarray(0, size)
  }
  let current: { name: string; size: number } | undefined
  let ended = false
  try {
    for await (const piece of gunzip as AsyncIterable<Buffer>) {
      held.push(piece)
      length += piece.length
      while (!ended) {
        if (!current) {
          if (length < block) break
          const head = take(block)
          if (head[0] === 0) ended = true
          else current = { name: head.toString('utf8', 0, head.indexOf(0)), size: Number.parseInt(head.toString('latin1', 124, 135), 8) }
          continue
        }
        const padded = Math.ceil(current.size / block) * block
        if (length < padded) break
        yield { name: current.name, content: take(padded).subarray(0, current.size) }
        current = undefined
      }
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? ''
    if (code.startsWith('Z_')) throw unreadable()
    throw error
  } finally {
    source.destroy()
    gunzip.destroy()
  }
  if (!ended) throw unreadable()
}

const unreadable = () =>
  invalid('file', 'This file is not a whole Concord backup: it is damaged or cut short. Nothing was changed. Use another backup.')
