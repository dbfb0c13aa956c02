alter table operation.answer enable row level security;
alter table operation.answer force row level security;
drop policy if exists keep on operation.answer;
create policy keep on operation.answer to concord_owner using (true) with check (true);
drop policy if exists own on operation.answer;
create policy own on operation.answer to concord_member using (person = (select access.person())) with check (person = (select access.person()));
grant usage on schema operation to concord_member;
grant select, insert on operation.answer to concord_member;

-- What is kept, and why.
select record.keeps('operation.answer', 'Deleted by the daily duty after 30 days (record.forget_answers).');
