import { one, sql } from '#core/db/sql.ts'
import { notAllowed } from '#core/errors.ts'
import type { Tx } from '#core/operation/implement.ts'

export const isSure = async (tx: Tx): Promise<boolean> => (await one<{ sure: boolean }>(tx, sql`select record.is_sure() as sure`)).sure

/** Before a grave act: refuses unless a passkey was shown in this window within the last minutes. */
export async function requireSure(tx: Tx): Promise<void> {
  if (await isSure(tx)) return
  throw notAllowed(
    'This asks for your passkey again. Nothing was changed and what you wrote is kept. Confirm with your passkey, then send it again.',
  )
}
