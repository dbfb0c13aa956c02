import { readFile } from 'node:fs/promises'
import type { Offline } from '#core/operation/implement.ts'
import { dryRun } from '../../cap/dry-run.ts'
import { ingest } from '../contract.ts'

/**
 * `concord watch ingest FILE… --dry-run --json`: what would be made of each file, without a server. CONCORD_ANCHORS may name PEM files
 * (separated by `:`) whose certificates are believed; without them a sound signature is only *present*.
 */
export const offline: readonly Offline[] = [
  {
    operation: ingest,
    flag: 'dryRun',
    async run(files) {
      const anchors = await Promise.all(
        (process.env.CONCORD_ANCHORS ?? '')
          .split(':')
          .filter((path) => path !== '')
          .map((path) => readFile(path, 'utf8')),
      )
      return dryRun(files, { anchors })
    },
  },
]
