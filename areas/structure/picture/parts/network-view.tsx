import { useDeferredValue, useEffect, useMemo, useState, type ReactNode } from 'react'
import { Banner, EmptyState } from '#core/web/problem.tsx'
import { Button } from '#core/web/button.tsx'
import { useGo } from '#core/web/navigation.tsx'
import { Section } from '#core/web/page.tsx'
import { Tabs } from '#core/web/tabs.tsx'
import { worldNow } from '#core/web/time.ts'
import { useView } from '#core/web/view.ts'
import type { Difference, Network, VersionLine } from '../../network/contract.ts'
import { differencesBetween } from '../../network/rules/differences.ts'
import { Differences } from '../../network/parts/differences.tsx'
import type { Wishes } from '../rules/address.ts'
import { aspects, layoutOf } from '../rules/layout.ts'
import { type Observed, overlayOf } from '../rules/links.ts'
import { narrowed } from '../rules/narrow.ts'
import { foundIn, neighboursOf, openClusters, type Scene, sceneOf } from '../rules/scene.ts'
import { marksFrom, merged } from '../rules/compare.ts'
import { Board, cameraShare } from './board.tsx'
import { Chosen } from './chosen.tsx'
import { Filters } from './filters.tsx'
import type { Hand } from './hand.tsx'
import { Key } from './key.tsx'
import type { Mark } from './paint-line.tsx'
import { AgenciesTable, GroupsTable, LinksTable, ResponsibilitiesTable, SeatsTable, type TwinWords } from './tables.tsx'
import { useNetworkWords } from './words.tsx'

/** What is shown for a finding: which nodes and links it is about, and what it says. */
export interface Highlights {
  nodeIds: readonly string[]
  linkIds: readonly string[]
  words: string
}
export interface NetworkViewWords {
  network: Network
  versions: readonly VersionLine[]
  wishes: Wishes
  /** Laid beside the network: what was before. */
  before?: { network: Network; title: string; titleNow: string }
  observed?: readonly Observed[]
  highlights?: Highlights
  hand?: Hand
  deeds?: TwinWords['deeds']
  /** Marks of a draft: the same signs as those of a comparison. */
  differences?: readonly Difference[]
  /** Between the picture and its tables. */
  children?: ReactNode
}

const none = new Map<string, Mark>()
const nobody: ReadonlySet<string> = new Set()

/** The picture with its filters, its key and its table twin. Everything that is asked for stands in the address. */
export function NetworkView({
  network,
  versions,
  wishes,
  before,
  observed,
  highlights,
  hand,
  deeds,
  differences,
  children,
}: NetworkViewWords) {
  const view = useView()
  const go = useGo()
  const [now] = useState(worldNow)
  const all = useMemo(() => (before ? merged(before.network, network) : network), [before, network])
  const words = useNetworkWords(all, now)
  const { t } = words
  const { attack, band, phase, agency, kind, medium, open, focus, find, steps = 1 } = wishes
  const asked = useMemo(() => ({ attack, band, phase, agency, kind, medium }), [attack, band, phase, agency, kind, medium])
  const asks = (it: Network) => narrowed(it, Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined)) as Wishes)
  const shown = useMemo(() => asks(network), [network, asked]) // oxlint-disable-line react/exhaustive-deps
  const shownBefore = useMemo(() => (before ? asks(before.network) : null), [before, asked]) // oxlint-disable-line react/exhaustive-deps
  const whole = useMemo(() => (shownBefore ? merged(shownBefore, shown) : shown), [shownBefore, shown])

  const sceneWords = useMemo(() => ({ sector: words.sector, tier: (tier: string) => t(`layer.${tier}`) }), [words, t])
  const opened = useMemo(() => openClusters(whole, open, focus), [whole, open, focus])
  const scene = useMemo(() => sceneOf(whole, opened, now, sceneWords), [whole, opened, now, sceneWords])
  const layout = useMemo(() => layoutOf(scene, before ? aspects.beside : aspects[view]), [scene, view, before])
  const scenes = useMemo(
    () => (shownBefore ? [sceneOf(shownBefore, opened, now, sceneWords), sceneOf(shown, opened, now, sceneWords)] : [scene]),
    [shownBefore, shown, scene, opened, now, sceneWords],
  )
  const compared = useMemo(
    () => differences ?? (shownBefore ? differencesBetween(shownBefore, shown) : []),
    [differences, shownBefore, shown],
  )
  const marks = useMemo(() => (compared.length > 0 ? marksFrom(compared) : none), [compared])
  const overlay = useMemo(() => (observed ? overlayOf(shown, observed) : null), [observed, shown])
  const highlighted = useMemo(() => (highlights ? new Set([...highlights.nodeIds, ...highlights.linkIds]) : nobody), [highlights])
  const lit = useMemo(() => litBy(whole, { focus, steps, find, highlighted }), [whole, focus, steps, find, highlighted])
  const most = useMemo(() => Math.max(1, ...scene.nodes.map(({ load }) => load)), [scene])

  const onFocus = (id: string | null) => go(undefined, { focus: id }, true)
  const onToggle = (key: string) => {
    const next = new Set(opened)
    if (!next.delete(key)) next.add(key)
    go(undefined, { open: next.size === 0 ? 'none' : [...next].sort().join(',') }, true)
  }
  const share = useMemo(() => cameraShare(), [])
  const paintings = useMemo(() => {
    const litHere = lit && onStage(scene, lit)
    const boardWords = {
      noChair: t('picture.noChair'),
      chair: t('picture.chair'),
      more: (count: number) => t('picture.holds', { count }),
      layer: (layer: string) => t(`layer.${layer}`),
    }
    return scenes.map((one, place) => ({
      scene: one,
      layout,
      most,
      lit: litHere,
      focus: focus === undefined ? null : (one.at.get(focus) ?? (one.nodes.some(({ id }) => id === focus) ? focus : null)),
      // Beside each other, what went is marked where it was and what came where it is.
      marks: scenes.length > 1 ? new Map([...marks].filter(([, mark]) => mark !== (place === 0 ? 'came' : 'went'))) : marks,
      uses: overlay?.uses ?? null,
      undeclared: (overlay?.undeclared ?? []).flatMap(({ fromId, toId }) => {
        const [from, to] = [one.at.get(fromId), one.at.get(toId)]
        return from === undefined || to === undefined || from === to ? [] : [{ from, to }]
      }),
      highlighted: new Set([...highlighted].map((id) => one.at.get(id) ?? id)),
      words: { ...boardWords, line: (line: { id: string }) => words.line(one, line.id) },
    }))
  }, [scenes, scene, layout, most, lit, focus, marks, overlay, highlighted, words, t])

  const fit = JSON.stringify([asked, open, wishes.version, wishes.against, layout.width, view])
  const found = (text: string) => {
    const [first] = foundIn(whole, text)
    if (first !== undefined) go(undefined, { find: text, focus: first }, true)
  }
  const isEmpty = scene.nodes.length === 0
  const boards = (
    <div className={`network-boards${paintings.length > 1 ? ' network-boards-two' : ''}`}>
      {paintings.map((painting, place) => (
        <section key={place} aria-label={before ? (place === 0 ? before.title : before.titleNow) : t('picture.board')}>
          {before ? <h2>{place === 0 ? before.title : before.titleNow}</h2> : null}
          <Board
            label={before ? (place === 0 ? before.title : before.titleNow) : t('picture.board')}
            painting={painting}
            fit={fit}
            {...(before ? { share } : {})}
            onFocus={onFocus}
            onToggle={onToggle}
            sayNode={(id) => words.node(painting.scene, id)}
            sayLine={(id, from) => words.line(painting.scene, id, from)}
            {...(hand ? { hand } : {})}
            bare={view === 'wall'}
          />
        </section>
      ))}
    </div>
  )
  if (view === 'wall')
    return (
      <>
        <p className="network-wall-line">
          {t('picture.wallMore', { links: shown.links.length, groups: shown.groups.length })} {t('key.untested')}
        </p>
        {boards}
      </>
    )
  const twin: TwinWords = {
    network: whole,
    words,
    now,
    lit,
    marks,
    overlay,
    most: view === 'pocket' ? 8 : 50,
    onFocus,
    ...(deeds ? { deeds } : {}),
  }
  const tables = <Tables twin={twin} tab={wishes.tab} differences={before || differences ? compared : null} />
  const picture = isEmpty ? (
    <EmptyState title={t('picture.emptyNow')}>
      <p>{t('picture.emptyNowMore')}</p>
    </EmptyState>
  ) : (
    <div className={`network-stage${focus === undefined ? '' : ' network-stage-beside'}`}>
      {boards}
      {focus === undefined ? null : <Chosen network={whole} scene={scene} focus={focus} steps={steps} words={words} onFocus={onFocus} />}
    </div>
  )
  const many = network.agencies.length
  return (
    <>
      {highlights ? (
        <Banner kind="plain" word={t('picture.finding')}>
          {highlights.words}
        </Banner>
      ) : null}
      <Filters network={all} versions={versions} wishes={wishes} words={words} onFound={found} />
      <div className="row network-counts">
        <span className="soft small" role="status">
          {t('picture.shown', {
            links: shown.links.length,
            allLinks: network.links.length,
            groups: shown.groups.length,
            allGroups: network.groups.length,
            agencies: shown.agencies.length,
            allAgencies: many,
          })}
        </span>
        <Button kind="plain" onPress={() => go(undefined, { open: 'all' }, true)}>
          {t('picture.openAll')}
        </Button>
        <Button kind="plain" onPress={() => go(undefined, { open: 'none' }, true)}>
          {t('picture.closeAll')}
        </Button>
        {open === undefined ? null : (
          <Button kind="plain" onPress={() => go(undefined, { open: null }, true)}>
            {t('picture.asReadable')}
          </Button>
        )}
      </div>
      {view === 'pocket' ? null : picture}
      {children}
      {view === 'pocket' ? null : <Key most={most} marks={marks.size > 0} uses={overlay !== null} finding={highlights !== undefined} />}
      <Section title={t('picture.table')}>
        {lit === null ? null : <p className="soft">{t('picture.part')}</p>}
        {tables}
      </Section>
      {view === 'pocket' ? (
        <>
          {picture}
          <Key most={most} marks={marks.size > 0} uses={overlay !== null} finding={highlights !== undefined} />
        </>
      ) : null}
      <details className="network-keys">
        <summary>{t('picture.keysTitle')}</summary>
        <p id="network-keys" className="prose">
          {t('picture.keys')}
        </p>
      </details>
    </>
  )
}

/** The tables come after the picture: a long one takes its time, and the picture does not wait for it. */
function Tables({ twin, tab, differences }: { twin: TwinWords; tab: string | undefined; differences: readonly Difference[] | null }) {
  const go = useGo()
  const { t } = twin.words
  const [ready, setReady] = useState(false)
  useEffect(() => {
    const wait = setTimeout(() => setReady(true), 0)
    return () => clearTimeout(wait)
  }, [])
  const late = useDeferredValue(twin)
  const tabs = [
    { id: 'links', title: t('picture.links'), content: () => <LinksTable {...late} /> },
    { id: 'groups', title: t('picture.groups'), content: () => <GroupsTable {...late} /> },
    { id: 'seats', title: t('picture.seats'), content: () => <SeatsTable {...late} /> },
    { id: 'agencies', title: t('picture.agencies'), content: () => <AgenciesTable {...late} /> },
    { id: 'responsibilities', title: t('picture.responsibilities'), content: () => <ResponsibilitiesTable {...late} /> },
    ...(differences
      ? [
          {
            id: 'differences',
            title: t('picture.differences'),
            content: () => <Differences label={t('picture.differences')} differences={differences} />,
          },
        ]
      : []),
  ]
  if (!ready) return <p className="soft">{t('waiting', { ns: 'kit' })}</p>
  const selected = tabs.some(({ id }) => id === tab)
    ? tab!
    : differences && tab === undefined && differences.length > 0
      ? 'differences'
      : 'links'
  return <Tabs label={t('picture.table')} selected={selected} onSelect={(id) => go(undefined, { tab: id }, true)} tabs={tabs} />
}

/** Ids of rows in the light: a focus and its neighbours, what was searched for, what a finding is about; with the links among them. */
function litBy(
  network: Network,
  {
    focus,
    steps,
    find,
    highlighted,
  }: { focus: string | undefined; steps: 1 | 2; find: string | undefined; highlighted: ReadonlySet<string> },
): ReadonlySet<string> | null {
  if (focus !== undefined) {
    // A closed cluster has no neighbours of its own: nothing is put out of the light for it.
    if (focus.includes(':')) return null
    const near = neighboursOf(network, focus, steps)
    const inner = steps === 1 ? new Set([focus, ...network.posts.filter(({ agencyId }) => agencyId === focus).map(({ id }) => id)]) : near
    const links = network.links.filter(
      ({ from, to }) => near.has(from.id) && near.has(to.id) && (steps === 2 || inner.has(from.id) || inner.has(to.id)),
    )
    const seats = network.memberships.filter(({ agencyId }) => agencyId === focus)
    return new Set([...near, ...links.map(({ id }) => id), ...seats.map(({ id }) => id)])
  }
  if (find !== undefined) {
    const found = foundIn(network, find)
    const links = network.links.filter(({ from, to }) => found.has(from.id) || found.has(to.id))
    const seats = network.memberships.filter(({ agencyId }) => found.has(agencyId))
    return new Set([...found, ...links.map(({ id }) => id), ...seats.map(({ id }) => id)])
  }
  return highlighted.size > 0 ? highlighted : null
}

/** The same as nodes and lines of the picture, where rows may be hidden in clusters. */
const onStage = (scene: Scene, lit: ReadonlySet<string>): ReadonlySet<string> =>
  new Set([...lit, ...[...lit].flatMap((id) => scene.at.get(id) ?? [])])
