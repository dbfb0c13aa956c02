import { Moment } from '#core/web/age.tsx'
import { LabelBadge } from '#core/web/badge.tsx'
import { useQueryOf } from '#core/web/hooks.ts'
import { PageHead, Section } from '#core/web/page.tsx'
import { EmptyState, NotYet } from '#core/web/problem.tsx'
import { StateWord } from '#core/web/state-word.tsx'
import { Table } from '#core/web/table.tsx'
import { useWords } from '#core/web/words.ts'
import { type Restriction, restrictions } from './contract.ts'

/** What an agency keeps from whom it was meant for; and, for the chair and data-protection posts, how much of each agency's is kept so. */
export function Page() {
  const t = useWords('sharing')
  const { data, error, refetch } = useQueryOf(restrictions, {}, { watches: ['sharing.items', 'sharing.pointers'] })
  if (!data) return <NotYet problem={error} onRetry={() => void refetch()} />
  return (
    <div className="page">
      <PageHead title={t('restriction.title')} lead={t('restriction.lead')} />
      {data.of === null ? null : (
        <Section title={t('restriction.own')}>
          <p>{t('restriction.of', { many: data.restrictions.length, all: data.of })}</p>
          <Lines lines={data.restrictions} />
        </Section>
      )}
      {data.agencies.length === 0 ? null : (
        <Section title={t('restriction.agencies')}>
          <Table
            label={t('restriction.agencies')}
            rows={data.agencies}
            rowId={({ name }) => name}
            columns={[
              { id: 'name', title: t('restriction.agency'), names: true, cell: ({ name }) => name, sort: ({ name }) => name },
              {
                id: 'share',
                title: t('restriction.share'),
                cell: ({ restricted }) => `${restricted} %`,
                sort: ({ restricted }) => restricted,
              },
              { id: 'late', title: t('restriction.late'), cell: ({ pastEnd }) => `${pastEnd} %`, sort: ({ pastEnd }) => pastEnd },
            ]}
            empty={null}
          />
        </Section>
      )}
      <p className="field-help">{data.basis}</p>
    </div>
  )
}

function Lines({ lines }: { lines: readonly Restriction[] }) {
  const t = useWords('sharing')
  return (
    <Table
      label={t('restriction.own')}
      rows={lines}
      rowId={({ id }) => id}
      alarmed={({ pastEnd }) => pastEnd}
      columns={[
        { id: 'title', title: t('restriction.what'), names: true, cell: ({ title }) => title, sort: ({ title }) => title },
        {
          id: 'state',
          title: t('restriction.how'),
          cell: ({ ways, pastEnd, aboveUsual }) => (
            <span className="stack">
              {pastEnd ? <StateWord tone="alarm">{t('restriction.pastEnd')}</StateWord> : null}
              {ways.map((way) => (
                <span key={way}>{t(`restriction.way.${way}`)}</span>
              ))}
              {aboveUsual === null ? null : <span>{t('restriction.above', { usual: aboveUsual })}</span>}
            </span>
          ),
          text: ({ ways }) => ways.join(' '),
        },
        { id: 'because', title: t('restriction.because'), cell: ({ because }) => because ?? t('restriction.noReason') },
        { id: 'since', title: t('restriction.since'), cell: ({ since }) => <Moment at={since} />, sort: ({ since }) => since },
        {
          id: 'until',
          title: t('restriction.until'),
          cell: ({ until }) => (until === null ? t('restriction.noEnd') : <Moment at={until} />),
          sort: ({ until }) => until ?? '',
        },
        { id: 'label', title: t('label'), cell: ({ label, marking }) => <LabelBadge label={label} marking={marking} /> },
      ]}
      empty={
        <EmptyState title={t('restriction.none')}>
          <p>{t('restriction.noneMore')}</p>
        </EmptyState>
      }
    />
  )
}
