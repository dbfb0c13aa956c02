import type { TokenName } from '#core/operation/implement.ts'
import type { Clauses } from '../label.ts'
import en from '../words/en.json' with { type: 'json' }
import fr from '../words/fr.json' with { type: 'json' }

/** The words of an audience are made on the server, because only it can name the tokens. */
const catalogues: Record<string, typeof en.audience> = { en: en.audience, fr: fr.audience }
const most = 12

/** Who can see what carries these clauses, a line for each; and which of the viewer's own tokens open them. Unnamed tokens are counted nowhere. */
export function audienceWords(
  clauses: Clauses,
  viewer: { personId: string; reach: readonly string[] },
  names: Readonly<Record<string, TokenName>>,
  language: string,
  city: string,
): { who: string[]; why: string[] } {
  const words = catalogues[language] ?? en.audience
  const kinds = words.kinds as Record<string, string>
  const named = (token: string): string => {
    const [kind = '', id = ''] = token.split(':')
    if (token === `person:${viewer.personId}`) return words.you
    if (kind === 'city') return words.city.replace('{{city}}', city)
    const known = names[token]
    if (known) return known.agency ? `${known.name} (${known.agency})` : known.name
    if (kind === 'kind') return words.holders.replace('{{kind}}', (words.posts as Record<string, string>)[id] ?? id)
    return kinds[kind] ?? words.others
  }
  const line = (tokens: readonly string[]) => {
    const all = [...new Set(tokens.map(named))]
    return [...all.slice(0, most), ...(all.length > most ? [words.andOthers] : [])].join(', ')
  }
  const open = clauses.map((clause) => clause.filter((token) => viewer.reach.includes(token)))
  return {
    who: clauses.map((clause, place) => (place === 0 ? line(clause) : words.andAlso.replace('{{who}}', line(clause)))),
    why: open.filter((tokens) => tokens.length > 0).map((tokens) => words.because.replace('{{what}}', line(tokens))),
  }
}
