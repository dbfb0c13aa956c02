import { useMemo } from 'react'
import { day } from '#core/web/time.ts'
import { useWords } from '#core/web/words.ts'
import type { Network } from '../../network/contract.ts'
import { isUntested, type Link } from '../rules/links.ts'
import { type Scene, shortOf } from '../rules/scene.ts'

export type NetworkWords = ReturnType<typeof useNetworkWords>

/** How the picture and its tables speak of a network: names for ids, sentences for nodes and lines. */
export function useNetworkWords(network: Network, now: Date) {
  const t = useWords('structure')
  return useMemo(() => {
    const names = new Map<string, string>()
    for (const { id, name } of [...network.agencies, ...network.groups, ...network.media, ...network.places]) names.set(id, name)
    const agencyNames = new Map(network.agencies.map((agency) => [agency.id, shortOf(agency)]))
    for (const { id, title, agencyId } of network.posts) names.set(id, `${title} (${agencyNames.get(agencyId) ?? ''})`)
    const links = new Map(network.links.map((link) => [link.id, link]))
    const name = (id: string | null) => (id === null ? t('none') : (names.get(id) ?? t('none')))
    const sector = (key: string | null) =>
      key === null || key === '' ? t('picture.sectorNone') : t(`sector.${key}`, { defaultValue: key })
    const attack = (key: string) => t(`attack.${key}`, { defaultValue: key })
    const media = ({ primaryMediumId, backupMediumId }: Pick<Link, 'primaryMediumId' | 'backupMediumId'>) =>
      primaryMediumId === null
        ? t('picture.noMedium')
        : backupMediumId === null
          ? t('picture.overAlone', { medium: name(primaryMediumId) })
          : t('picture.over', { medium: name(primaryMediumId), backup: name(backupMediumId) })
    const dayOf = (at: string) => day(new Date(at), now)
    const tested = (testedAt: string | null) =>
      testedAt === null
        ? t('picture.never')
        : isUntested(testedAt, now)
          ? t('picture.old', { day: dayOf(testedAt) })
          : t('picture.isTested', { day: dayOf(testedAt) })
    const link = (one: Link) =>
      t('picture.sayLine', {
        from: name(one.from.id),
        kind: t(`linkKind.${one.kind}`),
        to: name(one.to.id),
        media: media(one),
        tested: tested(one.testedAt),
      })

    /** One line of the picture, which may stand for several links. */
    const line = (scene: Scene, lineId: string, from?: string) => {
      const found = scene.lines.find(({ id }) => id === lineId)
      if (!found) return ''
      const only = found.linkIds.length === 1 ? links.get(found.linkIds[0]!) : undefined
      if (only) return link(only)
      return t('picture.saySeveral', { count: found.linkIds.length, to: nodeName(scene, found.from === from ? found.to : found.from) })
    }
    const nodeName = (scene: Scene, id: string) => scene.nodes.find((node) => node.id === id)?.name ?? name(id)
    const told = (scene: Scene, id: string) => {
      const others = scene.lines
        .filter((one) => one.from === id || one.to === id)
        .map((one) => nodeName(scene, one.from === id ? one.to : one.from))
      const unique = [...new Set(others)]
      if (unique.length === 0) return t('picture.sayNone')
      const few = unique.slice(0, 6).join(', ')
      const list = unique.length > 6 ? t('picture.sayMore', { names: few, count: unique.length - 6 }) : few
      return t('picture.sayLinks', { count: scene.nodes.find((one) => one.id === id)?.load ?? others.length, names: list })
    }
    /** A node, and its neighbours: what is announced when the keyboard comes to it. */
    const node = (scene: Scene, id: string) => {
      const one = scene.nodes.find((each) => each.id === id)
      if (!one) return ''
      const around = told(scene, id)
      if (one.kind === 'group') {
        const chair = one.second === null ? t('picture.noChair') : `${t('picture.chair')} ${one.second}`
        return t('picture.sayGroup', { name: one.name, tier: t(`layer.${one.layer}`), chair, seats: one.seats.length, links: around })
      }
      if (one.kind === 'cluster') return t('picture.sayCluster', { name: one.name, count: one.holds, links: around })
      if (one.kind === 'post') return t('picture.sayPost', { name: one.name, agency: name(one.parent), links: around })
      const agency = network.agencies.find((each) => each.id === id)
      return t('picture.sayAgency', { name: one.name, sector: sector(agency?.sector ?? null), links: around })
    }
    return { t, name, sector, attack, media, tested, link, line, node, nodeName, dayOf }
  }, [network, now, t])
}
