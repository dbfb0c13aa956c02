-- How labels are written: classification schemes and grading scales as configuration of the city, the ceiling above which nothing is kept, and the
-- reading, writing and combining of markings as core/access/marking.ts has them. A differential test holds the two together.

create table access.scheme (
  id uuid primary key,
  code text not null unique check (code ~ '^[a-z0-9][a-z0-9-]{0,59}$'),
  kind text not null check (kind in ('classification', 'grading')),
  content jsonb not null check (jsonb_typeof(content) = 'object' and length(content ->> 'name') between 1 and 200),
  source text not null check (source <> '')
);
comment on table access.scheme is 'Classification schemes and grading scales that this city knows: the words, their order, and which may never be held here.';
select record.labelled('access.scheme', 'city-wide');

create table access.marking_rule (
  id uuid primary key,
  one boolean not null default true unique check (one),
  scheme text not null references access.scheme (code) on delete restrict,
  ceiling_classification text,
  ceiling_tlp text check (ceiling_tlp in ('TLP:CLEAR', 'TLP:GREEN', 'TLP:AMBER', 'TLP:AMBER+STRICT', 'TLP:RED')),
  grading text not null references access.scheme (code) on delete restrict
);
comment on table access.marking_rule is 'The one scheme in which this city writes, its grading scale, and the ceiling above which content is refused (R-3.3.1).';
select record.labelled('access.marking_rule', 'city-wide');

create table access.caveat (
  token text primary key check (token ~ '^briefed:[A-Za-z0-9._-]{1,200}$'),
  descriptor text not null unique check (descriptor ~ '^[A-Z0-9][A-Z0-9 &''-]{0,59}$'),
  place int not null unique
);
comment on table access.caveat is 'Caveats: a clause of one token each, offered before typing. The descriptor says in the marking what the clause keeps.';

create table access.reserved (prefix text primary key check (prefix ~ '^[a-z]+:'));
comment on table access.reserved is 'Tokens that begin so are given by the area whose they are, and by nobody who is merely first to ask.';

alter table access.label add column checked boolean not null default false;
comment on column access.label.checked is 'Its words were held against the city''s scheme and ceiling as these are now; false: look again before anything new is written under it.';

-- What two spellings of a word have in common. ASCII capitals only, so that the locale does not matter.
create function access.capitals(words text) returns text immutable strict language plpgsql set search_path = pg_catalog, pg_temp as $$ begin
  return translate(words, 'abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ');
end $$;
create function access.bare(words text) returns text immutable strict language plpgsql set search_path = pg_catalog, pg_temp as $$ begin
  return btrim(regexp_replace(access.capitals(words), '[^A-Z0-9]+', ' ', 'g'));
end $$;
-- SECRET and above, in whatever scheme it is written: never kept here.
create function access.is_secret(words text) returns boolean immutable strict language plpgsql set search_path = pg_catalog, pg_temp as $$ begin
  return access.capitals(words) ~ '^((UK|NATO|EU|COSMIC|TOP|TRES|TR[ÈèE]S) )*SECRET(?![A-Z]|[^\u0001-\u007f])';
end $$;
create function access.refuse_marking(why text) returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  raise exception '% Nothing was kept. Correct the marking and send it again.', why using errcode = '22023', column = 'marking';
end $$;
create function access.refuse_content(why text) returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  raise exception '% Nothing was kept. Write a pointer record instead: held elsewhere, whom to ask, how to be briefed.', why using errcode = '22023', column = 'marking';
end $$;
create function access.sorted(words jsonb) returns jsonb immutable language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if jsonb_array_length(words) < 2 then return words; end if;
  return (select jsonb_agg(w.word order by w.word collate "C") from (select distinct jsonb_array_elements_text(words) as word) w);
end $$;
create function access.is_day(words text) returns boolean immutable language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  return words ~ '^\d{4}-\d{2}-\d{2}$' and left(words, 4) <> '0000' and to_char(make_date(left(words, 4)::int, substr(words, 6, 2)::int, right(words, 2)::int), 'YYYY-MM-DD') = words;
exception when datetime_field_overflow then return false;
end $$;
create function access.read_marking(marking text, scheme jsonb) returns jsonb stable language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  result jsonb := '{"descriptors": [], "handling": [], "originators": []}';
  part text;
  words text;
  brackets text;
  said text;
  handling text[] := '{}';
  level jsonb;
  near jsonb;
  codes constant text := '^[A-Za-z0-9][A-Za-z0-9._-]{0,59}(, [A-Za-z0-9][A-Za-z0-9._-]{0,59})*$';
begin
  if marking = '' then return result; end if;
  if length(marking) > 2000 then perform access.refuse_marking('This marking is too long.'); end if;
  if marking ~ '[\u0001-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]' then
    perform access.refuse_marking('A marking holds no unseen characters, line breaks or marks that turn the direction of writing.');
  end if;
  if exists (select from unnest(string_to_array(marking, ' // ')) p (words)
      where p.words = '' or p.words ~ '^[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]|[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]$') then
    perform access.refuse_marking('A part of the marking is empty or has spaces around it.');
  end if;
  foreach part in array string_to_array(marking, ' // ') loop
    if access.capitals(part) ~ '^TLP(?![A-Z])' then
      if not part = any(array['TLP:CLEAR', 'TLP:GREEN', 'TLP:AMBER', 'TLP:AMBER+STRICT', 'TLP:RED']) then
        perform access.refuse_marking('Write TLP exactly as one of TLP:CLEAR, TLP:GREEN, TLP:AMBER, TLP:AMBER+STRICT, TLP:RED.');
      end if;
      if result ? 'tlp' then perform access.refuse_marking('A marking has one TLP word.'); end if;
      result := result || jsonb_build_object('tlp', part);
    elsif part ~ '^REL TO(?![A-Za-z])' then
      words := substr(part, 8);
      if part <> 'REL TO ' || words or words !~ codes then perform access.refuse_marking('Write REL TO, then codes of agencies, or NOBODY.'); end if;
      if result ? 'releasableTo' then perform access.refuse_marking('A marking says once to whom it may go.'); end if;
      result := result || jsonb_build_object('releasableTo', case when words = 'NOBODY' then '[]' else access.sorted(to_jsonb(string_to_array(words, ', '))) end);
    elsif part ~ '^ORIGINATOR(?![A-Za-z])' then
      words := substr(part, 12);
      if part <> 'ORIGINATOR ' || words or words !~ codes then perform access.refuse_marking('Write ORIGINATOR, then codes of agencies.'); end if;
      if result -> 'originators' <> '[]' then perform access.refuse_marking('A marking names its originators once.'); end if;
      result := result || jsonb_build_object('originators', access.sorted(to_jsonb(string_to_array(words, ', '))));
    elsif part ~ '^UNTIL(?![A-Za-z])' then
      words := substr(part, 7);
      if part <> 'UNTIL ' || words or not access.is_day(words) then perform access.refuse_marking('Write UNTIL, then a day such as 2026-12-31.'); end if;
      if result ? 'until' then perform access.refuse_marking('A marking has one end.'); end if;
      result := result || jsonb_build_object('until', words);
    else
      brackets := coalesce(substring(part from '(( \[[^][]*\])+)$'), '');
      words := left(part, length(part) - length(brackets));
      if words = '' or words ~ '[][]' then words := part; brackets := ''; end if;
      select l.value into level from jsonb_array_elements(scheme -> 'levels') with ordinality l
        where l.value ->> 'word' = words or l.value -> 'aliases' ? words order by l.ordinality limit 1;
      near := level;
      if near is null then
        said := access.bare(words);
        for place in 0 .. jsonb_array_length(scheme -> 'levels') - 1 loop
          if starts_with(said || ' ', access.bare(scheme -> 'levels' -> place ->> 'word') || ' ')
            or exists (select from jsonb_array_elements_text(scheme -> 'levels' -> place -> 'aliases') a where access.bare(a) = said) then
            near := scheme -> 'levels' -> place;
            exit;
          end if;
        end loop;
      end if;
      if access.is_secret(part) or near ->> 'held' = 'false' then
        perform access.refuse_content('What is ' || coalesce(near ->> 'word', 'SECRET or above') || ' is never held here.');
      elsif level is not null then
        if result ? 'classification' then perform access.refuse_marking('A marking has one classification.'); end if;
        result := result || jsonb_build_object('classification', level -> 'word', 'descriptors',
          (select access.sorted(coalesce(jsonb_agg(m.found[1]), '[]')) from regexp_matches(brackets, '\[([^][]*)\]', 'g') m (found)));
        if exists (select from jsonb_array_elements_text(result -> 'descriptors') d where d !~ '^[A-Z0-9][A-Z0-9 &''-]{0,59}$') then
          perform access.refuse_marking('A descriptor is in capitals, at most 60 letters.');
        end if;
      elsif near is not null then
        perform access.refuse_marking('Write the classification exactly as one of '
          || (select string_agg(l.value ->> 'word', ', ' order by l.ordinality) from jsonb_array_elements(scheme -> 'levels') with ordinality l where l.value ->> 'held' = 'true')
          || ', then descriptors in square brackets.');
      else
        if position('//' in part) > 0 then perform access.refuse_marking('A handling instruction cannot contain //.'); end if;
        handling := handling || part;
      end if;
    end if;
  end loop;
  return result || jsonb_build_object('handling', access.sorted(to_jsonb(handling)));
end $$;
comment on function access.read_marking is 'A marking by axis, under a scheme; refused (invalid, field marking) as core/access/marking.ts refuses it.';

create function access.write_marking(marking jsonb, scheme jsonb) returns text stable language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  parts text[] := '{}';
  level text := coalesce(marking ->> 'classification', case when marking -> 'descriptors' <> '[]' then scheme ->> 'descriptorsAt' end);
begin
  if level is not null then
    parts := array_to_string(level || array(select '[' || d.value || ']' from jsonb_array_elements_text(access.sorted(marking -> 'descriptors')) d), ' ') || parts;
  end if;
  if marking ? 'tlp' then parts := parts || (marking ->> 'tlp'); end if;
  if marking ? 'releasableTo' then
    parts := parts || ('REL TO ' || coalesce(nullif(array_to_string(array(select jsonb_array_elements_text(access.sorted(marking -> 'releasableTo'))), ', '), ''), 'NOBODY'));
  end if;
  if marking -> 'originators' <> '[]' then
    parts := parts || ('ORIGINATOR ' || array_to_string(array(select jsonb_array_elements_text(access.sorted(marking -> 'originators'))), ', '));
  end if;
  if marking ? 'until' then parts := parts || ('UNTIL ' || (marking ->> 'until')); end if;
  return array_to_string(parts || array(select jsonb_array_elements_text(access.sorted(marking -> 'handling'))), ' // ');
end $$;

create function access.level_rank(word text, scheme jsonb) returns int immutable language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  return coalesce((select l.ordinality::int - 1 from jsonb_array_elements(scheme -> 'levels') with ordinality l where l.value ->> 'word' = word limit 1), -1);
end $$;
create function access.tlp_rank(word text) returns int immutable language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  return coalesce(array_position(array['TLP:CLEAR', 'TLP:GREEN', 'TLP:AMBER', 'TLP:AMBER+STRICT', 'TLP:RED'], word), 0) - 1;
end $$;

-- The stricter on each axis; releasable to those alone to whom both are; the later end, and none when either has none.
create function access.strictest_of(a jsonb, b jsonb, scheme jsonb) returns jsonb stable language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  return jsonb_strip_nulls(jsonb_build_object(
    'classification', case when access.level_rank(a ->> 'classification', scheme) >= access.level_rank(b ->> 'classification', scheme) then a -> 'classification' else b -> 'classification' end,
    'tlp', case when access.tlp_rank(a ->> 'tlp') >= access.tlp_rank(b ->> 'tlp') then a -> 'tlp' else b -> 'tlp' end,
    'descriptors', access.sorted((a -> 'descriptors') || (b -> 'descriptors')),
    'handling', access.sorted((a -> 'handling') || (b -> 'handling')),
    'originators', access.sorted((a -> 'originators') || (b -> 'originators')),
    'releasableTo', case when not a ? 'releasableTo' then b -> 'releasableTo' when not b ? 'releasableTo' then a -> 'releasableTo'
      else (select access.sorted(coalesce(jsonb_agg(r.value), '[]')) from jsonb_array_elements(a -> 'releasableTo') r where b -> 'releasableTo' @> r.value) end,
    'until', case when a ? 'until' and b ? 'until' then to_jsonb(greatest(a ->> 'until' collate "C", b ->> 'until' collate "C")) end));
end $$;

create function access.city_scheme() returns jsonb stable security definer language sql set search_path = pg_catalog, pg_temp as $$
  select s.content from access.marking_rule r join access.scheme s on s.code = r.scheme
$$;
comment on function access.city_scheme is 'The scheme in which this city writes its markings.';

create function access.strictest(a text, b text) returns text stable language plpgsql set search_path = pg_catalog, pg_temp as $$
declare scheme jsonb := access.city_scheme();
begin
  return access.write_marking(access.strictest_of(access.read_marking(a, scheme), access.read_marking(b, scheme), scheme), scheme);
end $$;
create function access.lowers(before text, next text) returns boolean stable language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  scheme jsonb := access.city_scheme();
  after jsonb := access.read_marking(next, scheme);
begin
  return access.write_marking(access.strictest_of(access.read_marking(before, scheme), after, scheme), scheme) <> access.write_marking(after, scheme);
end $$;
comment on function access.lowers is 'Would the second marking be looser than the first on some axis? An import never does this.';

-- What the words promise, the clauses must keep; what is above the ceiling is refused, whoever writes it.
create function access.check_marking(read jsonb, form jsonb, scheme jsonb, rule access.marking_rule) returns void stable language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare missing text;
begin
  if (rule.ceiling_classification is not null and access.level_rank(read ->> 'classification', scheme) > access.level_rank(rule.ceiling_classification, scheme))
    or (rule.ceiling_tlp is not null and access.tlp_rank(read ->> 'tlp') > access.tlp_rank(rule.ceiling_tlp)) then
    perform access.refuse_content('This is above what may be held here (' || concat_ws(', ', rule.ceiling_classification, rule.ceiling_tlp) || ').');
  end if;
  if read ->> 'tlp' = 'TLP:RED' and not exists (select from jsonb_array_elements(form) c
      where not exists (select from jsonb_array_elements_text(c.value) t where t not like 'person:%')) then
    perform access.refuse_marking('TLP:RED is for named persons alone: name each of them as the audience.');
  end if;
  if read ? 'releasableTo' and not exists (select from jsonb_array_elements(form) c
      where not exists (select from jsonb_array_elements_text(c.value) t where t not like 'agency:%')) then
    perform access.refuse_marking('REL TO is written only where the audience is limited to agencies.');
  end if;
  select d.descriptor into missing from access.caveat d
    where read -> 'descriptors' ? d.descriptor
      and not exists (select from jsonb_array_elements(form) c where c.value = jsonb_build_array(d.token)) limit 1;
  if missing is not null then
    perform access.refuse_marking('[' || missing || '] is a caveat: choose it, so that only who was briefed reads this, or leave the word out.');
  end if;
end $$;

-- The label of a thing made of several: the union of their clauses, the strictest word on each axis. Whoever makes it reads them all.
create function access.combine(labels int[]) returns int volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  scheme jsonb := access.city_scheme();
  form jsonb := '[]';
  words jsonb;
  part access.label;
begin
  if coalesce(cardinality(labels), 0) = 0 or exists (select from unnest(labels) l where not l = any(access.readable())) then return null; end if;
  for part in select l.* from access.label l where l.id = any(labels) order by l.id loop
    form := form || part.clauses;
    words := case when words is null then access.read_marking(part.marking, scheme) else access.strictest_of(words, access.read_marking(part.marking, scheme), scheme) end;
  end loop;
  return access.intern(form, access.write_marking(words, scheme));
end $$;
comment on function access.combine is 'The number of the label of what is made of all these; null when the asker cannot read one of them.';

-- A scheme keeps its own house: no word twice, nothing held that is above what is not, and never SECRET.
create function access.check_scheme() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  level jsonb;
  closed boolean := false;
begin
  if new.kind = 'grading' then
    if jsonb_array_length(new.content -> 'axes') = 0 or exists (select from jsonb_array_elements(new.content -> 'axes') a where jsonb_array_length(a.value -> 'grades') < 2) then
      perform access.refuse_marking('A grading scale has at least one axis of two grades.');
    end if;
    return new;
  end if;
  for level in select l.value from jsonb_array_elements(new.content -> 'levels') with ordinality l order by l.ordinality loop
    if level ->> 'held' = 'true' and (closed or access.is_secret(level ->> 'word') or exists (select from jsonb_array_elements_text(level -> 'aliases') a where access.is_secret(a))) then
      perform access.refuse_marking('SECRET, and whatever is above a level that is not held, is never held.');
    end if;
    closed := closed or level ->> 'held' = 'false';
    if level ->> 'word' !~ '^[A-Z0-9]' or level ->> 'word' like '%//%' or length(level ->> 'word') > 80 then perform access.refuse_marking('A level is written in capitals.'); end if;
  end loop;
  if not exists (select from jsonb_array_elements(new.content -> 'levels') l where l.value ->> 'held' = 'true' and l.value ->> 'word' = new.content ->> 'descriptorsAt')
    or (select count(*) <> count(distinct w.word) from jsonb_array_elements(new.content -> 'levels') l,
      lateral (select l.value ->> 'word' as word union all select jsonb_array_elements_text(l.value -> 'aliases')) w) then
    perform access.refuse_marking('A scheme has each word once, and a level that is held with which descriptors stand.');
  end if;
  return new;
end $$;
create trigger check_scheme before insert or update on access.scheme for each row execute function access.check_scheme();

-- The words that Concord itself writes (OFFICIAL-SENSITIVE) must mean something in the scheme that is chosen, and the ceiling be a word of it.
create function access.check_rule() returns trigger security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare scheme jsonb := (select s.content from access.scheme s where s.code = new.scheme and s.kind = 'classification');
begin
  if scheme is null or not exists (select from access.scheme s where s.code = new.grading and s.kind = 'grading') then
    raise exception 'There is no such scheme here. Nothing was changed. Import it first.' using errcode = '22023', column = 'scheme';
  end if;
  if not exists (select from jsonb_array_elements(scheme -> 'levels') l where l.value ->> 'held' = 'true'
      and (l.value ->> 'word' = 'OFFICIAL-SENSITIVE' or l.value -> 'aliases' ? 'OFFICIAL-SENSITIVE')) then
    raise exception 'No level of this scheme answers to OFFICIAL-SENSITIVE, which Concord itself writes. Nothing was changed. Import it with that alias.' using errcode = '22023', column = 'scheme';
  end if;
  if new.ceiling_classification is not null and not exists (select from jsonb_array_elements(scheme -> 'levels') l where l.value ->> 'held' = 'true' and l.value ->> 'word' = new.ceiling_classification) then
    raise exception 'The ceiling is a level of the scheme that may be held here. Nothing was changed. Choose another.' using errcode = '22023', column = 'ceilingClassification';
  end if;
  return new;
end $$;
create trigger check_rule before insert or update on access.marking_rule for each row execute function access.check_rule();

create function access.look_again() returns trigger security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  update access.label set checked = false where checked;
  return null;
end $$;

-- What is shipped: the same words as in core/access/scheme.ts and grading.ts (a test compares them).
insert into access.scheme (id, code, kind, content, source, label, world) values
  (gen_random_uuid(), 'uk-gsc', 'classification', '{"code":"uk-gsc","name":"UK Government Security Classifications","levels":[{"word":"OFFICIAL","aliases":[],"held":true},{"word":"OFFICIAL-SENSITIVE","aliases":["OFFICIAL: SENSITIVE"],"held":true},{"word":"SECRET","aliases":["UK SECRET"],"held":false},{"word":"TOP SECRET","aliases":["UK TOP SECRET"],"held":false}],"descriptorsAt":"OFFICIAL-SENSITIVE","descriptors":["COMMERCIAL","INVESTIGATION","LEGAL PRIVILEGE","PERSONAL DATA"],"handling":["Recipients only","Organisational use only","Embargoed"]}', 'shipped',
    access.intern('[["kind:administrator", "kind:inquiry"]]', 'TLP:AMBER'), access.live_world()),
  (gen_random_uuid(), 'plain', 'grading', '{"code":"plain","name":"Plain words","axes":[{"code":"standing","name":"How it is known","grades":[{"word":"confirmed-by-owner","name":"Confirmed by its owner"},{"word":"reported-by-responder","name":"Reported by a responder"},{"word":"reported-by-other","name":"Reported by somebody else"},{"word":"unverified","name":"Unverified"},{"word":"contradicted","name":"Contradicted"}]}]}', 'shipped',
    access.intern('[["kind:administrator", "kind:inquiry"]]', 'TLP:AMBER'), access.live_world()),
  (gen_random_uuid(), 'admiralty-scale', 'grading', '{"code":"admiralty-scale","name":"Admiralty grading","axes":[{"code":"source-reliability","name":"Reliability of the source","grades":[{"word":"A","name":"Completely reliable"},{"word":"B","name":"Usually reliable"},{"word":"C","name":"Fairly reliable"},{"word":"D","name":"Not usually reliable"},{"word":"E","name":"Unreliable"},{"word":"F","name":"Reliability cannot be judged"}]},{"code":"information-credibility","name":"Credibility of the information","grades":[{"word":"1","name":"Confirmed by other sources"},{"word":"2","name":"Probably true"},{"word":"3","name":"Possibly true"},{"word":"4","name":"Doubtful"},{"word":"5","name":"Improbable"},{"word":"6","name":"Truth cannot be judged"}]}]}', 'shipped',
    access.intern('[["kind:administrator", "kind:inquiry"]]', 'TLP:AMBER'), access.live_world());
insert into access.marking_rule (id, scheme, ceiling_classification, ceiling_tlp, grading, label, world)
  values (gen_random_uuid(), 'uk-gsc', 'OFFICIAL-SENSITIVE', 'TLP:AMBER+STRICT', 'plain', access.intern('[["kind:administrator", "kind:inquiry"]]', 'TLP:AMBER'), access.live_world());
-- For rows that really change: a statement that the policies let touch none must do nothing either.
create trigger look_again after insert or update on access.marking_rule for each row execute function access.look_again();
create trigger look_again after insert or update on access.scheme for each row execute function access.look_again();

-- As before, and the words are held against the city's scheme and ceiling once, when a label is new or these have changed. The common case
-- is the one look-up that it was. A marking that is written in another order, or by an alias, is kept in the one way of writing it.
create or replace function access.intern(clauses jsonb, marking text) returns int volatile strict security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare
  form jsonb := access.canonical(clauses);
  digest bytea := sha256(convert_to(form::text || chr(10) || marking, 'UTF8'));
  number int;
  known boolean;
  rule access.marking_rule;
  scheme jsonb;
  words jsonb;
begin
  select l.id, l.checked into number, known from access.label l where l.hash = digest;
  if known then return number; end if;
  if exists (select from jsonb_array_elements(form) c, jsonb_array_elements_text(c.value) t where length(t.value) > 220 or t.value !~ '^(person|agency|group|post|kind|incident|city|cleared|briefed|circle|world|device):[A-Za-z0-9._-]+$') then
    raise exception 'a token of this label is malformed' using errcode = '22023', column = 'label';
  end if;
  select r.* into strict rule from access.marking_rule r;
  scheme := access.city_scheme();
  words := access.read_marking(marking, scheme);
  -- A caveat that the clauses keep stands in the words too.
  words := jsonb_set(words, '{descriptors}', access.sorted((words -> 'descriptors')
    || coalesce((select jsonb_agg(d.descriptor) from access.caveat d join jsonb_array_elements(form) c on c.value = jsonb_build_array(d.token)), '[]')));
  perform access.check_marking(words, form, scheme, rule);
  marking := access.write_marking(words, scheme);
  digest := sha256(convert_to(form::text || chr(10) || marking, 'UTF8'));
  select l.id, l.checked into number, known from access.label l where l.hash = digest;
  if known then return number; end if;
  if number is not null then
    update access.label l set checked = true where l.id = number and not l.checked;
    return number;
  end if;
  -- New labels are numbered in commit order, so that "the highest number I know" leaves none out.
  perform pg_advisory_xact_lock(7261, 1);
  insert into access.label (clauses, marking, hash, checked) values (form, marking, digest, true)
    on conflict (hash) do nothing returning id into number;
  if number is null then
    select id into strict number from access.label where hash = digest;
    return number;
  end if;
  insert into access.clause (label, clause, clauses, tokens)
    select number, c.ordinality, jsonb_array_length(form), array(select jsonb_array_elements_text(c.value))
    from jsonb_array_elements(form) with ordinality c;
  return number;
end $$;

-- A token that an area reserves is given by that area alone; nobody is its first holder by asking.
create or replace function access.may_grant(of_token text) returns boolean stable security definer language sql
set search_path = pg_catalog, pg_temp as $$
  select case
    when exists (select from access.reserved r where starts_with(of_token, r.prefix)) then false
    when split_part(of_token, ':', 1) in ('agency', 'post', 'kind', 'group', 'city', 'cleared', 'device') then access.holds('kind:administrator')
    when split_part(of_token, ':', 1) in ('incident', 'briefed', 'circle') then
      (access.holds(of_token) and access.holds('kind:secretariat', 'kind:chair', 'kind:watch-officer', 'kind:loggist'))
      or (access.person() is not null and not exists (select from access.reach r where r.token = of_token))
    else false end
$$;

-- As before, and until when.
drop function access.why(int);
create function access.why(of_label int) returns table (clause int, token text, source text, until timestamptz) stable security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare
  viewer uuid := (access.viewer()).person;
  moment timestamptz := clock_timestamp();
  here uuid := access.world_or_live();
  own text[] := access.own_tokens(viewer, moment, here);
begin
  if viewer is null or not of_label = any(access.readable()) then return; end if;
  return query
    select c.clause, t.token, coalesce(r.source, a.source, 'access.self'), coalesce(r.until_at, a.until_at)
    from access.clause c cross join lateral unnest(c.tokens) t (token)
    left join access.reach r on r.person = viewer and r.token = t.token and r.from_at <= moment and (r.until_at is null or r.until_at > moment)
      and (r.only_in is null or r.only_in = here)
    left join access.admission a on a.token = t.token and a.from_at <= moment and (a.until_at is null or a.until_at > moment) and access.meets(a.bearers, own)
    where c.label = of_label and t.token = any(access.tokens_in(viewer, moment, here)) order by 1, 2, 3;
end $$;
comment on function access.why is 'Which of the asker''s own tokens let them read under a label, from what each came, and until when it lasts.';

-- Labels of these originators under which something stands, and which nobody who is here can read. For definer functions of areas, which say
-- who may ask; never for a serving role.
create function access.read_by_nobody(of_originators text[]) returns table (label int, marking text, clauses jsonb) stable language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare
  moment timestamptz := clock_timestamp();
  here uuid := access.world_or_live();
begin
  return query
    with present as materialized (
      select access.tokens_in(a.person, moment, here) as tokens from access.account a where a.disabled_at is null
    )
    select l.id, l.marking, l.clauses from access.label l
    where l.marking like '%ORIGINATOR %'
      and exists (select from unnest(string_to_array(l.marking, ' // ')) p, unnest(string_to_array(substr(p, 12), ', ')) code
        where starts_with(p, 'ORIGINATOR ') and code = any(of_originators))
      and not exists (select from present r where access.can_see(l.id, r.tokens))
    order by l.id limit 500;
end $$;
