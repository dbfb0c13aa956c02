import { useState } from 'react'
import { Button } from '#core/web/button.tsx'
import { DialogButton } from '#core/web/dialog.tsx'
import { Select, TextArea, TextField } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf } from '#core/web/hooks.ts'
import { useGo } from '#core/web/navigation.tsx'
import { Problem } from '#core/web/problem.tsx'
import { useWords } from '#core/web/words.ts'
import type { Network } from '../../network/contract.ts'
import { proposeReview, reviewTables, reviseReview, triggers } from '../../review/contract.ts'

/** The draft becomes a proposal, which every agency that it touches must sign. */
export function Proposing({ draft, sent }: { draft: Network; sent: () => void }) {
  const t = useWords('structure')
  const go = useGo()
  const propose = useCommandOf(proposeReview, { changes: reviewTables })
  const [trigger, choose] = useState<(typeof triggers)[number]>('scheduled')
  return (
    <DialogButton words={t('draft.save')} title={t('draft.save')} kind="primary">
      {() => (
        <Form
          label={t('draft.save')}
          problem={propose.problem}
          onSubmit={({ title = '', reason = '' }) =>
            void propose.run({ title, reason, trigger, network: draft }).then((outcome) => {
              if (outcome.state !== 'done') return
              sent()
              go(`/structure/reviews/${outcome.output.reviewId}`)
            })
          }
        >
          <p className="prose">{t('review.proposeMore')}</p>
          <TextField name="title" label={t('review.name')} required maxLength={200} />
          <Select
            label={t('review.trigger')}
            required
            value={trigger}
            onChange={(id) => choose(id as typeof trigger)}
            choices={triggers.map((id) => ({ id, words: t(`review.triggers.${id}`) }))}
          />
          <TextArea name="reason" label={t('review.reason')} required />
          <FormButtons>
            <Button type="submit" kind="primary" busy={propose.state === 'sending'}>
              {t('draft.save')}
            </Button>
          </FormButtons>
        </Form>
      )}
    </DialogButton>
  )
}

/** The draft goes back into the proposal from which it began. */
export function Revising({ reviewId, seenHash, draft, sent }: { reviewId: string; seenHash: string; draft: Network; sent: () => void }) {
  const t = useWords('structure')
  const go = useGo()
  const revise = useCommandOf(reviseReview, { changes: reviewTables })
  return (
    <>
      {revise.problem ? <Problem problem={revise.problem} /> : null}
      <Button
        kind="primary"
        busy={revise.state === 'sending'}
        onPress={() =>
          void revise.run({ reviewId, network: draft, seenHash }).then(({ state }) => {
            if (state !== 'done') return
            sent()
            go(`/structure/reviews/${reviewId}`)
          })
        }
      >
        {t('draft.revise')}
      </Button>
    </>
  )
}
