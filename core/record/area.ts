import type { Area } from '#core/operation/implement.ts'
import { verify } from './reading/contract.ts'
import { actions as packing } from './pack/actions.ts'
import { actions as reading } from './reading/actions.ts'
import { actions as retention, retaining } from './retention/actions.ts'
import { main } from './verifier/main.mjs'

export const area: Area = {
  name: 'record',
  features: [reading],
  offline: [
    {
      operation: verify,
      flag: 'offline',
      takes: {
        keys: 'with --offline: public keys that you have from elsewhere, one a line',
        witness: 'what a witness holds of this record: its file, or the saved text of its mails',
      },
      // The very tool that a stranger is handed, with its words and its exit codes.
      run: (files, flags) =>
        main([
          ...files,
          ...['keys', 'witness'].flatMap((flag) => (typeof flags[flag] === 'string' ? [`--${flag}`, flags[flag]] : [])),
          ...(flags.json === true ? ['--json'] : []),
        ]),
    },
  ],
}

/** The record with what the areas above say of it: what belongs to an incident, and how a pack shows it. */
export function recordArea(above: readonly Area[]): Area {
  const sections = above.flatMap((one) => one.packSections ?? [])
  return { ...area, features: [...area.features, retention(sections), packing(sections)], jobs: [retaining] }
}
