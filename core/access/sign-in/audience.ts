import type { TokenName } from '#core/operation/implement.ts'
import type { Clauses } from '../label.ts'
import en from '../words/en.json' with { type: 'json' }
import fr from '../words/fr.json' with { type: 'json' }

/** The words of an audience are made on the server, because only it can name the tokens. */
const catalogues: Record<string, typeof en.audience> = { en: en.audience, fr: fr.audience }
const most = 12

/** One token of the viewer's that meets a clause: from what it came (`structure.holding:<id>`), and until when it lasts. */
export interface Reason {
  clause: number
  token: string
  source: string
  until: string | null
}

/**
 * Who can see what carries these clauses, a line for each; and which of the viewer's own tokens let them in, through what, and until when.
 * Names are of tokens and of sources. Unnamed tokens are counted nowhere. `zone`: the city's.
 */
export function audienceWords(
  clauses: Clauses,
  viewer: { personId: string; reach: readonly string[] },
  names: Readonly<Record<string, TokenName>>,
  language: string,
  city: string,
  reasons: { zone: string; all: readonly Reason[] } | null = null,
): { who: string[]; why: string[] } {
  const words = catalogues[language] ?? en.audience
  const kinds = words.kinds as Record<string, string>
  const full = ({ name, agency }: TokenName): string => (agency ? `${name} (${agency})` : name)
  const named = (token: string): string => {
    const [kind = '', id = ''] = token.split(':')
    if (token === `person:${viewer.personId}`) return words.you
    if (kind === 'city') return words.city.replace('{{city}}', city)
    const known = names[token]
    if (known) return kind === 'briefed' ? words.briefedFor.replace('{{name}}', known.name) : full(known)
    if (kind === 'kind') return words.holders.replace('{{kind}}', (words.posts as Record<string, string>)[id] ?? id)
    return kinds[kind] ?? words.others
  }
  const line = (tokens: readonly string[]) => {
    const all = [...new Set(tokens.map(named))]
    return [...all.slice(0, most), ...(all.length > most ? [words.andOthers] : [])].join(', ')
  }
  const through = words.sources as Record<string, string>
  const why = ({ token, source, until }: Reason): string => {
    const by = names[source]
    const kind = source.split(':')[0] ?? ''
    const from = by ? words.throughNamed.replace('{{name}}', full(by)) : (through[kind] ?? through.other ?? '')
    const till = until === null ? '' : words.until.replace('{{time}}', timeWords(until, language, reasons?.zone ?? 'UTC'))
    const briefing = token.startsWith('briefed:') ? names[token] : undefined
    const what = briefing ? words.briefing.replace('{{name}}', briefing.name) : line([token])
    return `${words.because.replace('{{what}}', what)}${from}${till}`
  }
  const open = clauses.map((clause) => clause.filter((token) => viewer.reach.includes(token)))
  return {
    who: clauses.map((clause, place) => (place === 0 ? line(clause) : words.andAlso.replace('{{who}}', line(clause)))),
    why: reasons
      ? [...new Set(clearest(reasons.all).map(why))]
      : open.filter((tokens) => tokens.length > 0).map((tokens) => words.because.replace('{{what}}', line(tokens))),
  }
}

/** What a marking says beyond its levels, in words: whom it may go to, whose information it is, until when it is restricted. Words of agencies become names. */
export function markingWords(marking: string, called: ReadonlyMap<string, string>, language: string): string[] {
  const words = (catalogues[language] ?? en.audience).marking
  const named = (codes: string) =>
    codes
      .split(', ')
      .map((code) => called.get(code) ?? code)
      .join(', ')
  return marking.split(' // ').flatMap((part) => {
    if (part === 'REL TO NOBODY') return [words.toNobody]
    if (part.startsWith('REL TO ')) return [words.to.replace('{{who}}', named(part.slice(7)))]
    if (part.startsWith('ORIGINATOR ')) return [words.whose.replace('{{who}}', named(part.slice(11)))]
    if (part.startsWith('UNTIL ')) return [words.until.replace('{{day}}', dayWords(part.slice(6), language))]
    return []
  })
}

const dayWords = (day: string, language: string): string =>
  new Intl.DateTimeFormat(language === 'fr' ? 'fr' : 'en-GB', { timeZone: 'UTC', dateStyle: 'long' }).format(new Date(`${day}T00:00:00Z`))

/** For each clause and token the grant that lasts longest: an hour of duty beside it says nothing more. */
function clearest(all: readonly Reason[]): Reason[] {
  const best = new Map<string, Reason>()
  for (const reason of all) {
    const key = `${reason.clause} ${reason.token}`
    const known = best.get(key)
    if (!known || (known.until !== null && (reason.until === null || reason.until > known.until))) best.set(key, reason)
  }
  return [...best.values()]
}

const timeWords = (at: string, language: string, timeZone: string): string =>
  new Intl.DateTimeFormat(language === 'fr' ? 'fr' : 'en-GB', {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  }).format(new Date(at))
