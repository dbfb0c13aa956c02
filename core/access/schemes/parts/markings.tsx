import { type ChangeEvent, useId, useState } from 'react'
import { tlpWords, type Tlp } from '#core/access/marking.ts'
import { Button } from '#core/web/button.tsx'
import { Select, TextField } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { Facts, Section } from '#core/web/page.tsx'
import { NotYet, Problem } from '#core/web/problem.tsx'
import { useWords } from '#core/web/words.ts'
import { importScheme, schemes, setMarkingRule } from '../contract.ts'

const changed = { changes: ['access.scheme', 'access.marking_rule'] }
const asBase64 = async (file: File) => {
  let text = ''
  for (const byte of new Uint8Array(await file.arrayBuffer())) text += String.fromCharCode(byte)
  return btoa(text)
}

/** In which words this city marks, how far up it holds anything, and how it grades; another scheme comes from a taxonomy. */
export function Markings() {
  const t = useWords('access')
  const { data, error, refetch } = useQueryOf(schemes, {}, { watches: changed.changes })
  const set = useCommandOf(setMarkingRule, changed)
  const [picked, pick] = useState('')
  if (!data) return <NotYet problem={error} onRetry={() => void refetch()} />
  const using = data.schemes.find(({ inUse }) => inUse)
  const chosen = data.schemes.find(({ code }) => code === picked) ?? using
  const held = chosen?.levels.filter((level) => level.held).map(({ word }) => word) ?? []
  const send = ({ scheme = '', classification = '', tlp = '', grading = '' }: Record<string, string>) =>
    void set.run({
      scheme,
      grading,
      ceilingClassification: classification === 'none' ? null : classification,
      ceilingTlp: tlp === 'none' ? null : (tlp as Tlp),
    })
  const none = { id: 'none', words: t('markings.noCeiling') }
  const words = (word: string) => ({ id: word, words: word })
  return (
    <Section title={t('markings.title')}>
      <p>{t('markings.lead')}</p>
      <Facts
        facts={data.schemes.map(({ code, name, levels, inUse }) => ({
          name: inUse ? t('markings.inUse', { name }) : name,
          value: `${levels
            .filter((level) => level.held)
            .map(({ word }) => word)
            .join(' < ')}. ${t('markings.never', {
            words:
              levels
                .filter((level) => !level.held)
                .map(({ word }) => word)
                .join(', ') || code,
          })}`,
        }))}
      />
      <Form label={t('markings.choose')} problem={set.problem} onSubmit={send}>
        <Select
          name="scheme"
          label={t('markings.scheme')}
          required
          defaultValue={using?.code ?? ''}
          onChange={pick}
          choices={data.schemes.map(({ code, name }) => ({ id: code, words: name }))}
        />
        <Select
          key={chosen?.code}
          name="classification"
          label={t('markings.classification')}
          required
          defaultValue={
            held.includes(data.ceiling.classification ?? '') ? (data.ceiling.classification ?? 'none') : (held.at(-1) ?? 'none')
          }
          choices={[...held.map(words), none]}
        />
        <Select
          name="tlp"
          label={t('markings.tlp')}
          required
          defaultValue={data.ceiling.tlp ?? 'none'}
          choices={[...tlpWords.map(words), none]}
        />
        <Select
          name="grading"
          label={t('markings.grading')}
          required
          defaultValue={data.gradings.find(({ inUse }) => inUse)?.code ?? ''}
          choices={data.gradings.map(({ code, name }) => ({ id: code, words: name }))}
        />
        <FormButtons>
          <Button type="submit" busy={set.state === 'sending'}>
            {t('markings.set')}
          </Button>
        </FormButtons>
        <p role="status">{set.state === 'done' ? t('markings.done') : ''}</p>
      </Form>
      <Bring />
    </Section>
  )
}

function Bring() {
  const t = useWords('access')
  const id = useId()
  const bring = useCommandOf(importScheme, changed)
  const [files, give] = useState<{ name: string; content: string }[]>([])
  const choose = async (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.currentTarget.files?.[0]
    give(file ? [{ name: file.name, content: await asBase64(file) }] : [])
  }
  const said = bring.output
  return (
    <Form label={t('markings.bring')} onSubmit={({ order }) => void bring.run({ files, ...(order === undefined ? {} : { order }) })}>
      {bring.problem ? <Problem problem={bring.problem} /> : null}
      <div className="field">
        <label className="field-label" htmlFor={id}>
          {t('markings.file')}
        </label>
        <input
          id={id}
          className="field-box"
          type="file"
          accept=".json,application/json"
          required
          onChange={(event) => void choose(event)}
        />
      </div>
      <TextField name="order" label={t('markings.order')} help={t('markings.orderHelp')} maxLength={2000} />
      <FormButtons>
        <Button type="submit" busy={bring.state === 'sending'}>
          {t('markings.bring')}
        </Button>
      </FormButtons>
      <div role="status">
        {said ? <p>{t(said.kept ? 'markings.kept' : 'markings.builtIn', { name: said.name })}</p> : null}
        {said && said.leftOut.length > 0 ? (
          <ul className="label-lines">
            {said.leftOut.map(({ word, why }) => (
              <li key={word}>{t('markings.leftOut', { word, why })}</li>
            ))}
          </ul>
        ) : null}
      </div>
    </Form>
  )
}
