import { Button } from '#core/web/button.tsx'
import { DialogButton } from '#core/web/dialog.tsx'
import { TextArea, TextField } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf } from '#core/web/hooks.ts'
import { useWords } from '#core/web/words.ts'
import { closePerson, reopenPerson } from '../contract.ts'

const changes = ['structure.people', 'structure.contacts', 'structure.holdings', 'structure.findings']

function Why() {
  const t = useWords('structure')
  return <TextArea name="reason" label={t('people.why')} help={t('people.whyHelp')} rows={2} required maxLength={1000} />
}

/** Somebody has left. */
export function ClosePerson({ id, name, holds }: { id: string; name: string; holds: readonly string[] }) {
  const t = useWords('structure')
  const close = useCommandOf(closePerson, { changes })
  return (
    <DialogButton words={t('people.close')} title={t('people.closeOf', { name })}>
      {(leave) => (
        <Form
          label={t('people.close')}
          problem={close.problem}
          onSubmit={({ reason = '' }) => void close.run({ personId: id, reason }).then((outcome) => outcome.state === 'done' && leave())}
        >
          <p className="prose">{t('people.closeMore')}</p>
          <p className="prose">{holds.length === 0 ? t('people.closeNoPosts') : t('people.closePosts', { posts: holds.join('; ') })}</p>
          <Why />
          <FormButtons>
            <Button type="submit" kind="primary" busy={close.state === 'sending'}>
              {t('people.closeNow')}
            </Button>
          </FormButtons>
        </Form>
      )}
    </DialogButton>
  )
}

/** Somebody who had left is back. */
export function ReopenPerson({ id, name, agencyName }: { id: string; name: string; agencyName: string }) {
  const t = useWords('structure')
  const open = useCommandOf(reopenPerson, { changes })
  return (
    <DialogButton words={t('people.reopen')} title={t('people.reopenOf', { name })}>
      {(leave) => (
        <Form
          label={t('people.reopen')}
          problem={open.problem}
          onSubmit={({ mail = '', reason = '' }) =>
            void open.run({ personId: id, mail, reason }).then((outcome) => outcome.state === 'done' && leave())
          }
        >
          <p className="prose">{t('people.reopenMore', { agency: agencyName })}</p>
          <TextField name="mail" type="email" label={t('people.mail')} help={t('people.mailHelp')} required />
          <Why />
          <FormButtons>
            <Button type="submit" kind="primary" busy={open.state === 'sending'}>
              {t('people.reopenNow')}
            </Button>
          </FormButtons>
        </Form>
      )}
    </DialogButton>
  )
}
