import { hold, holds, releaseHold, type Hold } from '#core/record/retention/contract.ts'
import { Moment } from '#core/web/age.tsx'
import { Button } from '#core/web/button.tsx'
import { DialogButton } from '#core/web/dialog.tsx'
import { TextArea, TextField } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { Facts, Section } from '#core/web/page.tsx'
import { EmptyState } from '#core/web/problem.tsx'
import { useWords } from '#core/web/words.ts'

/** What holds this incident against retention: placed and released here, with reason and authority. */
export function Holds({ incidentId }: { incidentId: string }) {
  const t = useWords('response')
  const place = useCommandOf(hold, { changes: ['record.holds'] })
  const { data } = useQueryOf(holds, { thread: incidentId }, { watches: ['record.holds'] })
  if (!data) return null
  const inForce = data.holds.filter(({ releasedAt }) => releasedAt === null)
  return (
    <Section title={t('hold.title')}>
      {inForce.length === 0 ? (
        <EmptyState title={t('hold.none')}>
          <p>{t('hold.noneMore')}</p>
        </EmptyState>
      ) : (
        inForce.map((one) => <InForce key={one.id} held={one} can={data.can.hold} />)
      )}
      {data.can.hold ? (
        <span className="row">
          <DialogButton words={t('hold.place')} title={t('hold.place')}>
            {(close) => (
              <Form
                label={t('hold.place')}
                problem={place.problem}
                onSubmit={({ reason = '', authority = '' }) =>
                  void place.run({ thread: incidentId, reason, authority }).then(({ state }) => state === 'done' && close())
                }
              >
                <TextArea name="reason" rows={2} label={t('hold.reason')} required maxLength={2000} />
                <TextField name="authority" label={t('pack.authority')} required maxLength={500} />
                <FormButtons>
                  <Button type="submit" kind="primary" busy={place.state === 'sending'}>
                    {t('hold.place')}
                  </Button>
                </FormButtons>
              </Form>
            )}
          </DialogButton>
        </span>
      ) : null}
    </Section>
  )
}

function InForce({ held, can }: { held: Hold; can: boolean }) {
  const t = useWords('response')
  const release = useCommandOf(releaseHold, { changes: ['record.holds'] })
  return (
    <article className="stack" aria-label={held.reason}>
      <Facts
        facts={[
          { name: t('hold.reason'), value: held.reason },
          { name: t('pack.authority'), value: held.authority },
          { name: t('hold.since'), value: <Moment at={held.placedAt} /> },
        ]}
      />
      {can ? (
        <span className="row">
          <DialogButton words={t('hold.release')} title={t('hold.release')}>
            {(close) => (
              <Form
                label={t('hold.release')}
                problem={release.problem}
                onSubmit={({ reason = '' }) => void release.run({ id: held.id, reason }).then(({ state }) => state === 'done' && close())}
              >
                <TextArea name="reason" rows={2} label={t('hold.releaseReason')} required maxLength={2000} />
                <FormButtons>
                  <Button type="submit" kind="primary" busy={release.state === 'sending'}>
                    {t('hold.release')}
                  </Button>
                </FormButtons>
              </Form>
            )}
          </DialogButton>
        </span>
      ) : null}
    </article>
  )
}
