import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestCity, testCity } from '#core/db/testing.ts'
import { checkCatalogue } from '../../tools/check-catalogue.ts'
import { projectFiles } from '../../tools/files.ts'

const root = process.cwd()
const source = (path: string) => readFileSync(path, 'utf8')
const files = projectFiles(root)
let city: TestCity
const ask = async <T extends object>(text: string) => (await city.owner.query<T>(text)).rows

beforeAll(async () => {
  city = await testCity()
})
afterAll(() => city?.end())

describe('the catalogue, and what tries to get past it', () => {
  test('is sound, and each wrong that is put into it is named', async () => {
    const address = {
      host: String(city.config.host),
      port: Number(city.config.port),
      user: String(city.config.user),
      database: String(city.config.database),
    }
    expect(await checkCatalogue(address)).toEqual([])
    const wrongs: Array<[string, string]> = [
      ['create table response.bare (id uuid)', 'no row security'],
      [
        "create table response.soft (id uuid); alter table response.soft enable row level security; create policy p on response.soft using (true); comment on table response.soft is 'x'",
        'force it',
      ],
      ['create table response.child (id uuid primary key references response.incidents on delete cascade)', 'ON DELETE CASCADE'],
      ['grant delete on response.incidents to concord_member', 'deleted from'],
      ['grant truncate on record.entry to concord_verifier', 'truncated'],
      ['create function response.loose() returns int security definer language sql as $$ select 1 $$', 'search_path'],
      [
        'create function response.wide() returns int security definer language sql set search_path = pg_catalog, pg_temp as $$ select 1 $$',
        'called by everybody',
      ],
      ['grant select on response.incidents to public', 'open to everybody'],
      ['create view response.seen as select * from response.incidents', 'security_invoker'],
      ['create table response.sly (id uuid, label int)', 'not made labelled'],
    ]
    for (const [wrong, name] of wrongs) {
      // Kept for a moment only: the check looks over a connection of its own.
      await city.owner.query(wrong)
      const sins = await checkCatalogue(address)
      expect({ wrong, found: sins.some(({ what }) => what.includes(name)) }).toEqual({ wrong, found: true })
      await city.owner.query(undo(wrong))
    }
    expect(await checkCatalogue(address)).toEqual([])
  }, 60_000)

  test('no function, default, policy or constraint of an area asks the machine for the time: mission time is given', async () => {
    const clocks =
      /\b(now\s*\(|current_timestamp|current_date|current_time|localtime|transaction_timestamp|statement_timestamp|clock_timestamp|timeofday)/i
    const bodies = await ask<{ place: string; text: string }>(`
      select p.oid::regprocedure::text as place, p.prosrc as text from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname in ('structure', 'sharing', 'watch', 'response')
      union all select d.adrelid::regclass::text, pg_get_expr(d.adbin, d.adrelid) from pg_attrdef d join pg_class c on c.oid = d.adrelid join pg_namespace n on n.oid = c.relnamespace where n.nspname in ('structure', 'sharing', 'watch', 'response')
      union all select conrelid::regclass::text || ' ' || conname, pg_get_constraintdef(k.oid) from pg_constraint k join pg_namespace n on n.oid = k.connamespace where n.nspname in ('structure', 'sharing', 'watch', 'response')
      union all select tablename || ' ' || policyname, coalesce(qual, '') || coalesce(with_check, '') from pg_policies where schemaname in ('structure', 'sharing', 'watch', 'response')`)
    expect(bodies.length).toBeGreaterThan(100)
    expect(bodies.filter(({ text }) => clocks.test(text)).map(({ place, text }) => `${place}: ${clocks.exec(text)?.[0]}`)).toEqual([])
    // now() is the moment the transaction began, which is nobody's time: it is used nowhere, not in core either.
    const nows = await ask<{ place: string }>(
      `select p.oid::regprocedure::text as place from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and p.prosrc ~* '\\m(now\\s*\\(|current_timestamp)'`,
    )
    expect(nows).toEqual([])
    const stores = files.filter((path) => /^areas\/.*store.*\.ts$/.test(path) && !path.includes('.test.'))
    expect(stores.length).toBeGreaterThan(5)
    expect(stores.filter((path) => clocks.test(source(path).replaceAll(/\b(clock|realClock)\.now\(\)/g, '')))).toEqual([])
  })

  test('no constraint is deferrable, so that a command is judged in its own savepoint', async () => {
    expect(await ask("select conname from pg_constraint where condeferrable and connamespace::regnamespace::text !~ '^pg'")).toEqual([])
    expect(await ask('select tgname from pg_trigger where tgdeferrable')).toEqual([])
  })

  test('every definer function names its schemas in full: none leans on a search path', async () => {
    const ours = (
      await ask<{ name: string }>(
        "select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname in ('access', 'record', 'operation', 'channels', 'structure', 'watch', 'response') and c.relkind = 'r'",
      )
    ).map(({ name }) => name)
    const functions = await ask<{ place: string; text: string }>(
      "select p.oid::regprocedure::text as place, p.prosrc as text from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname in ('access', 'record', 'operation', 'channels', 'structure', 'watch', 'response')",
    )
    const bare = new RegExp(`\\b(from|join|insert\\s+into|update)\\s+(${ours.join('|')})\\b(?!\\s*\\.)`, 'i')
    // A name that the function itself makes with WITH is no table.
    const found = functions.filter(({ text }) => {
      const match = bare.exec(text)
      return (
        match !== null &&
        !new RegExp(`\\b${match[2]}\\s+as\\s*\\(`, 'i').test(text) &&
        !new RegExp(`\\b${match[2]}\\s+(record|uuid|int|${'bigint'}|text|jsonb)`, 'i').test(text)
      )
    })
    expect(found.map(({ place }) => place)).toEqual([])
  })

  test('nothing leans on NOTIFY: no process listens, and none is sent that says anything', () => {
    const using = files
      .filter((path) => /^(core|areas|apps)\/.*\.(ts|tsx|sql)$/.test(path) && !path.includes('.test.'))
      .filter((path) =>
        /\b(pg_notify|listen\s+[a-z_]+;|notify\s+[a-z_]+)/i.test(source(path).replace(/--.*$|\/\/.*$|\/\*[\s\S]*?\*\//gm, '')),
      )
    expect(using).toEqual([])
  })

  test('no page decides who may: none names a token, a kind of post or a reach', () => {
    const pages = files.filter((path) => /^(areas|apps\/web|core\/web|core\/access)\/.*\.tsx$/.test(path) && !path.includes('.test.'))
    expect(pages.length).toBeGreaterThan(20)
    expect(pages.filter((path) => /['"`](kind|post|agency|group|cleared|incident|briefed):|\.reach\b/.test(source(path)))).toEqual([])
  })

  test('a prompt blocks nothing: no other table, function, policy or action asks whether one is open', async () => {
    expect(
      await ask(`select tablename || ' ' || policyname as place from pg_policies where tablename not like 'prompt%' and coalesce(qual, '') || coalesce(with_check, '') ~ 'prompt'
        union all select tgrelid::regclass::text || ' ' || tgname from pg_trigger t join pg_proc p on p.oid = t.tgfoid where not tgisinternal and p.prosrc ~ 'prompts' and tgrelid::regclass::text !~ 'prompt'
        union all select conrelid::regclass::text || ' ' || conname from pg_constraint where confrelid = to_regclass('response.prompts') and conrelid::regclass::text !~ 'prompt'`),
    ).toEqual([])
    const asking = files.filter(
      (path) =>
        /^areas\/.*\.ts$/.test(path) &&
        !/prompts\/|\.test\.ts$|\/(area|jobs|reactions)\.ts$/.test(path) &&
        /from '[^']*prompts\/store/.test(source(path)),
    )
    expect(asking).toEqual([])
  })

  test('nobody is scored: no column and no answer of an operation gives a person a score or a rating', async () => {
    expect(
      await ask(
        "select attrelid::regclass::text as place, attname from pg_attribute where attnum > 0 and attname ~ '(score|rating|performance|productivity)' and attrelid::regclass::text !~ '^(pg_|information)'",
      ),
    ).toEqual([])
  })

  test.skip('still to come, with debriefs and the pulse: an anonymous route takes a blind one-time token, and an adversary who holds the database finds no person', () => {})
  test.skip('still to come, with sharing: reporting upward goes through one definer function that returns only a receipt', () => {})
  test.skip('still to come, with readiness: a collection of all gaps, rotas, posts or stress tests carries a raised label and each run is an entry', () => {})
})

function undo(wrong: string): string {
  const table = /create table (\S+)/.exec(wrong)
  if (table) return `drop table ${table[1]}`
  const view = /create view (\S+)/.exec(wrong)
  if (view) return `drop view ${view[1]}`
  const made = /create function (\S+)/.exec(wrong)
  if (made) return `drop function ${made[1]}`
  return wrong.replace('grant', 'revoke').replace(/ to (\w+)$/, ' from $1')
}
