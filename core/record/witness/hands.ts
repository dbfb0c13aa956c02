import { open } from 'node:fs/promises'
import type { Channels } from '#core/channels/delivery.ts'
import { post } from '#core/channels/http-gateway.ts'
import type { Witness } from './configuration.ts'
import { statementLine } from './statement.ts'

/** `ok`, or in neutral words why not: no address, no path. */
export type Handed = { ok: true } | { ok: false; detail: string }

/** Adds lines to a file and waits for its disk. A last line that a crash tore is closed first, so that it cannot spoil the one after it. */
async function append(path: string, lines: string): Promise<Handed> {
  const file = await open(path, 'a+', 0o640)
  try {
    const { size } = await file.stat()
    const last = size === 0 ? '\n' : (await file.read(Buffer.alloc(1), 0, 1, size - 1)).buffer.toString()
    await file.appendFile(last === '\n' ? lines : `\n${lines}`)
    await file.sync()
    return { ok: true }
  } finally {
    await file.close()
  }
}

const why = (error: unknown): Handed => {
  const code = (error as NodeJS.ErrnoException).code
  return { ok: false, detail: `It could not be reached${code && /^[A-Z0-9_]{1,30}$/.test(code) ? ` (${code})` : ''}.` }
}

/** Hands statements to a witness. Never throws; gives up after `timeoutMs`. `key` is the same when the same are handed over again. */
export async function hand(
  witness: Witness,
  statements: readonly string[],
  key: string,
  { channels, timeoutMs }: { channels: Pick<Channels, 'send'>; timeoutMs: number },
): Promise<Handed> {
  const lines = statements.map(statementLine).join('')
  let timer: NodeJS.Timeout | undefined
  const slow = new Promise<Handed>((resolve) => {
    timer = setTimeout(() => resolve({ ok: false, detail: 'It did not answer in time.' }), timeoutMs)
  })
  const work = async (): Promise<Handed> => {
    if (witness.kind === 'file') return append(witness.to, lines)
    if (witness.kind === 'city') {
      const headers = { 'content-type': 'application/x-ndjson', 'idempotency-key': key }
      const answer = await post(witness.to, { method: 'POST', headers, body: lines, signal: AbortSignal.timeout(timeoutMs) }, 'delivered')
      return answer.state === 'failed' ? { ok: false, detail: answer.detail } : { ok: true }
    }
    // The same subject and the same kind of lines every time, whatever happened in between.
    const subject = 'Concord: a statement to keep'
    const sent = await channels.send({ key, channel: 'mail', to: witness.to, subject, text: lines, world: { kind: 'live', name: 'Live' } })
    return sent.state === 'attempted' || sent.state === 'delivered' ? { ok: true } : { ok: false, detail: sent.detail }
  }
  try {
    return await Promise.race([work(), slow])
  } catch (error) {
    return why(error)
  } finally {
    clearTimeout(timer)
  }
}
