import i18next from 'i18next'
import { initReactI18next, useTranslation } from 'react-i18next'
import { chooseLanguage, directionOf, localeOf, rememberLanguage, wishedLanguages } from './language.ts'
import { setTimeLanguage } from './time.ts'

/** One catalogue: a namespace (`kit` or an area's name) to its words. */
export type Catalogue = Record<string, Record<string, unknown>>
export type LoadWords = () => Promise<{ words: Catalogue }>

/** The languages this city offers, and where their words are; each is fetched only when somebody reads in it. */
export interface Languages {
  [tag: string]: LoadWords
}

async function add(tag: string, languages: Languages) {
  const loaded = await languages[tag]?.()
  for (const [namespace, words] of Object.entries(loaded?.words ?? {})) i18next.addResourceBundle(tag, namespace, words, true, true)
}

export async function setLanguage(tag: string, languages: Languages): Promise<void> {
  if (!i18next.hasResourceBundle(tag, 'kit')) await add(tag, languages)
  await i18next.changeLanguage(tag)
  document.documentElement.lang = localeOf(tag)
  document.documentElement.dir = directionOf(tag)
  setTimeLanguage(localeOf(tag))
  rememberLanguage(tag)
}

export async function startWords(languages: Languages): Promise<void> {
  const offered = Object.keys(languages)
  await i18next.use(initReactI18next).init({
    lng: 'cimode',
    fallbackLng: 'en',
    ns: ['kit'],
    defaultNS: 'kit',
    interpolation: { escapeValue: false },
    resources: {},
    react: { useSuspense: false },
  })
  const tag = chooseLanguage(offered, wishedLanguages())
  await setLanguage(tag, languages)
  // English stands behind every other language, so that a missing word shows as English and never as a key
  if (tag !== 'en') void add('en', languages)
}

/** The words of one area (or of the kit): `const t = useWords('response'); t('centre.title')`. */
export const useWords = (namespace = 'kit') => useTranslation(namespace).t
export const useLanguage = (): string => useTranslation().i18n.language
