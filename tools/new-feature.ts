import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { edit, type Forms, formsOf, nextMigration, write } from './scaffold.ts'

// node tools/new-feature.ts AREA NAME — a feature's room from SQL to page: it keeps notes of one kind until you make it yours.

/** Makes the feature `name` (singular, kebab-case) in an area of the project at `root`, with its migration, and hooks it into the manifest. */
export function newFeature(root: string, area: string | undefined, name: string | undefined): void {
  const forms = formsOf(name)
  if (!area || !existsSync(join(root, 'areas', area, 'area.ts')))
    throw new Error(`there is no area ${area ?? ''}: node tools/new-area.ts NAME makes one`)
  const room = `areas/${area}/${forms.kebab}`
  write(root, {
    [`${room}/contract.ts`]: contract(area, forms),
    [`${room}/rules.ts`]: rules(forms),
    [`${room}/store.ts`]: store(area, forms),
    [`${room}/actions.ts`]: actions(area, forms),
    [`${room}/page.tsx`]: page(area, forms),
    [`${room}/rules.test.ts`]: rulesTest(),
    [`areas/${area}/sql/${nextMigration(root, area)}-${forms.kebab}.sql`]: migration(area, forms),
  })
  edit(root, `areas/${area}/sql/policies.sql`, (sql) => sql + policies(area, forms))
  edit(root, `areas/${area}/area.ts`, (manifest) =>
    `import { actions as ${forms.camel} } from './${forms.kebab}/actions.ts'\n${manifest}`
      .replace(/features: \[/, `features: [${forms.camel}, `)
      .replace(', ]', ']'),
  )
  pages(root, area, forms)
  for (const language of ['en', 'fr'])
    edit(root, `areas/${area}/words/${language}.json`, (words) => words.replace(/^\{/, `{ "${forms.camel}": ${phrases(forms)},`))
  console.log('Now: node tools/gen-access-matrix.ts, npm run build, npm run check. Then make it yours.')
}

const contract = (area: string, { pascal, camel, title }: Forms) => `import { z } from 'zod'
import { command, query } from '#core/operation/operation.ts'

/** ${title}: say what it is, and the rule's source. */
export const ${pascal} = z.object({ id: z.uuid(), note: z.string(), recordedAt: z.iso.datetime({ offset: true }) })
export type ${pascal} = z.infer<typeof ${pascal}>

export const record${pascal} = command('${area}.record${pascal}', {
  who: ['watch-officer'],
  summary: 'Record one ${title.toLowerCase()}.',
  input: z.object({ note: z.string().trim().min(1).max(2000) }),
  output: ${pascal},
})

export const ${camel}s = query('${area}.${camel}s', {
  who: 'person',
  summary: 'The ${title.toLowerCase()}s that you can see, newest first.',
  input: z.object({}),
  output: z.object({ found: z.array(${pascal}), can: z.object({ record: z.boolean() }) }),
})
`

const rules = ({ title }: Forms) => `/** Why this note cannot be kept, in words for the person who asks; null when it can. */
export function refusal(note: string): string | null {
  return note.trim() === '' ? 'The ${title.toLowerCase()} is empty. Nothing was kept. Write what you saw.' : null
}
`

const rulesTest = () => `import { expect, test } from 'vitest'
import { refusal } from './rules.ts'

test('an empty note is refused with what to do next', () => {
  expect(refusal(' ')).toMatch('Write what you saw')
  expect(refusal('Two metres at the bridge')).toBeNull()
})
`

const store = (area: string, { pascal, table }: Forms) => `import { one, rows, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { ${pascal} } from './contract.ts'

export const insert = (tx: Tx, { id, note, at, by, label }: { id: string; note: string; at: Date; by: string; label: number }) =>
  one<${pascal}>(
    tx,
    sql\`insert into ${area}.${table} (id, note, recorded_at, recorded_by, label) values (\${id}, \${note}, \${at}, \${by}, \${label})
        returning id, note, recorded_at\`,
  )

export const newest = (tx: Tx) => rows<${pascal}>(tx, sql\`select id, note, recorded_at from ${area}.${table} order by recorded_at desc limit 50\`)
`

const actions = (area: string, { pascal, camel }: Forms) => `import { holdsAny, internLabel } from '#core/access/reach.ts'
import { invalid, notAllowed } from '#core/errors.ts'
import { type Implementation, implement } from '#core/operation/implement.ts'
import { record${pascal}, ${camel}s } from './contract.ts'
import { refusal } from './rules.ts'
import * as store from './store.ts'

export const actions: readonly Implementation[] = [
  implement(record${pascal}, async ({ input, tx, actor, clock, emit, id }) => {
    const refused = refusal(input.note)
    if (refused) throw invalid('note', refused)
    if (!actor.agencyId) throw notAllowed('Take up your post first. Nothing was kept.')
    const label = await internLabel(tx, { clauses: [[\`agency:\${actor.agencyId}\`]], marking: 'TLP:AMBER' })
    const kept = await store.insert(tx, { ...input, id: id(), at: clock.now(), by: actor.personId, label })
    emit('${area}.${camel}Recorded', { id: kept.id })
    return kept
  }),
  implement(${camel}s, async ({ tx }) => ({ found: await store.newest(tx), can: { record: await holdsAny(tx, ['kind:watch-officer']) } })),
]
`

const page = (area: string, { pascal, camel, table }: Forms) => `import { Button } from '#core/web/button.tsx'
import { TextArea } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { PageHead } from '#core/web/page.tsx'
import { Problem, Waiting } from '#core/web/problem.tsx'
import { useWords } from '#core/web/words.ts'
import { ${camel}s, record${pascal} } from './contract.ts'

const changes = ['${area}.${table}']

export function Page() {
  const t = useWords('${area}')
  const answer = useQueryOf(${camel}s, {}, { watches: changes })
  const record = useCommandOf(record${pascal}, { changes })
  if (answer.error) return <Problem problem={answer.error} onRetry={() => void answer.refetch()} />
  if (!answer.data) return <Waiting />
  return (
    <>
      <PageHead title={t('${camel}.title')} />
      {answer.data.can.record ? (
        <Form onSubmit={({ note = '' }) => void record.run({ note })} problem={record.problem}>
          <TextArea name="note" label={t('${camel}.note')} />
          <FormButtons>
            <Button type="submit" busy={record.state === 'sending'}>
              {t('${camel}.record')}
            </Button>
          </FormButtons>
        </Form>
      ) : null}
      <ul>
        {answer.data.found.map(({ id, note }) => (
          <li key={id}>{note}</li>
        ))}
      </ul>
    </>
  )
}
`

const migration = (area: string, { table, title }: Forms) => `-- ${title}: say here in one line what is kept, and why.
create table ${area}.${table} (
  id uuid primary key,
  note text not null check (note <> ''),
  recorded_at timestamptz not null,
  recorded_by uuid not null
);
comment on table ${area}.${table} is '${title}: who recorded what, and when.';
select record.labelled('${area}.${table}', 'per-world');
`

const policies = (area: string, { table }: Forms) => `
drop policy if exists record on ${area}.${table};
create policy record on ${area}.${table} for insert to concord_member
  with check ((select access.holds('kind:watch-officer')) and recorded_by = (select access.person()));
grant select, insert (id, note, recorded_at, recorded_by, label) on ${area}.${table} to concord_member;
-- How long its words are kept: make it what this feature's record is asked for.
select record.retains('${area}.${table}', 'recorded_at', 3650, 'Asked for as long as the record of the area.', '{"note": "(removed: its time was over)"}');
`

function pages(root: string, area: string, { kebab, camel }: Forms): void {
  const path = `areas/${area}/pages.ts`
  const line = `  { path: '/${area}/${kebab}', title: '${camel}.title', load: () => import('./${kebab}/page.tsx'), nav: true },\n`
  if (existsSync(join(root, path))) edit(root, path, (content) => content.replace(/^\]/m, `${line}]`))
  else
    write(root, {
      [path]: `import type { AreaPage } from '#core/web/navigation.tsx'\n\nexport const pages: readonly AreaPage[] = [\n${line}]\n`,
    })
}

const phrases = ({ title }: Forms) => `{ "title": "${title}s", "note": "Note", "record": "Record" }`

if (import.meta.main) newFeature(process.cwd(), process.argv[2], process.argv[3])
