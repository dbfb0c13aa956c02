import { Button } from '#core/web/button.tsx'
import { DialogButton } from '#core/web/dialog.tsx'
import { Select, TextArea } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf } from '#core/web/hooks.ts'
import { EmptyState } from '#core/web/problem.tsx'
import { hourMinute } from '#core/web/time.ts'
import { useWords } from '#core/web/words.ts'
import { appointNeutralCommander, type Candidate, type NeutralCommander, relieveNeutralCommander } from '../contract.ts'

const changes = ['response.neutral_commanders', 'response.log_entries']

/** Who guards the process, from where, and what they may and may not do. */
export function NeutralPanel({ now }: { now: NeutralCommander | null }) {
  const t = useWords('response')
  if (!now) return <p className="soft">{t('neutral.none')}</p>
  return (
    <div className="centre-panel">
      <div className="centre-panel-name">{now.name}</div>
      <div className="soft">{t('neutral.from', { agency: now.agencyName, time: hourMinute(new Date(now.fromAt)) })}</div>
      <div className="soft">{t('neutral.powers')}</div>
      <div className="soft">
        {t('neutral.interests')}: {now.interests}
      </div>
    </div>
  )
}

/** The pool, with what stands in somebody's way said beside their name; only the others can be chosen. */
export function AppointNeutral({ incidentId, pool }: { incidentId: string; pool: readonly Candidate[] }) {
  const t = useWords('response')
  const appoint = useCommandOf(appointNeutralCommander, { changes })
  const possible = pool.filter(({ refusal }) => refusal === null)
  const refused = pool.filter(({ refusal }) => refusal !== null)
  return (
    <DialogButton words={t('neutral.appoint')} title={t('neutral.appointTitle')}>
      {(close) => (
        <>
          <p className="prose soft">{t('neutral.appointLead')}</p>
          {possible.length === 0 ? (
            <EmptyState title={t('neutral.noPool')}>
              <p>{t('neutral.noPoolMore')}</p>
            </EmptyState>
          ) : (
            <Form
              label={t('neutral.appointTitle')}
              problem={appoint.problem}
              onSubmit={({ postId = '', interests = '' }) =>
                void appoint.run({ incidentId, postId, interests }).then(({ state }) => state === 'done' && close())
              }
            >
              <Select
                name="postId"
                label={t('neutral.candidate')}
                required
                choices={possible.map(({ postId, name, agencyName, postTitle }) => ({
                  id: postId,
                  words: `${name}, ${agencyName}`,
                  more: postTitle,
                }))}
              />
              <TextArea name="interests" label={t('neutral.interestsField')} help={t('neutral.interestsHelp')} required rows={3} />
              <FormButtons>
                <Button type="submit" kind="primary" busy={appoint.state === 'sending'}>
                  {t('neutral.appoint')}
                </Button>
              </FormButtons>
            </Form>
          )}
          {refused.length > 0 ? (
            <section className="centre-refused">
              <h3>{t('neutral.refused')}</h3>
              <ul className="centre-claims">
                {refused.map(({ postId, name, agencyName, refusal }) => (
                  <li key={postId}>
                    <div>
                      <strong>{name}</strong>, {agencyName}
                    </div>
                    <div className="soft">{refusal}</div>
                  </li>
                ))}
              </ul>
            </section>
          ) : null}
        </>
      )}
    </DialogButton>
  )
}

export function RelieveNeutral({ incidentId }: { incidentId: string }) {
  const t = useWords('response')
  const relieve = useCommandOf(relieveNeutralCommander, { changes })
  return (
    <DialogButton words={t('neutral.relieve')} title={t('neutral.relieveTitle')}>
      {(close) => (
        <Form
          label={t('neutral.relieveTitle')}
          problem={relieve.problem}
          onSubmit={({ reason = '' }) => void relieve.run({ incidentId, reason }).then(({ state }) => state === 'done' && close())}
        >
          <TextArea name="reason" label={t('neutral.reason')} required rows={2} />
          <FormButtons>
            <Button type="submit" kind="alarm" busy={relieve.state === 'sending'}>
              {t('neutral.relieve')}
            </Button>
          </FormButtons>
        </Form>
      )}
    </DialogButton>
  )
}
