import { Age } from '#core/web/age.tsx'
import { LabelBadge } from '#core/web/badge.tsx'
import { Button } from '#core/web/button.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { Section } from '#core/web/page.tsx'
import { EmptyState, Problem } from '#core/web/problem.tsx'
import { useSession } from '#core/web/session.tsx'
import { StateWord, type StateTone } from '#core/web/state-word.tsx'
import { useWords } from '#core/web/words.ts'
import { convening, conveneTonight, type Line } from '../contract.ts'

const tones: Record<Line['state'], StateTone> = { fail: 'alarm', unknown: 'waiting', pass: 'done' }
const order: readonly Line['state'][] = ['fail', 'unknown', 'pass']

const useConvening = () => useQueryOf(convening, {}, { watches: ['structure.convening_runs'] })

/** On the start page: could we convene tonight? For those who may know; for everybody else this is not there at all. */
export function Panel() {
  const t = useWords('structure')
  const { data } = useConvening()
  if (!data || data.groups.length === 0) return null
  return (
    <Section title={t('tonight.title')}>
      <Groups />
    </Section>
  )
}

/** Each strategic group with its newest answer, and the button that asks again; in an exercise it is said why nothing can be asked. */
export function Groups() {
  const t = useWords('structure')
  const live = useSession().self?.world.kind === 'live'
  const { data } = useConvening()
  const run = useCommandOf(conveneTonight, { changes: ['structure.convening_runs'] })
  if (!data) return null
  if (data.groups.length === 0)
    return (
      <EmptyState title={t('tonight.notYours')}>
        <p>{t('tonight.notYoursMore')}</p>
      </EmptyState>
    )
  return (
    <>
      {live ? null : <p className="soft">{t('tonight.liveOnly')}</p>}
      {run.problem ? <Problem problem={run.problem} /> : null}
      {data.groups.map(({ groupId, name, last }) => (
        <article key={groupId} className="stack" aria-label={name}>
          <span className="row">
            <strong>{name}</strong>
            {last ? <Age at={last.at} /> : <span className="soft">{t('tonight.never')}</span>}
            {last ? <LabelBadge label={last.label} marking={last.marking} /> : null}
            {data.can.run ? (
              <Button busy={run.state === 'sending'} onPress={() => void run.run({ groupId })}>
                {t('tonight.run', { name })}
              </Button>
            ) : null}
          </span>
          {last ? (
            <details>
              <summary>
                {t('tonight.count', { fail: last.lines.filter(({ state }) => state === 'fail').length, lines: last.lines.length })}
              </summary>
              <ul className="plain-list">
                {order.flatMap((state) =>
                  last.lines
                    .filter((line) => line.state === state)
                    .map((line) => <CheckShown key={`${line.area} ${line.code} ${JSON.stringify(line.params)}`} line={line} />),
                )}
              </ul>
              <p className="soft">{t('tonight.basis')}</p>
            </details>
          ) : null}
        </article>
      ))}
    </>
  )
}

function CheckShown({ line: { area, code, state, params } }: { line: Line }) {
  const t = useWords('structure')
  const at = typeof params.at === 'string' ? params.at.slice(0, 10) : ''
  return (
    <li className="row">
      <StateWord tone={tones[state]}>{t(`tonight.state.${state}`)}</StateWord>
      <span>{t(`check.${code}`, { ns: area, ...params, at })}</span>
    </li>
  )
}
