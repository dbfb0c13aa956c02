import { Button } from '#core/web/button.tsx'
import { DialogButton } from '#core/web/dialog.tsx'
import { Choices, TextArea, TextField } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { useGo } from '#core/web/navigation.tsx'
import { useLanguage, useWords } from '#core/web/words.ts'
import { activate, levels } from '../contract.ts'
import { levelIn } from '../rules.ts'
import { NoLevel } from './no-level.tsx'

/** The watch officer's deed: a level with its criteria in sight, what was met, and why; on a signal, where the desk judged one. */
export function Activate({ signalId = null }: { signalId?: string | null }) {
  const t = useWords('watch')
  const language = useLanguage()
  const go = useGo()
  const { data } = useQueryOf(levels, {}, { watches: ['watch.levels'] })
  const deed = useCommandOf(activate, { changes: ['watch.activations'] })
  const choices = (data ?? []).map((level) => {
    const { name, criteria } = levelIn(level, language)
    return { id: level.code, words: t('activate.level', { name, count: level.callsOut.length }), more: criteria }
  })
  return (
    <DialogButton words={t('activate.title')} title={t('activate.title')} kind="primary">
      {(close) =>
        data?.length === 0 ? (
          <NoLevel />
        ) : (
          <Form
            label={t('activate.title')}
            problem={deed.problem}
            onSubmit={(values) =>
              void deed
                .run({
                  signalId,
                  level: values.level ?? '',
                  criteriaMatched: values.criteriaMatched ?? '',
                  reason: values.reason ?? '',
                  incidentType: values.incidentType ?? '',
                  ...(values.incidentName === undefined ? {} : { incidentName: values.incidentName }),
                })
                .then((outcome) => {
                  if (outcome.state !== 'done') return
                  close()
                  go(`/watch/activations/${outcome.output.id}`)
                })
            }
          >
            <Choices name="level" label={t('activations.level')} required choices={choices} />
            <TextField name="criteriaMatched" label={t('activate.criteria')} required maxLength={2000} />
            <TextArea name="reason" label={t('board.why')} required maxLength={2000} />
            <TextField name="incidentType" label={t('activate.type')} help={t('activate.typeHelp')} required maxLength={80} />
            <TextField name="incidentName" label={t('activate.name')} help={t('activate.nameHelp')} maxLength={120} />
            <FormButtons>
              <Button type="submit" kind="primary" busy={deed.state === 'sending'}>
                {t('activate.do')}
              </Button>
            </FormButtons>
          </Form>
        )
      }
    </DialogButton>
  )
}
