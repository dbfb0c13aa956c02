import { Button } from '#core/web/button.tsx'
import { TextArea, TextField } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { Section } from '#core/web/page.tsx'
import { Problem } from '#core/web/problem.tsx'
import { Table } from '#core/web/table.tsx'
import { useWords } from '#core/web/words.ts'
import { groups, mapGroup, unmapGroup } from '../contract.ts'
import { linesOf } from './devices.tsx'

/** What the groups of the outside provider mean here. */
export function Groups() {
  const t = useWords('access')
  const known = useQueryOf(groups, {})
  const map = useCommandOf(mapGroup)
  const unmap = useCommandOf(unmapGroup)
  const again = () => void known.refetch()
  const refused = known.error ?? unmap.problem
  return (
    <Section title={t('administration.groups')}>
      {refused ? <Problem problem={refused} /> : null}
      <Table
        label={t('administration.groups')}
        rows={known.data?.groups ?? []}
        rowId={({ id }) => id}
        columns={[
          { id: 'name', title: t('ways.name'), cell: ({ name }) => name, sort: ({ name }) => name },
          {
            id: 'tokens',
            title: t('administration.tokens'),
            cell: ({ tokens }) => tokens.join(', '),
            text: ({ tokens }) => tokens.join(' '),
          },
          {
            id: 'end',
            title: t('administration.unmap'),
            cell: ({ id, name }) => (
              <Button aria-label={`${t('administration.unmap')}: ${name}`} onPress={() => void unmap.run({ id }).then(again)}>
                {t('administration.unmap')}
              </Button>
            ),
            text: ({ name }) => name,
          },
        ]}
        empty={<p className="soft">{t('administration.groupsNone')}</p>}
      />
      <Form
        label={t('administration.map')}
        problem={map.problem}
        onSubmit={({ group = '', tokens = '' }) => void map.run({ group, tokens: linesOf(tokens) }).then(again)}
      >
        <TextField name="group" label={t('administration.group')} required maxLength={300} />
        <TextArea name="tokens" label={t('administration.tokens')} help={t('administration.tokensHelp')} required rows={3} />
        <FormButtons>
          <Button type="submit" busy={map.state === 'sending'}>
            {t('administration.map')}
          </Button>
        </FormButtons>
      </Form>
    </Section>
  )
}
