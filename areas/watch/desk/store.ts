import { one, rows, run, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { Exercise, RefusedDelivery, SourceEvent } from './contract.ts'

export const refused = (tx: Tx, limit: number) =>
  rows<RefusedDelivery>(
    tx,
    sql`select d.id, d.name, d.way, s.name as source, d.received_at, d.size, d.sha256, d.reasons, d.original_id is not null as kept,
          (select count(*)::int from jsonb_array_elements(d.alerts) a where a ->> 'result' = 'stored') as stored
        from watch.deliveries d left join watch.sources s on s.id = d.source_id
        where d.outcome = 'refused' order by d.received_at desc, d.id desc limit ${limit}`,
  )

export const sourceEvents = (tx: Tx, limit: number) =>
  rows<SourceEvent>(
    tx,
    sql`select e.id, e.source_id, s.name as source, e.kind, e.at, e.failures, e.detail
        from watch.source_events e join watch.sources s on s.id = e.source_id order by e.at desc, e.id desc limit ${limit}`,
  )

/** Open exercises, with what their clocks show at a real moment. */
export const exercises = (tx: Tx, realAt: Date) =>
  rows<Exercise>(
    tx,
    sql`select id, name, rate, world_from + (${realAt}::timestamptz - real_from) * rate as now from access.world
        where kind = 'exercise' and ended_at is null order by real_from desc limit 50`,
  )

export async function openExercise(
  tx: Tx,
  exercise: { id: string; name: string; realFrom: Date; worldFrom: Date; rate: number },
): Promise<void> {
  const { id, name, realFrom, worldFrom, rate } = exercise
  await run(
    tx,
    sql`insert into access.world (id, kind, name, real_from, world_from, rate) values (${id}, 'exercise', ${name}, ${realFrom}, ${worldFrom}, ${rate})`,
  )
}

export const endExercise = (tx: Tx, id: string, at: Date) =>
  one<{ id: string; endedAt: string }>(
    tx,
    sql`update access.world set ended_at = ${at} where id = ${id} and kind = 'exercise' and ended_at is null returning id, ended_at`,
  )
