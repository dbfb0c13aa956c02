import { useState } from 'react'
import { markingRule } from '#core/access/schemes/contract.ts'
import { Moment } from '#core/web/age.tsx'
import { Select } from '#core/web/fields.tsx'
import { useQueryOf } from '#core/web/hooks.ts'
import { useWords } from '#core/web/words.ts'
import type { Graded } from '../contract.ts'

const none = 'none'

/** One choice for each kind of word that the city's scale has. Says '' until each was chosen: half a grade is none. */
export function GradingFields({ onChange, required = false }: { onChange: (grading: string) => void; required?: boolean }) {
  const t = useWords('sharing')
  const { data: rule } = useQueryOf(markingRule, {})
  const [chosen, choose] = useState<Readonly<Record<string, string>>>({})
  if (!rule) return null
  const { code, axes } = rule.grading
  const take = (axis: string, word: string) => {
    const next = { ...chosen, [axis]: word === none ? '' : word }
    choose(next)
    const words = axes.map((one) => next[one.code] ?? '')
    onChange(words.includes('') ? '' : `${code}:${words.join('')}`)
  }
  return (
    <div className="marking-words" role="group" aria-label={t('grade.title')}>
      {axes.map((axis) => (
        <Select
          key={axis.code}
          label={axis.name}
          required={required}
          {...(required ? {} : { defaultValue: none })}
          onChange={(word) => take(axis.code, word)}
          choices={[
            ...(required ? [] : [{ id: none, words: t('grade.none') }]),
            ...axis.grades.map(({ word, name }) => ({ id: word, words: axes.length > 1 ? `${word}: ${name}` : name })),
          ]}
        />
      ))}
    </div>
  )
}

/** The grade in words, by whom and when: a receiver weighs it knowing whose judgement it is. */
export function GradedBy({ graded, agency }: { graded: Graded; agency: string }) {
  const t = useWords('sharing')
  return (
    <span>
      {graded.words.length > 1 ? <strong>{graded.short}</strong> : null} {graded.words.join(', ') || graded.short}
      {graded.words.length > 1 ? ` (${graded.scale})` : ''}.{' '}
      {t('grade.by', { by: [graded.by, graded.post, agency].filter(Boolean).join(', ') })} <Moment at={graded.at} />
      {graded.because === null ? '' : `: ${graded.because}`}
    </span>
  )
}
