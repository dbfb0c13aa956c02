import './strict.ts'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { I18nProvider } from 'react-aria-components/I18nProvider'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { chosenWorld, setWorld } from '#core/web/client.ts'
import { asProblem } from '#core/web/problem-error.ts'
import { startLook } from '#core/web/view.ts'
import { localeOf, startWords, useLanguage } from '#core/web/words.ts'
import { languages } from './languages.ts'
import { router } from './router.tsx'
import '#core/web/base.css'
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

startLook()
setWorld(chosenWorld())
await startWords(languages)
const root = document.getElementById('root')
if (!root) throw new Error('the page has no root')
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
