import type { Area } from '#core/operation/implement.ts'
import { verify } from './reading/contract.ts'
import { actions as reading } from './reading/actions.ts'
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
