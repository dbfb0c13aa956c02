import { Moment } from '#core/web/age.tsx'
import { Button } from '#core/web/button.tsx'
import { useDoing } from '#core/web/doing.ts'
import { TextField } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf } from '#core/web/hooks.ts'
import { Section } from '#core/web/page.tsx'
import { knowsPasskeys, makePasskey } from '#core/web/passkey.ts'
import { asProblem, ProblemError } from '#core/web/problem-error.ts'
import { EmptyState, Problem } from '#core/web/problem.tsx'
import { Table } from '#core/web/table.tsx'
import { useWords } from '#core/web/words.ts'
import { removePasskey, type Passkey } from '../contract.ts'

/** My passkeys: one for each device of my duty; a lost one is removed from another. */
export function Passkeys({ passkeys, sure, onChanged }: { passkeys: readonly Passkey[]; sure: boolean; onChanged: () => void }) {
  const t = useWords('access')
  const remove = useCommandOf(removePasskey)
  const make = useDoing(async (name: string) => {
    if (!knowsPasskeys()) throw new ProblemError('unavailable', t('signIn.unsupported'))
    await makePasskey(name).catch((error: unknown) => {
      const problem = asProblem(error)
      throw problem.detail === '' ? new ProblemError('not-allowed', t('signIn.cancelled')) : problem
    })
    onChanged()
  })
  return (
    <Section title={t('ways.passkeys')}>
      {remove.problem ? <Problem problem={remove.problem} /> : null}
      <Table
        label={t('ways.passkeys')}
        rows={passkeys}
        rowId={({ id }) => id}
        columns={[
          { id: 'name', title: t('ways.name'), cell: ({ name }) => name, sort: ({ name }) => name },
          {
            id: 'kind',
            title: t('ways.kind'),
            cell: ({ synced }) => t(synced ? 'ways.synced' : 'ways.bound'),
            text: ({ synced }) => String(synced),
          },
          { id: 'added', title: t('ways.added'), cell: ({ addedAt }) => <Moment at={addedAt} />, text: ({ addedAt }) => addedAt },
          {
            id: 'used',
            title: t('ways.used'),
            cell: ({ usedAt }) => (usedAt ? <Moment at={usedAt} /> : t('ways.neverUsed')),
            text: ({ usedAt }) => usedAt ?? '',
          },
          {
            id: 'remove',
            title: t('ways.remove'),
            cell: ({ id, name }) => (
              <Button
                aria-label={`${t('ways.remove')}: ${name}`}
                isDisabled={!sure}
                onPress={() => void remove.run({ id }).then(onChanged)}
              >
                {t('ways.remove')}
              </Button>
            ),
            text: ({ name }) => name,
          },
        ]}
        empty={
          <EmptyState title={t('ways.passkeysNone')}>
            <p>{t('ways.passkeysNoneMore')}</p>
          </EmptyState>
        }
      />
      {sure ? null : <p className="prose soft">{t('ways.surely')}</p>}
      <Form label={t('ways.addPasskey')} problem={make.problem} onSubmit={(values) => void make.run(values.name ?? '')}>
        <TextField name="name" label={t('ways.passkeyName')} required maxLength={80} disabled={!sure} />
        <FormButtons>
          <Button type="submit" kind="primary" busy={make.busy} isDisabled={!sure}>
            {t('ways.addPasskey')}
          </Button>
        </FormButtons>
      </Form>
    </Section>
  )
}
