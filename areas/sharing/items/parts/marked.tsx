import { markingRule } from '#core/access/schemes/contract.ts'
import { Marking } from '#core/web/badge.tsx'
import { Select } from '#core/web/fields.tsx'
import { useQueryOf } from '#core/web/hooks.ts'
import { levelsWithin, tlpWithin } from '#core/web/marking-choice.ts'
import { Waiting } from '#core/web/problem.tsx'
import { useWords } from '#core/web/words.ts'

const separator = ' // '

const none = 'none'

/** How it is marked, in the city's own words; what stands besides the two axes (descriptors, instructions) stays as it was. */
export function Marked({ value, onChange, name = 'marking' }: { value: string; onChange: (marking: string) => void; name?: string }) {
  const t = useWords('sharing')
  const { data: rule } = useQueryOf(markingRule, {})
  // Chosen among once it is known what may be chosen: a list that changes under one's hand chooses wrongly.
  if (!rule) return <Waiting />
  const levels = levelsWithin(rule)
  const parts = value === '' ? [] : value.split(separator)
  const isLevel = (part: string) => levels.some((level) => part === level || part.startsWith(`${level} [`))
  const tlp = parts.find((part) => part.startsWith('TLP:')) ?? ''
  const level = levels.find((one) => parts.some((part) => part === one || part.startsWith(`${one} [`))) ?? ''
  const put = (nextLevel: string, nextTlp: string) => {
    const brackets = parts.find(isLevel)?.slice(level.length) ?? ''
    const rest = parts.filter((part) => !part.startsWith('TLP:') && !isLevel(part))
    onChange([...(nextLevel === '' ? [] : [nextLevel + brackets]), ...(nextTlp === '' ? [] : [nextTlp]), ...rest].join(separator))
  }
  return (
    <div className="stack">
      <Select
        key={`level ${level}`}
        label={t('item.level')}
        defaultValue={level === '' ? none : level}
        choices={[{ id: none, words: t('item.noLevel') }, ...levels.map((id) => ({ id, words: id }))]}
        onChange={(id) => put(id === none ? '' : id, tlp)}
        required
      />
      <Select
        key={`tlp ${tlp}`}
        name={name}
        label={t('item.tlp')}
        defaultValue={tlp}
        choices={tlpWithin(rule).map((id) => ({ id, words: id }))}
        onChange={(id) => put(level, id)}
        required
      />
      <p className="row">
        {t('item.willSay')} <Marking text={value} />
      </p>
    </div>
  )
}
