import { Moment } from '#core/web/age.tsx'
import { useQueryOf } from '#core/web/hooks.ts'
import { Link } from '#core/web/navigation.tsx'
import { PageHead, Section } from '#core/web/page.tsx'
import { EmptyState, NotYet } from '#core/web/problem.tsx'
import { StateWord, type StateTone } from '#core/web/state-word.tsx'
import { Table } from '#core/web/table.tsx'
import { useWords } from '#core/web/words.ts'
import { oversight, type OversightLine } from './contract.ts'
import { weaknessDays } from './rules.ts'

const tones: Record<OversightLine['state'], StateTone> = {
  overdue: 'alarm',
  'to-review': 'waiting',
  open: 'waiting',
  noted: 'none',
  reviewed: 'done',
  done: 'done',
}

/** Who did what out of the ordinary, and whether somebody has looked: overdue reviews on top. Never the content. Made for the desk. */
export function Page() {
  const t = useWords('sharing')
  const { data, error, refetch } = useQueryOf(oversight, {}, { watches: ['sharing.oversight'] })
  if (!data) return <NotYet problem={error} onRetry={() => void refetch()} />
  return (
    <div className="page">
      <PageHead title={t('oversight.title')} lead={t('oversight.lead')} actions={<Link to="/sharing">{t('title')}</Link>} />
      <Section title={t('oversight.list')}>
        <Table
          label={t('oversight.title')}
          rows={data.lines}
          rowId={({ id }) => id}
          alarmed={({ state }) => state === 'overdue'}
          columns={[
            {
              id: 'what',
              title: t('oversight.what'),
              names: true,
              cell: ({ kind, times }) => `${t(`oversight.kind.${kind}`)}${times > 1 ? ` · ${t('oversight.times', { times })}` : ''}`,
              sort: ({ kind }) => kind,
            },
            {
              id: 'by',
              title: t('oversight.by'),
              cell: ({ by, byAgency }) => [by, byAgency].filter((one) => one !== '').join(', '),
              sort: ({ byAgency }) => byAgency,
            },
            { id: 'at', title: t('oversight.at'), cell: ({ at }) => <Moment at={at} />, sort: ({ at }) => at },
            { id: 'agencies', title: t('oversight.agencies'), cell: ({ agencies }) => agencies.join(', ') },
            {
              id: 'state',
              title: t('oversight.state'),
              cell: ({ state, reviewDueAt, reviewed }) => (
                <span className="stack">
                  <StateWord tone={tones[state]}>{t(`oversight.is.${state}`)}</StateWord>
                  {reviewed ? (
                    <span className="soft">
                      {reviewed.by === '' ? null : `${reviewed.by}, `}
                      <Moment at={reviewed.at} />
                    </span>
                  ) : reviewDueAt ? (
                    <span className="soft">
                      {t('oversight.due')} <Moment at={reviewDueAt} />
                    </span>
                  ) : null}
                </span>
              ),
              text: ({ state }) => state,
            },
            {
              id: 'who',
              title: t('oversight.who'),
              cell: ({ about }) => <Link to={`/record/availability?table=${about.table}&row=${about.id}`}>{t('oversight.whoHad')}</Link>,
            },
          ]}
          empty={
            <EmptyState title={t('oversight.none')}>
              <p>{t('oversight.noneMore', { days: weaknessDays })}</p>
            </EmptyState>
          }
        />
      </Section>
      <p className="soft">{data.basis}</p>
    </div>
  )
}
