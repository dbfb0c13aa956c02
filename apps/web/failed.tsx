import { Problem } from '#core/web/problem.tsx'
import { ProblemError } from '#core/web/problem-error.ts'
import { useWords } from '#core/web/words.ts'
import { SignIn } from './home.tsx'

/** A page that threw: said plainly, with the way back; the rest of the window still works. */
export function Failed({ error, reset }: { error: unknown; reset: () => void }) {
  const t = useWords()
  const problem =
    error instanceof ProblemError ? error : new ProblemError('unavailable', `${t('problem.page.title')}. ${t('problem.page.detail')}`)
  return (
    <div className="page">
      <Problem problem={problem} onRetry={reset} />
    </div>
  )
}

export function NotHere() {
  const t = useWords()
  if (location.pathname === '/sign-in') return <SignIn />
  return (
    <div className="page">
      <h1>{t('problem.not-found.title')}</h1>
      <p>{t('problem.not-found.detail')}</p>
    </div>
  )
}
