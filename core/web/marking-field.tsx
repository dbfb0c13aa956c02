import { type ReactNode, useEffect, useEffectEvent, useId, useState } from 'react'
import { TextField as AriaTextField } from 'react-aria-components/TextField'
import { Input } from 'react-aria-components/Input'
import { Label } from 'react-aria-components/Label'
import { type MarkingRule, markingRule, preview } from '#core/access/schemes/contract.ts'
import type { Tlp } from '#core/access/marking.ts'
import { Marking } from './badge.tsx'
import { Checkbox, Choices, Select, TextField } from './fields.tsx'
import { useQueryOf } from './hooks.ts'
import { choiceOf, type ChosenLabel, labelOf, levelsWithin, type MarkingChoice, restricting, tlpWithin } from './marking-choice.ts'
import { Many } from './many.tsx'
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
  /** Who may be chosen to read; left out where the page itself asks who reads it, and says so. */
  audience?: readonly AudienceChoice[]
  /** Chosen at first: everybody whom the thing is for (share by default). */
  everybody?: readonly string[]
  /** Whenever it changes. A reason that is asked for stands in the form's field `restrictedBecause`. */
  onChange: (label: ChosenLabel) => void
  /** The marking and the caveats with which it begins. */
  marking?: string
  caveats?: readonly string[]
  /** Is what keeps people out asked for its reason and its end? Not where the page asks for that in its own way. */
  asksWhy?: boolean
  /** Where a pointer record is made; not offered where the page is that one. */
  pointers?: string
}

/** How what is about to be written is marked, and in words who will be able to read it: chosen before typing. */
export function MarkingField(words: MarkingFieldWords) {
  const { data, error, refetch } = useQueryOf(markingRule, {})
  return data ? <Chosen {...words} rule={data} /> : <NotYet problem={error} onRetry={() => void refetch()} />
}

const toggled = (list: readonly string[], one: string, on: boolean) => (on ? [...list, one] : list.filter((other) => other !== one))

function Chosen({ audience, everybody = [], marking = 'TLP:AMBER', caveats = [], ...words }: MarkingFieldWords & { rule: MarkingRule }) {
  const { onChange, asksWhy = true, pointers, rule } = words
  const t = useWords()
  const head = useId()
  const [choice, set] = useState<MarkingChoice>(() => choiceOf(marking, rule, { audience: everybody, caveats }))
  const change = (part: Partial<MarkingChoice>) => set({ ...choice, ...part })
  const label = labelOf(choice, rule, audience !== undefined)
  const tell = useEffectEvent(() => onChange(label))
  useEffect(() => tell(), [choice, rule])
  const restricted = asksWhy && restricting(choice)
  return (
    <section className="marking-field stack" aria-labelledby={head}>
      <p id={head}>
        <strong>{t(audience ? 'marking.title' : 'marking.how')}</strong>
      </p>
      {audience ? <Audience audience={audience} everybody={everybody} choice={choice} change={change} /> : null}
      <Caveats rule={rule} choice={choice} change={change} />
      <div className="marking-words">
        <Select
          label={t('marking.classification')}
          value={choice.classification || 'none'}
          onChange={(id) => change({ classification: id === 'none' ? '' : id })}
          choices={[{ id: 'none', words: t('marking.none') }, ...levelsWithin(rule).map((word) => ({ id: word, words: word }))]}
          required
        />
        <Select
          label="TLP"
          value={choice.tlp || 'none'}
          onChange={(id) => change({ tlp: id === 'none' ? '' : (id as Tlp) })}
          choices={[
            { id: 'none', words: t('marking.none') },
            ...tlpWithin(rule).map((word) => ({ id: word, words: word, more: t(`marking.tlp.${wordOf(word)}`) })),
          ]}
          required
        />
        <LastDay name={asksWhy ? 'until' : 'lastDay'} required={restricted} value={choice.until} onChange={(until) => change({ until })} />
      </div>
      <Marks
        title={t('marking.descriptors')}
        of={unionOf(rule.scheme.descriptors, choice.descriptors).filter(
          (word) => !rule.caveats.some(({ descriptor }) => descriptor === word),
        )}
        chosen={choice.descriptors}
        onChange={(descriptors) => change({ descriptors })}
      />
      <More rule={rule} choice={choice} change={change} />
      {restricted ? (
        <TextField name="restrictedBecause" label={t('marking.because')} help={t('marking.becauseHelp')} required maxLength={2000} />
      ) : null}
      {audience ? <WhoReads label={label} /> : <WillSay marking={label.marking} />}
      {pointers ? (
        <p className="field-help">
          {t('marking.above', { ceiling: [rule.ceiling.classification, rule.ceiling.tlp].filter(Boolean).join(', ') })}{' '}
          <Link to={pointers}>{t('marking.pointer')}</Link>
        </p>
      ) : null}
    </section>
  )
}

interface Choosing {
  choice: MarkingChoice
  change: (part: Partial<MarkingChoice>) => void
}
const unionOf = (offered: readonly string[], chosen: readonly string[]) => [...new Set([...offered, ...chosen])]

function Audience({
  audience,
  everybody,
  choice,
  change,
}: Choosing & { audience: readonly AudienceChoice[]; everybody: readonly string[] }) {
  const t = useWords()
  const all = everybody.every((token) => choice.audience.includes(token)) && choice.audience.length === everybody.length
  return (
    <>
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
    </>
  )
}

function Caveats({ rule, choice, change }: Choosing & { rule: MarkingRule }) {
  const t = useWords()
  if (rule.caveats.length === 0) return null
  return (
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
  )
}

function LastDay({ name, required, value, onChange }: { name: string; required: boolean; value: string; onChange: (day: string) => void }) {
  const t = useWords()
  return (
    <AriaTextField className="field" name={name} isRequired={required} type={'date' as 'text'} value={value} onChange={onChange}>
      <Label className="field-label">
        {t('marking.until')}
        {required ? null : <span className="field-optional"> {t('field.optional')}</span>}
      </Label>
      <Input className="field-box field-day" />
    </AriaTextField>
  )
}

/** Handling, REL TO and ORIGINATOR: seldom asked for, so they open on demand, or where some are chosen already. */
function More({ rule, choice, change }: Choosing & { rule: MarkingRule }) {
  const t = useWords()
  const [opens] = useState(choice.handling.length + choice.originators.length + (choice.releasableTo?.length ?? 0) > 0)
  const names = new Map(rule.organisations.map(({ word, name }) => [word, name]))
  /** A city has many: found by name, and those who were chosen of another city stay. */
  const offered = (chosen: readonly string[]) =>
    unionOf([...names.keys()], chosen).map((word) => ({ id: word, words: names.get(word) ?? word }))
  return (
    <details open={opens}>
      <summary>{t('marking.more')}</summary>
      <div className="stack">
        <Marks
          title={t('marking.handling')}
          of={unionOf(rule.scheme.handling, choice.handling)}
          chosen={choice.handling}
          onChange={(handling) => change({ handling })}
        />
        <TextField
          label={t('marking.ownHandling')}
          value={choice.ownHandling}
          onChange={(ownHandling) => change({ ownHandling })}
          maxLength={120}
        />
        <Many
          label={t('marking.releasable')}
          help={t('marking.releasableHelp')}
          choices={offered(choice.releasableTo ?? [])}
          chosen={choice.releasableTo ?? []}
          onChange={(some) => change({ releasableTo: some.length === 0 ? null : some })}
        />
        <Many
          label={t('marking.originators')}
          choices={offered(choice.originators)}
          chosen={choice.originators}
          onChange={(originators) => change({ originators })}
        />
      </div>
    </details>
  )
}

function Marks({
  title,
  of,
  chosen,
  onChange,
}: {
  title: string
  of: readonly string[]
  chosen: readonly string[]
  onChange: (chosen: string[]) => void
}) {
  if (of.length === 0) return null
  return (
    <Group title={title}>
      {of.map((word) => (
        <Checkbox key={word} label={word} selected={chosen.includes(word)} onChange={(on) => onChange(toggled(chosen, word, on))} />
      ))}
    </Group>
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

function WillSay({ marking }: { marking: string }) {
  const t = useWords()
  return (
    <p className="marking-preview row" role="status">
      {t('marking.says')} <Marking text={marking || t('label.unmarked')} />
    </p>
  )
}

/** Asked of the server, which alone can name the tokens; the database decides when it is written. */
function WhoReads({ label }: { label: ChosenLabel }) {
  const t = useWords()
  const asked = label.clauses[0]?.length !== 0
  const { data } = useQueryOf(preview, { label: { clauses: label.clauses, marking: label.marking } }, { when: asked })
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
