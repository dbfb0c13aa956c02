import { Link } from '#core/web/navigation.tsx'
import { PageHead } from '#core/web/page.tsx'
import { useWords } from '#core/web/words.ts'
import { Groups } from './parts/tonight.tsx'

/** The same lines as on the start page, for whoever looks for them. */
export function Page() {
  const t = useWords('structure')
  return (
    <div className="page">
      <PageHead title={t('tonight.title')} lead={t('tonight.lead')} actions={<Link to="/structure/stress">{t('stress.title')}</Link>} />
      <Groups />
    </div>
  )
}
