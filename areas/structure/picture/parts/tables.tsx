import { type ReactNode, useMemo } from 'react'
import { Moment } from '#core/web/age.tsx'
import { StateWord } from '#core/web/state-word.tsx'
import { Table, type TableColumn } from '#core/web/table.tsx'
import { Section } from '#core/web/page.tsx'
import type { Network } from '../../network/contract.ts'
import { isUntested, type Link, type Overlay, loadsOf } from '../rules/links.ts'
import type { Mark } from './paint-line.tsx'
import type { NetworkWords } from './words.tsx'

export interface TwinWords {
  network: Network
  words: NetworkWords
  now: Date
  /** Rows in the light; null: all. */
  lit: ReadonlySet<string> | null
  marks: ReadonlyMap<string, Mark>
  overlay: Overlay | null
  /** Rows drawn at first. */
  most: number
  onFocus: (id: string) => void
  /** Deeds of an editor for a row. */
  deeds?: {
    link: (link: Link) => ReactNode
    seat: (seat: Network['memberships'][number]) => ReactNode
    group: (group: Network['groups'][number]) => ReactNode
  }
}

function markColumn<Row extends { id: string }>({ words, marks }: TwinWords): TableColumn<Row>[] {
  if (marks.size === 0) return []
  const of = ({ id }: Row) => {
    const mark = marks.get(id)
    return mark ? words.t(`picture.mark.${mark}`) : ''
  }
  return [{ id: 'sign', title: words.t('picture.sign'), cell: of, sort: of }]
}
function deedColumn<Row>(twin: TwinWords, deed: ((row: Row) => ReactNode) | undefined): TableColumn<Row>[] {
  return deed ? [{ id: 'deeds', title: twin.words.t('draft.actions'), cell: deed }] : []
}

export function LinksTable(twin: TwinWords) {
  const { network, words, now, lit, overlay, most, onFocus, deeds } = twin
  const { t, name } = words
  const shown = lit === null ? network.links : network.links.filter(({ id }) => lit.has(id))
  const use = ({ id }: Link) => t(overlay?.uses.get(id) === 'used' ? 'picture.used' : 'picture.notUsed')
  return (
    <>
      <Table
        label={t('picture.links')}
        rows={shown}
        rowId={({ id }) => id}
        most={most}
        {...(deeds ? {} : { onOpen: ({ from }: Link) => onFocus(from.id) })}
        columns={[
          { id: 'from', title: t('picture.from'), cell: ({ from }) => name(from.id), sort: ({ from }) => name(from.id), names: true },
          { id: 'kind', title: t('picture.how'), cell: ({ kind }) => t(`linkKind.${kind}`), sort: ({ kind }) => kind },
          { id: 'to', title: t('picture.to'), cell: ({ to }) => name(to.id), sort: ({ to }) => name(to.id) },
          {
            id: 'medium',
            title: t('picture.media'),
            cell: ({ primaryMediumId }) =>
              primaryMediumId === null ? <StateWord tone="alarm">{t('picture.noMedium')}</StateWord> : name(primaryMediumId),
            sort: ({ primaryMediumId }) => (primaryMediumId === null ? null : name(primaryMediumId)),
          },
          {
            id: 'backup',
            title: t('picture.backup'),
            cell: ({ backupMediumId }) => (backupMediumId === null ? t('picture.noBackup') : name(backupMediumId)),
            sort: ({ backupMediumId }) => (backupMediumId === null ? null : name(backupMediumId)),
          },
          { id: 'carries', title: t('picture.carries'), cell: ({ carries }) => carries.join(', '), sort: ({ carries }) => carries.join() },
          {
            id: 'tested',
            title: t('picture.tested'),
            cell: ({ testedAt }) =>
              isUntested(testedAt, now) ? (
                <StateWord tone="unknown">{words.tested(testedAt)}</StateWord>
              ) : testedAt === null ? null : (
                <Moment at={testedAt} />
              ),
            sort: ({ testedAt }) => testedAt,
            text: ({ testedAt }) => words.tested(testedAt),
          },
          ...(overlay ? [{ id: 'use', title: t('picture.use'), cell: use, sort: use }] : []),
          ...markColumn<Link>(twin),
          ...deedColumn(twin, deeds?.link),
        ]}
        empty={<p className="soft">{t('picture.tableEmpty')}</p>}
      />
      {overlay && overlay.undeclared.length > 0 ? (
        <Section title={t('picture.undeclaredTitle')}>
          <Table
            label={t('picture.undeclaredTitle')}
            rows={overlay.undeclared}
            rowId={({ fromId, toId }) => `${fromId} ${toId}`}
            most={most}
            columns={[
              { id: 'from', title: t('picture.from'), cell: ({ fromId }) => name(fromId), sort: ({ fromId }) => name(fromId), names: true },
              { id: 'to', title: t('picture.to'), cell: ({ toId }) => name(toId), sort: ({ toId }) => name(toId) },
              {
                id: 'use',
                title: t('picture.use'),
                cell: ({ count, lastAt }) => (
                  <>
                    {count === undefined ? null : `${t('picture.times', { count })}, `}
                    {t('picture.lastAt')} <Moment at={lastAt} />
                  </>
                ),
                sort: ({ count }) => count ?? 0,
              },
            ]}
          />
        </Section>
      ) : null}
    </>
  )
}

export function GroupsTable(twin: TwinWords) {
  const { network, words, lit, most, onFocus, deeds } = twin
  const { t, name } = words
  const loads = loadsOf(network)
  const seats = Map.groupBy(network.memberships, ({ groupId }) => groupId)
  const shown = lit === null ? network.groups : network.groups.filter(({ id }) => lit.has(id))
  type Group = Network['groups'][number]
  const post = (id: string | null) => (id === null ? t('none') : name(id))
  return (
    <Table
      label={t('picture.groups')}
      rows={shown}
      rowId={({ id }) => id}
      most={most}
      {...(deeds ? {} : { onOpen: ({ id }: Group) => onFocus(id) })}
      columns={[
        { id: 'name', title: t('picture.group'), cell: (row) => row.name, sort: (row) => row.name, names: true },
        { id: 'tier', title: t('picture.tier'), cell: ({ tier }) => t(`tier.${tier}`), sort: ({ tier }) => tier },
        {
          id: 'chair',
          title: t('groups.chair'),
          cell: ({ chairPostId }) =>
            chairPostId === null ? <StateWord tone="alarm">{t('picture.noChair')}</StateWord> : name(chairPostId),
          sort: ({ chairPostId }) => (chairPostId === null ? null : name(chairPostId)),
        },
        {
          id: 'deputy',
          title: t('picture.deputy'),
          cell: (row) => post(row.deputyChairPostId),
          sort: (row) => post(row.deputyChairPostId),
        },
        {
          id: 'secretariat',
          title: t('picture.secretariat'),
          cell: (row) => post(row.secretariatPostId),
          sort: (row) => post(row.secretariatPostId),
        },
        {
          id: 'seats',
          title: t('picture.seatsOf'),
          cell: ({ id }) => seats.get(id)?.length ?? 0,
          sort: ({ id }) => seats.get(id)?.length ?? 0,
          figures: true,
        },
        {
          id: 'quorum',
          title: t('picture.quorum'),
          cell: ({ quorum }) => quorum ?? t('none'),
          sort: ({ quorum }) => quorum,
          figures: true,
        },
        { id: 'load', title: t('picture.load'), cell: ({ id }) => loads.get(id) ?? 0, sort: ({ id }) => loads.get(id) ?? 0, figures: true },
        ...markColumn<Group>(twin),
        ...deedColumn(twin, deeds?.group),
      ]}
      empty={<p className="soft">{t('picture.tableEmpty')}</p>}
    />
  )
}

export function SeatsTable(twin: TwinWords) {
  const { network, words, lit, most, onFocus, deeds } = twin
  const { t, name } = words
  const groups = new Map(network.groups.map((group) => [group.id, group]))
  const posts = new Map(network.posts.map((post) => [post.id, post]))
  type Seat = Network['memberships'][number]
  const shown = useMemo(() => {
    const inLight = lit === null ? network.memberships : network.memberships.filter(({ groupId, id }) => lit.has(groupId) || lit.has(id))
    const { compare } = new Intl.Collator()
    return inLight.toSorted((one, other) => compare(name(one.agencyId), name(other.agencyId)))
  }, [network.memberships, lit, name])
  const office = ({ groupId, agencyId, postId }: Seat) => {
    const group = groups.get(groupId)
    const holds = (id: string | null | undefined) =>
      id != null && (postId === id || (postId === null && posts.get(id)?.agencyId === agencyId))
    return holds(group?.chairPostId) ? t('key.chair') : holds(group?.deputyChairPostId) ? t('key.deputy') : ''
  }
  return (
    <Table
      label={t('picture.seats')}
      rows={shown}
      rowId={({ id }) => id}
      most={most}
      {...(deeds ? {} : { onOpen: ({ agencyId }: Seat) => onFocus(agencyId) })}
      columns={[
        { id: 'agency', title: t('picture.agencyName'), cell: (row) => name(row.agencyId), sort: (row) => name(row.agencyId), names: true },
        { id: 'group', title: t('picture.group'), cell: (row) => name(row.groupId), sort: (row) => name(row.groupId) },
        { id: 'post', title: t('picture.post'), cell: (row) => name(row.postId), sort: (row) => name(row.postId) },
        { id: 'standing', title: t('picture.standing'), cell: ({ kind }) => t(`standing.${kind}`), sort: ({ kind }) => kind },
        { id: 'office', title: t('picture.office'), cell: office, sort: office },
        { id: 'basis', title: t('picture.basis'), cell: ({ basis }) => basis, sort: ({ basis }) => basis },
        ...markColumn<Seat>(twin),
        ...deedColumn(twin, deeds?.seat),
      ]}
      empty={<p className="soft">{t('picture.tableEmpty')}</p>}
    />
  )
}

export function AgenciesTable(twin: TwinWords) {
  const { network, words, lit, most, onFocus } = twin
  const { t, name } = words
  const loads = loadsOf(network)
  const seats = Map.groupBy(network.memberships, ({ agencyId }) => agencyId)
  const posts = Map.groupBy(network.posts, ({ agencyId }) => agencyId)
  type Agency = Network['agencies'][number]
  const shown =
    lit === null
      ? network.agencies
      : network.agencies.filter(({ id }) => lit.has(id) || (posts.get(id) ?? []).some((post) => lit.has(post.id)))
  const sits = ({ id }: Agency) => (seats.get(id) ?? []).map(({ groupId }) => name(groupId)).join(', ')
  const its = ({ id }: Agency) =>
    (posts.get(id) ?? [])
      .filter((post) => loads.has(post.id))
      .map((post) => `${post.title} (${loads.get(post.id)})`)
      .join(', ')
  return (
    <Table
      label={t('picture.agencies')}
      rows={shown}
      rowId={({ id }) => id}
      most={most}
      onOpen={({ id }) => onFocus(id)}
      columns={[
        { id: 'name', title: t('picture.agencyName'), cell: (row) => row.name, sort: (row) => row.name, names: true },
        { id: 'sector', title: t('picture.sector'), cell: ({ sector }) => words.sector(sector), sort: ({ sector }) => sector },
        { id: 'sits', title: t('picture.sits'), cell: (row) => sits(row) || t('agencies.inNone'), sort: sits },
        { id: 'posts', title: t('picture.its'), cell: its, sort: its },
        { id: 'load', title: t('picture.load'), cell: ({ id }) => loads.get(id) ?? 0, sort: ({ id }) => loads.get(id) ?? 0, figures: true },
        ...markColumn<Agency>(twin),
      ]}
      empty={<p className="soft">{t('picture.tableEmpty')}</p>}
    />
  )
}

export function ResponsibilitiesTable({ network, words, lit, most }: TwinWords) {
  const { t, name } = words
  const shown = lit === null ? network.responsibilities : network.responsibilities.filter(({ agencyId }) => lit.has(agencyId))
  return (
    <Table
      label={t('picture.responsibilities')}
      rows={shown}
      rowId={({ id }) => id}
      most={most}
      columns={[
        { id: 'activity', title: t('picture.activity'), cell: ({ activity }) => activity, sort: ({ activity }) => activity, names: true },
        { id: 'phase', title: t('picture.phaseName'), cell: ({ phase }) => t(`phase.${phase}`), sort: ({ phase }) => phase },
        { id: 'agency', title: t('picture.agencyName'), cell: ({ agencyId }) => name(agencyId), sort: ({ agencyId }) => name(agencyId) },
        { id: 'part', title: t('picture.part_'), cell: ({ part }) => t(`answers.${part}`), sort: ({ part }) => part },
        { id: 'basis', title: t('picture.basis'), cell: ({ jointBasis }) => jointBasis ?? '', sort: ({ jointBasis }) => jointBasis },
      ]}
      empty={<p className="soft">{t('picture.tableEmpty')}</p>}
    />
  )
}
