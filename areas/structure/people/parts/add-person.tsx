import { useState } from 'react'
import { Button } from '#core/web/button.tsx'
import { DialogButton } from '#core/web/dialog.tsx'
import { Choices, Select, TextField } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { Many } from '#core/web/many.tsx'
import { Waiting } from '#core/web/problem.tsx'
import { useWords } from '#core/web/words.ts'
import { agencies, posts } from '../../directory/contract.ts'
import { addPerson } from '../contract.ts'

const changes = ['structure.people', 'structure.contacts', 'structure.holdings', 'structure.findings']

/** One person, by the rules by which a list of people is read. */
export function AddPerson() {
  const t = useWords('structure')
  return (
    <DialogButton words={t('people.add')} title={t('people.add')} kind="primary">
      {(close) => <Sheet close={close} />}
    </DialogButton>
  )
}

function Sheet({ close }: { close: () => void }) {
  const t = useWords('structure')
  const add = useCommandOf(addPerson, { changes })
  const { data: known } = useQueryOf(agencies, {}, { watches: ['structure.agencies'] })
  const { data: offices } = useQueryOf(posts, {}, { watches: ['structure.posts'] })
  const [held, hold] = useState<readonly string[]>([])
  if (!known || !offices) return <Waiting />
  return (
    <Form
      label={t('people.add')}
      problem={add.problem}
      onSubmit={({ name = '', agencyId = '', language = 'en', mail, mobile, needs, code }) =>
        void add
          .run({
            name,
            agencyId,
            language,
            ...(mail === undefined ? {} : { mail }),
            ...(mobile === undefined ? {} : { mobile }),
            ...(needs === undefined ? {} : { needs }),
            ...(code === undefined ? {} : { code }),
            holds: [...held],
          })
          .then((outcome) => outcome.state === 'done' && close())
      }
    >
      <TextField name="name" label={t('people.name')} required maxLength={300} />
      <Select
        name="agencyId"
        label={t('people.agency')}
        required
        choices={known.agencies.map(({ id, name, orgCode }) => ({ id, words: name, more: orgCode }))}
      />
      <TextField name="mail" type="email" label={t('people.mail')} help={t('people.mailHelp')} />
      <TextField name="mobile" type="tel" label={t('people.mobile')} help={t('people.mobileHelp')} />
      <Choices
        name="language"
        label={t('people.language')}
        required
        defaultValue="en"
        choices={(['en', 'fr'] as const).map((id) => ({ id, words: t(`people.languages.${id}`) }))}
      />
      <TextField name="needs" label={t('people.needs')} help={t('people.needsHelp')} maxLength={300} />
      <Many
        label={t('people.holdsField')}
        help={t('people.holdsHelp')}
        choices={offices.posts.map(({ id, title, agencyName }) => ({ id, words: `${agencyName}: ${title}` }))}
        chosen={held}
        onChange={hold}
      />
      <TextField name="code" label={t('people.code')} help={t('people.codeHelp')} maxLength={120} />
      <FormButtons>
        <Button type="submit" kind="primary" busy={add.state === 'sending'}>
          {t('people.add')}
        </Button>
      </FormButtons>
    </Form>
  )
}
