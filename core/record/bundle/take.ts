import { createWriteStream } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import type { Ask, Take } from '#core/operation/implement.ts'
import { verifierSource } from '../verifier/source.ts'
import { bundle } from './contract.ts'

/**
 * `concord record bundle --out FILE`: fetches the file piece by piece. FILE is there whole or not at all: what was cut short is taken away again.
 * Returns the exit code.
 */
export async function takeBundle(flags: Readonly<Record<string, string | boolean | undefined>>, ask: Ask, take: Take): Promise<number> {
  const file = String(flags.out)
  const { path, size } = bundle.output.parse(await ask(bundle, {}))
  const part = `${file}.part`
  try {
    await pipeline(await take(path), createWriteStream(part, { mode: 0o600 }))
    await rename(part, file)
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
  if (typeof flags.verifier === 'string') await writeFile(flags.verifier, await verifierSource(), { mode: 0o644 })
  process.stdout.write(
    flags.json === true
      ? `${JSON.stringify({ file, size })}\n`
      : `The record, ${size} entries as hashes with every signed head over them, is in ${file}. Check it with: concord record verify --offline ${file} --keys KEYS\n`,
  )
  return 0
}
