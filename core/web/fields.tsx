import { useId, type ReactNode } from 'react'
import { Autocomplete, useFilter } from 'react-aria-components/Autocomplete'
import { Checkbox as AriaCheckbox } from 'react-aria-components/Checkbox'
import { FieldError } from 'react-aria-components/FieldError'
import { Input } from 'react-aria-components/Input'
import { Label } from 'react-aria-components/Label'
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox'
import { Popover } from 'react-aria-components/Popover'
import { Radio, RadioGroup } from 'react-aria-components/RadioGroup'
import { Button } from 'react-aria-components/Button'
import { SearchField } from 'react-aria-components/SearchField'
import { Select as AriaSelect, SelectValue } from 'react-aria-components/Select'
import { Text } from 'react-aria-components/Text'
import { TextArea as AriaTextArea } from 'react-aria-components/TextArea'
import { TextField as AriaTextField } from 'react-aria-components/TextField'
import { dayOfField } from './form-values.ts'
import { wallFromInstant, worldNow } from './time.ts'
import { useWords } from './words.ts'
import './fields.css'

export interface FieldWords {
  label: string
  /** The name of the field in the contract; a problem that names it shows here. */
  name?: string
  /** One line of help: what belongs here. */
  help?: ReactNode
  required?: boolean
  disabled?: boolean
}
interface TextWords extends FieldWords {
  value?: string
  defaultValue?: string
  onChange?: (value: string) => void
  placeholder?: never
  autoFocus?: boolean
  maxLength?: number
}

const shared = ({ name, required, disabled }: FieldWords) => ({
  ...(name === undefined ? {} : { name }),
  isRequired: required ?? false,
  isDisabled: disabled ?? false,
})

/** That it may stay empty goes without saying of a field that only looks for something. */
function Head({ label, required, type }: FieldWords & { type?: string }) {
  const t = useWords()
  return (
    <Label className="field-label">
      {label}
      {required || type === 'search' ? null : <span className="field-optional"> {t('field.optional')}</span>}
    </Label>
  )
}
const Foot = ({ help }: FieldWords) => (
  <>
    {help === undefined ? null : (
      <Text slot="description" className="field-help">
        {help}
      </Text>
    )}
    <FieldError className="field-error" />
  </>
)

interface OneLine extends TextWords {
  type?: 'text' | 'email' | 'tel' | 'url' | 'password' | 'search' | 'number'
  inputMode?: 'text' | 'numeric' | 'decimal' | 'tel' | 'email' | 'url'
  autoComplete?: string
}

const textProps = ({ label: _l, name: _n, help: _h, required: _r, disabled: _d, ...rest }: TextWords) => rest

export const TextField = (words: OneLine) => (
  <AriaTextField {...textProps(words)} {...shared(words)} className="field">
    <Head {...words} />
    <Input className="field-box" />
    <Foot {...words} />
  </AriaTextField>
)

export const TextArea = ({ rows = 4, ...words }: TextWords & { rows?: number }) => (
  <AriaTextField {...textProps(words)} {...shared(words)} className="field">
    <Head {...words} />
    <AriaTextArea className="field-box field-area" rows={rows} />
    <Foot {...words} />
  </AriaTextField>
)

/** A day and a time in the city's zone, typed (2247 is 22:47). Within a Form its value, under its name, is an ISO instant. */
export function TimeField({ defaultAt, name, label, help, required }: Omit<FieldWords, 'disabled'> & { name: string; defaultAt?: string }) {
  const t = useWords()
  const id = useId()
  const [day, time] = wallFromInstant(defaultAt ?? worldNow().toISOString()).split('T')
  return (
    <div className="field" role="group" aria-labelledby={id}>
      <span className="field-label" id={id}>
        {label}
        {required ? null : <span className="field-optional"> {t('field.optional')}</span>}
      </span>
      <div className="field-when">
        <AriaTextField
          name={name}
          aria-label={t('field.time')}
          isRequired={required ?? false}
          inputMode="numeric"
          pattern="([01]?[0-9]|2[0-3]):?[0-5][0-9]"
          {...(defaultAt === undefined ? {} : { defaultValue: time ?? '' })}
          className="field"
        >
          <Input className="field-box field-time" placeholder="--:--" />
          <FieldError className="field-error" />
        </AriaTextField>
        <AriaTextField
          name={`${name}${dayOfField}`}
          aria-label={t('field.day')}
          type={'date' as 'text'}
          defaultValue={day ?? ''}
          className="field"
        >
          <Input className="field-box field-day" />
        </AriaTextField>
      </div>
      {help === undefined ? null : <span className="field-help">{help}</span>}
    </div>
  )
}

export interface Choice {
  id: string
  words: string
  /** A second, softer line. */
  more?: string
}
interface ChoiceWords extends FieldWords {
  choices: readonly Choice[]
  value?: string
  defaultValue?: string
  onChange?: (id: string) => void
}

/** Beyond so many a list has a box that finds by name. */
const manyChoices = 20

function NothingSo() {
  const t = useWords()
  return <span className="field-help list-none">{t('table.empty')}</span>
}

const Listed = ({ choices }: { choices: readonly Choice[] }) => (
  <ListBox className="list" items={choices} renderEmptyState={() => <NothingSo />}>
    {(choice) => (
      <ListBoxItem id={choice.id} textValue={choice.words} className="list-item">
        <Text slot="label">{choice.words}</Text>
        {choice.more === undefined ? null : (
          <Text slot="description" className="list-more">
            {choice.more}
          </Text>
        )}
      </ListBoxItem>
    )}
  </ListBox>
)

function FindAmong({ label, choices }: { label: string; choices: readonly Choice[] }) {
  const t = useWords()
  const { contains } = useFilter({ sensitivity: 'base' })
  return (
    <Autocomplete filter={contains}>
      <SearchField aria-label={t('field.findOf', { label })} autoFocus className="field list-find">
        <Input className="field-box" placeholder={t('field.find')} />
      </SearchField>
      <Listed choices={choices} />
    </Autocomplete>
  )
}

/** One of many. For two to five, `Choices` shows them all and is quicker. */
export function Select({ choices, value, defaultValue, onChange, ...words }: ChoiceWords) {
  const t = useWords()
  return (
    <AriaSelect
      {...shared(words)}
      {...(value === undefined ? {} : { value })}
      {...(defaultValue === undefined ? {} : { defaultValue })}
      onChange={(key) => onChange?.(String(key))}
      placeholder={t('field.choose')}
      className="field"
    >
      <Head {...words} />
      <Button className="field-box field-select">
        <SelectValue className="field-select-value" />
        <span aria-hidden="true">▾</span>
      </Button>
      <Foot {...words} />
      <Popover className="popover popover-list">
        {choices.length > manyChoices ? <FindAmong label={words.label} choices={choices} /> : <Listed choices={choices} />}
      </Popover>
    </AriaSelect>
  )
}

/** One of a few, all in sight. */
export const Choices = ({ choices, value, defaultValue, onChange, ...words }: ChoiceWords) => (
  <RadioGroup
    {...shared(words)}
    {...(value === undefined ? {} : { value })}
    {...(defaultValue === undefined ? {} : { defaultValue })}
    {...(onChange === undefined ? {} : { onChange })}
    className="field"
  >
    <Head {...words} />
    <div className="choices">
      {choices.map((choice) => (
        <Radio key={choice.id} value={choice.id} className="choice">
          <span className="choice-mark choice-mark-round" aria-hidden="true" />
          <span>
            {choice.words}
            {choice.more === undefined ? null : <span className="list-more">{choice.more}</span>}
          </span>
        </Radio>
      ))}
    </div>
    <Foot {...words} />
  </RadioGroup>
)

export const Checkbox = ({
  label,
  name,
  disabled,
  ...rest
}: Omit<FieldWords, 'help' | 'required'> & { selected?: boolean; defaultSelected?: boolean; onChange?: (on: boolean) => void }) => (
  <AriaCheckbox
    {...(name === undefined ? {} : { name })}
    isDisabled={disabled ?? false}
    {...(rest.selected === undefined ? {} : { isSelected: rest.selected })}
    {...(rest.defaultSelected === undefined ? {} : { defaultSelected: rest.defaultSelected })}
    {...(rest.onChange === undefined ? {} : { onChange: rest.onChange })}
    className="choice"
  >
    <span className="choice-mark" aria-hidden="true" />
    <span>{label}</span>
  </AriaCheckbox>
)
