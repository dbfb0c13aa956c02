import { useState } from 'react'
import { Button } from '#core/web/button.tsx'
import { DialogButton } from '#core/web/dialog.tsx'
import { TextArea } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf } from '#core/web/hooks.ts'
import { useWords } from '#core/web/words.ts'
import type { ItemDetail } from '../../items/contract.ts'
import { GradingFields } from '../../items/parts/grading.tsx'
import { gradeItem } from '../contract.ts'

/** Its originator grades it, or grades it anew: whoever has it is told why. */
export function Grade({ detail }: { detail: ItemDetail }) {
  const t = useWords('sharing')
  const grade = useCommandOf(gradeItem, { changes: ['sharing.items', 'sharing.disclosures'] })
  const [grading, choose] = useState('')
  return (
    <DialogButton words={t(detail.graded ? 'grade.again' : 'grade.grade')} title={t('grade.of', { title: detail.title })}>
      {(close) => (
        <Form
          label={t('grade.grade')}
          problem={grade.problem}
          onSubmit={({ because = '' }) =>
            void grade.run({ itemId: detail.id, grading, because }).then(({ state }) => (state === 'done' ? close() : undefined))
          }
        >
          <p className="prose">{t('grade.more')}</p>
          <GradingFields required onChange={choose} />
          <TextArea name="because" rows={2} label={t('grade.because')} required maxLength={2000} />
          <FormButtons>
            <Button type="submit" kind="primary" busy={grade.state === 'sending'}>
              {t('grade.now')}
            </Button>
          </FormButtons>
        </Form>
      )}
    </DialogButton>
  )
}
