-- What admissions open is opened by admissions alone, and an admission may stand under a label of its own.

-- A circle with a dot in its id (circle:protocol.…, circle:share.…) belongs to an area, which opens it by admission. Nobody holds it by grant:
-- else whoever could name one that no admission had opened yet could be its first holder.
create function access.keep_circles() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if new.token ~ '^circle:[^.]*[.]' then raise exception 'this circle is opened by admission alone' using errcode = '42501'; end if;
  return new;
end $$;
create trigger keep_circles before insert or update of token on access.reach for each row execute function access.keep_circles();

-- As access.put_admission, but read under a label that the area names: where even that something was opened is for those alone whom it lets in.
create function access.put_admission(of_token text, of_bearers jsonb, from_moment timestamptz, until_moment timestamptz, of_source text, of_label int) returns uuid
volatile language plpgsql set search_path = pg_catalog, pg_temp as $$
declare admission_id uuid := gen_random_uuid();
begin
  insert into access.admission (id, token, bearers, from_at, until_at, source, label, world)
    values (admission_id, of_token, access.canonical(of_bearers), coalesce(from_moment, access.real_now()), until_moment, of_source, of_label, access.live_world());
  return admission_id;
end $$;
revoke all on function access.put_admission(text, jsonb, timestamptz, timestamptz, text, int), access.keep_circles() from public;

-- The two questions that every reading policy asks once per statement are asked by the leader of a parallel plan, whose workers are handed the
-- answers. Unmarked, they would keep every statement over labelled rows on one core.
alter function access.readable() parallel restricted;
alter function access.world() parallel restricted;
