import { useState } from 'react'
import { asOf, inspect, type PictureRow } from '#core/record/reading/contract.ts'
import { Moment } from '#core/web/age.tsx'
import { Marking } from '#core/web/badge.tsx'
import { Button } from '#core/web/button.tsx'
import { TextArea, TextField, TimeField } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { Link, useAddress, useGo, useParts } from '#core/web/navigation.tsx'
import { PageHead, Section } from '#core/web/page.tsx'
import { EmptyState, Problem, Waiting } from '#core/web/problem.tsx'
import { Table } from '#core/web/table.tsx'
import { Tabs } from '#core/web/tabs.tsx'
import { moment } from '#core/web/time.ts'
import { useWords } from '#core/web/words.ts'
import { seats } from '../seats/contract.ts'
import { rowWords } from './rules.ts'

interface Picture {
  asOf: string
  of: { name: string }
  rows: readonly PictureRow[]
}

const when = (at: string | null, never: string) => (at === null ? <span className="soft">{never}</span> : <Moment at={at} />)

/** Three columns that are three different things: available, opened, acknowledged. */
function PictureTable({ picture, incidentId, mayAsk = false }: { picture: Picture; incidentId: string; mayAsk?: boolean }) {
  const t = useWords('response')
  const { data } = useQueryOf(seats, { incidentId })
  const agencies = new Map((data?.seats ?? []).map(({ agencyId, shortName }) => [agencyId, shortName]))
  const kind = (table: string) =>
    t(`asOf.row.${table.split('.')[1] ?? ''}`, { defaultValue: table.split('.')[1]?.replaceAll('_', ' ') ?? table })
  const words = (row: PictureRow) => rowWords(row.row, (code, params) => t(`log.${code}`, { ...params, defaultValue: code }), agencies)
  return (
    <Section title={t('asOf.of', { name: picture.of.name, time: moment(new Date(picture.asOf)) })}>
      <Table
        label={t('asOf.title')}
        rows={picture.rows}
        rowId={({ table, id }) => `${table}-${id}`}
        columns={[
          {
            id: 'what',
            title: t('asOf.what'),
            names: true,
            text: (row) => `${kind(row.table)} ${words(row)}`,
            cell: (row) => (
              <>
                <strong>{kind(row.table)}</strong> {words(row)} <Marking text={row.marking} />{' '}
                {mayAsk ? <Link to={`/record/availability?table=${row.table}&row=${row.id}`}>{t('asOf.whoHad')}</Link> : null}
              </>
            ),
          },
          {
            id: 'available',
            title: t('asOf.available'),
            figures: true,
            sort: ({ at }) => at,
            text: ({ at }) => at,
            cell: ({ at }) => <Moment at={at} />,
          },
          {
            id: 'opened',
            title: t('asOf.opened'),
            figures: true,
            text: ({ openedAt }) => openedAt ?? t('asOf.notRecorded'),
            cell: ({ openedAt }) => when(openedAt, t('asOf.notRecorded')),
          },
          {
            id: 'acknowledged',
            title: t('asOf.acknowledged'),
            figures: true,
            text: ({ acknowledgedAt }) => acknowledgedAt ?? t('asOf.notRecorded'),
            cell: ({ acknowledgedAt }) => when(acknowledgedAt, t('asOf.notRecorded')),
          },
        ]}
        empty={
          <EmptyState title={t('asOf.none')}>
            <p>{t('asOf.noneMore')}</p>
          </EmptyState>
        }
      />
    </Section>
  )
}

/** Your own picture, at the moment that stands in the address. */
function Own({ incidentId }: { incidentId: string }) {
  const t = useWords('response')
  const go = useGo()
  const { at } = useAddress<{ at: string }>()
  const { data, error } = useQueryOf(asOf, { thread: incidentId, at: at ?? new Date(0).toISOString() }, { when: at !== undefined })
  return (
    <div className="page-section">
      <Form label={t('asOf.title')} onSubmit={(values) => (values.at ? go(undefined, { at: values.at }) : undefined)}>
        <TimeField name="at" label={t('asOf.at')} required {...(at === undefined ? {} : { defaultAt: at })} />
        <FormButtons>
          <Button type="submit" kind="primary">
            {t('asOf.look')}
          </Button>
        </FormButtons>
      </Form>
      {at !== undefined && error && !data ? <Problem problem={error} /> : null}
      {at !== undefined && !data && !error ? <Waiting /> : null}
      {data ? <PictureTable picture={data} incidentId={incidentId} /> : null}
    </div>
  )
}

/** Another's picture: a command, because the look is itself an entry that the person can read. */
function Another({ incidentId }: { incidentId: string }) {
  const t = useWords('response')
  const look = useCommandOf(inspect)
  const [seen, see] = useState<Picture | null>(null)
  const ask = async ({ at = '', personId = '', purpose = '', authority = '' }: Record<string, string>) => {
    const outcome = await look.run({ thread: incidentId, at, personId, purpose, authority })
    if (outcome.state === 'done') see(outcome.output)
  }
  return (
    <div className="page-section">
      <p className="prose soft">{t('asOf.inquiry')}</p>
      <Form label={t('asOf.another')} problem={look.problem} onSubmit={(values) => void ask(values)}>
        <TextField name="personId" label={t('asOf.person')} required />
        <TimeField name="at" label={t('asOf.at')} required />
        <TextArea name="purpose" label={t('asOf.purpose')} required rows={2} maxLength={2000} />
        <TextField name="authority" label={t('asOf.authority')} required maxLength={500} />
        <FormButtons>
          <Button type="submit" kind="primary" busy={look.state === 'sending'}>
            {t('asOf.lookAnother')}
          </Button>
        </FormButtons>
      </Form>
      {seen ? <PictureTable picture={seen} incidentId={incidentId} mayAsk /> : null}
    </div>
  )
}

/** For the inquiry, and for anybody about themselves: what was available at a moment, what was opened, what was acknowledged. */
export function Page() {
  const t = useWords('response')
  const { incidentId = '' } = useParts()
  return (
    <div className="page">
      <PageHead
        title={t('asOf.title')}
        lead={t('asOf.lead')}
        actions={
          <>
            <Link to={`/response/centre/${incidentId}`}>{t('timeline.back')}</Link>
            <Link to={`/response/centre/${incidentId}/pack`}>{t('asOf.pack')}</Link>
          </>
        }
      />
      <Tabs
        label={t('asOf.title')}
        tabs={[
          { id: 'own', title: t('asOf.own'), content: () => <Own incidentId={incidentId} /> },
          { id: 'another', title: t('asOf.another'), content: () => <Another incidentId={incidentId} /> },
        ]}
      />
    </div>
  )
}
