import { type ReactNode, useEffect, useEffectEvent, useId, useState } from 'react'
import { TextField as AriaTextField } from 'react-aria-components/TextField'
import { Input } from 'react-aria-components/Input'
import { Label } from 'react-aria-components/Label'
import { type MarkingRule, markingRule, preview } from '#core/access/schemes/contract.ts'
import type { Tlp } from '#core/access/marking.ts'
import { Marking } from './badge.tsx'
import { Checkbox, Choices, Select, TextField } from './fields.tsx'
import { useQueryOf } from './hooks.ts'
import { labelOf, levelsWithin, type MarkingChoice, restricting, tlpWithin } from './marking-choice.ts'
import { Link } from './navigation.tsx'
import { NotYet } from './problem.tsx'
import { useWords } from './words.ts'
import './marking-field.css'

/** An audience that a page offers: one token and what it is called. */
export interface AudienceChoice {
  token: string
  words: string
}

export interface MarkingFieldWords {
  /** Who may be chosen to read. */
  audience: readonly AudienceChoice[]
  /** Chosen at first: everybody whom the thing is for (share by default). */
  everybody: readonly string[]
  /** The label, whenever it changes; the reason stands in the form's field `restrictedBecause`. */
  onChange: (label: { clauses: string[][]; marking: string }) => void
  initial?: Partial<Pick<MarkingChoice, 'classification' | 'tlp'>>
  /** Where a pointer record is made; not offered where the page is that one. */
  pointers?: string
}

/** How what is about to be written is marked, and in words who will be able to read it: chosen before typing. */
export function MarkingField(words: MarkingFieldWords) {
  const { data, error, refetch } = useQueryOf(markingRule, {})
  return data ? <Chosen {...words} rule={data} /> : <NotYet problem={error} onRetry={() => void refetch()} />
}

function Chosen({ audience, everybody, onChange, initial, pointers, rule }: MarkingFieldWords & { rule: MarkingRule }) {
  const t = useWords()
  const head = useId()
  const [choice, set] = useState<MarkingChoice>({
    audience: everybody,
    caveats: [],
    classification: initial?.classification ?? '',
    tlp: initial?.tlp ?? 'TLP:AMBER',
    descriptors: [],
    until: '',
  })
  const change = (part: Partial<MarkingChoice>) => set({ ...choice, ...part })
  const tell = useEffectEvent(() => onChange(labelOf(choice, rule)))
  useEffect(() => tell(), [choice, rule])
  const all = everybody.every((token) => choice.audience.includes(token)) && choice.audience.length === everybody.length
  const toggled = (list: readonly string[], one: string, on: boolean) => (on ? [...list, one] : list.filter((other) => other !== one))
  return (
    <section className="marking-field stack" aria-labelledby={head}>
      <h3 id={head}>{t('marking.title')}</h3>
      <Choices
        label={t('marking.audience')}
        value={all ? 'all' : 'some'}
        onChange={(id) => change({ audience: id === 'all' ? everybody : [] })}
        choices={[
          { id: 'all', words: t('marking.everybody') },
          { id: 'some', words: t('marking.some') },
        ]}
        required
      />
      {all ? null : (
        <Group title={t('marking.choose')}>
          {audience.map(({ token, words }) => (
            <Checkbox
              key={token}
              label={words}
              selected={choice.audience.includes(token)}
              onChange={(on) => change({ audience: toggled(choice.audience, token, on) })}
            />
          ))}
        </Group>
      )}
      {rule.caveats.length > 0 ? (
        <Group title={t('marking.caveats')}>
          {rule.caveats.map(({ token, descriptor, held }) => (
            <Checkbox
              key={token}
              label={`${descriptor}: ${t(held ? 'marking.caveat' : 'marking.notBriefed')}`}
              disabled={!held}
              selected={choice.caveats.includes(token)}
              onChange={(on) => change({ caveats: toggled(choice.caveats, token, on) })}
            />
          ))}
        </Group>
      ) : null}
      <div className="marking-words">
        <Select
          label={t('marking.classification')}
          value={choice.classification || 'none'}
          onChange={(id) => change({ classification: id === 'none' ? '' : id })}
          choices={[{ id: 'none', words: t('marking.none') }, ...levelsWithin(rule).map((word) => ({ id: word, words: word }))]}
        />
        <Select
          label="TLP"
          value={choice.tlp || 'none'}
          onChange={(id) => change({ tlp: id === 'none' ? '' : (id as Tlp) })}
          choices={[
            { id: 'none', words: t('marking.none') },
            ...tlpWithin(rule).map((word) => ({ id: word, words: word, more: t(`marking.tlp.${wordOf(word)}`) })),
          ]}
        />
      </div>
      <Group title={t('marking.descriptors')}>
        {rule.scheme.descriptors
          .filter((word) => !rule.caveats.some(({ descriptor }) => descriptor === word))
          .map((word) => (
            <Checkbox
              key={word}
              label={word}
              selected={choice.descriptors.includes(word)}
              onChange={(on) => change({ descriptors: toggled(choice.descriptors, word, on) })}
            />
          ))}
      </Group>
      {restricting(choice) ? (
        <>
          <AriaTextField
            className="field"
            name="until"
            isRequired
            type={'date' as 'text'}
            value={choice.until}
            onChange={(until) => change({ until })}
          >
            <Label className="field-label">{t('marking.until')}</Label>
            <Input className="field-box field-day" />
          </AriaTextField>
          <TextField name="restrictedBecause" label={t('marking.because')} help={t('marking.becauseHelp')} required maxLength={2000} />
        </>
      ) : null}
      <WhoReads label={labelOf(choice, rule)} />
      {pointers ? (
        <p className="field-help">
          {t('marking.above', { ceiling: [rule.ceiling.classification, rule.ceiling.tlp].filter(Boolean).join(', ') })}{' '}
          <Link to={pointers}>{t('marking.pointer')}</Link>
        </p>
      ) : null}
    </section>
  )
}

const wordOf = (tlp: Tlp) =>
  ({ 'TLP:CLEAR': 'clear', 'TLP:GREEN': 'green', 'TLP:AMBER': 'amber', 'TLP:AMBER+STRICT': 'strict', 'TLP:RED': 'red' })[tlp]

function Group({ title, children }: { title: string; children: ReactNode }) {
  const id = useId()
  return (
    <div className="field" role="group" aria-labelledby={id}>
      <span className="field-label" id={id}>
        {title}
      </span>
      <div className="choices">{children}</div>
    </div>
  )
}

/** Asked of the server, which alone can name the tokens; the database decides when it is written. */
function WhoReads({ label }: { label: { clauses: string[][]; marking: string } }) {
  const t = useWords()
  const asked = label.clauses[0]?.length !== 0
  const { data } = useQueryOf(preview, { label }, { when: asked })
  return (
    <div className="marking-preview" role="status">
      <p>
        <Marking text={data?.marking || label.marking || t('label.unmarked')} />
      </p>
      <p className="field-label">{t('marking.reads')}</p>
      {!asked ? <p>{t('marking.nobody')}</p> : null}
      {asked && data ? (
        <ul className="label-lines">
          {data.who.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      ) : null}
      {asked && data && !data.you ? <p>{t('marking.notYou')}</p> : null}
      {asked && data?.problem ? <p>{data.problem}</p> : null}
    </div>
  )
}
