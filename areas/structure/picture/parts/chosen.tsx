import { Button } from '#core/web/button.tsx'
import { Choices } from '#core/web/fields.tsx'
import { useGo } from '#core/web/navigation.tsx'
import { Facts } from '#core/web/page.tsx'
import type { Network } from '../../network/contract.ts'
import { linksAt, otherEnd } from '../rules/links.ts'
import { type Scene, sectorKey } from '../rules/scene.ts'
import type { NetworkWords } from './words.tsx'

/** Beside the picture: what was chosen, in words, with a way to each of its neighbours. */
export function Chosen({
  network,
  scene,
  focus,
  steps,
  words,
  onFocus,
}: {
  network: Network
  scene: Scene
  focus: string
  steps: 1 | 2
  words: NetworkWords
  onFocus: (id: string | null) => void
}) {
  const { t, name } = words
  const go = useGo()
  const group = network.groups.find(({ id }) => id === focus)
  const agency = network.agencies.find(({ id }) => id === focus)
  const post = network.posts.find(({ id }) => id === focus)
  const posts = agency ? network.posts.filter(({ agencyId }) => agencyId === agency.id) : []
  const links = [focus, ...posts.map(({ id }) => id)].flatMap((id) =>
    linksAt(network, id).map((link) => ({ link, other: otherEnd(link, id) })),
  )
  const sits = agency ? network.memberships.filter(({ agencyId }) => agencyId === agency.id) : []
  const seated = group
    ? network.memberships
        .filter(({ groupId }) => groupId === group.id)
        .map(({ agencyId, kind }) => ({ id: agencyId, name: name(agencyId), kind }))
        .sort((one, other) => one.name.localeCompare(other.name))
    : []
  const within = scene.nodes.find(({ id, kind }) => id === focus && kind === 'cluster')
    ? [
        ...network.agencies.filter(({ sector }) => sectorKey(sector) === focus),
        ...network.groups.filter(({ tier }) => `tier:${tier}` === focus),
      ]
    : []
  const facts = group
    ? [
        { name: t('picture.tier'), value: t(`tier.${group.tier}`) },
        { name: t('groups.chair'), value: group.chairPostId === null ? t('picture.noChair') : name(group.chairPostId) },
        { name: t('picture.deputy'), value: name(group.deputyChairPostId) },
        { name: t('picture.seatsOf'), value: network.memberships.filter(({ groupId }) => groupId === group.id).length },
        { name: t('groups.purpose'), value: group.purpose || t('none') },
      ]
    : agency
      ? [
          { name: t('picture.sector'), value: words.sector(agency.sector) },
          {
            name: t('picture.sits'),
            value: sits.length === 0 ? t('agencies.inNone') : sits.map(({ groupId }) => name(groupId)).join(', '),
          },
        ]
      : post
        ? [
            { name: t('picture.agencyName'), value: name(post.agencyId) },
            { name: t('posts.kind'), value: t(`kind.${post.kind}`) },
          ]
        : []
  return (
    <aside className="network-chosen" aria-label={t('picture.chosen')}>
      <div className="row network-chosen-head">
        <h2>{words.nodeName(scene, focus)}</h2>
        <Button kind="plain" onPress={() => onFocus(null)}>
          {t('picture.letGo')}
        </Button>
      </div>
      {facts.length > 0 ? <Facts facts={facts} /> : null}
      <Choices
        label={t('picture.steps')}
        required
        value={String(steps)}
        onChange={(id) => go(undefined, { steps: id === '2' ? 2 : null }, true)}
        choices={[
          { id: '1', words: t('picture.step_1') },
          { id: '2', words: t('picture.step_2') },
        ]}
      />
      <ul className="network-links">
        {links.slice(0, 40).map(({ link, other }) => (
          <li key={`${link.id} ${other.id}`}>
            <Button kind="plain" aria-label={t('picture.goTo', { name: name(other.id) })} onPress={() => onFocus(other.id)}>
              {name(other.id)}
            </Button>
            <span className="small soft">{words.link(link)}</span>
          </li>
        ))}
        {seated.slice(0, 60).map(({ id, name: agencyName, kind }) => (
          <li key={`seat ${id}`}>
            <Button kind="plain" aria-label={t('picture.goTo', { name: agencyName })} onPress={() => onFocus(id)}>
              {agencyName}
            </Button>
            <span className="small soft">{t(`standing.${kind}`)}</span>
          </li>
        ))}
        {within.slice(0, 60).map(({ id }) => (
          <li key={id}>{name(id)}</li>
        ))}
      </ul>
      {links.length > 40 ? <p className="soft small">{t('table.shown', { ns: 'kit', shown: 40, all: links.length })}</p> : null}
      {links.length === 0 && within.length === 0 && seated.length === 0 ? <p className="soft">{t('picture.sayNone')}</p> : null}
    </aside>
  )
}
