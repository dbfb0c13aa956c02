import { Button } from '#core/web/button.tsx'
import { DialogButton } from '#core/web/dialog.tsx'
import { Choices, TextArea, TextField } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf } from '#core/web/hooks.ts'
import { useWords } from '#core/web/words.ts'
import { type Incident, IncidentStatus } from '../../contract.ts'
import { closeIncident, setCentreTimes, setIncidentStatus } from '../contract.ts'

const changes = ['response.incidents', 'response.log_entries']

/** Declared, or not: said with its reason, and shown in the band of everybody. */
export function StatusDialog({ incident }: { incident: Incident }) {
  const t = useWords('response')
  const set = useCommandOf(setIncidentStatus, { changes })
  return (
    <DialogButton words={t('statusDialog.button')} title={t('statusDialog.title')}>
      {(close) => (
        <Form
          label={t('statusDialog.title')}
          problem={set.problem}
          onSubmit={({ status, reason = '' }) =>
            void set
              .run({ incidentId: incident.id, status: IncidentStatus.parse(status), reason })
              .then(({ state }) => state === 'done' && close())
          }
        >
          <Choices
            name="status"
            label={t('statusDialog.status')}
            required
            defaultValue={incident.status}
            choices={IncidentStatus.options.map((id) => ({ id, words: t(`status.${id}`) }))}
          />
          <TextArea name="reason" label={t('statusDialog.reason')} required rows={2} />
          <FormButtons>
            <Button type="submit" kind="primary" busy={set.state === 'sending'}>
              {t('statusDialog.save')}
            </Button>
          </FormButtons>
        </Form>
      )}
    </DialogButton>
  )
}

export function CloseDialog({ incident }: { incident: Incident }) {
  const t = useWords('response')
  const end = useCommandOf(closeIncident, { changes })
  return (
    <DialogButton words={t('statusDialog.close')} title={t('statusDialog.close')}>
      {(close) => (
        <Form
          label={t('statusDialog.close')}
          problem={end.problem}
          onSubmit={({ reason = '' }) => void end.run({ incidentId: incident.id, reason }).then(({ state }) => state === 'done' && close())}
        >
          <p className="prose soft">{t('statusDialog.closeLead')}</p>
          <TextArea name="reason" label={t('statusDialog.reason')} required rows={2} />
          <FormButtons>
            <Button type="submit" kind="alarm" busy={end.state === 'sending'}>
              {t('statusDialog.close')}
            </Button>
          </FormButtons>
        </Form>
      )}
    </DialogButton>
  )
}

/** The three clocks of an incident, in minutes. */
export function TimesDialog({ incident }: { incident: Incident }) {
  const t = useWords('response')
  const set = useCommandOf(setCentreTimes, { changes })
  const clocks = ['leadMinutes', 'silentMinutes', 'absentMinutes'] as const
  return (
    <DialogButton words={t('statusDialog.times')} title={t('statusDialog.timesTitle')}>
      {(close) => (
        <Form
          label={t('statusDialog.timesTitle')}
          problem={set.problem}
          onSubmit={({ leadMinutes, silentMinutes, absentMinutes }) =>
            void set
              .run({
                incidentId: incident.id,
                leadMinutes: Number(leadMinutes),
                silentMinutes: Number(silentMinutes),
                absentMinutes: Number(absentMinutes),
              })
              .then(({ state }) => state === 'done' && close())
          }
        >
          <p className="prose soft">{t('statusDialog.timesLead')}</p>
          {clocks.map((name) => (
            <TextField
              key={name}
              name={name}
              label={t(`statusDialog.${name}`)}
              inputMode="numeric"
              required
              defaultValue={String(incident[name])}
            />
          ))}
          <FormButtons>
            <Button type="submit" kind="primary" busy={set.state === 'sending'}>
              {t('statusDialog.save')}
            </Button>
          </FormButtons>
        </Form>
      )}
    </DialogButton>
  )
}
