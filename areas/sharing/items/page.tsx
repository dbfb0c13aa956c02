import { acknowledge } from '#core/record/reading/contract.ts'
import { Age, Moment } from '#core/web/age.tsx'
import { LabelBadge } from '#core/web/badge.tsx'
import { Button } from '#core/web/button.tsx'
import { Select } from '#core/web/fields.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { Link, useAddress, useGo } from '#core/web/navigation.tsx'
import { PageHead, Section } from '#core/web/page.tsx'
import { EmptyState, NotYet, Problem } from '#core/web/problem.tsx'
import { StateWord } from '#core/web/state-word.tsx'
import { Table } from '#core/web/table.tsx'
import { useWords } from '#core/web/words.ts'
import { informationKinds, type InformationKind } from '../contract.ts'
import { items, type ItemLine, type Notice } from './contract.ts'

const every = 'every'

/** What was shared with you and what you gave, newest first; what was taken back or marked otherwise stands before it. */
export function Page() {
  const t = useWords('sharing')
  const go = useGo()
  const { kind, before } = useAddress<{ kind: InformationKind; before: string }>()
  const { data, error, refetch } = useQueryOf(
    items,
    { ...(kind ? { kind } : {}), ...(before ? { before } : {}) },
    { watches: ['sharing.items', 'sharing.disclosures', 'record.acknowledgements'], copy: 'contact' },
  )
  if (!data) return <NotYet problem={error} onRetry={() => void refetch()} />
  const show = (more: { kind?: string; before?: string }) => go('/sharing/items', more)
  return (
    <div className="page">
      <PageHead
        title={t('item.title')}
        lead={t('item.lead')}
        actions={
          <>
            {data.can.share ? <Link to="/sharing/items/new">{t('item.share')}</Link> : null}
            <Link to="/sharing/disclosures">{t('log.all')}</Link>
            <Link to="/sharing">{t('title')}</Link>
          </>
        }
      />
      {data.notices.length > 0 ? (
        <Section title={t('item.news')}>
          {data.notices.map((notice) => (
            <News key={notice.id} notice={notice} />
          ))}
        </Section>
      ) : null}
      <Section
        title={t('item.list')}
        aside={
          <Select
            label={t('item.kind')}
            value={kind ?? every}
            onChange={(id) => show(id === every ? {} : { kind: id })}
            choices={[{ id: every, words: t('item.every') }, ...informationKinds.map((id) => ({ id, words: t(`kind.${id}`) }))]}
          />
        }
      >
        <Lines lines={data.items} />
        {data.older ? (
          <p>
            <Button onPress={() => show({ ...(kind ? { kind } : {}), before: data.older ?? '' })}>{t('item.older')}</Button>
          </p>
        ) : null}
      </Section>
    </div>
  )
}

function News({ notice }: { notice: Notice }) {
  const t = useWords('sharing')
  const take = useCommandOf(acknowledge, { title: t('item.acknowledgeNews'), changes: ['record.acknowledgements'] })
  return (
    <article className="stack" aria-label={notice.title}>
      <h3>{notice.title}</h3>
      <span className="row">
        <StateWord tone={notice.acknowledgedAt ? 'done' : 'alarm'}>{t(`item.was.${notice.deed}`)}</StateWord>
        <Moment at={notice.at} />
        <LabelBadge label={notice.label} marking={notice.marking} />
      </span>
      <p className="prose">
        {t(`item.told.${notice.own ? 'madeOf' : notice.deed}`, { originator: notice.originator, because: notice.because })}
      </p>
      {notice.made.length > 0 ? (
        <p className="row">
          {t('item.youMade')}
          {notice.made.map(({ id, title }) => (
            <Link key={id} to={`/sharing/items/${id}`}>
              {title}
            </Link>
          ))}
        </p>
      ) : null}
      {take.problem ? <Problem problem={take.problem} /> : null}
      {notice.acknowledgedAt ? (
        <p className="soft">
          {t('item.youAcknowledged')} <Moment at={notice.acknowledgedAt} />
        </p>
      ) : (
        <p>
          <Button busy={take.state === 'sending'} onPress={() => void take.run({ table: 'sharing.disclosures', id: notice.id })}>
            {t(`item.obey.${notice.deed}`)}
          </Button>
        </p>
      )}
    </article>
  )
}

function Lines({ lines }: { lines: readonly ItemLine[] }) {
  const t = useWords('sharing')
  return (
    <Table
      label={t('item.list')}
      rows={lines}
      rowId={({ id }) => id}
      columns={[
        {
          id: 'title',
          title: t('item.about'),
          names: true,
          cell: ({ id, title }) => <Link to={`/sharing/items/${id}`}>{title}</Link>,
          sort: ({ title }) => title,
        },
        { id: 'kind', title: t('item.kind'), cell: ({ kind }) => t(`kind.${kind}`), sort: ({ kind }) => kind },
        {
          id: 'originator',
          title: t('item.originator'),
          cell: ({ originator, own }) => (own ? t('item.ours', { originator }) : originator),
          sort: ({ originator }) => originator,
        },
        {
          id: 'graded',
          title: t('grade.title'),
          cell: ({ graded }) => (graded ? <abbr title={graded.words.join(', ')}>{graded.short}</abbr> : t('grade.not')),
          sort: ({ graded }) => graded?.short ?? '',
        },
        { id: 'label', title: t('label'), cell: (line) => <LabelBadge label={line.label} marking={line.marking} /> },
        {
          id: 'state',
          title: t('item.state'),
          cell: ({ state, sensitive }) =>
            state === 'recalled' ? (
              <StateWord tone="alarm">{t('item.was.recalled')}</StateWord>
            ) : (
              t(sensitive ? 'item.toOpen' : 'item.plain')
            ),
          text: ({ state }) => state,
        },
        { id: 'age', title: t('item.age'), cell: ({ sharedAt }) => <Age at={sharedAt} />, sort: ({ sharedAt }) => sharedAt },
        { id: 'protocol', title: t('protocol.name'), cell: ({ protocol }) => protocol ?? t('item.noProtocol') },
      ]}
      empty={
        <EmptyState title={t('item.none')} action={<Link to="/sharing/items/new">{t('item.share')}</Link>}>
          <p>{t('item.noneMore')}</p>
        </EmptyState>
      }
    />
  )
}
