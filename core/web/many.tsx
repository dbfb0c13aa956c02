import { useState } from 'react'
import { Checkbox, type Choice, TextField } from './fields.tsx'
import { useWords } from './words.ts'

/** With more than so many, a box to find by name stands before them. */
const few = 8
/** So many are drawn at a time: of hundreds, the name finds the others. */
const most = 100

interface ManyWords {
  label: string
  help?: string
  choices: readonly Choice[]
  chosen: readonly string[]
  onChange: (chosen: readonly string[]) => void
}

/** Any of many. What is chosen is said in words above, so that nothing chosen is out of sight; the order stays, so that nothing moves under a finger. */
export function Many({ label, help, choices, chosen, onChange }: ManyWords) {
  const t = useWords()
  const [wanted, want] = useState('')
  const matches = (words: string) => words.toLocaleLowerCase().includes(wanted.trim().toLocaleLowerCase())
  const found = choices.filter(({ words }) => matches(words))
  const names = choices.filter(({ id }) => chosen.includes(id)).map(({ words }) => words)
  return (
    <div className="field many" role="group" aria-label={label}>
      <span className="field-label" aria-hidden="true">
        {label}
      </span>
      {help === undefined ? null : <span className="field-help">{help}</span>}
      <span className="field-help" aria-live="polite">
        {names.length === 0 ? t('field.noneChosen') : t('field.chosen', { number: names.length, names: names.join(', ') })}
      </span>
      {choices.length > few ? <TextField label={t('field.find')} type="search" value={wanted} onChange={want} /> : null}
      <div className="choices many-choices">
        {found.slice(0, most).map(({ id, words }) => (
          <Checkbox
            key={id}
            label={words}
            selected={chosen.includes(id)}
            onChange={(on) => onChange(on ? [...chosen, id] : chosen.filter((one) => one !== id))}
          />
        ))}
        {found.length > most ? <span className="field-help">{t('field.moreFound', { number: found.length - most })}</span> : null}
        {found.length === 0 ? <span className="field-help">{t('field.noneFound', { wanted: wanted.trim() })}</span> : null}
      </div>
    </div>
  )
}
