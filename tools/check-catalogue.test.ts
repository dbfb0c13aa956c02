import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestCity, testCity } from '#core/db/testing.ts'
import { checkCatalogue } from './check-catalogue.ts'
import type { Address } from './throwaway-postgres.ts'

// Each sin is planted in a migrated database, as a migration could, and must be found; the database as migrated has none.

const sound = `create table sin.kept (id uuid primary key);
  alter table sin.kept enable row level security; alter table sin.kept force row level security;
  create policy keep on sin.kept using (true); comment on table sin.kept is 'Sound.';`

describe('the catalogue', () => {
  let city: TestCity
  const address = () => city.config as Address
  beforeAll(async () => {
    city = await testCity()
  })
  afterAll(() => city?.end())

  it('is sound as migrated', async () => {
    expect(await checkCatalogue(address())).toEqual([])
  })

  it.each<[string, string, string, RegExp]>([
    ['a table without row security', 'alter table sin.kept disable row level security', 'sin.kept', /no row security/],
    ['row security that is not forced', 'alter table sin.kept no force row level security', 'sin.kept', /force it/],
    ['a table without a policy', 'drop policy keep on sin.kept', 'sin.kept', /no policy/],
    ['a table without a comment', 'comment on table sin.kept is null', 'sin.kept', /no comment/],
    ['a cascade', 'alter table sin.kept add parent uuid references sin.kept on delete cascade', 'sin.kept kept_parent_fkey', /CASCADE/],
    ['a grant to delete', 'grant delete on sin.kept to concord_member', 'sin.kept by concord_member', /deleted from/],
    ['a grant to truncate', 'grant truncate on sin.kept to concord_jobs', 'sin.kept by concord_jobs', /truncated/],
    ['a grant to everybody', 'grant select on sin.kept to public', 'sin.kept', /open to everybody/],
    [
      'a definer function without a fixed path',
      'create function sin.open() returns int language sql security definer as $$ select 1 $$; revoke all on function sin.open() from public',
      'sin.open()',
      /without set search_path/,
    ],
    [
      'a definer function with another path',
      'create function sin.open() returns int language sql security definer set search_path = public as $$ select 1 $$; revoke all on function sin.open() from public',
      'sin.open()',
      /without set search_path/,
    ],
    [
      'a definer function for everybody',
      'create function sin.open() returns int language sql security definer set search_path = pg_catalog, pg_temp as $$ select 1 $$',
      'sin.open()',
      /revoke it from public/,
    ],
    ['a view with the owner’s eyes', 'create view sin.seen as select * from sin.kept', 'sin.seen', /security_invoker/],
    ['a table owned by a serving role', 'alter table sin.kept owner to concord_member', 'sin.kept', /owned by a role that serves/],
    // Roles are the whole cluster's: this power is one that no other test looks at.
    ['a serving role with a power', 'alter role concord_verifier createdb', 'concord_verifier', /power it must not have/],
    [
      'a late entry that need not say why',
      'alter table sin.kept add occurred_at timestamptz, add entered_at timestamptz',
      'sin.kept',
      /no check that a late entry says why/,
    ],
    ['an occurrence without the time of entering', 'alter table sin.kept add occurred_at timestamptz', 'sin.kept', /late entry says why/],
    ['a label that nobody keeps', 'alter table sin.kept add label int', 'sin.kept', /not made labelled/],
    [
      'a way from one world into another',
      `drop policy keep on sin.kept; create table sin.other (id uuid primary key, kept uuid references sin.kept);
       select record.labelled('sin.kept', 'per-world'); select record.labelled('sin.other', 'per-world')`,
      'sin.other other_kept_fkey',
      /without the world column/,
    ],
    ['a table of which nobody said how long it is kept', 'select 1', 'sin.kept', /neither a retention rule nor a reason to be kept/],
    [
      'a table that has a period and is kept',
      "select record.keeps('sharing.items', 'for as long as there is a city')",
      'sharing.items',
      /one of the two is not so/,
    ],
    [
      'a reason for a table that is gone',
      "insert into record.kept_table values ('sin.gone', 'nobody knows any longer')",
      'sin.gone',
      /is no table/,
    ],
  ])('finds %s', async (_, statement, where, what) => {
    await city.owner.query('create schema sin')
    try {
      await city.owner.query(sound)
      await city.owner.query(statement)
      expect(await checkCatalogue(address())).toContainEqual({ where, what: expect.stringMatching(what) })
    } finally {
      await city.owner.query('drop schema sin cascade')
      await city.owner.query(`delete from record.labelled_table where name like 'sin.%'`)
      await city.owner.query(`delete from record.kept_table where table_name like 'sin.%' or table_name = 'sharing.items'`)
      await city.owner.query('alter role concord_verifier nocreatedb')
    }
  })
})
