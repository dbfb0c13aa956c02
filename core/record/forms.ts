import type { Offline } from '#core/operation/implement.ts'
import { bundle } from './bundle/contract.ts'
import { takeBundle } from './bundle/take.ts'
import { verify } from './reading/contract.ts'
import { main } from './verifier/main.mjs'
import { holdAgainst } from './witness/against.ts'

const files = (names: readonly string[], flags: Readonly<Record<string, string | boolean | undefined>>) => [
  ...names,
  ...['keys', 'witness'].flatMap((flag) => (typeof flags[flag] === 'string' ? [`--${flag}`, flags[flag]] : [])),
  ...(flags.json === true ? ['--json'] : []),
]

/** What the record's operations do with files on the command line. */
export const forms: readonly Offline[] = [
  {
    operation: verify,
    flag: 'offline',
    takes: {
      keys: 'public keys that you have from elsewhere, one a line',
      witness: 'what a witness holds of this record: its file, or the saved text of its mails',
    },
    // The very tool that a stranger is handed, with its words and its exit codes.
    run: (names, flags) => main(files(names, flags)),
  },
  { operation: verify, flag: 'witness', run: (_names, flags, ask) => holdAgainst(String(flags.witness), flags, ask) },
  {
    operation: bundle,
    flag: 'out',
    takes: { out: 'where to put the file', verifier: 'where to put the program that checks it, for whoever has no Concord' },
    run: (_names, flags, ask, take) => takeBundle(flags, ask, take),
  },
]
