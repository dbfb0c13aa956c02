import { LabelBadge } from '#core/web/badge.tsx'
import { Button } from '#core/web/button.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { Link, useParts } from '#core/web/navigation.tsx'
import { PageHead, Section } from '#core/web/page.tsx'
import { EmptyState, NotYet, Problem } from '#core/web/problem.tsx'
import { StateWord } from '#core/web/state-word.tsx'
import { Timeline } from '#core/web/timeline.tsx'
import { useView } from '#core/web/view.ts'
import { useWords } from '#core/web/words.ts'
import { useCentre } from '../centre/parts/use-centre.tsx'
import { saidBy } from '../timeline/parts/entries.tsx'
import { confirmEntry, type Line, loggistDesk } from './contract.ts'
import { CorrectLine } from './parts/correct-line.tsx'
import { LineForm } from './parts/line-form.tsx'

const watches = ['response.log_entries', 'response.confirmations', 'response.decisions']

/** The fastest typing surface of all: what was said, by whom, when; oldest above, newest just over the line that is being typed. */
export function Page() {
  const t = useWords('response')
  const view = useView()
  const { incidentId = '' } = useParts()
  useCentre(incidentId)
  const { data, error, refetch } = useQueryOf(loggistDesk, { incidentId }, { watches, when: view !== 'wall' })
  if (view === 'wall')
    return (
      <div className="page">
        <h1>{t('loggist.notOnWall')}</h1>
      </div>
    )
  if (!data) return <NotYet problem={error} onRetry={() => void refetch()} />
  const here = `/response/centre/${incidentId}`
  const { lines, decisions } = data.waiting
  return (
    <div className="page">
      <PageHead
        title={t('loggist.title')}
        lead={t('loggist.lead')}
        aside={
          <>
            <Link to={`${here}/decisions/record`}>{t('decision.record')}</Link>
            <Link to={here}>{t('decision.centre')}</Link>
          </>
        }
      />
      {lines.length + decisions.length > 0 ? (
        <Section title={t('loggist.forYou')}>
          <p className="prose soft">{t('loggist.forYouLead')}</p>
          <ul className="decision-outcomes">
            {decisions.map((decision) => (
              <li key={decision.id}>
                <Link to={`${here}/decisions/${decision.id}`}>{decision.question}</Link> <span className="soft">{decision.chosen}</span>
              </li>
            ))}
          </ul>
          <Lines lines={lines} label={t('loggist.forYou')} />
        </Section>
      ) : null}
      <Section title={t('loggist.lines')}>
        {data.lines.length === 0 ? (
          <EmptyState title={t('loggist.none')}>
            <p>{t('loggist.noneMore')}</p>
          </EmptyState>
        ) : (
          <Lines lines={data.lines} label={t('loggist.lines')} />
        )}
      </Section>
      {data.can.enter ? <LineForm incidentId={incidentId} posts={data.posts} /> : <p className="soft">{t('loggist.mayNot')}</p>}
    </div>
  )
}

function Lines({ lines, label }: { lines: readonly Line[]; label: string }) {
  const t = useWords('response')
  const confirm = useCommandOf(confirmEntry, { title: t('loggist.confirm'), changes: ['response.confirmations'] })
  return (
    <>
      {confirm.problem ? <Problem problem={confirm.problem} /> : null}
      <Timeline
        label={label}
        oldestFirst
        items={lines.map((line) => ({
          id: line.id,
          occurredAt: line.occurredAt,
          recordedAt: line.enteredAt,
          title: saidBy(t, line),
          by: [
            line.postTitle === null ? null : `${line.postTitle}${line.agencyName === null ? '' : `, ${line.agencyName}`}`,
            line.enteredBy && t('loggist.enteredBy', { name: line.enteredBy }),
          ]
            .filter(Boolean)
            .join(' · '),
          label: <LabelBadge label={line.label} marking={line.marking} />,
          body: <Standing line={line} onConfirm={() => void confirm.run({ entryId: line.id })} />,
        }))}
      />
    </>
  )
}

function Standing({ line, onConfirm }: { line: Line; onConfirm: () => void }) {
  const t = useWords('response')
  return (
    <span className="row">
      {line.confirmation === 'waiting' ? <StateWord tone="waiting">{t('decision.notConfirmed')}</StateWord> : null}
      {line.confirmation === 'confirmed' ? <StateWord tone="done">{t('decision.confirmed')}</StateWord> : null}
      {line.correctedById !== null ? <StateWord tone="none">{t('timeline.corrected')}</StateWord> : null}
      {line.correctsId !== null ? <StateWord tone="none">{t('timeline.corrects')}</StateWord> : null}
      {line.lateReason === null ? null : <span className="soft">{t('timeline.late', { reason: line.lateReason })}</span>}
      {line.mine && line.confirmation === 'waiting' ? <Button onPress={onConfirm}>{t('loggist.confirm')}</Button> : null}
      {line.code === null && line.correctedById === null ? <CorrectLine id={line.id} text={line.text} /> : null}
    </span>
  )
}
