import { one, rows, run, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { Tlp } from '../marking.ts'
import type { Caveat, MarkingRule } from './contract.ts'

interface RuleRow {
  scheme: MarkingRule['scheme']
  grading: MarkingRule['grading']
  ceilingClassification: string | null
  ceilingTlp: Tlp | null
}
export const rule = (tx: Tx) =>
  one<RuleRow>(
    tx,
    sql`select s.content as scheme, g.content as grading, r.ceiling_classification, r.ceiling_tlp
        from access.marking_rule r join access.scheme s on s.code = r.scheme join access.scheme g on g.code = r.grading`,
  )
export const caveats = (tx: Tx) =>
  rows<Caveat>(tx, sql`select token, descriptor, access.holds(token) as held from access.caveat order by place`)

/** Every scale that this city has used or may use: what was graded by one is read by it. */
export const scales = async (tx: Tx) =>
  (await rows<{ content: MarkingRule['grading'] }>(tx, sql`select content from access.scheme where kind = 'grading' order by code`)).map(
    ({ content }) => content,
  )

interface KeptScheme {
  kind: 'classification' | 'grading'
  content: MarkingRule['scheme'] & MarkingRule['grading']
  source: string
  inUse: boolean
}
export const kept = (tx: Tx) =>
  rows<KeptScheme>(
    tx,
    sql`select s.kind, s.content, s.source, s.code in (r.scheme, r.grading) as in_use from access.scheme s cross join access.marking_rule r order by s.code`,
  )
/** Errors: invalid `marking` (the database refuses what would hold SECRET, or a word twice). */
export const keep = (
  tx: Tx,
  it: { id: string; code: string; kind: 'classification' | 'grading'; content: object; source: string; label: number },
) =>
  run(
    tx,
    sql`insert into access.scheme (id, code, kind, content, source, label)
        values (${it.id}, ${it.code}, ${it.kind}, ${JSON.stringify(it.content)}::jsonb, ${it.source}, ${it.label})
        on conflict (code) do update set content = excluded.content, source = excluded.source`,
  )
/** Errors: invalid `scheme`, `ceilingClassification`. */
export const choose = (tx: Tx, it: { scheme: string; grading: string; ceilingClassification: string | null; ceilingTlp: string | null }) =>
  one(
    tx,
    sql`update access.marking_rule set scheme = ${it.scheme}, grading = ${it.grading}, ceiling_classification = ${it.ceilingClassification},
          ceiling_tlp = ${it.ceilingTlp} returning id`,
  )
