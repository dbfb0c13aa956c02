import { useState } from 'react'
import { Moment } from '#core/web/age.tsx'
import { Button } from '#core/web/button.tsx'
import { TextField } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { Section } from '#core/web/page.tsx'
import { EmptyState, NotYet } from '#core/web/problem.tsx'
import { StateWord } from '#core/web/state-word.tsx'
import { Table } from '#core/web/table.tsx'
import { useWords } from '#core/web/words.ts'
import { endWitnessing, witnessCity, witnessed } from '../contract.ts'

const changed = { changes: ['record.witnessed_cities'] }

/** Cities that gave us commitments to hold. */
export function Others() {
  const t = useWords('record')
  const { data, error, refetch } = useQueryOf(witnessed, {}, { watches: ['record.witnessed_cities', 'record.witnessed'] })
  const add = useCommandOf(witnessCity, changed)
  const end = useCommandOf(endWitnessing, changed)
  const [round, next] = useState(0)
  if (!data) return <NotYet problem={error} onRetry={() => void refetch()} />
  const send = async ({ name = '', publicKey = '' }: Record<string, string>) => {
    if ((await add.run({ name, publicKey })).state === 'done') next(round + 1)
  }
  return (
    <Section title={t('others.title')}>
      <p className="prose soft">{t('others.lead')}</p>
      <Table
        label={t('others.title')}
        rows={data.cities}
        rowId={(city) => city.id}
        columns={[
          { id: 'city', title: t('others.city'), cell: (city) => city.name },
          { id: 'code', title: t('others.code'), cell: (city) => city.code },
          {
            id: 'newest',
            title: t('others.newest'),
            cell: (city) => (city.newestAt === null ? t('others.never') : <Moment at={city.newestAt} />),
          },
          {
            id: 'state',
            title: t('keys.state'),
            cell: (city) =>
              city.endedAt !== null ? (
                <StateWord tone="none">{t('others.ended')}</StateWord>
              ) : data.can.change ? (
                <Button onPress={() => void end.run({ id: city.id })}>{t('others.end', { name: city.name })}</Button>
              ) : (
                <StateWord tone="done">{t('others.takes')}</StateWord>
              ),
            text: (city) => t(city.endedAt === null ? 'others.takes' : 'others.ended'),
          },
        ]}
        empty={
          <EmptyState title={t('others.none')}>
            <p>{t('others.noneMore')}</p>
          </EmptyState>
        }
      />
      {data.can.change ? (
        <Form key={round} label={t('others.add')} problem={add.problem ?? end.problem} onSubmit={(values) => void send(values)}>
          <TextField name="name" label={t('others.name')} required maxLength={200} />
          <TextField name="publicKey" label={t('others.key')} help={t('others.keyHelp')} required maxLength={300} />
          <FormButtons>
            <Button type="submit" busy={add.state === 'sending'}>
              {t('others.add')}
            </Button>
          </FormButtons>
        </Form>
      ) : null}
    </Section>
  )
}
