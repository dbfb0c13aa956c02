-- Policies and grants of core/access. Re-applied whole whenever this file changes.
do $$
declare name text;
begin
  foreach name in array array['label', 'clause', 'city', 'world', 'account', 'session', 'sight', 'link', 'challenge', 'passkey', 'subject', 'plea', 'limits', 'provisioner', 'provisioned', 'provisioned_member', 'caveat',
    'reserved'] loop
    execute format('alter table access.%I enable row level security', name);
    execute format('alter table access.%I force row level security', name);
    execute format('drop policy if exists keep on access.%I', name);
    execute format('create policy keep on access.%I to concord_owner using (true) with check (true)', name);
  end loop;
end $$;

-- Labels are read by number only where the viewer can read them, so that their words give nothing away.
drop policy if exists see on access.label;
create policy see on access.label for select to concord_member using (id = any((select access.readable())::int[]));
drop policy if exists see_all on access.label;
create policy see_all on access.label for select to concord_verifier using (true);
drop policy if exists see_all on access.clause;
create policy see_all on access.clause for select to concord_verifier using (true);
drop policy if exists see on access.city;
create policy see on access.city for select to concord_member, concord_desk, concord_jobs, concord_verifier using (true);
drop policy if exists see on access.world;
create policy see on access.world for select to concord_member, concord_desk, concord_jobs, concord_verifier using (true);
drop policy if exists open_exercise on access.world;
create policy open_exercise on access.world for insert to concord_member
  with check (kind = 'exercise' and (select access.holds('kind:administrator', 'kind:secretariat', 'kind:watch-officer')));
drop policy if exists end_exercise on access.world;
create policy end_exercise on access.world for update to concord_member
  using (kind = 'exercise' and (select access.holds('kind:administrator', 'kind:secretariat', 'kind:watch-officer')))
  with check (kind = 'exercise');
drop policy if exists see_self on access.account;
create policy see_self on access.account for select to concord_member
  using (person = (select access.person()) or (select access.holds('kind:administrator')));
drop policy if exists open_account on access.account;
create policy open_account on access.account for insert to concord_member with check ((select access.holds('kind:administrator')));
drop policy if exists change_account on access.account;
create policy change_account on access.account for update to concord_member
  using (person = (select access.person()) or (select access.holds('kind:administrator'))) with check (true);

grant usage on schema access to concord_member, concord_desk, concord_jobs, concord_verifier;
grant select on access.label to concord_member, concord_verifier;
grant select on access.clause to concord_verifier;
grant select on access.city, access.world to concord_member, concord_desk, concord_jobs, concord_verifier;
grant insert (id, kind, name, real_from, world_from, rate) on access.world to concord_member;
grant update (real_from, world_from, rate, ended_at) on access.world to concord_member;
grant select (person, name, mail, language, disabled_at) on access.account to concord_member;
grant insert (person, name, mail, language) on access.account to concord_member;
-- A name, a mail address and whether an account is open are changed by definer functions alone, each with its own rules.
revoke update on access.account from concord_member;
grant update (language) on access.account to concord_member;
grant select on access.reach to concord_member, concord_verifier;

revoke all on all functions in schema access from public;
grant execute on function access.intern, access.enter, access.readable, access.reach_now, access.holds, access.person, access.world, access.is_live,
  access.viewer, access.grant_reach, access.end_reach, access.may_grant, access.city_label, access.why, access.real_now, access.holds_part to concord_member;
grant execute on function access.viewer, access.world, access.is_live, access.person, access.holds, access.reach_now, access.readable, access.intern
  to concord_desk, concord_jobs, concord_verifier;
grant execute on function access.readable_by, access.tokens_in, access.look_at, access.can_see to concord_verifier;
drop policy if exists see_all on access.reach;
create policy see_all on access.reach for select to concord_verifier using (true);
drop policy if exists see_all on access.admission;
create policy see_all on access.admission for select to concord_verifier using (true);
grant select on access.admission to concord_member, concord_verifier;

-- Sign-in. Sessions, links, passkeys, challenges, subjects and pleas are reached by definer functions alone; the desk also keeps count of attempts.
grant select on access.sign_in_rule, access.note, access.vouch, access.provider_group to concord_member;
grant update (session_for, idle_for, strong_for, link_for, plea_for) on access.sign_in_rule to concord_member;
drop policy if exists set_rule on access.sign_in_rule;
create policy set_rule on access.sign_in_rule for update to concord_member using ((select access.holds('kind:administrator'))) with check (true);
grant insert (id, name, tokens, label), update (tokens, ended_at) on access.provider_group to concord_member;
drop policy if exists map_group on access.provider_group;
create policy map_group on access.provider_group for insert to concord_member with check ((select access.holds('kind:administrator')));
drop policy if exists remap_group on access.provider_group;
create policy remap_group on access.provider_group for update to concord_member using ((select access.holds('kind:administrator'))) with check (true);
drop policy if exists count_attempts on access.limits;
create policy count_attempts on access.limits to concord_desk using (true) with check (true);
grant select, insert, update on access.limits to concord_desk;
grant execute on function access.ask_link, access.note_delivery, access.use_link, access.put_challenge, access.take_challenge, access.passkey_for,
  access.open_by_passkey, access.open_by_provider, access.plead, access.plea_ready to concord_desk;
grant execute on function access.is_structural, access.is_strong, access.is_sure, access.my_session, access.choose_post, access.my_sessions, access.end_session, access.end_sessions,
  access.sign_out, access.my_passkeys, access.ask_own, access.add_passkey, access.name_passkey, access.remove_passkey, access.step_up, access.make_token,
  access.plea_of, access.vouch_for, access.enrol_device, access.device_list, access.end_device to concord_member;
grant execute on function access.sweep to concord_jobs;

-- Duress. The second self, its passkeys and the alarm are reached by definer functions alone.
grant select (id, at, answered_at) on access.alarm to concord_member;
grant execute on function access.second_self, access.add_duress_passkey, access.my_duress_passkeys, access.remove_duress_passkey,
  access.alarm_list, access.answer_alarm, access.sign_out_person to concord_member;

-- Accounts kept by hand: definer functions alone, each of which asks for an administrator.
grant execute on function access.keeper, access.change_account, access.close_account, access.reopen_account, access.provided_people, access.changed_addresses to concord_member;

-- Provisioning by an identity provider: definer functions alone, each of which asks for the provider's key.
grant execute on function access.make_provisioner, access.provisioner_list, access.end_provisioner to concord_member;
grant execute on function access.provisioner_of, access.provisioned_users, access.put_provisioned, access.remove_provisioned, access.provisioned_groups,
  access.put_provisioned_members to concord_desk;
-- Markings. Everybody reads the city's schemes, for nobody can write a marking without them; an administrator brings schemes in and chooses.
do $$
declare name text;
begin
  foreach name in array array['scheme', 'marking_rule', 'caveat'] loop
    execute format('drop policy if exists see_words on access.%I', name);
    execute format('create policy see_words on access.%I for select to concord_member, concord_jobs using (true)', name);
  end loop;
end $$;
grant select on access.scheme, access.marking_rule, access.caveat to concord_member, concord_jobs;
grant insert (id, code, kind, content, source, label), update (content, source) on access.scheme to concord_member;
grant update (scheme, ceiling_classification, ceiling_tlp, grading) on access.marking_rule to concord_member;
drop policy if exists bring_in on access.scheme;
create policy bring_in on access.scheme for insert to concord_member with check ((select access.holds('kind:administrator')));
drop policy if exists bring_in_again on access.scheme;
create policy bring_in_again on access.scheme for update to concord_member using ((select access.holds('kind:administrator'))) with check (true);
drop policy if exists choose on access.marking_rule;
create policy choose on access.marking_rule for update to concord_member using ((select access.holds('kind:administrator'))) with check (true);
grant execute on function access.strictest, access.lowers, access.combine, access.city_scheme to concord_member, concord_jobs;
grant execute on function access.read_marking, access.write_marking, access.strictest_of, access.level_rank, access.tlp_rank, access.sorted, access.bare,
  access.capitals, access.is_secret, access.is_day, access.refuse_marking, access.refuse_content, access.check_scheme to concord_member, concord_jobs;
select record.retains('access.note', 'at', 730, 'What happened to ways of signing in is looked at when something went wrong.', '{"words": "(removed: its time was over)"}');

-- What is kept, and why.
select record.retains('access.alarm', 'at', 730, 'What happened at the door is looked at when something went wrong.',
  '{"words": "(removed: its time was over)"}');
select record.keeps('access.account', 'Who acted is read from it: a number in the record has its name here as long as the record is read. A closed account can do nothing.');
select record.keeps(t::regclass, 'What somebody could see at a moment is worked out from it, for every answer as of a time. It names them by number.')
from unnest('{access.reach, access.admission, access.caveat, access.clause, access.label, access.reserved}'::text[]) t;
select record.keeps(t::regclass, 'How this city marks and signs in: settings, nothing of anybody.')
from unnest('{access.city, access.world, access.scheme, access.marking_rule, access.sign_in_rule, access.provider_group}'::text[]) t;
select record.keeps('access.vouch', 'Who vouched for whom at the door is asked when a door was opened wrongly. It names them by number.');
select record.keeps(t::regclass, 'A hash of a key, and by number whose: it opens nothing after its end, and says who was signed in when.')
from unnest('{access.session, access.link, access.plea, access.challenge, access.passkey, access.subject, access.provisioner}'::text[]) t;
select record.keeps(t::regclass, 'Counted anew at any time; old counts and copies are written over.')
from unnest('{access.limits, access.sight}'::text[]) t;
select record.keeps(t::regclass, 'What the city’s own provider of accounts says of them; it is taken back there, and the account is closed here.')
from unnest('{access.provisioned, access.provisioned_member}'::text[]) t;
