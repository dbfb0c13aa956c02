import { Moment } from '#core/web/age.tsx'
import { Button } from '#core/web/button.tsx'
import { DialogButton } from '#core/web/dialog.tsx'
import { TextArea, TextField } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf } from '#core/web/hooks.ts'
import { useWords } from '#core/web/words.ts'
import { type Goal, setGoal, usualLimits } from '../contract.ts'

const figures = ['sharedMinutes', 'decidedMinutes', 'actedMinutes', 'loadLimit', 'spanLimit'] as const

/** What the network is for, in the city's own words; whoever may say it is decided by the server. */
export function GoalLines({ goal }: { goal: Goal | null }) {
  const t = useWords('structure')
  const say = useCommandOf(setGoal, { changes: ['structure.goals'] })
  const words = t(goal ? 'analysis.goalChange' : 'analysis.goalSay')
  return (
    <div className="stack">
      {goal ? (
        <>
          <blockquote className="prose">{goal.words}</blockquote>
          <p className="prose soft">
            {t('analysis.goalTimes', { shared: goal.sharedMinutes, decided: goal.decidedMinutes, acted: goal.actedMinutes })}{' '}
            <Moment at={goal.setAt} />
          </p>
        </>
      ) : (
        <p className="prose soft">{t('analysis.noGoal')}</p>
      )}
      <div className="row">
        <DialogButton words={words} title={words} kind="plain">
          {(close) => (
            <Form
              label={words}
              problem={say.problem}
              onSubmit={(written) =>
                void say
                  .run({
                    words: written.words ?? '',
                    sharedMinutes: written.sharedMinutes,
                    decidedMinutes: written.decidedMinutes,
                    actedMinutes: written.actedMinutes,
                    ...(written.loadLimit ? { loadLimit: written.loadLimit } : {}),
                    ...(written.spanLimit ? { spanLimit: written.spanLimit } : {}),
                  })
                  .then(({ state }) => state === 'done' && close())
              }
            >
              <TextArea name="words" rows={3} label={t('analysis.goalWords')} defaultValue={goal?.words ?? ''} required />
              {figures.map((name) => (
                <TextField
                  key={name}
                  name={name}
                  label={t(`analysis.goalField.${name}`)}
                  defaultValue={String(goal?.[name] ?? (name === 'loadLimit' || name === 'spanLimit' ? usualLimits[name] : ''))}
                  required
                />
              ))}
              <FormButtons>
                <Button type="submit" kind="primary" busy={say.state === 'sending'}>
                  {t('analysis.goalNow')}
                </Button>
              </FormButtons>
            </Form>
          )}
        </DialogButton>
      </div>
    </div>
  )
}
