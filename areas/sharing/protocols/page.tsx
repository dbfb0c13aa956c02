import { Moment } from '#core/web/age.tsx'
import { LabelBadge } from '#core/web/badge.tsx'
import { useQueryOf } from '#core/web/hooks.ts'
import { Link } from '#core/web/navigation.tsx'
import { PageHead, Section } from '#core/web/page.tsx'
import { EmptyState, NotYet } from '#core/web/problem.tsx'
import { StateWord, type StateTone } from '#core/web/state-word.tsx'
import { Table } from '#core/web/table.tsx'
import { useWords } from '#core/web/words.ts'
import { protocols, type ProtocolLine } from './contract.ts'

export const tones: Record<ProtocolLine['state'], StateTone> = {
  draft: 'none',
  offered: 'waiting',
  'in-force': 'done',
  expired: 'alarm',
  ended: 'none',
}

/** What agencies have agreed to tell each other: first what waits for you, then what holds, then what was. */
export function Page() {
  const t = useWords('sharing')
  const { data, error, refetch } = useQueryOf(
    protocols,
    {},
    { watches: ['sharing.protocols', 'sharing.protocol_versions', 'sharing.signatures'] },
  )
  if (!data) return <NotYet problem={error} onRetry={() => void refetch()} />
  const waiting = data.protocols.filter(({ toSign }) => toSign)
  const rest = data.protocols.filter(({ toSign }) => !toSign)
  return (
    <div className="page">
      <PageHead
        title={t('title')}
        lead={t('protocol.lead')}
        actions={
          <>
            {data.can.draft ? <Link to="/sharing/protocols/draft">{t('protocol.draw')}</Link> : null}
            <Link to="/sharing/requests">{t('request.title')}</Link>
            <Link to="/sharing/emergency">{t('emergency.title')}</Link>
            <Link to="/sharing/pointers">{t('pointer.title')}</Link>
            <Link to="/sharing/briefings">{t('briefing.title')}</Link>
            <Link to="/sharing/restrictions">{t('restriction.title')}</Link>
            {data.can.oversee ? <Link to="/sharing/oversight">{t('oversight.title')}</Link> : null}
          </>
        }
      />
      {waiting.length > 0 ? (
        <Section title={t('protocol.toSign')}>
          <Lines label={t('protocol.toSign')} lines={waiting} />
        </Section>
      ) : null}
      <Section title={t('protocol.list')}>
        <Lines label={t('protocol.list')} lines={rest} />
      </Section>
    </div>
  )
}

function Lines({ label, lines }: { label: string; lines: readonly ProtocolLine[] }) {
  const t = useWords('sharing')
  return (
    <Table
      label={label}
      rows={lines}
      rowId={({ id }) => id}
      alarmed={({ state, reviewDue }) => state === 'expired' || reviewDue}
      columns={[
        {
          id: 'title',
          title: t('protocol.name'),
          names: true,
          cell: ({ id, title }) => <Link to={`/sharing/protocols/${id}`}>{title}</Link>,
          sort: ({ title }) => title,
        },
        {
          id: 'state',
          title: t('protocol.state'),
          cell: ({ state, reviewDue }) => (
            <span className="row">
              <StateWord tone={tones[state]}>{t(`protocol.is.${state}`)}</StateWord>
              {reviewDue ? <StateWord tone="alarm">{t('protocol.reviewDue')}</StateWord> : null}
            </span>
          ),
          text: ({ state }) => state,
        },
        { id: 'parties', title: t('protocol.parties'), cell: ({ parties }) => parties.join(', ') },
        {
          id: 'expires',
          title: t('protocol.expires'),
          cell: ({ expiresAt }) => (expiresAt ? <Moment at={expiresAt} /> : t('protocol.notYet')),
          sort: ({ expiresAt }) => expiresAt ?? '',
        },
        { id: 'label', title: t('label'), cell: (line) => <LabelBadge label={line.label} marking={line.marking} /> },
      ]}
      empty={
        <EmptyState title={t('protocol.none')}>
          <p>{t('protocol.noneMore')}</p>
        </EmptyState>
      }
    />
  )
}
