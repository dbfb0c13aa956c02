-- When an incident was signalled: the moment at which the first of the messages came on which the watch activated. That moment, and nothing of
-- the message, stands with the incident, so that how soon the city knew can be counted from there. The database looks it up; nobody says it.
alter table response.incidents add column signalled_at timestamptz;
comment on column response.incidents.signalled_at is
  'When the first signal of its activation came, or of the messages that this one updates; null when nobody activated on a signal.';

create function response.note_signal() returns trigger volatile security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
begin
  new.signalled_at := case when new.activation_id is null then null else (
    with recursive chain (id) as (
      select a.signal_id from watch.activations a where a.id = new.activation_id and a.world = new.world
      union
      select n.target_id from chain c join watch.signal_actions n on n.acting_id = c.id and n.world = new.world)
    select min(s.received_at) from watch.signals s join chain c on c.id = s.id where s.world = new.world) end;
  return new;
end $$;
revoke all on function response.note_signal from public;
create trigger note_signal before insert or update of activation_id on response.incidents for each row execute function response.note_signal();
