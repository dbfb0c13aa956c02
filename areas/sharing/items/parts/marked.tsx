import { useState } from 'react'
import { markingRule } from '#core/access/schemes/contract.ts'
import { Marking } from '#core/web/badge.tsx'
import { Select } from '#core/web/fields.tsx'
import { useQueryOf } from '#core/web/hooks.ts'
import { levelsWithin, tlpWithin } from '#core/web/marking-choice.ts'
import { useWords } from '#core/web/words.ts'

const separator = ' // '

/** How it is marked, in the city's own words; what stands besides the two axes (descriptors, instructions) stays as it was. */
export function Marked({ value, onChange, name = 'marking' }: { value: string; onChange: (marking: string) => void; name?: string }) {
  const t = useWords('sharing')
  const { data: rule } = useQueryOf(markingRule, {})
  const levels = rule ? levelsWithin(rule) : []
  const parts = value === '' ? [] : value.split(separator)
  const isLevel = (part: string) => levels.some((level) => part === level || part.startsWith(`${level} [`))
  const tlp = parts.find((part) => part.startsWith('TLP:')) ?? ''
  const level = levels.find((one) => parts.some((part) => part === one || part.startsWith(`${one} [`))) ?? ''
  const [none] = useState('none')
  const put = (nextLevel: string, nextTlp: string) => {
    const brackets = parts.find(isLevel)?.slice(level.length) ?? ''
    const rest = parts.filter((part) => !part.startsWith('TLP:') && !isLevel(part))
    onChange([...(nextLevel === '' ? [] : [nextLevel + brackets]), ...(nextTlp === '' ? [] : [nextTlp]), ...rest].join(separator))
  }
  return (
    <div className="stack">
      <Select
        key={`level ${level} ${levels.length}`}
        label={t('item.level')}
        defaultValue={level === '' ? none : level}
        choices={[{ id: none, words: t('item.noLevel') }, ...levels.map((id) => ({ id, words: id }))]}
        onChange={(id) => put(id === none ? '' : id, tlp)}
        required
      />
      <Select
        key={`tlp ${tlp} ${levels.length}`}
        name={name}
        label={t('item.tlp')}
        defaultValue={tlp}
        choices={(rule ? tlpWithin(rule) : []).map((id) => ({ id, words: id }))}
        onChange={(id) => put(level, id)}
        required
      />
      <p className="row">
        {t('item.willSay')} <Marking text={value} />
      </p>
    </div>
  )
}
