-- Items may carry how sure their source and what they say are, by the city's scale. The originator grades, and grades again; who has it is told.
alter table sharing.items
  add column grading text check (grading ~ '^[a-z0-9-]+:[^ ]+$'),
  add column graded_by uuid references access.account on delete restrict,
  add column graded_post_id uuid,
  add column graded_at timestamptz,
  add column graded_because text,
  add constraint a_grading_is_whole check (num_nulls(grading, graded_by, graded_at) in (0, 3)),
  add constraint graded_again_with_a_reason check (graded_because is null or length(trim(graded_because)) >= 3);
comment on column sharing.items.grading is 'How sure it is, as its originator holds it: the scale, and a word on each axis (admiralty-scale:B2). Written by sharing.grade alone.';

alter table sharing.disclosures drop constraint disclosures_deed_check,
  add constraint disclosures_deed_check check (deed in ('shared', 'remarked', 'regraded', 'recalled'));

-- Called by definer functions that have looked who may.
create function sharing.put_grading(of_item uuid, of_grading text, because text, at timestamptz) returns void volatile language plpgsql
set search_path = pg_catalog, pg_temp as $$
begin
  if not access.is_grading(of_grading) then
    perform sharing.refuse('grading', 'Grade by the scale of this city, with one word of each kind. Nothing was changed.');
  end if;
  update sharing.items i set grading = of_grading, graded_by = access.person(), graded_post_id = (access.viewer()).post, graded_at = at, graded_because = because
    where i.id = of_item;
end $$;

create or replace function sharing.share_item(it jsonb) returns uuid volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare item sharing.items := sharing.put_item(it, false);
begin
  if it ->> 'grading' is not null then
    -- What was approved for release is sent as it is; its originator may grade it afterwards.
    if it ->> 'releaseId' is not null then
      perform sharing.refuse('grading', 'What was approved carries no grade. Nothing was shared. Send it as it is, and grade it then.');
    end if;
    perform sharing.put_grading(item.id, it ->> 'grading', null, item.shared_at);
  end if;
  return item.id;
end $$;

create or replace function sharing.report_upward(it jsonb) returns uuid volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare item sharing.items := sharing.put_item(it, true);
begin
  if it ->> 'grading' is not null then perform sharing.put_grading(item.id, it ->> 'grading', null, item.shared_at); end if;
  return item.receipt;
end $$;

-- Grades an item that was shared, or grades it anew with a reason; whoever has it is told. Whoever answers for the item does, and nobody else.
create function sharing.grade_item(of_item uuid, of_grading text, because text, at timestamptz) returns boolean volatile security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare
  item sharing.items := sharing.held_item(of_item);
  marked text;
begin
  if item.id is null or not sharing.answers_for(item) then raise exception 'not yours to grade' using errcode = '42501'; end if;
  if item.state = 'recalled' then raise exception 'recalled' using errcode = '23505'; end if;
  if item.grading = of_grading then return false; end if;
  if length(trim(coalesce(because, ''))) < 3 then
    perform sharing.refuse('because', 'Say why, in a few words. Nothing was changed.');
  end if;
  perform sharing.put_grading(item.id, of_grading, because, at);
  select l.marking into strict marked from access.label l where l.id = item.label;
  perform sharing.tell(item, 'regraded', sharing.holders(item, at), marked, because, at);
  return true;
end $$;
