-- Verification reads the ledger by the page, column by column: a page is one row of packed bytes, so that no object is made of a row that is as it
-- should be.
drop function record.verify_page(bigint, int);
drop function record.verify_rows(bigint, int);

create function record.ledger_page(after bigint, at_most int)
returns table (positions bytea, header_lengths bytea, headers bytea, content_hashes bytea, leaves bytea, flags bytea, labels bytea, worlds bytea, threads bytea,
  row_ids bytea, table_names text) stable language sql set search_path = pg_catalog, pg_temp as $$
  select string_agg(int8send(r.position), ''), string_agg(int4send(length(r.header)), ''), string_agg(r.header, ''), string_agg(r.content_hash, ''),
    string_agg(r.leaf, ''), string_agg(r.flags, ''), string_agg(int4send(r.label), ''), string_agg(uuid_send(r.world), ''),
    string_agg(uuid_send(coalesce(r.thread, '00000000-0000-0000-0000-000000000000')), ''), string_agg(uuid_send(r.row_id), ''), string_agg(r.table_name, ',')
  from (
    select p.position, e.header, e.content_hash, p.leaf, p.label, p.world, p.thread, p.row_id, p.table_name,
      -- 1: the content fits its hash; 2: retention has taken it away; 4: there is a thread; 8 and 16: the action.
      set_byte('\x00', 0, case when e.content is null then 3 when sha256(e.salt || e.content) = e.content_hash then 1 else 0 end
        + case when p.thread is null then 0 else 4 end + case p.action when 'insert' then 0 when 'update' then 8 when 'left' then 16 else 24 end) as flags
    -- A range and no limit, so that the planner steps along the index; from the next position that there is, so that a gap is not the end.
    from (select n.position as first from record.place n where n.position > after order by n.position limit 1) start
    join record.place p on p.position >= start.first and p.position < start.first + at_most
    join record.entry e on e.seq = p.seq order by p.position
  ) r
$$;
comment on function record.ledger_page is 'A page of the ledger for verification, without content: the database holds content against its hash, the asker checks everything else. For the verifying role, by its own rights.';

create function record.verify_page(after bigint, at_most int)
returns table (positions bytea, header_lengths bytea, headers bytea, content_hashes bytea, leaves bytea, flags bytea, labels bytea, worlds bytea, threads bytea,
  row_ids bytea, table_names text) stable security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if not record.may_see_sizes() then raise exception 'not yours to verify' using errcode = '42501'; end if;
  return query select * from record.ledger_page(after, at_most);
end $$;
comment on function record.verify_page is 'The same page for people whose post lets them verify.';
