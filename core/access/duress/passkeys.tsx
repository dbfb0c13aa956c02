import { useQueryClient } from '@tanstack/react-query'
import { Moment } from '#core/web/age.tsx'
import { Button } from '#core/web/button.tsx'
import { useDoing } from '#core/web/doing.ts'
import { TextField } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { Section } from '#core/web/page.tsx'
import { knowsPasskeys, makePasskey } from '#core/web/passkey.ts'
import { asProblem, ProblemError } from '#core/web/problem-error.ts'
import { Problem } from '#core/web/problem.tsx'
import { Table } from '#core/web/table.tsx'
import { useWords } from '#core/web/words.ts'
import { duressPasskeys, removeDuressPasskey } from './contract.ts'

/** A passkey for when somebody stands beside you: it opens an empty Concord and tells the watch. */
export function DuressPasskeys({ sure }: { sure: boolean }) {
  const t = useWords('access')
  const client = useQueryClient()
  const own = useQueryOf(duressPasskeys, {})
  const remove = useCommandOf(removeDuressPasskey)
  const again = () => void client.invalidateQueries()
  const make = useDoing(async (name: string) => {
    if (!knowsPasskeys()) throw new ProblemError('unavailable', t('signIn.unsupported'))
    await makePasskey(name, true).catch((error: unknown) => {
      const problem = asProblem(error)
      throw problem.detail === '' ? new ProblemError('not-allowed', t('signIn.cancelled')) : problem
    })
    again()
  })
  return (
    <Section title={t('duress.title')}>
      <p className="prose">{t('duress.lead')}</p>
      {remove.problem ? <Problem problem={remove.problem} /> : null}
      {own.data && own.data.passkeys.length > 0 ? (
        <Table
          label={t('duress.title')}
          rows={own.data.passkeys}
          rowId={({ id }) => id}
          columns={[
            { id: 'name', title: t('ways.name'), cell: ({ name }) => name, sort: ({ name }) => name },
            { id: 'added', title: t('ways.added'), cell: ({ addedAt }) => <Moment at={addedAt} />, text: ({ addedAt }) => addedAt },
            {
              id: 'remove',
              title: t('ways.remove'),
              cell: ({ id, name }) => (
                <Button aria-label={`${t('ways.remove')}: ${name}`} isDisabled={!sure} onPress={() => void remove.run({ id }).then(again)}>
                  {t('ways.remove')}
                </Button>
              ),
              text: ({ name }) => name,
            },
          ]}
        />
      ) : null}
      <Form label={t('duress.make')} problem={make.problem} onSubmit={(values) => void make.run(values.name ?? '')}>
        <TextField name="name" label={t('duress.name')} help={t('duress.nameHelp')} required maxLength={80} disabled={!sure} />
        <FormButtons>
          <Button type="submit" busy={make.busy} isDisabled={!sure}>
            {t('duress.make')}
          </Button>
        </FormButtons>
      </Form>
    </Section>
  )
}
