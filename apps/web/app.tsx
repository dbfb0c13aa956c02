import './strict.ts'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { I18nProvider } from 'react-aria-components/I18nProvider'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { setWorld } from '#core/web/client.ts'
import { localeOf } from '#core/web/language.ts'
import { asProblem } from '#core/web/problem-error.ts'
import { startWords, useLanguage } from '#core/web/words.ts'
import { chosenWorld } from '#core/web/world-choice.ts'
import { languages } from './languages.ts'
import { startOffline } from './offline.ts'
import { router } from './router.tsx'
import '#core/web/print.css'

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (count, error) => count < 2 && asProblem(error).kind === 'no-contact',
      refetchOnWindowFocus: true,
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
})

const App = () => (
  <I18nProvider locale={localeOf(useLanguage())}>
    <QueryClientProvider client={client}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </I18nProvider>
)

/** Draws the window, in the reader's words. */
export async function start(): Promise<void> {
  setWorld(chosenWorld())
  await startWords(languages)
  const root = document.getElementById('root')
  if (!root) throw new Error('the page has no root')
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  )
  startOffline()
}
