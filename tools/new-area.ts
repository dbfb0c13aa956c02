import { edit, formsOf, nextMigration, write } from './scaffold.ts'

// node tools/new-area.ts NAME — a new area: its README, manifest, schema and words, and its line in areas/order.ts.

/** Makes the area `name` (one word in lower case, also its SQL schema) in the project at `root`, last in the order. */
export function newArea(root: string, name: string | undefined): void {
  const { kebab, title } = formsOf(name)
  if (kebab.includes('-')) throw new Error('an area is one word: it is also an SQL schema and the first word of its operations')
  const home = `areas/${kebab}`
  write(root, {
    [`${home}/README.md`]: readme(kebab, title),
    [`${home}/area.ts`]: `import type { Area } from '#core/operation/implement.ts'\n\nexport const area: Area = { name: '${kebab}', features: [] }\n`,
    [`${home}/contract.ts`]: `import { z } from 'zod'\n\n/** Ids and types that other areas may use: the pure one of this area's two doors. */\nexport const ${title}Id = z.uuid()\n`,
    [`${home}/sql/${nextMigration(root, kebab)}-${kebab}.sql`]: `-- ${title}: say here in one line what this area keeps.\ncreate schema ${kebab};\ncomment on schema ${kebab} is '${title}: what the city keeps here.';\n`,
    [`${home}/sql/policies.sql`]: `-- Policies and grants of ${kebab}. Re-applied whole whenever this file changes. Reading follows the labels (record.labelled).\ngrant usage on schema ${kebab} to concord_member, concord_jobs;\nrevoke all on all functions in schema ${kebab} from public;\n`,
    [`${home}/words/en.json`]: `{ "area": "${title}" }\n`,
    [`${home}/words/fr.json`]: `{ "area": "${title}" }\n`,
  })
  edit(root, 'areas/order.ts', (order) => order.replace(/^\] as const/m, `  '${kebab}',\n] as const`))
  console.log(
    `Now: say in ${home}/README.md what it is for, choose its place in areas/order.ts, put its area.ts into apps/server/registry.ts,`,
  )
  console.log(`translate words/fr.json, and lay the first feature with node tools/new-feature.ts ${kebab} NAME.`)
}

function readme(name: string, title: string): string {
  return `# ${title}

What this area is for, in one or two sentences that a duty officer would say.

## Who

- Which posts work here, and what each does.
- Whom they serve, and who must never be left out.

## What

- The things this area keeps, each in one line.
- The deeds it offers, each in one line.

## Why

- Which failure of past crises this area answers, with its number in the requirements.

## Words

- **Term**: what it means here, and what it must not be mistaken for.

## How it hangs together

- Lower areas: what it uses of them, by which contract or facade.
- News: which events it emits, and which it reacts to.
- Labels: who can see what it keeps, and what raises a label.

## Pages

- \`/${name}\`: what a person sees first, and what they can do there.
`
}

if (import.meta.main) newArea(process.cwd(), process.argv[2])
