import { Moment } from '#core/web/age.tsx'
import { Badge, LabelBadge } from '#core/web/badge.tsx'
import { Button } from '#core/web/button.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { Link, useGo, useParts } from '#core/web/navigation.tsx'
import { Facts, PageHead, Section } from '#core/web/page.tsx'
import { NotYet, Problem } from '#core/web/problem.tsx'
import { StateWord } from '#core/web/state-word.tsx'
import { useView } from '#core/web/view.ts'
import { useOpened } from '#core/web/opened.ts'
import { useWords } from '#core/web/words.ts'
import { useCentre } from '../../centre/parts/use-centre.tsx'
import { confirmEntry } from '../../loggist/contract.ts'
import { type Decision, decision, type Version } from '../contract.ts'
import { AddDissent, Correct, GiveRationale, Review, TellOutcome } from '../parts/deeds.tsx'
import { Outcomes, States } from '../parts/standing.tsx'
import { watchedTables } from '../parts/watched.tsx'

/** One decision whole: what was asked, what was weighed, what was chosen and why, who disagreed, and every version of it. Never on a wall. */
export function Page() {
  const t = useWords('response')
  const view = useView()
  const { incidentId = '', decisionId = '' } = useParts()
  useCentre(incidentId)
  const { data, error, refetch } = useQueryOf(decision, { decisionId }, { watches: watchedTables, when: view !== 'wall' })
  useOpened('response.decisions', data?.versions[0]?.id)
  if (view === 'wall')
    return (
      <div className="page">
        <h1>{t('decision.notOnWall')}</h1>
      </div>
    )
  if (!data) return <NotYet problem={error} onRetry={() => void refetch()} />
  return <Whole data={data} here={`/response/centre/${incidentId}/decisions`} />
}

function Whole({ data, here }: { data: Decision; here: string }) {
  const t = useWords('response')
  const { line, versions, can } = data
  const [now, ...before] = versions
  const go = useGo()
  const confirm = useCommandOf(confirmEntry, { title: t('decision.confirm'), changes: ['response.confirmations'] })
  return (
    <div className="page">
      <PageHead
        title={`${t('decision.one', { number: line.number })}: ${line.question}`}
        lead={<Link to={here}>{t('decision.list')}</Link>}
        aside={<LabelBadge label={line.label} marking={line.marking} />}
        actions={
          <>
            {can.confirm ? (
              <Button kind="primary" busy={confirm.state === 'sending'} onPress={() => void confirm.run({ decisionId: line.id })}>
                {t('decision.confirm')}
              </Button>
            ) : null}
            {can.giveRationale ? <GiveRationale decisionId={line.id} /> : null}
            {can.correct && now ? <Correct decisionId={line.id} version={now} reviewAt={line.reviewAt} /> : null}
            {can.tell ? <TellOutcome decisionId={line.id} /> : null}
            <Review decisionId={line.id} />
            {can.reverse ? <Button onPress={() => go(`${here}/record`, { reverses: line.id })}>{t('decision.reverse')}</Button> : null}
          </>
        }
      />
      {confirm.problem ? <Problem problem={confirm.problem} /> : null}
      <States line={line} />
      <Facts
        facts={[
          { name: t('decision.chosen'), value: <strong>{line.chosen}</strong> },
          { name: t('decision.by'), value: `${line.decidedByPost}, ${line.decidedByAgency}` },
          { name: t('decision.at'), value: <Moment at={line.decidedAt} /> },
          { name: t('decision.loggist'), value: line.loggistName },
          {
            name: t('decision.confirmedAt'),
            value:
              line.confirmedAt === null ? (
                <StateWord tone="waiting">{t('decision.notConfirmed')}</StateWord>
              ) : (
                <Moment at={line.confirmedAt} />
              ),
          },
          { name: t('decision.reviewAt'), value: <Moment at={line.reviewAt} /> },
          ...(line.reversesId === null
            ? []
            : [{ name: t('decision.reverses'), value: <Link to={`${here}/${line.reversesId}`}>{t('decision.earlier')}</Link> }]),
          ...(line.reversedById === null
            ? []
            : [{ name: t('decision.reversedBy'), value: <Link to={`${here}/${line.reversedById}`}>{t('decision.later')}</Link> }]),
        ]}
      />
      {now ? <VersionParts version={now} rationaleGivenAt={data.rationaleGivenAt} line={line} /> : null}
      <Section
        title={t('decision.dissent')}
        aside={can.addDissent ? <AddDissent decisionId={line.id} incidentId={line.incidentId} /> : undefined}
      >
        {data.dissents.length === 0 ? <p className="soft">{t('decision.noDissent')}</p> : null}
        {data.dissents.map((dissent) => (
          <figure key={dissent.id} className="decision-dissent">
            <figcaption>
              <Badge>{t('decision.positionNotAdopted')}</Badge> {dissent.postTitle ? `${dissent.postTitle}, ` : ''}
              {dissent.agencyName} · <Moment at={dissent.saidAt} />
            </figcaption>
            <blockquote className="decision-words">{dissent.words}</blockquote>
          </figure>
        ))}
      </Section>
      <Section title={t('decision.outcomes')}>
        {data.outcomes.length === 0 ? <p className="soft">{t('decision.noOutcomes')}</p> : null}
        <Outcomes outcomes={data.outcomes} />
      </Section>
      {data.reviews.length === 0 ? null : (
        <Section title={t('decision.reviews')}>
          <ul>
            {data.reviews.map((review) => (
              <li key={review.reviewedAt}>
                <Moment at={review.reviewedAt} /> {review.words}{' '}
                <span className="soft">
                  {t('decision.next')} <Moment at={review.nextReviewAt} />
                </span>
              </li>
            ))}
          </ul>
        </Section>
      )}
      {before.length === 0 ? null : (
        <Section title={t('decision.earlierVersions')}>
          <p className="prose soft">{t('decision.versionsMore')}</p>
          {versions.slice(0, -1).map((version) => (
            <p key={version.id}>
              <Moment at={version.enteredAt} /> {version.correctedByName}: {version.correctionReason}
            </p>
          ))}
          {before.map((version) => (
            <details key={version.id}>
              <summary>
                {t('decision.versionOf')} <Moment at={version.enteredAt} />: {version.question}
              </summary>
              <VersionParts version={version} rationaleGivenAt={null} />
            </details>
          ))}
        </Section>
      )}
    </div>
  )
}

const verdictTone = { yes: 'done', 'in-part': 'begun', no: 'none', 'not-known': 'unknown' } as const

function VersionParts({ version, rationaleGivenAt, line }: { version: Version; rationaleGivenAt: string | null; line?: Decision['line'] }) {
  const t = useWords('response')
  return (
    <>
      <Section title={t('decision.why')}>
        {version.rationale === null && rationaleGivenAt === null ? (
          <p>
            <StateWord tone={line?.rationale === 'overdue' ? 'alarm' : 'waiting'}>
              {t(`decision.rationaleState.${line?.rationale === 'overdue' ? 'overdue' : 'owed'}`)}
            </StateWord>{' '}
            {version.rationaleDueAt === null ? null : <Moment at={version.rationaleDueAt} />}
          </p>
        ) : null}
        {version.rationale === null ? null : <p className="prose decision-words">{version.rationale}</p>}
        {rationaleGivenAt === null ? null : (
          <p className="soft">
            {t('decision.rationaleLater')} <Moment at={rationaleGivenAt} />
          </p>
        )}
        {version.lateReason === null || version.correctionReason !== null ? null : (
          <p className="soft">{t('timeline.late', { reason: version.lateReason })}</p>
        )}
      </Section>
      <Section title={t('decision.options')}>
        <div className="decision-options">
          {version.options.map((option) => (
            <div key={option.id} className={`decision-option${option.chosen ? ' decision-option-chosen' : ''}`}>
              <strong>
                {option.text} {option.chosen ? <Badge>{t('decision.chosenBadge')}</Badge> : null}
              </strong>
              <div className="decision-three">
                {(['suitable', 'feasible', 'acceptable'] as const).map((verdict) => (
                  <div key={verdict}>
                    <StateWord
                      tone={verdictTone[option.verdicts[verdict]]}
                    >{`${t(`decision.${verdict}`)}: ${t(`decision.verdict.${option.verdicts[verdict]}`)}`}</StateWord>
                    <div>
                      {option[({ suitable: 'suitability', feasible: 'feasibility', acceptable: 'acceptability' } as const)[verdict]]}
                    </div>
                  </div>
                ))}
              </div>
            </div>
          ))}
        </div>
      </Section>
      {version.grounds.length === 0 ? null : (
        <Section title={t('decision.restsOn')}>
          <ul>
            {version.grounds.map((ground) => (
              <li key={`${ground.kind} ${ground.words}`}>
                <Badge>{t(`decision.kind.${ground.kind}`)}</Badge> {ground.words}{' '}
                {ground.source === '' ? null : <span className="soft">({ground.source})</span>}{' '}
                {ground.flag === 'none' ? null : <StateWord tone="unknown">{t(`decision.flag.${ground.flag}`)}</StateWord>}
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  )
}
