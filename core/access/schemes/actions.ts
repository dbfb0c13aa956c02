import { ConcordError, conflict } from '#core/errors.ts'
import { type Implementation, implement, type Tx } from '#core/operation/implement.ts'
import { plainScale } from '../grading.ts'
import { canonical, canSee } from '../label.ts'
import { aboveCeiling, composeMarking, type Marking, parseMarking } from '../marking.ts'
import { internLabel } from '../reach.ts'
import { ukGsc } from '../scheme.ts'
import { audienceWords } from '../sign-in/audience.ts'
import type { Outside } from '../sign-in/actions.ts'
import { city, language } from '../sign-in/store.ts'
import * as words from './contract.ts'
import { fromTaxonomy } from './rules.ts'
import * as store from './store.ts'

async function ruleOf(tx: Tx, outside: Outside) {
  const { scheme, grading, ceilingClassification, ceilingTlp } = await store.rule(tx)
  return {
    scheme,
    grading,
    ceiling: { classification: ceilingClassification, tlp: ceilingTlp },
    caveats: await store.caveats(tx),
    organisations: [...(await outside.organisations(tx))],
  }
}

/** Written in Concord's own code too, so no file changes them. */
const shipped = [ukGsc.code, plainScale.code]

/** What the database would refuse, said before anything is written; it decides. */
function wrongWith(marking: Marking, clauses: readonly (readonly string[])[]): string | null {
  if (marking.tlp === 'TLP:RED' && !clauses.some((clause) => clause.length > 0 && clause.every((token) => token.startsWith('person:'))))
    return 'TLP:RED is for named persons alone: name each of them as the audience.'
  return null
}

export const actions = (outside: Outside): readonly Implementation[] => [
  implement(words.markingRule, ({ tx }) => ruleOf(tx, outside)),
  implement(words.schemes, async ({ tx }) => {
    const all = await store.kept(tx)
    const { ceiling } = await ruleOf(tx, outside)
    const of = (kind: 'classification' | 'grading') =>
      all.filter((one) => one.kind === kind).map(({ content, source, inUse }) => ({ ...content, source, inUse }))
    return { schemes: of('classification'), gradings: of('grading'), ceiling }
  }),
  implement(words.importScheme, async ({ input, tx, id }) => {
    const [file] = input.files
    const made = fromTaxonomy(Buffer.from(file?.content ?? '', 'base64').toString('utf8'), input.order)
    const content = made.scheme ?? made.grading
    const keeps = content !== undefined && !input.preview
    if (keeps) {
      if (shipped.includes(made.code))
        throw conflict('What Concord ships is not changed by a file. Nothing was kept. Give the taxonomy another namespace.')
      const label = await internLabel(tx, { clauses: [['kind:administrator', 'kind:inquiry']], marking: 'TLP:AMBER' })
      await store.keep(tx, {
        id: id(),
        code: made.code,
        kind: made.kind === 'grading' ? 'grading' : 'classification',
        content,
        source: made.source,
        label,
      })
    }
    return {
      kind: made.kind,
      code: made.code,
      name: made.name,
      kept: keeps,
      levels: made.scheme?.levels.map((level) => ({ ...level, aliases: [...level.aliases] })) ?? [],
      descriptors: [...(made.scheme?.descriptors ?? [])],
      axes: made.grading?.axes.map(({ name, grades }) => ({ name, grades: grades.map((one) => `${one.word}: ${one.name}`) })) ?? [],
      leftOut: made.leftOut,
    }
  }),
  implement(words.setMarkingRule, async ({ input, tx }) => {
    await store.choose(tx, input)
    return ruleOf(tx, outside)
  }),
  implement(words.preview, async ({ input, tx, actor }) => {
    const { scheme, ceiling, caveats } = await ruleOf(tx, outside)
    const clauses = canonical(input.label.clauses)
    const names = await outside.names(tx, [...new Set(clauses.flat())])
    const { who } = audienceWords(clauses, actor, names, await language(tx, actor.personId), (await city(tx)).name)
    const answer = { who, you: canSee(clauses, new Set(actor.reach)), problem: null, pointer: false, marking: input.label.marking }
    try {
      const marking = parseMarking(input.label.marking, scheme)
      for (const { token, descriptor } of caveats)
        if (clauses.some((clause) => clause.length === 1 && clause[0] === token) && !marking.descriptors.includes(descriptor))
          marking.descriptors.push(descriptor)
      const above = aboveCeiling(marking, scheme, { classification: ceiling.classification ?? undefined, tlp: ceiling.tlp ?? undefined })
      return { ...answer, marking: composeMarking(marking, scheme), problem: wrongWith(marking, clauses), pointer: above }
    } catch (error) {
      if (!(error instanceof ConcordError)) throw error
      return { ...answer, problem: error.message, pointer: error.message.includes('pointer record') }
    }
  }),
]
