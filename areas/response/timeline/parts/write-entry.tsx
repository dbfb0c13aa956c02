import { useState } from 'react'
import { Button } from '#core/web/button.tsx'
import { Checkbox, TextField, TimeField } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf } from '#core/web/hooks.ts'
import { useWords } from '#core/web/words.ts'
import { writeEntry } from '../contract.ts'

/** One line, entered with the Enter key; earlier things say when they happened, and why only now. */
export function WriteEntry({ incidentId }: { incidentId: string }) {
  const t = useWords('response')
  const write = useCommandOf(writeEntry, { title: t('timeline.write'), changes: ['response.log_entries'] })
  const [earlier, setEarlier] = useState(false)
  const [written, setWritten] = useState(0)
  const enter = async (values: Record<string, string>) => {
    const { state } = await write.run({
      incidentId,
      text: values.text ?? '',
      ...(earlier ? { occurredAt: values.occurredAt, lateReason: values.lateReason } : {}),
    })
    if (state === 'refused') return
    setEarlier(false)
    // A fresh form for the next line; a refused one keeps what was written.
    setWritten((count) => count + 1)
  }
  return (
    <Form key={written} label={t('timeline.write')} problem={write.problem} onSubmit={(values) => void enter(values)}>
      <TextField name="text" label={t('timeline.text')} required maxLength={8000} />
      {earlier ? (
        <>
          <TimeField name="occurredAt" label={t('timeline.occurredAt')} required />
          <TextField name="lateReason" label={t('timeline.lateReason')} help={t('timeline.lateHelp')} />
        </>
      ) : null}
      <FormButtons>
        <Button type="submit" busy={write.state === 'sending'}>
          {t('timeline.save')}
        </Button>
        <Checkbox label={t('timeline.when')} selected={earlier} onChange={setEarlier} />
      </FormButtons>
    </Form>
  )
}
