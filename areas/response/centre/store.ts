import { one, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'

/** The words of the incident's own label. */
export const markingOf = async (tx: Tx, label: number) =>
  (await one<{ marking: string }>(tx, sql`select marking from access.label where id = ${label}`)).marking
