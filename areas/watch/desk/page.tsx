import { useEffect, useRef } from 'react'
import { Age } from '#core/web/age.tsx'
import { Button } from '#core/web/button.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { useAddress, useGo } from '#core/web/navigation.tsx'
import { PageHead } from '#core/web/page.tsx'
import { Banner, NotYet, Problem } from '#core/web/problem.tsx'
import { Tabs } from '#core/web/tabs.tsx'
import { useView } from '#core/web/view.ts'
import { useWords } from '#core/web/words.ts'
import { claimSignal, type SignalLine } from '../signals/contract.ts'
import { desk } from './contract.ts'
import { Keys, useKeys } from './parts/keys.tsx'
import { Refused } from './parts/refused.tsx'
import { Detail } from './parts/detail.tsx'
import { SignalList } from './parts/signal-list.tsx'
import { SourceList } from './parts/source-list.tsx'
import './desk.css'

const trays = ['live', 'not-actual', 'quarantine', 'refused', 'sources'] as const
type TrayName = (typeof trays)[number]

/** The watch desk: what came, what it means, and how old each source is. Made for twelve hours in a dim room and two hands on the keys. */
export function Page() {
  const t = useWords('watch')
  const go = useGo()
  const view = useView()
  const address = useAddress<{ tray: TrayName; signal: string }>()
  const watches = ['watch.signals', 'watch.deliveries', 'watch.signal_actions', 'watch.sources', 'watch.source_events']
  const { data, error, refetch } = useQueryOf(desk, {}, { watches })
  const claim = useCommandOf(claimSignal, { changes: ['watch.signals'] })
  const detail = useRef<HTMLDivElement>(null)

  // The age of a source that says nothing is news of no table.
  useEffect(() => {
    const timer = setInterval(() => void refetch(), 30_000)
    return () => clearInterval(timer)
  }, [refetch])

  const tray: TrayName = trays.find((one) => one === address.tray) ?? 'live'
  const linesOf = (name: TrayName): readonly SignalLine[] =>
    data === undefined
      ? []
      : name === 'live'
        ? data.live
        : name === 'not-actual'
          ? data.notActual
          : name === 'quarantine'
            ? data.quarantine
            : []
  const lines = linesOf(tray)
  const selected = address.signal ?? (view === 'desk' ? lines[0]?.id : undefined)
  const select = (signal: string) => go(undefined, { signal }, true)
  const open = (signal: string) => {
    select(signal)
    requestAnimationFrame(() => detail.current?.focus())
  }
  const step = (by: number) => {
    const place = lines.findIndex(({ id }) => id === selected)
    const next = lines[Math.max(0, Math.min(lines.length - 1, place + by))]
    if (next) select(next.id)
  }
  useKeys({
    j: () => step(1),
    k: () => step(-1),
    c: () => selected && data?.can.handle && void claim.run({ signalId: selected }),
    Enter: () => selected && open(selected),
    d: () => document.querySelector<HTMLElement>('.desk-judge input')?.focus(),
    ...Object.fromEntries(trays.map((name, place) => [String(place + 1), () => go(undefined, { tray: name, signal: null }, true)])),
  })

  if (!data) return <NotYet problem={error} onRetry={() => void refetch()} />

  const waiting = (name: TrayName) => linesOf(name).filter(({ state }) => state !== 'judged').length
  const more = { live: data.more.live, 'not-actual': data.more.notActual, quarantine: data.more.quarantine }
  const room = (name: 'live' | 'not-actual' | 'quarantine') => (
    <div className="desk-room">
      {view === 'pocket' && address.signal ? null : (
        <div className="desk-lines">
          <h2 className="unseen">{t(`desk.tray.${name}`)}</h2>
          <SignalList lines={linesOf(name)} selected={selected} onSelect={open} tray={name} />
          {more[name] ? <p className="soft">{t('desk.more')}</p> : null}
        </div>
      )}
      <div className="desk-detail" ref={detail} tabIndex={-1}>
        {view === 'pocket' && address.signal ? (
          <Button onPress={() => go(undefined, { signal: null }, true)}>{t('desk.back')}</Button>
        ) : null}
        {claim.problem && claim.state === 'refused' ? <Problem problem={claim.problem} /> : null}
        {selected ? <Detail key={selected} signalId={selected} exercises={data.exercises} at={data.at} /> : null}
      </div>
    </div>
  )
  const titled = (name: TrayName, count: number) =>
    count > 0 ? t(`desk.tray.counted`, { tray: t(`desk.tray.${name}`), count }) : t(`desk.tray.${name}`)
  const lost = data.sources.filter(({ lostAt }) => lostAt !== null)
  return (
    <div className="page desk">
      <PageHead title={t('desk.title')} lead={t('desk.lead')} aside={<Age at={data.at} staleAfter={2} />} />
      {lost.map((source) => (
        <Banner key={source.id} word={t('desk.lost', { source: source.name })}>
          {source.answeredAt ? <Age at={source.answeredAt} {...(source.owner ? { owner: source.owner } : {})} /> : t('desk.never')}{' '}
          {source.failure}
        </Banner>
      ))}
      <Tabs
        label={t('desk.trays')}
        selected={tray}
        onSelect={(name) => name !== tray && go(undefined, { tray: name, signal: null }, true)}
        tabs={[
          { id: 'live', title: titled('live', waiting('live')), content: () => room('live') },
          { id: 'not-actual', title: titled('not-actual', waiting('not-actual')), content: () => room('not-actual') },
          { id: 'quarantine', title: titled('quarantine', data.quarantine.length), content: () => room('quarantine') },
          { id: 'refused', title: titled('refused', data.refused.length), content: () => <Refused deliveries={data.refused} /> },
          {
            id: 'sources',
            title: titled('sources', lost.length),
            content: () => <SourceList sources={data.sources} events={data.sourceEvents} keep={data.can.keepSources} />,
          },
        ]}
      />
      {view === 'desk' ? <Keys handle={data.can.handle} /> : null}
    </div>
  )
}
