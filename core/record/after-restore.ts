import pg from 'pg'

/**
 * Transaction numbers belong to one cluster. After a restore into another, entries that had a position keep it, and those that had none yet
 * (a backup is taken while the city runs) are numbered anew, so that the sequencer finds them and never passes by a later one.
 */
export async function settleAfterRestore(owner: pg.ClientConfig): Promise<void> {
  const client = new pg.Client(owner)
  await client.connect()
  try {
    await client.query(`begin;
      set local session_replication_role = replica;
      update record.entry set transaction = '0'::xid8 where exists (select from record.place p where p.seq = entry.seq);
      update record.entry set transaction = pg_current_xact_id() where not exists (select from record.place p where p.seq = entry.seq);
      update record.sequencer set below = pg_current_xact_id(), next_position = (select coalesce(max(position) + 1, 0) from record.place);
      commit`)
  } finally {
    await client.end()
  }
}
