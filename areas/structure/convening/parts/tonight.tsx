import { Age } from '#core/web/age.tsx'
import { LabelBadge } from '#core/web/badge.tsx'
import { Button } from '#core/web/button.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { Section } from '#core/web/page.tsx'
import { Problem } from '#core/web/problem.tsx'
import { StateWord, type StateTone } from '#core/web/state-word.tsx'
import { useWords } from '#core/web/words.ts'
import { convening, conveneTonight, type Line } from '../contract.ts'

const tones: Record<Line['state'], StateTone> = { fail: 'alarm', unknown: 'waiting', pass: 'done' }
const order: readonly Line['state'][] = ['fail', 'unknown', 'pass']

/** Could we convene tonight? For those who may know; for everybody else this is not there at all. */
export function Panel() {
  const t = useWords('structure')
  const { data } = useQueryOf(convening, {}, { watches: ['structure.convening_runs'] })
  const run = useCommandOf(conveneTonight, { changes: ['structure.convening_runs'] })
  if (!data || data.groups.length === 0) return null
  return (
    <Section title={t('tonight.title')}>
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
    </Section>
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
