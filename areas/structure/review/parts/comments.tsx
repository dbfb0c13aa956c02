import { useState } from 'react'
import { Moment } from '#core/web/age.tsx'
import { Button } from '#core/web/button.tsx'
import { TextArea } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf } from '#core/web/hooks.ts'
import { useWords } from '#core/web/words.ts'
import { commentOnReview, type ReviewDetail, reviewTables } from '../contract.ts'

export function Comments({ detail }: { detail: ReviewDetail }) {
  const t = useWords('structure')
  const comment = useCommandOf(commentOnReview, { changes: reviewTables })
  const [said, setSaid] = useState(0)
  return (
    <div className="stack">
      {detail.comments.length === 0 ? <p className="soft">{t('review.noComments')}</p> : null}
      <ul className="plain-list">
        {detail.comments.map(({ id, words, by, agencyName, at }) => (
          <li key={id} className="stack">
            <span className="prose">{words}</span>
            <span className="soft">
              {by}, {agencyName}, <Moment at={at} />
            </span>
          </li>
        ))}
      </ul>
      {detail.can.comment ? (
        <Form
          key={said}
          label={t('review.comment')}
          problem={comment.problem}
          onSubmit={({ words = '' }) =>
            void comment.run({ reviewId: detail.id, words }).then(({ state }) => state === 'done' && setSaid(said + 1))
          }
        >
          <TextArea name="words" rows={2} label={t('review.comment')} required />
          <FormButtons>
            <Button type="submit" busy={comment.state === 'sending'}>
              {t('review.commentNow')}
            </Button>
          </FormButtons>
        </Form>
      ) : null}
    </div>
  )
}
