-- Whatever asks for it: a signal in quarantine, one that is not actual, or one of another world raises no activation.
create function watch.keep_activation_signal() returns trigger volatile security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
begin
  if new.signal_id is not null and not exists (select from watch.signals s
      where s.id = new.signal_id and s.world = new.world and s.route = 'live' and s.standing <> 'quarantined') then
    raise exception 'this signal raises no activation' using errcode = '23514', column = 'signalId';
  end if;
  return new;
end $$;
create trigger keep_signal before insert on watch.activations for each row execute function watch.keep_activation_signal();
revoke all on function watch.keep_activation_signal, watch.keep_signal from public;
