import type { Area } from '#core/operation/implement.ts'
import { verify } from './reading/contract.ts'
import { actions as reading } from './reading/actions.ts'
import { actions as retention, retaining } from './retention/actions.ts'
import { verifyOffline } from './tree/bundle.ts'

export const area: Area = {
  name: 'record',
  features: [reading],
  offline: [
    {
      operation: verify,
      flag: 'offline',
      async run(files) {
        let ok = true
        for (const file of files) {
          const report = await verifyOffline(file)
          ok &&= report.ok
          process.stdout.write(`${JSON.stringify({ file, ...report })}\n`)
        }
        return ok ? 0 : 1
      },
    },
  ],
}

/** The record with what the areas above say of it: what belongs to an incident, and how a pack shows it. */
export function recordArea(above: readonly Area[]): Area {
  const sections = above.flatMap((one) => one.packSections ?? [])
  return { ...area, features: [...area.features, retention(sections)], jobs: [retaining] }
}
