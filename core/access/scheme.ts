/** One word of a classification scheme. `held` false: what carries it may never be kept here, only pointed to. */
export interface Level {
  /** Exactly as it is written. */
  readonly word: string
  /** Other ways of writing the same; read, and rewritten to `word`. */
  readonly aliases: readonly string[]
  readonly held: boolean
}

/** A classification scheme, as a city keeps it (access.scheme). Its words are never translated. */
export interface Scheme {
  readonly code: string
  readonly name: string
  /** Loosest first. */
  readonly levels: readonly Level[]
  /** The level with which descriptors stand when no level was said. */
  readonly descriptorsAt: string
  /** Offered in square brackets; others of the same form are read too. */
  readonly descriptors: readonly string[]
  /** Handling instructions that are offered. */
  readonly handling: readonly string[]
}

/**
 * UK Government Security Classifications, as shipped (requirements A.9, S27, S28). OFFICIAL-SENSITIVE is a handling marking within OFFICIAL;
 * it stands above OFFICIAL here because that is how it is read. The same words stand in the first migration of schemes; a test compares them.
 */
export const ukGsc: Scheme = {
  code: 'uk-gsc',
  name: 'UK Government Security Classifications',
  levels: [
    { word: 'OFFICIAL', aliases: [], held: true },
    { word: 'OFFICIAL-SENSITIVE', aliases: ['OFFICIAL: SENSITIVE'], held: true },
    { word: 'SECRET', aliases: ['UK SECRET'], held: false },
    { word: 'TOP SECRET', aliases: ['UK TOP SECRET'], held: false },
  ],
  descriptorsAt: 'OFFICIAL-SENSITIVE',
  descriptors: ['COMMERCIAL', 'INVESTIGATION', 'LEGAL PRIVILEGE', 'PERSONAL DATA'],
  handling: ['Recipients only', 'Organisational use only', 'Embargoed'],
}

/** What is above the ceiling may not be kept. An axis that is left out has no ceiling but the scheme's own. */
export interface Ceiling {
  readonly classification?: string | undefined
  readonly tlp?: string | undefined
}

/** as shipped; a city sets another with `concord access set-marking-rule`. */
export const defaultCeiling = { classification: 'OFFICIAL-SENSITIVE', tlp: 'TLP:AMBER+STRICT' } as const satisfies Ceiling

/** ASCII capitals only, so that PostgreSQL and JavaScript agree whatever the locale. */
export const capitals = (text: string): string => text.replace(/[a-z]/g, (letter) => letter.toUpperCase())

/** Letters and figures of a word, in capitals, with one space for whatever stands between: what two spellings have in common. */
export const bare = (text: string): string =>
  capitals(text)
    .replace(/[^A-Z0-9]+/g, ' ')
    .trim()

export const levelOf = (scheme: Scheme, words: string): Level | undefined =>
  scheme.levels.find((level) => level.word === words || level.aliases.includes(words))

/** Place of a word in the scheme, loosest 0; -1 when there is none, or it is of another scheme. */
export const rankOf = (scheme: Scheme, word: string | undefined): number => scheme.levels.findIndex((level) => level.word === word)
