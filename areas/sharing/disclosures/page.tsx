import { Moment } from '#core/web/age.tsx'
import { LabelBadge } from '#core/web/badge.tsx'
import { Button } from '#core/web/button.tsx'
import { Choices } from '#core/web/fields.tsx'
import { useQueryOf } from '#core/web/hooks.ts'
import { Link, useAddress, useGo } from '#core/web/navigation.tsx'
import { PageHead, Section } from '#core/web/page.tsx'
import { EmptyState, NotYet } from '#core/web/problem.tsx'
import { Table } from '#core/web/table.tsx'
import { useWords } from '#core/web/words.ts'
import { disclosures } from './contract.ts'

/** Everything that an agency gave out and received: for whoever must answer for it. */
export function Page() {
  const t = useWords('sharing')
  const go = useGo()
  const { direction, before } = useAddress<{ direction: 'given' | 'received'; before: string }>()
  const { data, error, refetch } = useQueryOf(
    disclosures,
    { ...(direction ? { direction } : {}), ...(before ? { before } : {}) },
    { watches: ['sharing.disclosures'], copy: 'contact' },
  )
  if (!data) return <NotYet problem={error} onRetry={() => void refetch()} />
  return (
    <div className="page">
      <PageHead title={t('log.all')} lead={t('log.allLead')} actions={<Link to="/sharing/items">{t('item.title')}</Link>} />
      <Section title={t('log.rows')}>
        <Choices
          label={t('log.direction')}
          value={direction ?? 'both'}
          required
          onChange={(id) => go('/sharing/disclosures', id === 'both' ? {} : { direction: id })}
          choices={['both', 'given', 'received'].map((id) => ({ id, words: t(`log.directions.${id}`) }))}
        />
        <Table
          label={t('log.rows')}
          rows={data.rows}
          rowId={({ id }) => id}
          columns={[
            { id: 'at', title: t('log.at'), names: true, cell: ({ at }) => <Moment at={at} />, text: ({ at }) => at, sort: ({ at }) => at },
            { id: 'deed', title: t('log.deed'), cell: ({ deed }) => t(`log.deeds.${deed}`), sort: ({ deed }) => deed },
            { id: 'from', title: t('log.from'), cell: ({ from }) => from, sort: ({ from }) => from },
            { id: 'to', title: t('log.to'), cell: ({ to }) => to, sort: ({ to }) => to },
            { id: 'kind', title: t('item.kind'), cell: ({ kind }) => t(`kind.${kind}`), sort: ({ kind }) => kind },
            {
              id: 'label',
              title: t('log.marking'),
              cell: ({ label, marking }) => <LabelBadge label={label} marking={marking} />,
              text: ({ marking }) => marking,
            },
            { id: 'protocol', title: t('protocol.name'), cell: ({ protocol }) => protocol ?? t('item.noProtocol') },
            {
              id: 'open',
              title: t('item.what'),
              cell: ({ open, itemId }) => (open ? <Link to={`/sharing/items/${itemId}`}>{t('log.look')}</Link> : t('log.closed')),
            },
          ]}
          empty={
            <EmptyState title={t('log.nothing')}>
              <p>{t('log.nothingMore')}</p>
            </EmptyState>
          }
        />
        {data.older ? (
          <p>
            <Button onPress={() => go('/sharing/disclosures', { ...(direction ? { direction } : {}), before: data.older ?? '' })}>
              {t('item.older')}
            </Button>
          </p>
        ) : null}
      </Section>
    </div>
  )
}
