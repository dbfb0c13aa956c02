import { lstat, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { realClock } from '#core/clock.ts'
import { DEFAULT_MAX_XML_BYTES } from '#core/xml/gate.ts'
import type { Delivery } from '../../signals/actions/receive.ts'
import { sha256Of } from '../../signals/actions/receive.ts'
import type { Received } from '../../signals/contract.ts'
import * as store from '../store/receiving.ts'
import { type Duties, liveWorld, noteAnswer, noteFailure, receive } from './receive.ts'

/** What a file looked like at the last look: only one that stays the same is whole. */
export type Seen = Map<string, string>

/**
 * Looks once into the folder of every folder source, `<inbox>/<code>`. A whole file is taken in and moved to `done` or `refused`, with a report
 * beside it. One that was taken in just before a crash is known by its receipt, and is only moved. Links and hidden files are left alone.
 * Returns how many files were taken in.
 */
export async function lookIntoFolders(
  duties: Duties,
  inbox: string,
  seen: Seen,
  failed: (what: string, error: unknown) => void,
): Promise<number> {
  const sources = await duties.jobs('watch.lookIntoFolders', null, store.folders)
  let taken = 0
  for (const source of sources) {
    try {
      taken += await lookInto(duties, source, join(inbox, basename(source.code)), seen)
    } catch (error) {
      failed(`folder ${source.code}`, error)
      const why = 'Its folder could not be read or written.'
      await duties
        .jobs('watch.lookIntoFolders', await liveWorld(duties), (tx) => noteFailure(tx, source, realClock.now(), why, null))
        .catch(() => undefined)
    }
  }
  return taken
}

async function lookInto(duties: Duties, source: store.Source, folder: string, seen: Seen): Promise<number> {
  await mkdir(join(folder, 'done'), { recursive: true })
  await mkdir(join(folder, 'refused'), { recursive: true })
  let taken = 0
  for (const name of (await readdir(folder)).sort()) {
    if (name.startsWith('.') || /\.(tmp|part|partial|crdownload|swp|report\.json)$/i.test(name)) continue
    const path = join(folder, name)
    const file = await lstat(path).catch(() => undefined)
    if (!file?.isFile()) continue
    const looks = `${file.ino} ${file.size} ${file.mtimeMs}`
    const whole = seen.get(path) === looks
    seen.set(path, looks)
    if (!whole) continue
    const delivery = await deliveryOf(source, path, name, file)
    if (delivery === undefined) continue
    const received = await receive(duties, delivery, (tx, now) => noteAnswer(tx, source.id, now, { received: true }))
    if (received === undefined) continue
    seen.delete(path)
    await putAway(
      path,
      join(folder, received.outcome === 'refused' && !received.alerts.some((alert) => alert.result === 'stored') ? 'refused' : 'done'),
      name,
      received,
    )
    taken += 1
  }
  return taken
}

async function deliveryOf(
  source: store.Source,
  path: string,
  name: string,
  file: { ino: number; size: number; mtimeMs: number },
): Promise<Delivery | undefined> {
  const of = { name, way: 'folder' as const, sourceId: source.id }
  if (file.size > DEFAULT_MAX_XML_BYTES) {
    const refusal = `It is ${file.size} bytes long; the limit is ${DEFAULT_MAX_XML_BYTES} bytes.`
    return { ...of, bytes: new Uint8Array(), refusal, size: file.size, receipt: `file ${name} ${file.ino} ${file.mtimeMs} ${file.size}` }
  }
  const bytes = await readFile(path).catch(() => undefined)
  if (bytes === undefined || bytes.byteLength !== file.size) return undefined
  return { ...of, bytes, receipt: `file ${name} ${file.ino} ${file.mtimeMs} ${sha256Of(bytes)}` }
}

/** Another process of the same city may have moved it already. */
async function putAway(path: string, folder: string, name: string, received: Received): Promise<void> {
  const taken = await lstat(join(folder, name)).then(
    () => true,
    () => false,
  )
  const kept = taken ? `${received.deliveryId}-${name}` : name
  await writeFile(join(folder, `${kept}.report.json`), `${JSON.stringify(received, null, 2)}\n`)
  await rename(path, join(folder, kept)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
}
