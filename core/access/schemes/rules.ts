import { z } from 'zod'
import { invalid } from '#core/errors.ts'
import type { GradingScale } from '../grading.ts'
import { tlpWords } from '../marking.ts'
import { bare, type Level, type Scheme } from '../scheme.ts'

/** A MISP machine-tag taxonomy, as far as it is read: namespace, predicates, and the values of each. */
const Entry = z.object({ value: z.string().min(1).max(80), expanded: z.string().max(400).optional(), exclusive: z.boolean().optional() })
const Taxonomy = z.object({
  namespace: z.string().regex(/^[a-z0-9][a-z0-9-]{0,59}$/),
  description: z.string().max(4000).optional(),
  expanded: z.string().max(200).optional(),
  version: z.number().optional(),
  predicates: z.array(Entry).min(1).max(200),
  values: z
    .array(z.object({ predicate: z.string(), entry: z.array(Entry).min(1).max(200) }))
    .max(200)
    .optional(),
})
type Taxonomy = z.infer<typeof Taxonomy>

export interface Imported {
  kind: 'classification' | 'grading' | 'tlp'
  source: string
  scheme?: Scheme
  grading?: GradingScale
  code: string
  name: string
  leftOut: Array<{ word: string; why: string }>
}

const refused = (why: string) => invalid('files', `${why} Nothing was kept. Look at the file, then send it again.`)

function read(content: string): Taxonomy {
  let json: unknown
  try {
    json = JSON.parse(content)
  } catch {
    throw refused('This file is not JSON.')
  }
  const taxonomy = Taxonomy.safeParse(json)
  if (!taxonomy.success) {
    const issue = taxonomy.error.issues[0]
    throw refused(`This is not a MISP taxonomy: ${issue?.path.join('.') || 'its outline'} cannot be read.`)
  }
  return taxonomy.data
}

/** How strict a word is in any western scheme: 0 unclassified … 4 top secret; undefined when the word does not tell. Fails to the stricter. */
export function tierOf(word: string): number | undefined {
  const said = bare(word)
  if (/\bTOP SECRET\b|\bTRES SECRET\b|\bCOSMIC\b/.test(said)) return 4
  if (/\bSECRET\b/.test(said)) return 3
  if (/\bCONFIDENTI(AL|EL)\b/.test(said)) return 2
  if (/\bRESTRICTED\b|\bRESTREINTE?\b|\bOFFICIAL SENSITIVE\b/.test(said)) return 1
  if (/\bUNCLASSIFIED\b|\bNON PROTEGE\b|\bNON CLASSIFIE\b|\bOFFICIAL\b|\bPUBLIC\b/.test(said)) return 0
  return undefined
}
/** Tiers from which nothing is held. CONFIDENTIAL is among them: its holders treat it as their partners' SECRET. */
const firstUnheld = 2
/** The words that Concord itself writes, and the tier that answers to them in another scheme. */
const ours = ['OFFICIAL', 'OFFICIAL-SENSITIVE']

interface Found {
  word: string
  alias: string
  tier: number | undefined
  place: number
}

function ordered(found: readonly Found[], order: readonly string[] | undefined): Found[] {
  if (order) {
    const places = new Map(order.map((word, place) => [bare(word), place]))
    const missing = found.filter(({ word, alias }) => !places.has(bare(word)) && !places.has(bare(alias)))
    if (missing.length > 0 || order.length !== found.length)
      throw invalid('order', `Name each level once, loosest first: ${found.map(({ word }) => word).join(', ')}. Nothing was kept.`)
    const placeOf = ({ word, alias }: Found) => places.get(bare(word)) ?? places.get(bare(alias)) ?? 0
    return [...found].sort((a, b) => placeOf(a) - placeOf(b))
  }
  const unknown = found.find(({ tier }) => tier === undefined)
  if (unknown)
    throw invalid(
      'order',
      `The file does not tell how strict ${unknown.word} is. Nothing was kept. Send it again with the levels in order, loosest first.`,
    )
  // A taxonomy lists the strictest first, and special categories (ATOMAL, BOHEMIA) anywhere: within a tier the longer word is the stricter.
  return [...found].sort((a, b) => (a.tier ?? 0) - (b.tier ?? 0) || a.word.length - b.word.length || b.place - a.place)
}

function schemeOf(taxonomy: Taxonomy, name: string, order: readonly string[] | undefined): Scheme {
  const valuesOf = new Map((taxonomy.values ?? []).map(({ predicate, entry }) => [predicate, entry]))
  const levels: Found[] = []
  const descriptors: string[] = []
  for (const predicate of taxonomy.predicates) {
    for (const entry of valuesOf.get(predicate.value) ?? [predicate]) {
      const word = (entry.expanded ?? entry.value).toUpperCase()
      // A mention beside the level (Spécial France), said by "exclusive": false, is a descriptor and no level.
      if (predicate.exclusive === false && valuesOf.has(predicate.value)) descriptors.push(bare(word))
      else levels.push({ word, alias: entry.value, tier: tierOf(word), place: levels.length })
    }
  }
  const sorted = ordered(levels, order)
  let open = true
  const made = sorted.map(({ word, alias, tier }): Level => {
    open = open && (tier ?? 0) < firstUnheld
    // An alias that says the same as the word in other signs (NON-PROTEGE, NON PROTEGE) is read by itself as a slip; one that differs is kept.
    const own = ours[tier ?? -1]
    const aliases = [...new Set([alias, ...(own === undefined ? [] : [own])])].filter((one) => bare(one) !== bare(word))
    return { word, aliases, held: open }
  })
  // Where two levels share a tier, one of them answers to our own word: the looser would be read as less than was meant, so the last.
  const taken = new Set<string>()
  const levelsOf = [...made]
    .reverse()
    .map((level) => ({
      ...level,
      aliases: level.aliases.filter((alias) => !ours.includes(alias) || (level.held && !taken.has(alias) && taken.add(alias))),
    }))
    .reverse()
  const highest = levelsOf.findLast(({ held }) => held)
  if (!highest) throw refused('No level of this scheme may be held here: every one is CONFIDENTIAL or above.')
  if (!taken.has('OFFICIAL-SENSITIVE') && highest.word !== 'OFFICIAL-SENSITIVE') highest.aliases.push('OFFICIAL-SENSITIVE')
  return {
    code: taxonomy.namespace,
    name,
    levels: levelsOf,
    descriptorsAt: highest.word,
    descriptors: [...descriptors].sort(),
    handling: [],
  }
}

/** Admiralty grading is A to F and 1 to 6; some files add a G, which no reader of the scale knows. */
const admiraltyGrades = /^[a-f1-6]$/i

function gradingOf(taxonomy: Taxonomy, name: string, leftOut: Imported['leftOut']): GradingScale {
  const valuesOf = new Map((taxonomy.values ?? []).map(({ predicate, entry }) => [predicate, entry]))
  return {
    code: taxonomy.namespace,
    name,
    axes: taxonomy.predicates.map((axis) => ({
      code: axis.value,
      name: axis.expanded ?? axis.value,
      grades: (valuesOf.get(axis.value) ?? []).flatMap(({ value, expanded = value }) => {
        if (taxonomy.namespace === 'admiralty-scale' && !admiraltyGrades.test(value)) {
          leftOut.push({ word: `${value.toUpperCase()}: ${expanded}`, why: 'Admiralty grading of sources ends at F.' })
          return []
        }
        return [{ word: value.toUpperCase(), name: expanded }]
      }),
    })),
  }
}

/** Does it grade information rather than classify it? Two axes or more, each with values of one or two signs. */
const grades = ({ predicates, values }: Taxonomy) =>
  values !== undefined &&
  values.length === predicates.length &&
  predicates.length > 1 &&
  values.every(({ entry }) => entry.every(({ value }) => value.length <= 2))

/**
 * What Concord keeps of a MISP taxonomy. A scheme's levels are put in order by their words; SECRET, CONFIDENTIAL and whatever is above are never
 * held. TLP is built in: the file is only held against it. Throws invalid `files` or `order`.
 */
export function fromTaxonomy(content: string, order?: string): Imported {
  const taxonomy = read(content)
  const code = taxonomy.namespace
  const source = `MISP ${code} ${taxonomy.version ?? 'without a version'}`
  const name = (taxonomy.expanded ?? taxonomy.description ?? code).split(/[.(]/)[0]!.trim().slice(0, 120) || code
  const leftOut: Imported['leftOut'] = []
  if (code === 'tlp') {
    const words = taxonomy.predicates.map(({ value }) => `TLP:${value.toUpperCase()}`)
    const missing = tlpWords.filter((word) => !words.includes(word))
    if (missing.length > 0) throw refused(`This is not TLP 2.0: ${missing.join(', ')} is missing.`)
    for (const word of words.filter((one) => !(tlpWords as readonly string[]).includes(one)))
      leftOut.push({ word, why: 'It is no word of TLP 2.0.' })
    return { kind: 'tlp', source, code, name, leftOut }
  }
  if (grades(taxonomy)) return { kind: 'grading', source, code, name, grading: gradingOf(taxonomy, name, leftOut), leftOut }
  const wanted = order
    ?.split(',')
    .map((word) => word.trim())
    .filter(Boolean)
  return { kind: 'classification', source, code, name, scheme: schemeOf(taxonomy, name, wanted), leftOut }
}
