-- The oversight list: that something out of the ordinary was done, by whom, when, between which agencies, and whether it was reviewed. Never what it said.
create table sharing.oversight (
  id uuid primary key default gen_random_uuid(),
  kind text not null check (kind in ('emergency-disclosure', 'reporting-upward', 'restriction-past-end')),
  about_table text not null,
  about_row uuid not null,
  by_person uuid references access.account on delete restrict,
  by_agency_id uuid references structure.agencies on delete restrict,
  agency_ids uuid[] not null default '{}',
  at timestamptz not null,
  review_due_at timestamptz,
  overdue_at timestamptz,
  reviewed_by uuid references access.account on delete restrict,
  reviewed_at timestamptz,
  unique (about_row, kind)
);
comment on table sharing.oversight is
  'One line for each emergency disclosure, reporting upward and restriction past its end. Under a label of its own: data-protection posts, the chair and an inquiry. Written by the database alone.';
select record.labelled('sharing.oversight', 'per-world');
create index oversight_due on sharing.oversight (world, review_due_at) where reviewed_at is null and overdue_at is null;

-- Called by triggers and definer functions of sharing, whatever way the row came to be; never by a serving role.
create function sharing.oversee(of_kind text, of_table text, of_row uuid, person uuid, agency uuid, agencies uuid[], at timestamptz, due timestamptz, in_world uuid) returns void
volatile language sql set search_path = pg_catalog, pg_temp as $$
  insert into sharing.oversight (kind, about_table, about_row, by_person, by_agency_id, agency_ids, at, review_due_at, label, world)
    values (of_kind, of_table, of_row, person, agency, agencies, at, due,
      access.intern('[["kind:data-protection", "kind:chair", "kind:inquiry"]]', 'TLP:AMBER+STRICT'), in_world)
    on conflict (about_row, kind) do nothing
$$;

create function sharing.oversee_disclosure() returns trigger volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    perform sharing.oversee('emergency-disclosure', 'sharing.emergency_disclosures', new.id, new.disclosed_by, new.discloser_agency_id,
      array(select distinct a from unnest(new.to_agencies || new.originator_agency_id) a where a <> new.discloser_agency_id), new.disclosed_at, new.review_due_at, new.world);
  elsif new.reviewed_at is not null and old.reviewed_at is null then
    update sharing.oversight o set reviewed_by = new.reviewed_by, reviewed_at = new.reviewed_at where o.about_row = new.id and o.kind = 'emergency-disclosure';
  end if;
  return new;
end $$;
create trigger oversee after insert or update on sharing.emergency_disclosures for each row execute function sharing.oversee_disclosure();

-- What was disclosed before this list began stands on it too.
do $$
declare d record;
begin
  for d in select * from sharing.emergency_disclosures loop
    perform sharing.oversee('emergency-disclosure', 'sharing.emergency_disclosures', d.id, d.disclosed_by, d.discloser_agency_id,
      array(select distinct a from unnest(d.to_agencies || d.originator_agency_id) a where a <> d.discloser_agency_id), d.disclosed_at, d.review_due_at, d.world);
    update sharing.oversight o set reviewed_by = d.reviewed_by, reviewed_at = d.reviewed_at where o.about_row = d.id and d.reviewed_at is not null;
  end loop;
end $$;

-- Who answers for a row in the record: the data-protection post of the agency that it names.
create function sharing.protects(of_agency uuid) returns boolean stable security definer language sql set search_path = pg_catalog, pg_temp as $$
  select sharing.acts_for(of_agency, '{data-protection}')
$$;
select record.answers('sharing.emergency_disclosures', 'originator_agency_id', 'sharing.protects(uuid)'::regprocedure);
select record.answers('sharing.requests', 'from_agency_id', 'sharing.protects(uuid)'::regprocedure);
select record.answers('sharing.request_answers', 'agency_id', 'sharing.protects(uuid)'::regprocedure);
