import { useEffect } from 'react'
import { packs } from '#core/record/pack/contract.ts'
import { useQueryOf } from '#core/web/hooks.ts'
import { Link, useParts } from '#core/web/navigation.tsx'
import { PageHead, Section } from '#core/web/page.tsx'
import { EmptyState, NotYet } from '#core/web/problem.tsx'
import { useWords } from '#core/web/words.ts'
import { Holds } from './parts/holds.tsx'
import { Made } from './parts/made.tsx'
import { MakePack } from './parts/make.tsx'

const lookAgain = 2_000

/** For an inquiry post, a legal adviser or a data-protection post: an incident as a bundle for a named receiver, and what was made before. */
export function Page() {
  const t = useWords('response')
  const { incidentId = '' } = useParts()
  const { data, error, refetch } = useQueryOf(packs, { thread: incidentId }, { watches: ['record.packs', 'record.pack_downloads'] })
  const making = data?.packs.some(({ state }) => state === 'asked') ?? false
  useEffect(() => {
    if (!making) return undefined
    // How far it is stands in no entry, so the stream does not tell of it.
    const timer = setInterval(() => void refetch(), lookAgain)
    return () => clearInterval(timer)
  }, [making, refetch])
  if (!data) return <NotYet problem={error} onRetry={() => void refetch()} />
  return (
    <div className="page">
      <PageHead
        title={t('pack.title')}
        lead={t('pack.lead')}
        actions={<Link to={`/response/centre/${incidentId}`}>{t('timeline.back')}</Link>}
      />
      <Holds incidentId={incidentId} />
      <MakePack incidentId={incidentId} all={data.can.all} strong={data.strong} onConfirmed={() => void refetch()} />
      <Section title={t('pack.made')}>
        {data.packs.length === 0 ? (
          <EmptyState title={t('pack.none')}>
            <p>{t('pack.noneMore')}</p>
          </EmptyState>
        ) : (
          data.packs.map((one) => <Made key={one.id} pack={one} strong={data.strong} />)
        )}
      </Section>
    </div>
  )
}
