import { run, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'

/** With the key of the provider who says so, as a hash. Errors: not allowed. */
export const provisionPerson = (tx: Tx, key: Buffer, personId: string) =>
  run(tx, sql`select structure.provision_person(${key}, ${personId})`)
