import type { Languages } from '#core/web/words.ts'

/** A language is one file of words here and one in each area. */
export const languages: Languages = {
  en: () => import('./words/en.ts'),
  fr: () => import('./words/fr.ts'),
}
