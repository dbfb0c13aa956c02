-- An answer may carry what was shared for it, or the pointer that says who holds it; what items do out of the ordinary stands on the oversight list.
alter table sharing.request_answers add foreign key (world, item_id) references sharing.items (world, id) on delete restrict,
  add foreign key (world, pointer_id) references sharing.pointers (world, id) on delete restrict,
  add constraint a_pointer_is_for_what_is_held_elsewhere check (pointer_id is null or outcome = 'pointer'),
  add constraint an_item_is_for_what_is_shared check (item_id is null or outcome in ('share', 'part', 'sanitised'));

-- Whom an item was put before, in the record's own list of what was sent to whom; also where its writer cannot read it.
create function sharing.note_item_sent() returns trigger volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  insert into record.sendings (id, table_name, row_id, to_token, way, sent_at, label, world)
    select gen_random_uuid(), 'sharing.items', i.id, 'agency:' || new.agency_id, 'shared', new.sent_at, i.label, i.world
    from sharing.items i where i.id = new.item_id and i.world = new.world;
  return new;
end $$;
create trigger note_sent after insert on sharing.disclosures for each row when (new.deed = 'shared') execute function sharing.note_item_sent();

create function sharing.oversee_report() returns trigger volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform sharing.oversee('reporting-upward', 'sharing.items', new.id, new.shared_by, new.originator_agency_id,
    array(select distinct r.agency_id from sharing.receivers(new.protocol_id, new.epoch, new.to_agencies, new.originator_agency_id) r), new.shared_at, null, new.world);
  return new;
end $$;
create trigger oversee after insert on sharing.items for each row when (new.receipt is not null) execute function sharing.oversee_report();

-- Restrictions whose end has come, each once: from then on all whom the protocol opens to read the item.
create function sharing.oversee_restrictions(now_in_world timestamptz) returns int volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  item sharing.items;
  noted int := 0;
begin
  for item in select i.* from sharing.items i where i.world = access.world() and i.state = 'shared' and i.restricted_until <= now_in_world
      and not exists (select from sharing.oversight o where o.about_row = i.id and o.kind = 'restriction-past-end') limit 100 loop
    perform sharing.oversee('restriction-past-end', 'sharing.items', item.id, item.shared_by, item.originator_agency_id, coalesce(item.to_agencies, '{}'),
      item.restricted_until, null, item.world);
    noted := noted + 1;
  end loop;
  return noted;
end $$;

-- The record is asked about items and pointers by the data-protection post of whose they are.
select record.answers('sharing.pointers', 'maker_agency_id', 'sharing.protects(uuid)'::regprocedure);
