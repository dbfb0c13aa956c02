import { useState } from 'react'
import { Button } from '#core/web/button.tsx'
import { DialogButton } from '#core/web/dialog.tsx'
import { Select, TextArea, TextField, TimeField } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { MarkingField } from '#core/web/marking-field.tsx'
import { Waiting } from '#core/web/problem.tsx'
import { worldNow } from '#core/web/time.ts'
import { useWords } from '#core/web/words.ts'
import { loggistDesk } from '../../loggist/contract.ts'
import { addDissent, correctDecision, giveRationale, reviewDecision, tellOutcome, type Version } from '../contract.ts'
import { substanceOf } from '../rules.ts'
import { Substance } from './substance.tsx'
import { watchedTables } from './watched.tsx'

const changes = { changes: watchedTables }

export function GiveRationale({ decisionId }: { decisionId: string }) {
  const t = useWords('response')
  const give = useCommandOf(giveRationale, { ...changes, title: t('decision.giveRationale') })
  return (
    <DialogButton words={t('decision.giveRationale')} title={t('decision.giveRationale')} kind="primary">
      {(close) => (
        <Form
          label={t('decision.giveRationale')}
          problem={give.problem}
          onSubmit={({ rationale = '' }) => void give.run({ decisionId, rationale }).then(({ state }) => state !== 'refused' && close())}
        >
          <TextArea name="rationale" label={t('decision.rationale')} help={t('decision.rationaleHelp')} rows={6} required autoFocus />
          <FormButtons>
            <Button type="submit" kind="primary" busy={give.state === 'sending'}>
              {t('decision.giveRationale')}
            </Button>
          </FormButtons>
        </Form>
      )}
    </DialogButton>
  )
}

export const AddDissent = ({ decisionId, incidentId }: { decisionId: string; incidentId: string }) => {
  const t = useWords('response')
  return (
    <DialogButton words={t('decision.moreDissent')} title={t('decision.moreDissent')}>
      {(close) => <DissentForm decisionId={decisionId} incidentId={incidentId} close={close} />}
    </DialogButton>
  )
}

function DissentForm({ decisionId, incidentId, close }: { decisionId: string; incidentId: string; close: () => void }) {
  const t = useWords('response')
  const desk = useQueryOf(loggistDesk, { incidentId, atMost: 1 })
  const add = useCommandOf(addDissent, { ...changes, title: t('decision.moreDissent') })
  if (!desk.data) return <Waiting />
  return (
    <Form
      label={t('decision.moreDissent')}
      problem={add.problem}
      onSubmit={({ postId = '', words = '' }) =>
        void add.run({ decisionId, postId, words }).then(({ state }) => state !== 'refused' && close())
      }
    >
      <p className="prose soft">{t('decision.dissentHelp')}</p>
      <Select
        name="postId"
        label={t('decision.dissentBy')}
        required
        choices={desk.data.posts.map((post) => ({ id: post.id, words: `${post.code} · ${post.title}`, more: post.agencyName }))}
      />
      <TextArea name="words" label={t('decision.dissentWords')} rows={4} required />
      <FormButtons>
        <Button type="submit" kind="primary" busy={add.state === 'sending'}>
          {t('decision.moreDissent')}
        </Button>
      </FormButtons>
    </Form>
  )
}

export function Correct({ decisionId, version, reviewAt }: { decisionId: string; version: Version; reviewAt: string }) {
  const t = useWords('response')
  const correct = useCommandOf(correctDecision, changes)
  return (
    <DialogButton words={t('decision.correct')} title={t('decision.correctTitle')}>
      {(close) => (
        <Form
          label={t('decision.correctTitle')}
          problem={correct.problem}
          onSubmit={({ reason = '', ...values }) =>
            void correct.run({ ...substanceOf(values), decisionId, reason }).then(({ state }) => state === 'done' && close())
          }
        >
          <p className="prose soft">{t('decision.correctLead')}</p>
          <TextField name="reason" label={t('decision.correctReason')} required />
          <Substance from={version} reviewAt={reviewAt} correcting />
          <FormButtons>
            <Button type="submit" kind="primary" busy={correct.state === 'sending'}>
              {t('decision.correct')}
            </Button>
          </FormButtons>
        </Form>
      )}
    </DialogButton>
  )
}

export function Review({ decisionId }: { decisionId: string }) {
  const t = useWords('response')
  const review = useCommandOf(reviewDecision, changes)
  return (
    <DialogButton words={t('decision.review')} title={t('decision.reviewTitle')}>
      {(close) => (
        <Form
          label={t('decision.reviewTitle')}
          problem={review.problem}
          onSubmit={({ words = '', nextReviewAt = '' }) =>
            void review.run({ decisionId, words, nextReviewAt }).then(({ state }) => state === 'done' && close())
          }
        >
          <p className="prose soft">{t('decision.reviewLead')}</p>
          <TextArea name="words" label={t('decision.reviewWords')} rows={3} required />
          <TimeField
            name="nextReviewAt"
            label={t('decision.nextReview')}
            defaultAt={new Date(worldNow().getTime() + 3 * 3_600_000).toISOString()}
            required
          />
          <FormButtons>
            <Button type="submit" kind="primary" busy={review.state === 'sending'}>
              {t('decision.review')}
            </Button>
          </FormButtons>
        </Form>
      )}
    </DialogButton>
  )
}

export function TellOutcome({ decisionId }: { decisionId: string }) {
  const t = useWords('response')
  const [label, mark] = useState<{ clauses: string[][]; marking: string }>({ clauses: [], marking: 'TLP:GREEN' })
  const tell = useCommandOf(tellOutcome, changes)
  return (
    <DialogButton words={t('decision.tell')} title={t('decision.tellTitle')}>
      {(close) => (
        <Form
          label={t('decision.tellTitle')}
          problem={tell.problem}
          onSubmit={({ words = '' }) =>
            void tell
              .run({ decisionId, words, restrictTo: label.clauses, marking: label.marking })
              .then(({ state }) => state === 'done' && close())
          }
        >
          <p className="prose soft">{t('decision.tellLead')}</p>
          <MarkingField marking="TLP:GREEN" asksWhy={false} onChange={mark} />
          <TextArea name="words" label={t('decision.toBeDone')} rows={3} required />
          <FormButtons>
            <Button type="submit" kind="primary" busy={tell.state === 'sending'}>
              {t('decision.tell')}
            </Button>
          </FormButtons>
        </Form>
      )}
    </DialogButton>
  )
}
