-- What was available to a person is worked out in the world that is asked about: reach may count in one world only.
create or replace function record.picture(of_person uuid, moment timestamptz, world_moment timestamptz, of_thread uuid)
returns table (table_name text, row_id uuid, at timestamptz, label int, row_content jsonb, opened_at timestamptz, acknowledged_at timestamptz)
stable security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  asker uuid := access.person();
  upto bigint;
  theirs int[];
  mine int[];
  here uuid := access.world();
begin
  if asker is null then raise exception 'nobody is asking' using errcode = '42501'; end if;
  if asker = of_person then
    mine := access.readable();
  elsif not exists (select from record.inspections i where i.asked_by = asker and i.of_person = picture.of_person and i.as_of = world_moment
      and i.thread is not distinct from of_thread and i.world = here) or not access.holds('kind:inquiry') then
    raise exception 'another person''s picture needs an inquiry post and a stated purpose' using errcode = '42501';
  end if;
  upto := record.position_at(moment);
  theirs := access.readable_by(access.tokens_in(of_person, moment, here), 0);
  return query
    with recursive step as (
      (select p.table_name as t, p.row_id as r from record.place p where p.thread = of_thread order by p.table_name, p.row_id limit 1)
      union all
      select n.t, n.r from step s, lateral (
        select p.table_name as t, p.row_id as r from record.place p
        where p.thread = of_thread and (p.table_name, p.row_id) > (s.t, s.r) order by p.table_name, p.row_id limit 1) n
    )
    select s.t, s.r, newest.at, newest.label, convert_from(e.content, 'UTF8')::jsonb -> 'row',
      (select min(o.opened_at) from record.openings o where o.table_name = s.t and o.row_id = s.r and o.person_id = of_person and o.opened_at <= world_moment),
      (select min(k.acknowledged_at) from record.acknowledgements k where k.table_name = s.t and k.row_id = s.r and k.person_id = of_person and k.acknowledged_at <= world_moment)
    from step s
    cross join lateral (select p.* from record.place p where p.thread = of_thread and p.table_name = s.t and p.row_id = s.r and p.position <= upto
      order by p.position desc limit 1) newest
    join record.entry e on e.seq = newest.seq
    where newest.action <> 'left' and newest.world = here and newest.label = any(theirs) and (mine is null or newest.label = any(mine))
      and not exists (select from record.place l where l.thread = of_thread and l.table_name = s.t and l.row_id = s.r and l.action = 'left'
        and l.position > newest.position and l.position <= upto);
end $$;
