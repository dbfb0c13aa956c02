import { useState } from 'react'
import { Button } from '#core/web/button.tsx'
import { DialogButton } from '#core/web/dialog.tsx'
import { TextArea, TextField } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf } from '#core/web/hooks.ts'
import { Many } from '#core/web/many.tsx'
import { useWords } from '#core/web/words.ts'
import { type LevelInFull, type LevelsInFull, setLevel } from '../contract.ts'

/** Adds a level, changes one, or takes a retired one up again. What was set in the other language stays unless it is changed here. */
export function Put({ whole, level }: { whole: LevelsInFull; level?: LevelInFull }) {
  const t = useWords('watch')
  const title = level === undefined ? t('levels.add') : level.retired ? t('levels.again') : t('levels.change')
  return (
    <DialogButton
      words={title}
      title={level === undefined ? title : `${title}: ${level.name}`}
      {...(level === undefined ? { kind: 'primary' as const } : {})}
    >
      {(close) => <Sheet whole={whole} title={title} close={close} {...(level === undefined ? {} : { level })} />}
    </DialogButton>
  )
}

function Sheet({ whole, level, title, close }: { whole: LevelsInFull; level?: LevelInFull; title: string; close: () => void }) {
  const t = useWords('watch')
  const put = useCommandOf(setLevel, { changes: ['watch.levels'] })
  const [calls, call] = useState<readonly string[]>(level?.callsOut ?? [])
  const [convenes, convene] = useState<readonly string[]>(level?.convenes ?? [])
  const next = Math.min(20, Math.max(0, ...whole.levels.map(({ rank, retired }) => (retired ? 0 : rank))) + 1)
  return (
    <Form
      label={title}
      problem={put.problem}
      onSubmit={(values) =>
        void put
          .run({
            code: level?.code ?? values.code ?? '',
            rank: Number(values.rank),
            name: values.name ?? '',
            nameFr: values.nameFr ?? null,
            criteria: values.criteria ?? '',
            criteriaFr: values.criteriaFr ?? null,
            callsOut: [...calls],
            convenes: [...convenes],
            retired: false,
            asNew: level === undefined,
          })
          .then((outcome) => outcome.state === 'done' && close())
      }
    >
      <TextField
        name="name"
        label={t('levels.name')}
        help={t('levels.nameHelp')}
        defaultValue={level?.name ?? ''}
        required
        maxLength={120}
      />
      {level === undefined ? <TextField name="code" label={t('levels.code')} help={t('levels.codeHelp')} required maxLength={40} /> : null}
      <TextField
        name="rank"
        label={t('levels.rank')}
        help={t('levels.rankHelp')}
        type="number"
        inputMode="numeric"
        defaultValue={String(level?.rank ?? next)}
        required
      />
      <TextArea
        name="criteria"
        label={t('levels.criteria')}
        help={t('levels.criteriaHelp')}
        rows={3}
        defaultValue={level?.criteria ?? ''}
        required
        maxLength={2000}
      />
      <TextField name="nameFr" label={t('levels.nameFr')} defaultValue={level?.nameFr ?? ''} maxLength={120} />
      <TextArea name="criteriaFr" label={t('levels.criteriaFr')} rows={2} defaultValue={level?.criteriaFr ?? ''} maxLength={2000} />
      <Many
        label={t('levels.calls')}
        help={t('levels.callsHelp')}
        choices={whole.posts.map(({ id, title: words, agency }) => ({ id, words: `${agency}: ${words}` }))}
        chosen={calls}
        onChange={call}
      />
      <Many
        label={t('levels.convenes')}
        help={t('levels.convenesHelp')}
        choices={whole.groups.map(({ id, name }) => ({ id, words: name }))}
        chosen={convenes}
        onChange={convene}
      />
      <FormButtons>
        <Button type="submit" kind="primary" busy={put.state === 'sending'}>
          {title}
        </Button>
      </FormButtons>
    </Form>
  )
}
