import { Button } from '#core/web/button.tsx'
import { DialogButton } from '#core/web/dialog.tsx'
import { TextArea } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf } from '#core/web/hooks.ts'
import { useWords } from '#core/web/words.ts'
import { correctEntry } from '../../timeline/contract.ts'

/** A correction is a new line that points at the old one; both stay. */
export function CorrectLine({ id, text }: { id: string; text: string }) {
  const t = useWords('response')
  const correct = useCommandOf(correctEntry, { changes: ['response.log_entries'] })
  return (
    <DialogButton words={t('timeline.correct')} kind="plain" title={t('timeline.correctTitle')}>
      {(close) => (
        <Form
          label={t('timeline.correctTitle')}
          problem={correct.problem}
          onSubmit={(values) => void correct.run({ entryId: id, text: values.text ?? '' }).then(({ state }) => state === 'done' && close())}
        >
          <p className="prose soft">{t('timeline.correctLead')}</p>
          <TextArea name="text" label={t('timeline.correctText')} required defaultValue={text} />
          <FormButtons>
            <Button type="submit" kind="primary" busy={correct.state === 'sending'}>
              {t('timeline.correct')}
            </Button>
          </FormButtons>
        </Form>
      )}
    </DialogButton>
  )
}
