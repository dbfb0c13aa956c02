import { Button } from '#core/web/button.tsx'
import { DialogButton } from '#core/web/dialog.tsx'
import { TextArea } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf } from '#core/web/hooks.ts'
import { useWords } from '#core/web/words.ts'
import { recallItem } from '../contract.ts'

/** Taking it back: at once, with the reason that everybody who had it is told. */
export function Recall({ itemId, title }: { itemId: string; title: string }) {
  const t = useWords('sharing')
  const recall = useCommandOf(recallItem, { changes: ['sharing.items', 'sharing.disclosures', 'sharing.challenges', 'sharing.releases'] })
  return (
    <DialogButton words={t('recall.recall')} title={t('recall.of', { title })}>
      {(close) => (
        <Form
          label={t('recall.recall')}
          problem={recall.problem}
          onSubmit={({ because = '' }) =>
            void recall.run({ itemId, because }).then(({ state }) => (state === 'done' ? close() : undefined))
          }
        >
          <p className="prose">{t('recall.more')}</p>
          <TextArea name="because" rows={2} label={t('recall.because')} required maxLength={2000} />
          <FormButtons>
            <Button type="submit" kind="primary" busy={recall.state === 'sending'}>
              {t('recall.now')}
            </Button>
          </FormButtons>
        </Form>
      )}
    </DialogButton>
  )
}
