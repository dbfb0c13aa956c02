import { Moment, useNow } from '#core/web/age.tsx'
import { LabelBadge } from '#core/web/badge.tsx'
import { Link } from '#core/web/navigation.tsx'
import { Facts } from '#core/web/page.tsx'
import { StateWord } from '#core/web/state-word.tsx'
import { useWords } from '#core/web/words.ts'
import type { RequestAnswer, SharingRequest } from '../contract.ts'
import { timeLeft } from '../rules.ts'
import { Answer } from './answer.tsx'
import { InIncident } from './incident.tsx'
import { Appeal } from './appeal.tsx'

/** Where it stands, in one word and, while it waits, the time that is left. */
function Standing({ one }: { one: SharingRequest }) {
  const t = useWords('sharing')
  const now = useNow(15)
  const left = timeLeft(one.neededBy, now)
  return (
    <span className="row">
      {one.waiting ? (
        <StateWord tone={left.key === 'past' ? 'alarm' : 'waiting'}>
          {t(`request.${left.key}.${left.unit}`, { count: left.count })}
        </StateWord>
      ) : (
        <StateWord tone="done">{t(`request.outcome.${one.outcome ?? 'share'}`)}</StateWord>
      )}
      {one.waiting && one.appeal ? <StateWord tone="begun">{t('request.underAppeal')}</StateWord> : null}
      {one.waiting && one.climbed > 0 ? <span className="soft">{t(`request.climbed.${one.climbed}`)}</span> : null}
      <LabelBadge label={one.label} marking={one.marking} />
    </span>
  )
}

function Given({ answer }: { answer: RequestAnswer }) {
  const t = useWords('sharing')
  return (
    <Facts
      facts={[
        { name: t('request.answerIs'), value: `${t(`request.outcome.${answer.outcome}`)}: ${answer.words}` },
        ...(answer.item
          ? [{ name: t('request.itemIs'), value: <Link to={`/sharing/items/${answer.item.id}`}>{answer.item.title}</Link> }]
          : []),
        ...(answer.pointer ? [{ name: t('request.pointerIs'), value: <Link to="/sharing/pointers">{answer.pointer.title}</Link> }] : []),
        ...(answer.reasonCode ? [{ name: t('request.reasonIs'), value: t(`refusal.${answer.reasonCode}`) }] : []),
        ...(answer.risk ? [{ name: t('request.riskIs'), value: answer.risk }] : []),
        {
          name: t('request.answeredBy'),
          value: (
            <>
              {answer.by}, <Moment at={answer.at} />
            </>
          ),
        },
      ]}
    />
  )
}

export function OneRequest({ one, first = false }: { one: SharingRequest; first?: boolean }) {
  const t = useWords('sharing')
  return (
    <article className="stack" aria-label={one.what}>
      <h3>{one.what}</h3>
      <Standing one={one} />
      <Facts
        facts={[
          ...(one.incidentId === null ? [] : [{ name: t('request.incident'), value: <InIncident id={one.incidentId} /> }]),
          { name: t('request.from'), value: `${one.from} (${one.askedBy})` },
          { name: t('request.toWhom'), value: one.toPost === null ? one.to : `${one.to}, ${one.toPost}` },
          { name: t('request.whyIs'), value: one.why },
          { name: t('request.dutyIs'), value: one.duty || t('request.dutyNone') },
          { name: t('request.neededBy'), value: <Moment at={one.neededBy} /> },
        ]}
      />
      {one.answers.map((answer) => (
        <Given key={answer.round} answer={answer} />
      ))}
      {!one.waiting && one.answers.length === 0 ? <p className="soft">{t('request.notForYou')}</p> : null}
      {one.appeal ? <Facts facts={[{ name: t('request.appealIs'), value: `${one.appeal.words} (${one.appeal.by})` }]} /> : null}
      {one.can.answer ? <Answer one={one} first={first} /> : null}
      {one.can.appeal ? <Appeal one={one} /> : null}
      <details>
        <summary>{t('request.history')}</summary>
        <ol className="plain-list">
          {one.history.map((event) => (
            <li key={`${event.what} ${event.at}`}>
              <Moment at={event.at} /> {t(`request.happened.${event.what}`)}
              {event.by === '' ? '' : ` (${event.by})`}
            </li>
          ))}
        </ol>
      </details>
    </article>
  )
}
