import { Age } from '#core/web/age.tsx'
import { Badge, LabelBadge } from '#core/web/badge.tsx'
import { Button } from '#core/web/button.tsx'
import { useCommandOf } from '#core/web/hooks.ts'
import { Problem } from '#core/web/problem.tsx'
import { StateWord } from '#core/web/state-word.tsx'
import { useWords } from '#core/web/words.ts'
import { acknowledgeOutcome, type DecisionLine, type Outcome } from '../contract.ts'
import '../decisions.css'

/** What is open about a decision, in words: reasons owed, review due, not confirmed, position not adopted, old or contested facts. */
export function States({ line }: { line: DecisionLine }) {
  const t = useWords('response')
  return (
    <span className="row">
      {line.state === 'reversed' ? <Badge>{t('decision.reversed')}</Badge> : null}
      {line.rationale === 'given' ? null : (
        <StateWord tone={line.rationale === 'overdue' ? 'alarm' : 'waiting'}>{t(`decision.rationaleState.${line.rationale}`)}</StateWord>
      )}
      {line.review === 'due' ? <StateWord tone="alarm">{t('decision.reviewDue')}</StateWord> : null}
      {line.confirmedAt === null ? (
        <StateWord tone="waiting">{t('decision.notConfirmed')}</StateWord>
      ) : (
        <StateWord tone="done">{t('decision.confirmed')}</StateWord>
      )}
      {line.flagged > 0 ? <StateWord tone="unknown">{t('decision.flagged', { count: line.flagged })}</StateWord> : null}
      {line.dissents > 0 ? <Badge>{t('decision.notAdopted', { count: line.dissents })}</Badge> : null}
      {line.versions > 1 ? <Badge>{t('decision.versions', { count: line.versions })}</Badge> : null}
    </span>
  )
}

/** What is to be done, who has it, and who has not said so yet. */
export function Outcomes({ outcomes }: { outcomes: readonly Outcome[] }) {
  const t = useWords('response')
  const acknowledge = useCommandOf(acknowledgeOutcome, { changes: ['response.outcome_acknowledgements'], title: t('decision.acknowledge') })
  return (
    <ul className="decision-outcomes">
      {acknowledge.problem ? <Problem problem={acknowledge.problem} /> : null}
      {outcomes.map((outcome) => (
        <li key={outcome.id}>
          <strong>{outcome.words}</strong>
          <div className="row soft">
            <Age at={outcome.toldAt} />
            <LabelBadge label={outcome.label} marking={outcome.marking} />
            {outcome.mine ? (
              <StateWord tone="done">{t('decision.acknowledgedByYou')}</StateWord>
            ) : (
              <Button onPress={() => void acknowledge.run({ outcomeId: outcome.id })}>{t('decision.acknowledge')}</Button>
            )}
          </div>
          <p className="soft">
            {outcome.acknowledgements.length === 0
              ? t('decision.nobodyAcknowledged')
              : `${t('decision.acknowledgedBy')} ${outcome.acknowledgements.map(({ postTitle, agencyName }) => `${postTitle} (${agencyName})`).join(', ')}`}
          </p>
        </li>
      ))}
    </ul>
  )
}
