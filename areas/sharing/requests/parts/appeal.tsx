import { Button } from '#core/web/button.tsx'
import { DialogButton } from '#core/web/dialog.tsx'
import { TextArea } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf } from '#core/web/hooks.ts'
import { worldNow } from '#core/web/time.ts'
import { useWords } from '#core/web/words.ts'
import { appealRefusal, type SharingRequest } from '../contract.ts'

const withinMinutes = 120

/** Once, and another executive decides. */
export function Appeal({ one }: { one: SharingRequest }) {
  const t = useWords('sharing')
  const appeal = useCommandOf(appealRefusal, { changes: ['sharing.requests', 'sharing.request_appeals'] })
  const send = async (words: string, close: () => void) => {
    const neededBy = new Date(worldNow().getTime() + withinMinutes * 60_000).toISOString()
    if ((await appeal.run({ requestId: one.id, words, neededBy })).state === 'done') close()
  }
  return (
    <p>
      <DialogButton words={t('request.appeal')} title={t('request.appeal')}>
        {(close) => (
          <Form label={t('request.appeal')} problem={appeal.problem} onSubmit={({ words = '' }) => void send(words, close)}>
            <p className="prose">{t('request.appealMore')}</p>
            <TextArea name="words" rows={3} label={t('request.appealWords')} required maxLength={8000} />
            <FormButtons>
              <Button type="submit" kind="primary" busy={appeal.state === 'sending'}>
                {t('request.appealNow')}
              </Button>
            </FormButtons>
          </Form>
        )}
      </DialogButton>
    </p>
  )
}
