import { Age, Moment } from '#core/web/age.tsx'
import { LabelBadge } from '#core/web/badge.tsx'
import { Button } from '#core/web/button.tsx'
import { useQueryOf } from '#core/web/hooks.ts'
import { Link, useGo, useParts } from '#core/web/navigation.tsx'
import { PageHead, Section } from '#core/web/page.tsx'
import { EmptyState, NotYet } from '#core/web/problem.tsx'
import { Table } from '#core/web/table.tsx'
import { useView } from '#core/web/view.ts'
import { Headline } from '#core/web/wall.tsx'
import { useWords } from '#core/web/words.ts'
import { useCentre } from '../centre/parts/use-centre.tsx'
import { type DecisionLine, decisions, type Outcome } from './contract.ts'
import { Outcomes, States } from './parts/standing.tsx'
import { watchedTables } from './parts/watched.tsx'

/** The decisions of an incident, and what follows from them. A wall shows only what follows: never options, reasons or dissent. */
export function Page() {
  const t = useWords('response')
  const view = useView()
  const go = useGo()
  const { incidentId = '' } = useParts()
  useCentre(incidentId)
  const { data, error, refetch } = useQueryOf(decisions, { incidentId }, { watches: watchedTables })
  const here = `/response/centre/${incidentId}`
  if (!data) return <NotYet problem={error} onRetry={() => void refetch()} />
  if (view === 'wall') return <OutcomesOnWall outcomes={data.outcomes} />
  return (
    <div className="page">
      <PageHead
        title={t('decision.list')}
        lead={t('decision.listLead')}
        aside={<Link to={here}>{t('decision.centre')}</Link>}
        actions={
          data.can.record ? (
            <Button kind="primary" onPress={() => go(`${here}/decisions/record`)}>
              {t('decision.record')}
            </Button>
          ) : undefined
        }
      />
      <Section title={t('decision.made')}>
        <Table
          label={t('decision.list')}
          rows={data.decisions}
          rowId={({ id }) => id}
          onOpen={({ id }) => go(`${here}/decisions/${id}`)}
          alarmed={({ rationale, review }) => rationale === 'overdue' || review === 'due'}
          columns={[
            { id: 'number', title: t('decision.number'), cell: ({ number }) => number, sort: ({ number }) => number, figures: true },
            { id: 'at', title: t('decision.at'), cell: ({ decidedAt }) => <Moment at={decidedAt} />, sort: ({ decidedAt }) => decidedAt },
            {
              id: 'question',
              title: t('decision.question'),
              names: true,
              text: ({ question }) => question,
              cell: (line) => <Question line={line} here={here} />,
            },
            {
              id: 'by',
              title: t('decision.by'),
              cell: ({ decidedByPost, decidedByAgency }) => `${decidedByPost}, ${decidedByAgency}`,
              sort: ({ decidedByPost }) => decidedByPost,
            },
            { id: 'state', title: t('decision.state'), cell: (line) => <States line={line} /> },
            {
              id: 'review',
              title: t('decision.reviewAt'),
              cell: ({ reviewAt }) => <Moment at={reviewAt} />,
              sort: ({ reviewAt }) => reviewAt,
            },
            { id: 'label', title: t('decision.label'), cell: ({ label, marking }) => <LabelBadge label={label} marking={marking} /> },
          ]}
          empty={
            <EmptyState title={t('decision.none')}>
              <p>{t('decision.noneMore')}</p>
            </EmptyState>
          }
        />
      </Section>
      <Section title={t('decision.outcomes')}>
        {data.outcomes.length === 0 ? <p className="soft">{t('decision.noOutcomes')}</p> : null}
        <Outcomes outcomes={data.outcomes} />
      </Section>
    </div>
  )
}

const Question = ({ line, here }: { line: DecisionLine; here: string }) => (
  <>
    <Link to={`${here}/decisions/${line.id}`}>{line.question}</Link>
    <div className="soft">{line.chosen}</div>
  </>
)

function OutcomesOnWall({ outcomes }: { outcomes: readonly Outcome[] }) {
  const t = useWords('response')
  return (
    <div className="page">
      <h1>{t('decision.outcomes')}</h1>
      {outcomes.length === 0 ? <p>{t('decision.noOutcomes')}</p> : null}
      <div className="headlines">
        {outcomes.slice(0, 4).map((outcome) => (
          <Headline key={outcome.id} name={t('decision.toBeDone')} age={<Age at={outcome.toldAt} />}>
            {outcome.words}
          </Headline>
        ))}
      </div>
    </div>
  )
}
