import { rows, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'

export interface Exercise {
  id: string
  name: string
  realFrom: string
  worldFrom: string
  rate: number
}

export const openExercises = (tx: Tx) =>
  rows<Exercise>(
    tx,
    sql`select id, name, real_from, world_from, rate from access.world where kind = 'exercise' and ended_at is null order by real_from desc, id`,
  )
