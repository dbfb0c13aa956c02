-- Emergency disclosure: life-saving information outside any protocol, with its reason and a review that the discloser cannot close.
create table sharing.emergency_disclosures (
  id uuid primary key,
  incident_id uuid,
  title text not null check (title <> ''),
  text text not null check (text <> ''),
  reason text not null check (length(trim(reason)) >= 3),
  to_agencies uuid[] not null check (cardinality(to_agencies) between 1 and 60),
  originator_agency_id uuid not null references structure.agencies on delete restrict,
  discloser_agency_id uuid not null references structure.agencies on delete restrict,
  disclosed_by uuid not null references access.account on delete restrict,
  post_id uuid,
  disclosed_at timestamptz not null,
  review_due_at timestamptz not null,
  reviewed_by uuid references access.account on delete restrict,
  reviewed_at timestamptz,
  outcome text check (outcome in ('right', 'right-otherwise', 'not-right')),
  review_words text,
  constraint review_within_a_day check (review_due_at = disclosed_at + interval '24 hours'),
  constraint another_reviews check (reviewed_by is null or reviewed_by <> disclosed_by),
  constraint a_review_is_whole check (num_nulls(reviewed_by, reviewed_at, outcome, review_words) in (0, 4) and (review_words is null or length(trim(review_words)) >= 3))
);
comment on table sharing.emergency_disclosures is 'What was shared to save life outside any protocol, by whom, why, with whom; and what another person found a day later at the latest (R-3.3.5).';
select record.labelled('sharing.emergency_disclosures', 'per-world', 'incident_id');

-- A review is written once, by somebody else, in a post that answers for it.
create function sharing.keep_review() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if old.reviewed_at is not null then raise exception 'reviewed already' using errcode = '23505'; end if;
  return new;
end $$;
create trigger keep_review before update on sharing.emergency_disclosures for each row execute function sharing.keep_review();
