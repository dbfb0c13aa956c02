import { Button } from '#core/web/button.tsx'
import { useQueryOf } from '#core/web/hooks.ts'
import { Link, useAddress, useGo, useParts } from '#core/web/navigation.tsx'
import { PageHead, Section } from '#core/web/page.tsx'
import { EmptyState, Problem, Waiting } from '#core/web/problem.tsx'
import { useView } from '#core/web/view.ts'
import { useWords } from '#core/web/words.ts'
import { useCentre } from '../centre/parts/use-centre.tsx'
import { timeline } from './contract.ts'
import { Entries } from './parts/entries.tsx'
import { Shared } from './parts/shared.tsx'
import { WriteEntry } from './parts/write-entry.tsx'

/** For the secretariat and whoever arrives late: the whole timeline, newest first, page by page. */
export function Page() {
  const t = useWords('response')
  const go = useGo()
  const wall = useView() === 'wall'
  const { incidentId = '' } = useParts()
  const { before } = useAddress<{ before: string }>()
  const { data: centre } = useCentre(incidentId)
  const { data, error, refetch } = useQueryOf(
    timeline,
    { incidentId, ...(before ? { before } : {}) },
    { watches: ['response.log_entries'] },
  )
  const failed = error && !data
  return (
    <div className="page">
      <PageHead
        title={centre ? `${centre.incident.name}: ${t('timeline.title')}` : t('timeline.title')}
        lead={t('timeline.lead')}
        {...(wall ? {} : { actions: <Link to={`/response/centre/${incidentId}`}>{t('timeline.back')}</Link> })}
      />
      {centre?.can.writeEntry && !before && !wall ? <WriteEntry incidentId={incidentId} /> : null}
      {before || wall ? null : <Shared incidentId={incidentId} share={centre?.can.writeEntry ?? false} />}
      {failed ? <Problem problem={error} onRetry={() => void refetch()} /> : null}
      {!data && !failed ? <Waiting /> : null}
      {data?.entries.length === 0 ? (
        <EmptyState title={t('timeline.none')}>
          <p>{t('timeline.noneMore')}</p>
        </EmptyState>
      ) : null}
      {data && data.entries.length > 0 ? (
        <Section title={t('timeline.lines')}>
          <Entries entries={data.entries} correct={!wall && (centre?.can.writeEntry ?? false)} acknowledge={!wall} />
        </Section>
      ) : null}
      {data && !wall ? (
        <div className="row">
          {before ? <Button onPress={() => go(undefined, { before: null })}>{t('timeline.newest')}</Button> : null}
          {data.next === null ? (
            <span className="soft">{t('timeline.end')}</span>
          ) : (
            <Button onPress={() => go(undefined, { before: data.next })}>{t('timeline.older')}</Button>
          )}
        </div>
      ) : null}
    </div>
  )
}
