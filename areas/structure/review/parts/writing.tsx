import { Button } from '#core/web/button.tsx'
import { DialogButton } from '#core/web/dialog.tsx'
import { TextArea, TimeField } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf } from '#core/web/hooks.ts'
import { useWords } from '#core/web/words.ts'
import { offerReview, reviewTables, withdrawReview } from '../contract.ts'

const daysFromNow = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()

export function Offer({ reviewId }: { reviewId: string }) {
  const t = useWords('structure')
  const offer = useCommandOf(offerReview, { changes: reviewTables })
  return (
    <DialogButton words={t('review.offer')} title={t('review.offer')} kind="primary">
      {(close) => (
        <Form
          label={t('review.offer')}
          problem={offer.problem}
          onSubmit={({ signBy = '', effectiveAt = '', nextDueAt = '' }) =>
            void offer.run({ reviewId, signBy, effectiveAt, nextDueAt }).then(({ state }) => state === 'done' && close())
          }
        >
          <p className="prose">{t('review.offerMore')}</p>
          <TimeField name="signBy" label={t('review.signBy')} defaultAt={daysFromNow(14)} required />
          <TimeField name="effectiveAt" label={t('review.effective')} defaultAt={daysFromNow(14)} required />
          <TimeField name="nextDueAt" label={t('review.next')} defaultAt={daysFromNow(182)} required />
          <FormButtons>
            <Button type="submit" kind="primary" busy={offer.state === 'sending'}>
              {t('review.offerNow')}
            </Button>
          </FormButtons>
        </Form>
      )}
    </DialogButton>
  )
}

export function Withdraw({ reviewId }: { reviewId: string }) {
  const t = useWords('structure')
  const withdraw = useCommandOf(withdrawReview, { changes: reviewTables })
  return (
    <DialogButton words={t('review.withdraw')} title={t('review.withdraw')} kind="plain">
      {(close) => (
        <Form
          label={t('review.withdraw')}
          problem={withdraw.problem}
          onSubmit={({ reason = '' }) => void withdraw.run({ reviewId, reason }).then(({ state }) => state === 'done' && close())}
        >
          <TextArea name="reason" label={t('review.reason')} required />
          <FormButtons>
            <Button type="submit" kind="primary" busy={withdraw.state === 'sending'}>
              {t('review.withdrawNow')}
            </Button>
          </FormButtons>
        </Form>
      )}
    </DialogButton>
  )
}
