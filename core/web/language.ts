/** Which language is read, and how it runs: known before any word is there. */
const remembered = 'concord.language'

/** What this reader wishes to read in, best first: their own choice on this device, then the browser's languages. */
export const wishedLanguages = (): string[] => [localStorage.getItem(remembered) ?? '', ...navigator.languages].filter(Boolean)
export const rememberLanguage = (tag: string) => localStorage.setItem(remembered, tag)

/** The reader's own choice, else the first of the browser's languages that we have, else English. */
export function chooseLanguage(offered: readonly string[], wished: readonly string[]): string {
  for (const wish of wished) {
    const base = wish.split('-')[0]
    const match = offered.find((tag) => tag === wish) ?? offered.find((tag) => tag.split('-')[0] === base)
    if (match) return match
  }
  return 'en'
}

const rightToLeft = new Set(['ar', 'fa', 'he', 'ur', 'yi', 'dv', 'ps'])
export const directionOf = (tag: string): 'ltr' | 'rtl' => (rightToLeft.has(tag.split('-')[0] ?? '') ? 'rtl' : 'ltr')
/** The tag for dates and for the component library's own words: our English is British. */
export const localeOf = (tag: string): string => ({ en: 'en-GB', fr: 'fr-FR' })[tag] ?? tag
