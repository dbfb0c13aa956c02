import type pg from 'pg'

/**
 * A made-up ledger in a store, by the owner's hand: `count` entries with about 500 bytes of content each, placed and not yet sealed. The bytes are such as
 * the triggers write; made here in one statement because a million commands would take an hour.
 */
export async function fillLedger(owner: pg.Client, count: number): Promise<void> {
  await owner.query("set session_replication_role = 'replica'")
  // What founding the city wrote comes first.
  await owner.query('select record.place_entries(5000)')
  const { rows } = await owner.query<{ next: string }>('select coalesce(max(position) + 1, 0) as next from record.place')
  const { rows: some } = await owner.query<{ label: number; world: string }>(
    "select (select min(id) from access.label) as label, (select id from access.world where kind = 'live') as world",
  )
  await owner.query(
    `with made as materialized (
       select n, gen_random_uuid() as row_id, case when n % 3 = 0 then null else gen_random_uuid() end as thread,
         sha256(convert_to(n::text, 'UTF8')) as salt,
         convert_to(jsonb_build_object('person', gen_random_uuid(), 'row', jsonb_build_object('id', n, 'note', repeat('Entry ' || n || ': close the north bridge. ', 12)))::text, 'UTF8') as content,
         clock_timestamp() as at
       from generate_series(1, $1::bigint) n
     ), entered as (
       insert into record.entry (label, header, salt, content, content_hash)
       select $2, convert_to(jsonb_build_object('v', 1, 'id', gen_random_uuid(), 'at', to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
           'world', $3::uuid, 'table', 'response.decisions', 'row', row_id, 'action', 'insert', 'label', $2::int, 'operation', 'response.recordDecision', 'thread', thread)::text, 'UTF8'),
         salt, content, sha256(salt || content) from made order by n
       returning seq, header, content_hash, label
     )
     insert into record.place (position, seq, leaf, at, label, world, thread, table_name, row_id, action)
     select $4::bigint + row_number() over (order by e.seq) - 1, e.seq, sha256('\\x00'::bytea || e.header || e.content_hash), (h.j ->> 'at')::timestamptz, e.label,
       (h.j ->> 'world')::uuid, (h.j ->> 'thread')::uuid, h.j ->> 'table', (h.j ->> 'row')::uuid, h.j ->> 'action'
     from entered e, lateral (select convert_from(e.header, 'UTF8')::jsonb as j) h`,
    [count, some[0]!.label, some[0]!.world, rows[0]!.next],
  )
  // All that was committed has its position: the next fill begins after it.
  await owner.query(
    'update record.sequencer set next_position = (select max(position) + 1 from record.place), below = pg_snapshot_xmin(pg_current_snapshot())',
  )
  await owner.query("set session_replication_role = 'origin'")
  await owner.query('analyze record.entry')
  await owner.query('analyze record.place')
}
