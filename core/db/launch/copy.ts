import type { Duplex } from 'node:stream'
import type pg from 'pg'

// pg speaks the COPY messages but gives no way to use them except a query object of one's own; its types leave these parts out.
interface Wire {
  stream: Duplex
  query(text: string): void
  sendCopyFromChunk(chunk: Buffer): void
  endCopyFrom(): void
  sendCopyFail(message: string): void
}

interface CopyQuery {
  submit(wire: Wire): void
  handleCopyInResponse(wire: Wire): void
  handleCopyData(message: { chunk: Buffer }, wire: Wire): void
  handleCommandComplete(message: { text: string }): void
  handleReadyForQuery(): void
  handleError(error: Error): void
  handleRowDescription(): void
  handleDataRow(): void
  handleEmptyQuery(): void
}

const pause = 4 * 1024 * 1024

function copy(client: pg.Client, text: string, parts: Pick<CopyQuery, 'handleCopyInResponse' | 'handleCopyData'>): Promise<number> {
  return new Promise((resolve, reject) => {
    let rows = 0
    let failed: Error | undefined
    const query: CopyQuery = {
      ...parts,
      submit: (wire) => wire.query(text),
      handleCommandComplete: (message) => {
        rows = Number(/^COPY (\d+)/.exec(message.text)?.[1] ?? 0)
      },
      handleReadyForQuery: () => (failed ? reject(failed) : resolve(rows)),
      handleError: (error) => {
        failed = error
        // A lost connection never becomes ready again.
        if (!('severity' in error)) reject(error)
      },
      handleRowDescription: () => {},
      handleDataRow: () => {},
      handleEmptyQuery: () => {},
    }
    client.query(query as unknown as pg.Submittable)
  })
}

/** COPY … TO STDOUT: hands each piece on and waits for it while the server is held back. Returns the number of rows. */
export async function copyOut(client: pg.Client, text: string, take: (piece: Buffer) => Promise<void>): Promise<number> {
  let work = Promise.resolve()
  let waiting = 0
  const rows = await copy(client, text, {
    handleCopyInResponse: (wire) => wire.sendCopyFail('nothing to send'),
    handleCopyData: ({ chunk }, wire) => {
      // The chunk is a view of the connection's buffer, which is used again.
      const piece = Buffer.from(chunk)
      waiting += piece.length
      if (waiting > pause) wire.stream.pause()
      work = work
        .then(() => take(piece))
        .finally(() => {
          waiting -= piece.length
          if (waiting <= pause) wire.stream.resume()
        })
      work.catch(() => {})
    },
  })
  await work
  return rows
}

/** COPY … FROM STDIN with these pieces. Returns the number of rows. */
export function copyIn(client: pg.Client, text: string, pieces: AsyncIterable<Buffer>): Promise<number> {
  return copy(client, text, {
    handleCopyData: () => {},
    handleCopyInResponse: (wire) => {
      const send = async () => {
        for await (const piece of pieces) {
          wire.sendCopyFromChunk(piece)
          if (wire.stream.writableNeedDrain) await new Promise((resolve) => wire.stream.once('drain', resolve))
        }
        wire.endCopyFrom()
      }
      send().catch((error: Error) => wire.sendCopyFail(error.message))
    },
  })
}
