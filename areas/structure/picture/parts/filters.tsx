import { useEffect, useState } from 'react'
import { Select, TextField } from '#core/web/fields.tsx'
import { Button } from '#core/web/button.tsx'
import { useGo } from '#core/web/navigation.tsx'
import { day } from '#core/web/time.ts'
import { bands, linkKinds, type Network, type VersionLine } from '../../network/contract.ts'
import type { Wishes } from '../rules/address.ts'
import { attacksOf } from '../rules/narrow.ts'
import type { NetworkWords } from './words.tsx'

/** What to show: each choice stands in the address. */
export function Filters({
  network,
  versions,
  wishes,
  words,
  onFound,
}: {
  network: Network
  versions: readonly VersionLine[]
  wishes: Wishes
  words: NetworkWords
  /** Go to the first that these words find. */
  onFound: (words: string) => void
}) {
  const { t } = words
  const go = useGo()
  const [find, setFind] = useState(wishes.find ?? '')
  useEffect(() => {
    const wait = setTimeout(() => {
      if (find !== (wishes.find ?? '')) go(undefined, { find: find.trim() === '' ? null : find }, true)
    }, 250)
    return () => clearTimeout(wait)
  }, [find, wishes.find, go])
  const ask = (name: keyof Wishes) => (id: string) => go(undefined, { [name]: id === 'all' ? null : id }, true)
  const all = { id: 'all', words: t('picture.all') }
  const versionWords = (one: VersionLine) => t('picture.versionOf', { number: one.number, day: day(new Date(one.inForceFrom)) })
  const attacks = attacksOf(network)
  const isNarrow = ['attack', 'band', 'phase', 'agency', 'kind', 'medium', 'find', 'focus', 'version', 'against'].some(
    (key) => wishes[key as keyof Wishes] !== undefined,
  )
  return (
    <form
      className="network-filters"
      role="search"
      aria-label={t('picture.filters')}
      onSubmit={(event) => {
        event.preventDefault()
        onFound(find)
      }}
    >
      <TextField label={t('picture.find')} type="search" value={find} onChange={setFind} required />
      <Select
        label={t('picture.attack')}
        required
        value={wishes.attack ?? 'all'}
        onChange={ask('attack')}
        choices={[all, ...attacks.map((id) => ({ id, words: words.attack(id) }))]}
      />
      <Select
        label={t('picture.band')}
        required
        value={wishes.band ?? 'all'}
        onChange={ask('band')}
        choices={[
          { id: 'all', words: t('linkBand.any') },
          ...bands.filter((id) => id !== 'any').map((id) => ({ id, words: t(`linkBand.${id}`) })),
        ]}
      />
      <Select
        label={t('picture.phase')}
        required
        value={wishes.phase ?? 'all'}
        onChange={ask('phase')}
        choices={[all, ...(['response', 'transition', 'recovery'] as const).map((id) => ({ id, words: t(`phase.${id}`) }))]}
      />
      <Select
        label={t('picture.agency')}
        required
        value={wishes.agency ?? 'all'}
        onChange={ask('agency')}
        choices={[all, ...network.agencies.map(({ id, name }) => ({ id, words: name }))]}
      />
      <Select
        label={t('picture.kind')}
        required
        value={wishes.kind ?? 'all'}
        onChange={ask('kind')}
        choices={[all, ...linkKinds.map((id) => ({ id, words: t(`linkKind.${id}`) }))]}
      />
      <Select
        label={t('picture.medium')}
        required
        value={wishes.medium ?? 'all'}
        onChange={ask('medium')}
        choices={[all, ...network.media.map(({ id, name }) => ({ id, words: name }))]}
      />
      <Select
        label={t('picture.version')}
        required
        value={String(wishes.version ?? 'all')}
        onChange={ask('version')}
        choices={[
          { id: 'all', words: t('picture.versionNow') },
          ...versions.map((one) => ({ id: String(one.number), words: versionWords(one) })),
        ]}
      />
      <Select
        label={t('picture.against')}
        required
        value={String(wishes.against ?? 'all')}
        onChange={ask('against')}
        choices={[
          { id: 'all', words: t('picture.againstNone') },
          ...versions.map((one) => ({ id: String(one.number), words: versionWords(one) })),
        ]}
      />
      <div className="network-clear row">
        <Button type="submit">{t('picture.goFound')}</Button>
        {isNarrow ? (
          <Button
            onPress={() => {
              setFind('')
              const none = {
                attack: null,
                band: null,
                phase: null,
                agency: null,
                kind: null,
                medium: null,
                find: null,
                focus: null,
                steps: null,
              }
              go(undefined, { ...none, version: null, against: null, finding: null }, true)
            }}
          >
            {t('picture.clear')}
          </Button>
        ) : null}
      </div>
    </form>
  )
}
