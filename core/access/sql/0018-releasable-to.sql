-- REL TO is kept by a clause of agencies. An inquiry may stand in that clause: it reads what is shared whoever it was released to, and says so in words.
create or replace function access.check_marking(read jsonb, form jsonb, scheme jsonb, rule access.marking_rule) returns void stable language plpgsql
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
      where c.value <> '["kind:inquiry"]' and not exists (select from jsonb_array_elements_text(c.value) t where t not like 'agency:%' and t <> 'kind:inquiry')) then
    perform access.refuse_marking('REL TO is written only where the audience is limited to agencies.');
  end if;
  select d.descriptor into missing from access.caveat d
    where read -> 'descriptors' ? d.descriptor
      and not exists (select from jsonb_array_elements(form) c where c.value = jsonb_build_array(d.token)) limit 1;
  if missing is not null then
    perform access.refuse_marking('[' || missing || '] is a caveat: choose it, so that only who was briefed reads this, or leave the word out.');
  end if;
end $$;
