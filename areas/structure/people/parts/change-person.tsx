import { useEffect, useState } from 'react'
import { Button } from '#core/web/button.tsx'
import { DialogButton } from '#core/web/dialog.tsx'
import { Choices, TextArea, TextField } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { NotYet } from '#core/web/problem.tsx'
import { useWords } from '#core/web/words.ts'
import { changePerson, type KeptPerson, person } from '../contract.ts'

const changes = ['structure.people', 'structure.contacts', 'structure.findings', 'access.note']

const fields = ['name', 'mail', 'mobile', 'language', 'needs'] as const

/** What is known of one person, to be changed. Their agency is not: what they may read follows it. */
export function ChangePerson({ id, name }: { id: string; name: string }) {
  const t = useWords('structure')
  return (
    <DialogButton words={t('people.change')} title={t('people.changeOf', { name })}>
      {(close) => <Sheet id={id} close={close} />}
    </DialogButton>
  )
}

function Sheet({ id, close }: { id: string; close: () => void }) {
  // As they are now, not as they were kept a minute ago; and nothing that comes in meanwhile takes what is being typed.
  const { data, error, refetch, isFetchedAfterMount } = useQueryOf(person, { personId: id }, { copy: 'never' })
  useEffect(() => void refetch(), [refetch])
  return data && isFetchedAfterMount ? <Kept now={data} close={close} /> : <NotYet problem={error} onRetry={() => void refetch()} />
}

function Kept({ now, close }: { now: KeptPerson; close: () => void }) {
  const t = useWords('structure')
  const change = useCommandOf(changePerson, { changes })
  const [kept] = useState(now)
  const [address, write] = useState(kept.mail ?? '')
  const moved = address.trim() !== (kept.mail ?? '')
  const spoken = [...new Set(['en', 'fr', kept.language])]
  return (
    <Form
      label={t('people.change')}
      problem={change.problem}
      onSubmit={({ reason, ...said }) => {
        // Only what was changed here: another's change of the rest stays.
        const changed = fields.filter((field) => (said[field] ?? '') !== (kept[field] ?? '') && !(field === 'mail' && kept.own))
        const input = Object.fromEntries(changed.map((field) => [field, said[field] ?? null]))
        void change
          .run({ personId: kept.id, ...input, ...(reason === undefined ? {} : { reason }) })
          .then((outcome) => outcome.state === 'done' && close())
      }}
    >
      <p className="prose">{t('people.notTheAgency', { agency: kept.agencyName })}</p>
      <TextField name="name" label={t('people.name')} defaultValue={kept.name} required maxLength={300} />
      <TextField
        name="mail"
        type="email"
        label={t('people.mail')}
        help={t(kept.own ? 'people.mailOwn' : 'people.mailMoves')}
        value={address}
        onChange={write}
        disabled={kept.own}
      />
      {moved ? <TextArea name="reason" label={t('people.why')} help={t('people.whyMail')} rows={2} required maxLength={1000} /> : null}
      <TextField name="mobile" type="tel" label={t('people.mobile')} help={t('people.mobileHelp')} defaultValue={kept.mobile ?? ''} />
      <Choices
        name="language"
        label={t('people.language')}
        required
        defaultValue={kept.language}
        choices={spoken.map((tag) => ({ id: tag, words: tag === 'en' || tag === 'fr' ? t(`people.languages.${tag}`) : tag }))}
      />
      <TextField name="needs" label={t('people.needs')} help={t('people.needsHelp')} defaultValue={kept.needs ?? ''} maxLength={300} />
      <FormButtons>
        <Button type="submit" kind="primary" busy={change.state === 'sending'}>
          {t('people.changeNow')}
        </Button>
      </FormButtons>
    </Form>
  )
}
