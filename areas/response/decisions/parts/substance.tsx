import { useState } from 'react'
import { Button } from '#core/web/button.tsx'
import { Checkbox, Choices, Select, TextArea, TextField, TimeField } from '#core/web/fields.tsx'
import { Section } from '#core/web/page.tsx'
import { useWords } from '#core/web/words.ts'
import type { Verdict, Version } from '../contract.ts'
import '../decisions.css'

/** What a decision consists of, as fields named for `substanceOf`. Used to record, to correct and to reverse. */
export function Substance({ from, reviewAt, correcting = false }: { from?: Version; reviewAt: string; correcting?: boolean }) {
  const t = useWords('response')
  const [options, setOptions] = useState(Math.max(from?.options.length ?? 0, 2))
  const [sources, setSources] = useState(Math.max(from?.grounds.filter(isSource).length ?? 0, 1))
  const [chosen, setChosen] = useState(String(Math.max(from?.options.findIndex((option) => option.chosen) ?? 0, 0)))
  const [owed, setOwed] = useState(false)
  return (
    <>
      <TextField
        name="question"
        label={t('decision.question')}
        help={t('decision.questionHelp')}
        required
        autoFocus
        {...kept(from?.question)}
      />
      <Section title={t('decision.options')} aside={<Button onPress={() => setOptions(options + 1)}>{t('decision.moreOptions')}</Button>}>
        <p className="prose soft">{t('decision.optionsHelp')}</p>
        <div className="decision-options">
          {Array.from({ length: options }, (_, place) => (
            <OptionFields key={place} place={place} {...(from?.options[place] ? { from: from.options[place] } : {})} />
          ))}
        </div>
        <Choices
          name="choice"
          label={t('decision.choice')}
          required
          value={chosen}
          onChange={setChosen}
          choices={Array.from({ length: options }, (_, place) => ({
            id: String(place),
            words: t('decision.option', { number: place + 1 }),
          }))}
        />
      </Section>
      <Section title={t('decision.why')}>
        {correcting ? null : <Checkbox name="rationaleOwed" label={t('decision.oweIt')} selected={owed} onChange={setOwed} />}
        {owed ? (
          <p className="prose soft">{t('decision.owedHelp')}</p>
        ) : (
          <TextArea
            name="rationale"
            label={t('decision.rationale')}
            help={t('decision.rationaleHelp')}
            rows={5}
            required={!correcting}
            {...kept(from?.rationale ?? undefined)}
          />
        )}
      </Section>
      <Section title={t('decision.restsOn')} aside={<Button onPress={() => setSources(sources + 1)}>{t('decision.moreSources')}</Button>}>
        {Array.from({ length: sources }, (_, place) => (
          <SourceFields
            key={place}
            place={place}
            {...(from?.grounds.filter(isSource)[place] ? { from: from.grounds.filter(isSource)[place]! } : {})}
          />
        ))}
        <div className="decision-three">
          <TextArea
            name="assumptions"
            label={t('decision.assumptions')}
            help={t('decision.oneALine')}
            rows={3}
            {...kept(linesOf(from, 'assumption'))}
          />
          <TextArea
            name="uncertainties"
            label={t('decision.uncertainties')}
            help={t('decision.uncertaintiesHelp')}
            rows={3}
            {...kept(linesOf(from, 'uncertainty'))}
          />
        </div>
      </Section>
      <TimeField name="reviewAt" label={t('decision.reviewAt')} help={t('decision.reviewHelp')} defaultAt={reviewAt} required />
    </>
  )
}

const kept = (value: string | undefined) => (value === undefined ? {} : { defaultValue: value })
const isSource = (ground: Version['grounds'][number]) => ground.kind === 'fact' || ground.kind === 'inference'
const linesOf = (from: Version | undefined, kind: 'assumption' | 'uncertainty') =>
  from?.grounds
    .filter((ground) => ground.kind === kind)
    .map(({ words }) => words)
    .join('\n')

const criteria = [
  { words: 'suitability', verdict: 'suitable' },
  { words: 'feasibility', verdict: 'feasible' },
  { words: 'acceptability', verdict: 'acceptable' },
] as const

function OptionFields({ place, from }: { place: number; from?: Version['options'][number] }) {
  const t = useWords('response')
  const verdicts = (['yes', 'in-part', 'no', 'not-known'] as const).map((id) => ({ id, words: t(`decision.verdict.${id}`) }))
  return (
    <fieldset className="decision-option">
      <legend>{t('decision.option', { number: place + 1 })}</legend>
      <TextField name={`option.${place}.text`} label={t('decision.optionText')} required={place === 0} {...kept(from?.text)} />
      <div className="decision-three">
        {criteria.map(({ words, verdict }) => (
          <div key={words}>
            <Select
              name={`option.${place}.${verdict}`}
              label={t(`decision.${verdict}`)}
              choices={verdicts}
              defaultValue={from?.verdicts[verdict] ?? ('not-known' satisfies Verdict)}
              required
            />
            <TextField name={`option.${place}.${words}`} label={t(`decision.${words}`)} {...kept(from?.[words])} />
          </div>
        ))}
      </div>
    </fieldset>
  )
}

function SourceFields({ place, from }: { place: number; from?: Version['grounds'][number] }) {
  const t = useWords('response')
  return (
    <div className="decision-three">
      <TextField name={`source.${place}.words`} label={t('decision.sourceWords')} {...kept(from?.words)} />
      <TextField name={`source.${place}.source`} label={t('decision.sourceFrom')} {...kept(from?.source)} />
      <Select
        name={`source.${place}.flag`}
        label={t('decision.sourceFlag')}
        defaultValue={from?.flag ?? 'none'}
        required
        choices={(['none', 'stale', 'contested'] as const).map((id) => ({ id, words: t(`decision.flag.${id}`) }))}
      />
    </div>
  )
}
