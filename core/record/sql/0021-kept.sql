-- Every table either has a retention rule, or says why it is kept: nothing is kept only because nobody thought of it.

create table record.kept_table (
  table_name text primary key,
  because text not null check (length(trim(because)) >= 10)
);
comment on table record.kept_table is 'Tables without a retention period, each with its reason, said by their area. The catalogue check refuses a table that is neither here nor has a rule.';

create function record.keeps(of_table regclass, because text) returns void volatile language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  named text := (select format('%s.%s', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = of_table);
begin
  insert into record.kept_table as k (table_name, because) values (named, keeps.because) on conflict (table_name) do update set because = excluded.because;
end $$;
comment on function record.keeps is 'Says why a table has no retention period; called again with every change of an area''s policies.';

-- Who opened and who acknowledged: when its time is over the row stays and names nobody.
alter table record.openings alter column person_id drop not null;
alter table record.acknowledgements alter column person_id drop not null;
