import { Link } from '#core/web/navigation.tsx'
import { useWords } from '#core/web/words.ts'
import type { AreaPages } from './manifests.ts'

/** The mission's cycle in its own words; only what has a page is there. */
export function Navigation({ areas, onGo }: { areas: readonly AreaPages[]; onGo?: () => void }) {
  const t = useWords()
  return (
    <nav className="cycle" aria-label={t('shell.nav')}>
      <ul className="cycle-areas">
        <li>
          <Link to="/" className="cycle-page" onClickCapture={onGo}>
            {t('shell.home')}
          </Link>
        </li>
        {areas.map((one) => (
          <li key={one.area}>
            <h2 className="cycle-area">{t(`area.${one.area}`)}</h2>
            <ul className="cycle-pages">
              {one.pages.map((page) => (
                <li key={page.path}>
                  <Link to={page.path} className="cycle-page" onClickCapture={onGo}>
                    {t(page.title, { ns: one.area })}
                  </Link>
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </nav>
  )
}
