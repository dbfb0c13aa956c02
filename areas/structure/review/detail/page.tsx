import { Moment } from '#core/web/age.tsx'
import { LabelBadge } from '#core/web/badge.tsx'
import { useQueryOf } from '#core/web/hooks.ts'
import { Link, useParts } from '#core/web/navigation.tsx'
import { Facts, PageHead, Section } from '#core/web/page.tsx'
import { NotYet } from '#core/web/problem.tsx'
import { StateWord } from '#core/web/state-word.tsx'
import { Table } from '#core/web/table.tsx'
import { useWords } from '#core/web/words.ts'
import { Differences } from '../../network/parts/differences.tsx'
import { differencesBetween } from '../../network/rules/differences.ts'
import { review, reviewTables } from '../contract.ts'
import { tones } from '../page.tsx'
import { Comments } from '../parts/comments.tsx'
import { Offer, Withdraw } from '../parts/writing.tsx'
import { Signing } from '../parts/signing.tsx'

/** One review: what it would change first, then who must sign and who has, then what was said. */
export function Page() {
  const t = useWords('structure')
  const { reviewId = '' } = useParts()
  const { data, error, refetch } = useQueryOf(review, { reviewId }, { watches: reviewTables })
  if (!data) return <NotYet problem={error} onRetry={() => void refetch()} />
  return (
    <div className="page">
      <PageHead
        title={data.title}
        lead={
          <span className="row">
            <StateWord tone={tones[data.state]}>{t(`review.is.${data.state}`)}</StateWord>
            {data.overdue ? <StateWord tone="alarm">{t('review.overdue')}</StateWord> : null}
            {data.stale ? <StateWord tone="alarm">{t('review.stale')}</StateWord> : null}
          </span>
        }
        aside={<LabelBadge label={data.label} marking={data.marking} />}
        actions={
          <span className="row">
            {data.can.write ? <Link to={`/structure/network?review=${data.id}`}>{t('review.edit')}</Link> : null}
            {data.can.write && data.state === 'draft' ? <Offer reviewId={data.id} /> : null}
            {data.can.write ? <Withdraw reviewId={data.id} /> : null}
            <Link to="/structure/reviews">{t('review.title')}</Link>
          </span>
        }
      />
      {data.stale ? <p className="prose">{t('review.staleMore')}</p> : null}
      <Facts
        facts={[
          { name: t('review.reason'), value: data.reason },
          { name: t('review.trigger'), value: t(`review.triggers.${data.trigger}`) },
          { name: t('review.by'), value: `${data.proposedBy}, ${data.agencyName}` },
          { name: t('review.drafted'), value: <Moment at={data.draftedAt} /> },
          ...(data.signBy ? [{ name: t('review.signBy'), value: <Moment at={data.signBy} /> }] : []),
          ...(data.effectiveAt ? [{ name: t('review.effective'), value: <Moment at={data.effectiveAt} /> }] : []),
          ...(data.nextDueAt ? [{ name: t('review.next'), value: <Moment at={data.nextDueAt} /> }] : []),
          ...(data.versionNumber
            ? [
                {
                  name: t('review.version'),
                  value: (
                    <Link to={`/structure/network?version=${data.versionNumber}`}>
                      {t('review.versionNumber', { number: data.versionNumber })}
                    </Link>
                  ),
                },
              ]
            : []),
          ...(data.endReason ? [{ name: t('review.endReason'), value: data.endReason }] : []),
        ]}
      />
      <Section title={t('review.changes')}>
        <Differences label={t('review.changes')} differences={differencesBetween(data.base, data.proposed)} />
        <p className="soft">{t('review.hash', { hash: `${data.hash.slice(0, 16)}…` })}</p>
      </Section>
      {data.parties.length > 0 ? (
        <Section title={t('review.parties')}>
          <Signing detail={data} />
        </Section>
      ) : null}
      <Section title={t('review.comments')}>
        <Comments detail={data} />
      </Section>
      {data.verdicts.length > 0 ? (
        <Section title={t('review.history')}>
          <Table
            label={t('review.history')}
            rows={data.verdicts}
            rowId={({ agencyId, round, at }) => `${agencyId} ${round} ${at}`}
            columns={[
              { id: 'agency', title: t('review.agency'), names: true, cell: ({ agencyName }) => agencyName },
              { id: 'verdict', title: t('review.verdict'), cell: ({ verdict }) => t(`review.gave.${verdict}`) },
              { id: 'reason', title: t('review.reason'), cell: ({ reason }) => reason ?? '' },
              { id: 'round', title: t('review.round'), figures: true, cell: ({ round }) => round },
              { id: 'at', title: t('review.at'), cell: ({ at }) => <Moment at={at} /> },
            ]}
          />
        </Section>
      ) : null}
    </div>
  )
}
