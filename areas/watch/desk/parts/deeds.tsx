import { useState } from 'react'
import { Button } from '#core/web/button.tsx'
import { DialogButton } from '#core/web/dialog.tsx'
import { Choices, Select, TextArea, TextField, TimeField } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf } from '#core/web/hooks.ts'
import { Problem } from '#core/web/problem.tsx'
import { useSession } from '#core/web/session.tsx'
import { useWords } from '#core/web/words.ts'
import { Activate } from '../../activation/parts/activate.tsx'
import { assignToExercise, claimSignal, judgeSignal, releaseSignal, type SignalDetail, Triage, triages } from '../../signals/contract.ts'
import type { Exercise } from '../contract.ts'

interface Here {
  signal: SignalDetail
  exercises: readonly Exercise[]
  at: string
}

/** What the desk can do with this signal: claim it, say what it means, release it, hand it to an exercise; and call people out on it. */
export function Deeds({ signal, exercises, at }: Here) {
  const t = useWords('watch')
  const { self } = useSession()
  const claim = useCommandOf(claimSignal, { changes: ['watch.signals'] })
  const mine = signal.claimedBy?.personId === self?.person.id
  const { can } = signal
  if (!can.claim) return null
  return (
    <div className="desk-deeds">
      {claim.problem ? <Problem problem={claim.problem} /> : null}
      <div className="row">
        {mine ? null : (
          <Button
            busy={claim.state === 'sending'}
            onPress={() => void claim.run({ signalId: signal.id, takeOver: signal.claimedBy !== null })}
          >
            {signal.claimedBy === null ? t('desk.claim') : t('desk.takeOver', { name: signal.claimedBy.name })}
          </Button>
        )}
        {can.release ? <Release signal={signal} /> : null}
        {can.assign ? <Assign signal={signal} exercises={exercises} /> : null}
        {signal.triage === 'activate' && can.activate ? <Activate signalId={signal.id} /> : null}
      </div>
      {signal.claimedBy === null || mine ? <Judge key={`${signal.id} ${signal.judgements.length}`} signal={signal} at={at} /> : null}
    </div>
  )
}

/** Minutes until a signal that is not activated on is looked at again, unless the desk says otherwise. */
const lookAgain = { noise: 24 * 60, watch: 60, assess: 15 } as const

function Judge({ signal, at }: Omit<Here, 'exercises'>) {
  const t = useWords('watch')
  const judge = useCommandOf(judgeSignal, { changes: ['watch.signals', 'watch.judgements'] })
  const [triage, setTriage] = useState<Triage | null>(null)
  const offered = triages.filter((one) => one !== 'activate' || signal.can.activate)
  const later =
    triage === null || triage === 'activate' ? null : new Date(new Date(at).getTime() + lookAgain[triage] * 60_000).toISOString()
  return (
    <div className="desk-judge">
      <Form
        label={t('desk.judge')}
        problem={judge.problem}
        onSubmit={(values) => {
          const said = Triage.safeParse(values.triage)
          if (!said.success) return
          void judge.run({
            signalId: signal.id,
            triage: said.data,
            reason: values.reason ?? '',
            ...(values.reliability === undefined ? {} : { reliability: values.reliability }),
            reviewAt: said.data === 'activate' ? null : (values.reviewAt ?? null),
          })
        }}
      >
        <Choices
          name="triage"
          label={t('desk.judge')}
          required
          onChange={(id) => setTriage(Triage.parse(id))}
          choices={offered.map((one) => ({ id: one, words: t(`desk.triage.${one}`), more: t(`desk.triageMore.${one}`) }))}
        />
        {triage === null ? null : (
          <>
            <TextArea name="reason" label={t('desk.reason')} required rows={2} maxLength={4000} />
            <TextField name="reliability" label={t('desk.reliability')} help={t('desk.reliabilityHelp')} maxLength={200} />
            {later === null ? null : <TimeField key={triage} name="reviewAt" label={t('desk.lookAgain')} required defaultAt={later} />}
            <FormButtons>
              <Button type="submit" kind="primary" busy={judge.state === 'sending'}>
                {t(`desk.do.${triage}`)}
              </Button>
            </FormButtons>
          </>
        )}
      </Form>
    </div>
  )
}

function Release({ signal }: { signal: SignalDetail }) {
  const t = useWords('watch')
  const release = useCommandOf(releaseSignal, { changes: ['watch.signals'] })
  return (
    <DialogButton words={t('desk.release')} title={t('desk.releaseTitle')}>
      {(close) => (
        <Form
          label={t('desk.releaseTitle')}
          problem={release.problem}
          onSubmit={(values) =>
            void release.run({ signalId: signal.id, reason: values.reason ?? '' }).then((outcome) => outcome.state === 'done' && close())
          }
        >
          <p>{t('desk.releaseMore')}</p>
          <ul className="desk-errors">
            {signal.errors.map((words) => (
              <li key={words}>{words}</li>
            ))}
          </ul>
          <TextArea name="reason" label={t('desk.releaseReason')} required maxLength={4000} />
          <FormButtons>
            <Button type="submit" kind="alarm" busy={release.state === 'sending'}>
              {t('desk.releaseDo')}
            </Button>
          </FormButtons>
        </Form>
      )}
    </DialogButton>
  )
}

function Assign({ signal, exercises }: Omit<Here, 'at'>) {
  const t = useWords('watch')
  const assign = useCommandOf(assignToExercise, { changes: ['watch.signals'] })
  return (
    <DialogButton words={t('desk.assign')} title={t('desk.assignTitle')}>
      {(close) =>
        exercises.length === 0 ? (
          <p>{t('desk.noExercise')}</p>
        ) : (
          <Form
            label={t('desk.assignTitle')}
            problem={assign.problem}
            onSubmit={(values) =>
              void assign
                .run({ signalId: signal.id, ...(values.worldId === undefined ? {} : { worldId: values.worldId }) })
                .then((outcome) => outcome.state === 'done' && close())
            }
          >
            <p>{t('desk.assignMore')}</p>
            <Select name="worldId" label={t('desk.exercise')} required choices={exercises.map(({ id, name }) => ({ id, words: name }))} />
            <FormButtons>
              <Button type="submit" kind="primary" busy={assign.state === 'sending'}>
                {t('desk.assign')}
              </Button>
            </FormButtons>
          </Form>
        )
      }
    </DialogButton>
  )
}
