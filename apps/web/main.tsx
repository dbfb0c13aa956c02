import { fetchEarly } from '#core/web/early.ts'
import { chooseLanguage, wishedLanguages } from '#core/web/language.ts'
import { startLook } from '#core/web/look.ts'
import { chosenWorld, takeWorldFromAddress } from '#core/web/world-choice.ts'
import { languages } from './languages.ts'
import { isOpen, pageAt } from './pages.ts'
import '#core/web/base.css'
import '#core/web/band.css'
import './shell.css'

// This file is small and runs first: everything that a slow line must bring is asked for at once, and not one thing after another.
startLook()
takeWorldFromAddress()
const here = location.pathname
void languages[chooseLanguage(Object.keys(languages), wishedLanguages())]?.()
if (!isOpen(here)) fetchEarly('/api/access/self', chosenWorld())
const page = pageAt(here)
void page?.load().catch(() => {})
const first = page?.early?.(location.search)
if (first) fetchEarly(first, chosenWorld())
const { start } = await import('./app.tsx')
await start()
