import { Button } from '#core/web/button.tsx'
import { DialogButton } from '#core/web/dialog.tsx'
import { TextArea } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import type { ProblemError } from '#core/web/problem-error.ts'
import { useWords } from '#core/web/words.ts'

/** Why: asked with every change by hand, kept with the row and in the record. */
export function Reason() {
  const t = useWords('structure')
  return <TextArea name="reason" label={t('editing.reason')} help={t('editing.reasonHelp')} rows={2} required />
}

/** How every form here ends: why, and the button that does it. */
export function Because({ title, sending }: { title: string; sending: boolean }) {
  return (
    <>
      <Reason />
      <FormButtons>
        <Button type="submit" kind="primary" busy={sending}>
          {title}
        </Button>
      </FormButtons>
    </>
  )
}

/** Ends a row, with the reason. */
export function Ending({
  title,
  words = title,
  more,
  problem,
  sending,
  onEnd,
}: {
  title: string
  /** On the button; the title, when there is room for it. */
  words?: string
  more: string
  problem: ProblemError | null
  sending: boolean
  onEnd: (reason: string) => void
}) {
  return (
    <DialogButton words={words} title={title}>
      {() => (
        <Form label={title} problem={problem} onSubmit={({ reason = '' }) => onEnd(reason)}>
          <p className="prose">{more}</p>
          <Because title={title} sending={sending} />
        </Form>
      )}
    </DialogButton>
  )
}
