import { Moment } from '#core/web/age.tsx'
import { Marking } from '#core/web/badge.tsx'
import { useQueryOf } from '#core/web/hooks.ts'
import { Section } from '#core/web/page.tsx'
import { Table } from '#core/web/table.tsx'
import { useWords } from '#core/web/words.ts'
import { disclosureLog, type Looked, type Sent } from '../contract.ts'

/** Three lists that are three different things: sent, opened, acknowledged. None of them says that anybody knows. */
export function Log({ itemId }: { itemId: string }) {
  const t = useWords('sharing')
  const { data } = useQueryOf(
    disclosureLog,
    { itemId },
    { watches: ['sharing.disclosures', 'record.openings', 'record.acknowledgements'], copy: 'never' },
  )
  if (!data) return null
  return (
    <Section title={t('log.title')}>
      <p className="prose soft">{t('log.lead')}</p>
      <h3>{t('log.sent')}</h3>
      <SentList rows={data.sent} />
      <h3>{t('log.opened')}</h3>
      <LookedList label={t('log.opened')} rows={data.opened} none={t('log.noOpening')} />
      <h3>{t('log.acknowledged')}</h3>
      <LookedList label={t('log.acknowledged')} rows={data.acknowledged} none={t('log.noAcknowledgement')} />
    </Section>
  )
}

function SentList({ rows }: { rows: readonly Sent[] }) {
  const t = useWords('sharing')
  return (
    <Table
      label={t('log.sent')}
      rows={rows}
      rowId={({ id }) => id}
      columns={[
        { id: 'agency', title: t('party.agency'), names: true, cell: ({ agency }) => agency, sort: ({ agency }) => agency },
        {
          id: 'deed',
          title: t('log.deed'),
          cell: ({ deed, because }) => (because ? `${t(`log.deeds.${deed}`)}: ${because}` : t(`log.deeds.${deed}`)),
        },
        { id: 'at', title: t('log.at'), cell: ({ at }) => <Moment at={at} />, sort: ({ at }) => at },
        { id: 'marking', title: t('log.marking'), cell: ({ marking }) => <Marking text={marking} />, text: ({ marking }) => marking },
        {
          id: 'by',
          title: t('log.by'),
          cell: ({ by, protocol, channel }) => [by, protocol ?? t('item.noProtocol'), t(`log.channel.${channel}`)].join(' · '),
        },
        {
          id: 'receipt',
          title: t('log.receipt'),
          cell: ({ deed, acknowledged }) =>
            deed === 'shared' ? (
              ''
            ) : acknowledged.length === 0 ? (
              t('log.noReceipt')
            ) : (
              <span>
                {acknowledged.map(({ by, at }) => (
                  <span key={by}>
                    {by} <Moment at={at} />{' '}
                  </span>
                ))}
              </span>
            ),
        },
      ]}
      empty={<p className="soft">{t('log.notSent')}</p>}
    />
  )
}

const LookedList = ({ label, rows, none }: { label: string; rows: readonly Looked[]; none: string }) => {
  const t = useWords('sharing')
  return (
    <Table
      label={label}
      rows={rows}
      rowId={({ id }) => id}
      columns={[
        { id: 'by', title: t('log.person'), names: true, cell: ({ by }) => by, sort: ({ by }) => by },
        { id: 'agency', title: t('party.agency'), cell: ({ agency }) => agency, sort: ({ agency }) => agency },
        { id: 'at', title: t('log.at'), cell: ({ at }) => <Moment at={at} />, sort: ({ at }) => at },
      ]}
      empty={<p className="soft">{none}</p>}
    />
  )
}
