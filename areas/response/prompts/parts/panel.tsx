import { Age, Moment } from '#core/web/age.tsx'
import { Button } from '#core/web/button.tsx'
import { DialogButton } from '#core/web/dialog.tsx'
import { Choices, Select, TextArea } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { Link } from '#core/web/navigation.tsx'
import { Section } from '#core/web/page.tsx'
import { Problem, Waiting } from '#core/web/problem.tsx'
import { useView } from '#core/web/view.ts'
import { useWords } from '#core/web/words.ts'
import { closePrompt, type Prompt, passPrompt, prompts, snoozePrompt } from '../contract.ts'
import './panel.css'

type Leaders = { postId: string; title: string; agency: string; refusal: string | null }[]
const changed = { changes: ['response.prompts'] }

/** What somebody should look at now. The secretariat sees all of it, a leader three at most; on a wall there is none. Blocks nothing. */
export function PromptPanel({ incidentId }: { incidentId: string }) {
  const t = useWords('response')
  const view = useView()
  const { data, error, refetch } = useQueryOf(prompts, { incidentId }, { watches: ['response.prompts'], when: view !== 'wall' })
  if (view === 'wall') return null
  if (error && !data) return <Problem problem={error} onRetry={() => void refetch()} />
  if (!data) return <Waiting />
  if (data.prompts.length === 0 && data.asleep.length === 0 && !data.can.pass) return null
  return (
    <Section title={t('prompt.title')} aside={<span className="soft">{data.can.pass ? t('prompt.first') : t('prompt.passedToYou')}</span>}>
      {data.prompts.length === 0 ? <p className="soft">{t('prompt.none')}</p> : null}
      <ol className="prompts" aria-label={t('prompt.title')}>
        {data.prompts.map((prompt) => (
          <Item key={prompt.id} prompt={prompt} leaders={data.leaders} mayPass={data.can.pass} />
        ))}
      </ol>
      {data.asleep.length > 0 ? (
        <ul className="soft prompts-asleep">
          {data.asleep.map((prompt) => (
            <li key={prompt.id}>
              {t(`prompt.cause.${prompt.cause}`, wordsOf(prompt))} · {t('prompt.until')}{' '}
              <Moment at={prompt.snoozedUntil ?? prompt.raisedAt} /> · {prompt.snoozeReason}
            </li>
          ))}
        </ul>
      ) : null}
    </Section>
  )
}

const wordsOf = ({ parameters }: Prompt) => ({ agency: '', post: '', question: '', words: '', ...parameters })

/** Where the thing stands that the prompt is about. */
function whereOf({ cause, incidentId, subjectId }: Prompt): string | null {
  const centre = `/response/centre/${incidentId}`
  if (cause === 'rationale-owed' || cause === 'review-due' || cause === 'entry-not-confirmed') return `${centre}/decisions/${subjectId}`
  if (cause === 'task-not-accepted' || cause === 'task-overdue') return `${centre}/tasks`
  return cause === 'outcome-not-acknowledged' ? `${centre}/decisions` : null
}

function Item({ prompt, leaders, mayPass }: { prompt: Prompt; leaders: Leaders; mayPass: boolean }) {
  const t = useWords('response')
  const where = whereOf(prompt)
  const words = t(`prompt.cause.${prompt.cause}`, wordsOf(prompt))
  return (
    <li className="prompt">
      <div className="prompt-words">
        {where === null ? words : <Link to={where}>{words}</Link>}
        <span className="soft">
          <Age at={prompt.raisedAt} />
          {mayPass && prompt.passedToTitle !== null ? ` · ${t('prompt.with', { post: prompt.passedToTitle })}` : null}
        </span>
      </div>
      <div className="row">
        <Done prompt={prompt} />
        <PutOff prompt={prompt} />
        {mayPass && prompt.passedTo === null ? <Pass prompt={prompt} leaders={leaders} /> : null}
      </div>
    </li>
  )
}

function Done({ prompt }: { prompt: Prompt }) {
  const t = useWords('response')
  const close = useCommandOf(closePrompt, changed)
  return (
    <DialogButton words={t('prompt.done')} title={t('prompt.doneTitle')}>
      {(leave) => (
        <Form
          label={t('prompt.doneTitle')}
          problem={close.problem}
          onSubmit={({ done = '' }) => void close.run({ promptId: prompt.id, done }).then(({ state }) => state === 'done' && leave())}
        >
          <TextArea name="done" label={t('prompt.whatWasDone')} rows={3} required autoFocus />
          <FormButtons>
            <Button type="submit" kind="primary" busy={close.state === 'sending'}>
              {t('prompt.done')}
            </Button>
          </FormButtons>
        </Form>
      )}
    </DialogButton>
  )
}

function PutOff({ prompt }: { prompt: Prompt }) {
  const t = useWords('response')
  const snooze = useCommandOf(snoozePrompt, changed)
  return (
    <DialogButton words={t('prompt.putOff')} title={t('prompt.putOffTitle')} kind="plain">
      {(leave) => (
        <Form
          label={t('prompt.putOffTitle')}
          problem={snooze.problem}
          onSubmit={({ minutes = '10', reason = '' }) =>
            void snooze.run({ promptId: prompt.id, minutes: Number(minutes), reason }).then(({ state }) => state === 'done' && leave())
          }
        >
          <Choices
            name="minutes"
            label={t('prompt.howLong')}
            required
            defaultValue="10"
            choices={['10', '30', '60', '180'].map((minutes) => ({ id: minutes, words: t('prompt.minutes', { count: Number(minutes) }) }))}
          />
          <TextArea name="reason" label={t('prompt.whyWait')} rows={2} required />
          <FormButtons>
            <Button type="submit" kind="primary" busy={snooze.state === 'sending'}>
              {t('prompt.putOff')}
            </Button>
          </FormButtons>
        </Form>
      )}
    </DialogButton>
  )
}

function Pass({ prompt, leaders }: { prompt: Prompt; leaders: Leaders }) {
  const t = useWords('response')
  const pass = useCommandOf(passPrompt, changed)
  const free = leaders.filter(({ refusal }) => refusal === null)
  return (
    <DialogButton words={t('prompt.pass')} title={t('prompt.passTitle')} kind="plain">
      {(leave) => (
        <Form
          label={t('prompt.passTitle')}
          problem={pass.problem}
          onSubmit={({ postId = '' }) => void pass.run({ promptId: prompt.id, postId }).then(({ state }) => state === 'done' && leave())}
        >
          <p className="soft">{t('prompt.passLead')}</p>
          {free.length === 0 ? (
            <p>{t('prompt.nobodyFree')}</p>
          ) : (
            <Select
              name="postId"
              label={t('prompt.toWhom')}
              required
              choices={free.map((one) => ({ id: one.postId, words: one.title, more: one.agency }))}
            />
          )}
          {leaders
            .filter(({ refusal }) => refusal !== null)
            .map((one) => (
              <p key={one.postId} className="soft">
                {one.title}: {one.refusal}
              </p>
            ))}
          {free.length === 0 ? null : (
            <FormButtons>
              <Button type="submit" kind="primary" busy={pass.state === 'sending'}>
                {t('prompt.pass')}
              </Button>
            </FormButtons>
          )}
        </Form>
      )}
    </DialogButton>
  )
}
