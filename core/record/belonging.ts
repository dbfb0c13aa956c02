import { one, sql } from '#core/db/sql.ts'
import type { PackSection, Tx } from '#core/operation/implement.ts'

export interface Belongings {
  threads: string[]
  tables: string[]
  ids: string[]
}

/** Everything that belongs to a thread, as the areas say: its threads, itself first, and rows that have no thread of their own. */
export async function belongingsOf(tx: Tx, sections: readonly PackSection[], thread: string): Promise<Belongings> {
  const threads = new Set([thread])
  const rows = new Map<string, { table: string; id: string }>()
  // What an area adds may lead to more: an incident to its call-out, the call-out to its answers. Three steps are enough for both.
  for (let step = 0; step < 3; step += 1) {
    const before = threads.size + rows.size
    const { circles } = await one<{ circles: string[] }>(tx, sql`select record.circles_of(${[...threads]}) as circles`)
    for (const section of sections) {
      const more = (await section.belongs?.(tx, { threads: [...threads], circles })) ?? {}
      for (const one of more.threads ?? []) threads.add(one)
      for (const one of more.rows ?? []) rows.set(`${one.table} ${one.id}`, one)
    }
    if (threads.size + rows.size === before) break
  }
  const all = [...rows.values()]
  return { threads: [...threads], tables: all.map((row) => row.table), ids: all.map((row) => row.id) }
}
