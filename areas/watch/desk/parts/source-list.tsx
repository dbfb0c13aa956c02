import { Age, Moment } from '#core/web/age.tsx'
import { Section } from '#core/web/page.tsx'
import { EmptyState } from '#core/web/problem.tsx'
import { StateWord } from '#core/web/state-word.tsx'
import { Table } from '#core/web/table.tsx'
import { Timeline } from '#core/web/timeline.tsx'
import { useWords } from '#core/web/words.ts'
import type { SourceLine } from '../../sources/contract.ts'
import type { SourceEvent } from '../contract.ts'
import { KeepSources, Retire } from './keep-sources.tsx'

/** How messages come, and how old the last of each is. A quiet source is not called well: it is called quiet since. */
export function SourceList({ sources, events, keep }: { sources: readonly SourceLine[]; events: readonly SourceEvent[]; keep: boolean }) {
  const t = useWords('watch')
  const state = (source: SourceLine) =>
    source.lostAt !== null ? (
      <StateWord tone="alarm">{t('desk.source.lost')}</StateWord>
    ) : source.failures > 0 ? (
      <StateWord tone="waiting">{t('desk.source.failing', { count: source.failures })}</StateWord>
    ) : source.answeredAt === null ? (
      <StateWord tone="unknown">{t('desk.source.nothing')}</StateWord>
    ) : (
      <StateWord tone="begun">{t('desk.source.answers')}</StateWord>
    )
  return (
    <>
      <h2 className="unseen">{t('desk.tray.sources')}</h2>
      {keep ? <KeepSources /> : null}
      <Table
        label={t('desk.tray.sources')}
        rows={sources}
        rowId={(source) => source.id}
        alarmed={(source) => source.lostAt !== null}
        columns={[
          { id: 'name', title: t('desk.source.name'), cell: (source) => source.name, sort: (source) => source.name, names: true },
          {
            id: 'owner',
            title: t('desk.source.owner'),
            cell: (source) => source.owner || t('desk.notSaid'),
            text: (source) => source.owner,
          },
          { id: 'kind', title: t('desk.source.kind'), cell: (source) => t(`desk.way.${source.kind}`), text: (source) => source.kind },
          {
            id: 'state',
            title: t('desk.source.state'),
            cell: (source) => (
              <>
                {state(source)} {source.failure}
              </>
            ),
            text: (source) => source.failure ?? '',
          },
          {
            id: 'answered',
            title: t('desk.source.answered'),
            cell: (source) =>
              source.answeredAt === null ? (
                t('desk.never')
              ) : (
                <Age
                  at={source.answeredAt}
                  {...(source.kind === 'feed' ? { staleAfter: Math.max(2, (source.everySeconds * 3) / 60) } : {})}
                />
              ),
            text: (source) => source.answeredAt ?? '',
          },
          {
            id: 'received',
            title: t('desk.source.received'),
            cell: (source) => (source.receivedAt === null ? t('desk.never') : <Moment at={source.receivedAt} />),
            sort: (source) => source.receivedAt ?? '',
          },
          ...(keep
            ? [
                {
                  id: 'keep',
                  title: t('desk.keep.column'),
                  cell: (source: SourceLine) => <Retire sourceId={source.id} name={source.name} />,
                  text: () => t('desk.keep.retire'),
                },
              ]
            : []),
        ]}
        empty={
          <EmptyState title={t('desk.noSources')}>
            <p>{t('desk.noSourcesMore')}</p>
          </EmptyState>
        }
      />
      {events.length > 0 ? (
        <Section title={t('desk.source.events')}>
          <Timeline
            label={t('desk.source.events')}
            items={events.map((one) => ({
              id: one.id,
              occurredAt: one.at,
              title: t(one.kind === 'lost' ? 'desk.source.wasLost' : 'desk.source.cameBack', { source: one.source, count: one.failures }),
              body: one.detail,
              alarm: one.kind === 'lost',
            }))}
          />
        </Section>
      ) : null}
    </>
  )
}
