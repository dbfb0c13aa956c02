import { Link } from '#core/web/navigation.tsx'
import { useWords } from '#core/web/words.ts'

/** From the centre to what is decided, given and written down there. */
export function Ways({ incidentId }: { incidentId: string }) {
  const t = useWords('response')
  const here = `/response/centre/${incidentId}`
  return (
    <nav className="row" aria-label={t('decision.ways')}>
      <Link to={`${here}/decisions`}>{t('decision.list')}</Link>
      <Link to={`${here}/tasks`}>{t('task.title')}</Link>
      <Link to={`${here}/log`}>{t('loggist.title')}</Link>
    </nav>
  )
}
