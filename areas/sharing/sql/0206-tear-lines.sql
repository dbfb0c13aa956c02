-- Tear lines: the releasable version of a sensitive item. It is proposed and approved under the sensitive label, and sent in a transaction of its own, as any
-- item is shared: an id drawn by chance, the time at which it is sent, its own label. What joins the two stands here alone.

create table sharing.releases (
  id uuid primary key,
  item_id uuid not null,
  kind text not null,
  title text not null check (title <> ''),
  text text not null check (text <> ''),
  marking text not null,
  protocol_id uuid references sharing.protocols on delete restrict,
  basis text,
  to_agencies uuid[],
  until_at timestamptz,
  agency_id uuid not null references structure.agencies on delete restrict,
  proposed_by uuid not null references access.account on delete restrict,
  post_id uuid,
  proposed_at timestamptz not null,
  state text not null default 'proposed' check (state in ('proposed', 'approved', 'refused')),
  decided_by uuid references access.account on delete restrict,
  decided_at timestamptz,
  decided_words text,
  released_id uuid unique,
  constraint another_approves check (decided_by is null or decided_by <> proposed_by),
  constraint a_decision_is_whole check ((state = 'proposed') = (decided_by is null) and num_nulls(decided_by, decided_at) in (0, 2) and (state = 'approved') = (released_id is not null))
);
comment on table sharing.releases is 'The releasable version of an item: proposed by a holder, approved by the originator, then sent as an item of its own. Read under the sensitive label.';
select record.labelled('sharing.releases', 'per-world');
alter table sharing.releases add foreign key (world, item_id) references sharing.items (world, id) on delete restrict;

-- Whoever reads it and shares for an agency proposes; it is kept under the item's label.
create function sharing.propose_release(of_item uuid, it jsonb) returns uuid volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  item sharing.items := sharing.held_item(of_item);
  made uuid := gen_random_uuid();
begin
  if item.id is null or item.state <> 'shared' or access.person() is null
     or not coalesce(sharing.acts_for((it ->> 'agencyId')::uuid, sharing.sharers()), false) then
    raise exception 'not yours to propose' using errcode = '42501';
  end if;
  insert into sharing.releases (id, item_id, kind, title, text, marking, protocol_id, basis, to_agencies, until_at, agency_id, proposed_by, post_id, proposed_at, label, world)
    values (made, item.id, it ->> 'kind', it ->> 'title', it ->> 'text', it ->> 'marking', (it ->> 'protocolId')::uuid, nullif(trim(it ->> 'basis'), ''),
      case when jsonb_typeof(it -> 'agencyIds') = 'array' then array(select distinct a::uuid from jsonb_array_elements_text(it -> 'agencyIds') a where a::uuid <> item.originator_agency_id order by 1) end,
      (it ->> 'until')::timestamptz, (it ->> 'agencyId')::uuid, access.person(), (access.viewer()).post, (it ->> 'at')::timestamptz, item.label, item.world);
  return made;
end $$;

-- The executive or the data-protection post of the originator's agency decides, and never the one who proposed. False: it was decided already.
create function sharing.decide_release(of_release uuid, approve boolean, words text, at timestamptz) returns boolean volatile security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare item sharing.items;
begin
  select h.* into item from sharing.releases r cross join lateral sharing.held_item(r.item_id) h where r.id = of_release;
  if item.id is null or item.state <> 'shared' or not sharing.acts_for(item.originator_agency_id, '{executive,data-protection}')
     or exists (select from sharing.releases r where r.id = of_release and r.proposed_by = access.person()) then
    raise exception 'not yours to approve' using errcode = '42501';
  end if;
  update sharing.releases r set state = case when approve then 'approved' else 'refused' end, decided_by = access.person(), decided_at = at, decided_words = words,
      released_id = case when approve then gen_random_uuid() end
    where r.id = of_release and r.state = 'proposed';
  return found;
end $$;

-- What was approved, for whoever answers for the sensitive item: called by sharing.put_item alone.
create function sharing.approved_release(of_release uuid) returns table (id uuid, originator uuid, kind text, title text, text text, marking text, protocol_id uuid, basis text, to_agencies uuid[], until_at timestamptz)
volatile language sql set search_path = pg_catalog, pg_temp as $$
  select r.released_id, i.originator_agency_id, r.kind, r.title, r.text, r.marking, r.protocol_id, r.basis, r.to_agencies, r.until_at
  from sharing.releases r join sharing.items i on i.id = r.item_id
  where r.id = of_release and r.state = 'approved' and i.state = 'shared' and i.world = access.world() and i.label = any(access.readable()) and sharing.answers_for(i)
$$;
