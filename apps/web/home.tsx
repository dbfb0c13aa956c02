import { lazy, Suspense } from 'react'
import { EmptyState } from '#core/web/problem.tsx'
import { Link } from '#core/web/navigation.tsx'
import { PageHead } from '#core/web/page.tsx'
import { useWords } from '#core/web/words.ts'
import { Exercises } from './exercises.tsx'
import { areaPages, inNavigation } from './manifests.ts'

const panels = areaPages.flatMap(({ pages }) =>
  pages.flatMap(({ path, home }) => (home ? [{ path, Panel: lazy(async () => ({ default: (await home()).Panel })) }] : [])),
)

/** The start page: the contents of the city's work, like the first page of a timetable. */
export function Home() {
  const t = useWords()
  const areas = inNavigation(areaPages)
  return (
    <div className="page">
      <PageHead title={t('shell.home')} lead={t('shell.homeLead')} />
      <Exercises />
      <Suspense fallback={null}>
        {panels.map(({ path, Panel }) => (
          <Panel key={path} />
        ))}
      </Suspense>
      {areas.length === 0 ? (
        <EmptyState title={t('shell.homeEmptyTitle')}>
          <p>{t('shell.homeEmpty')}</p>
        </EmptyState>
      ) : (
        <div className="contents">
          {areas.map((one) => (
            <section key={one.area} className="contents-area">
              <h2>{t(`area.${one.area}`)}</h2>
              <ul>
                {one.pages.map((page) => (
                  <li key={page.path}>
                    <Link to={page.path}>{t(page.title, { ns: one.area })}</Link>
                  </li>
                ))}
              </ul>
            </section>
          ))}
        </div>
      )}
    </div>
  )
}

/** Stands at /sign-in until an area or the core offers that page. */
export function SignIn() {
  const t = useWords()
  return (
    <div className="page">
      <PageHead title={t('shell.signedOutTitle')} lead={t('shell.signedOut')} />
    </div>
  )
}
