import { useState } from 'react'
import { Moment } from '#core/web/age.tsx'
import { Button } from '#core/web/button.tsx'
import { TextArea, TextField, TimeField } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf } from '#core/web/hooks.ts'
import { useAddress } from '#core/web/navigation.tsx'
import { PageHead, Section } from '#core/web/page.tsx'
import { EmptyState } from '#core/web/problem.tsx'
import { Table } from '#core/web/table.tsx'
import { moment, worldNow } from '#core/web/time.ts'
import { useWords } from '#core/web/words.ts'
import { type Availability, availability } from './contract.ts'

interface Answer {
  asOf: string
  people: readonly Availability[]
  cut: boolean
  basis: string
}

/** Four columns that are four different things. */
function People({ answer }: { answer: Answer }) {
  const t = useWords('record')
  const when = (at: string | null, never = t('availability.notRecorded')) =>
    at === null ? <span className="soft">{never}</span> : <Moment at={at} />
  return (
    <Section title={t('availability.answer', { time: moment(new Date(answer.asOf)) })}>
      <Table
        label={t('availability.title')}
        rows={answer.people}
        rowId={({ personId }) => personId}
        columns={[
          { id: 'person', title: t('availability.person'), names: true, cell: ({ name }) => name, sort: ({ name }) => name },
          {
            id: 'available',
            title: t('availability.available'),
            cell: ({ availableSince }) => when(availableSince, t('availability.notThen')),
            sort: ({ availableSince }) => availableSince ?? '',
          },
          {
            id: 'sent',
            title: t('availability.sent'),
            cell: ({ sentAt, toldAt }) => (
              <span className="stack">
                {when(sentAt)}
                {toldAt === null ? null : <span className="soft">{t('availability.told', { time: moment(new Date(toldAt)) })}</span>}
              </span>
            ),
            sort: ({ sentAt }) => sentAt ?? '',
          },
          { id: 'opened', title: t('availability.opened'), cell: ({ openedAt }) => when(openedAt), sort: ({ openedAt }) => openedAt ?? '' },
          {
            id: 'acknowledged',
            title: t('availability.acknowledged'),
            cell: ({ acknowledgedAt }) => when(acknowledgedAt),
            sort: ({ acknowledgedAt }) => acknowledgedAt ?? '',
          },
        ]}
        empty={
          <EmptyState title={t('availability.none')}>
            <p>{t('availability.noneMore')}</p>
          </EmptyState>
        }
      />
      {answer.cut ? <p>{t('availability.cut')}</p> : null}
      <p className="soft">{answer.basis}</p>
    </Section>
  )
}

/** To whom one row was available at a moment. A command, because the question is itself an entry. Made for the desk. */
export function Page() {
  const t = useWords('record')
  const { table, row } = useAddress<{ table: string; row: string }>()
  const look = useCommandOf(availability)
  const [answer, show] = useState<Answer | null>(null)
  const ask = async ({ at = '', purpose = '', authority }: Record<string, string>) => {
    if (table === undefined || row === undefined) return
    const outcome = await look.run({ table, id: row, at: at || worldNow().toISOString(), purpose, ...(authority ? { authority } : {}) })
    if (outcome.state === 'done') show(outcome.output)
  }
  return (
    <div className="page">
      <PageHead title={t('availability.title')} lead={t('availability.lead')} />
      <Section title={t('availability.ask')}>
        {table === undefined || row === undefined ? (
          <EmptyState title={t('availability.nothing')}>
            <p>{t('availability.from')}</p>
          </EmptyState>
        ) : (
          <Form label={t('availability.ask')} problem={look.problem} onSubmit={(values) => void ask(values)}>
            <TimeField name="at" label={t('availability.at')} help={t('availability.atHelp')} />
            <TextArea
              name="purpose"
              rows={2}
              label={t('availability.purpose')}
              help={t('availability.purposeHelp')}
              required
              maxLength={2000}
            />
            <TextField name="authority" label={t('availability.authority')} help={t('availability.authorityHelp')} maxLength={500} />
            <FormButtons>
              <Button type="submit" kind="primary" busy={look.state === 'sending'}>
                {t('availability.look')}
              </Button>
            </FormButtons>
          </Form>
        )}
      </Section>
      {answer ? <People answer={answer} /> : null}
    </div>
  )
}
