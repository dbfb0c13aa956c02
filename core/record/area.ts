import type { Area } from '#core/operation/implement.ts'
import { verify } from './reading/contract.ts'
import { actions as availability } from './availability/actions.ts'
import { actions as reading } from './reading/actions.ts'
import { verifyOffline } from './tree/bundle.ts'

export const area: Area = {
  name: 'record',
  features: [reading, availability],
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
