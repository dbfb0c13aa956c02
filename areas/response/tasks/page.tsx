import { Moment } from '#core/web/age.tsx'
import { Badge, LabelBadge } from '#core/web/badge.tsx'
import { Button } from '#core/web/button.tsx'
import { DialogButton } from '#core/web/dialog.tsx'
import { Choices, Select, TextArea, TimeField } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { Link, useParts } from '#core/web/navigation.tsx'
import { PageHead, Section } from '#core/web/page.tsx'
import { EmptyState, NotYet, Problem } from '#core/web/problem.tsx'
import { StateWord } from '#core/web/state-word.tsx'
import { Table } from '#core/web/table.tsx'
import { worldNow } from '#core/web/time.ts'
import { useView } from '#core/web/view.ts'
import { useWords } from '#core/web/words.ts'
import { useCentre } from '../centre/parts/use-centre.tsx'
import { acceptTask, closeTask, completeTask, giveTask, type Task, tasks } from './contract.ts'

const changed = { changes: ['response.tasks'] }
const tones = { given: 'waiting', accepted: 'begun', done: 'done', closed: 'done' } as const

/** Who is to do what by when: one owner, one time. Late ones first. */
export function Page() {
  const t = useWords('response')
  const wall = useView() === 'wall'
  const { incidentId = '' } = useParts()
  useCentre(incidentId)
  const { data, error, refetch } = useQueryOf(tasks, { incidentId }, { watches: ['response.tasks'] })
  if (!data) return <NotYet problem={error} onRetry={() => void refetch()} />
  return (
    <div className="page">
      <PageHead
        title={t('task.title')}
        lead={t('task.lead')}
        aside={wall ? undefined : <Link to={`/response/centre/${incidentId}`}>{t('decision.centre')}</Link>}
        actions={data.can.give && !wall ? <Give incidentId={incidentId} owners={data.owners} /> : undefined}
      />
      <Section title={t('task.list')}>
        <Table
          label={t('task.title')}
          rows={data.tasks}
          rowId={({ id }) => id}
          alarmed={({ late }) => late !== 'no'}
          columns={[
            { id: 'what', title: t('task.what'), names: true, text: ({ words }) => words, cell: (task) => <What task={task} /> },
            {
              id: 'owner',
              title: t('task.owner'),
              cell: ({ ownerPost, ownerAgency }) => `${ownerPost}, ${ownerAgency}`,
              sort: ({ ownerAgency }) => ownerAgency,
            },
            { id: 'due', title: t('task.due'), cell: ({ dueAt }) => <Moment at={dueAt} />, sort: ({ dueAt }) => dueAt },
            { id: 'state', title: t('task.state'), cell: (task) => <State task={task} /> },
            { id: 'label', title: t('decision.label'), cell: ({ label, marking }) => <LabelBadge label={label} marking={marking} /> },
            ...(wall ? [] : [{ id: 'deeds', title: t('task.deeds'), cell: (task: Task) => <Deeds task={task} /> }]),
          ]}
          empty={
            <EmptyState title={t('task.none')}>
              <p>{t('task.noneMore')}</p>
            </EmptyState>
          }
        />
      </Section>
    </div>
  )
}

const What = ({ task }: { task: Task }) => {
  const t = useWords('response')
  return (
    <>
      {task.words} {task.priority === 'high' ? <Badge>{t('task.high')}</Badge> : null}
      {task.evidence === null ? null : <div className="soft">{t('task.shownBy', { evidence: task.evidence })}</div>}
      {task.givenOnBehalfOf === null ? null : <div className="soft">{t('timeline.behalf', { post: task.givenOnBehalfOf })}</div>}
    </>
  )
}

function State({ task }: { task: Task }) {
  const t = useWords('response')
  return (
    <span className="row">
      <StateWord tone={tones[task.state]}>{t(`task.is.${task.state}`)}</StateWord>
      {task.late === 'no' ? null : <StateWord tone="alarm">{t(`task.late.${task.late}`)}</StateWord>}
    </span>
  )
}

function Deeds({ task }: { task: Task }) {
  const t = useWords('response')
  const accept = useCommandOf(acceptTask, { ...changed, title: t('task.accept') })
  const close = useCommandOf(closeTask, changed)
  return (
    <span className="row">
      {task.can.accept ? (
        <Button busy={accept.state === 'sending'} onPress={() => void accept.run({ taskId: task.id })}>
          {t('task.accept')}
        </Button>
      ) : null}
      {task.can.complete ? <Complete task={task} /> : null}
      {task.can.close ? (
        <Button busy={close.state === 'sending'} onPress={() => void close.run({ taskId: task.id })}>
          {t('task.close')}
        </Button>
      ) : null}
      {(accept.problem ?? close.problem) ? <Problem problem={(accept.problem ?? close.problem)!} /> : null}
    </span>
  )
}

function Complete({ task }: { task: Task }) {
  const t = useWords('response')
  const complete = useCommandOf(completeTask, { ...changed, title: t('task.complete') })
  return (
    <DialogButton words={t('task.complete')} title={t('task.complete')} kind="plain">
      {(leave) => (
        <Form
          label={t('task.complete')}
          problem={complete.problem}
          onSubmit={({ evidence = '' }) =>
            void complete.run({ taskId: task.id, evidence }).then(({ state }) => state !== 'refused' && leave())
          }
        >
          <TextArea name="evidence" label={t('task.evidence')} help={t('task.evidenceHelp')} rows={3} required />
          <FormButtons>
            <Button type="submit" kind="primary" busy={complete.state === 'sending'}>
              {t('task.complete')}
            </Button>
          </FormButtons>
        </Form>
      )}
    </DialogButton>
  )
}

function Give({
  incidentId,
  owners,
}: {
  incidentId: string
  owners: readonly { id: string; code: string; title: string; agencyName: string }[]
}) {
  const t = useWords('response')
  const give = useCommandOf(giveTask, { ...changed, title: t('task.give') })
  const choices = owners.map((post) => ({ id: post.id, words: `${post.code} · ${post.title}`, more: post.agencyName }))
  return (
    <DialogButton words={t('task.give')} title={t('task.give')} kind="primary">
      {(leave) => (
        <Form
          label={t('task.give')}
          problem={give.problem}
          onSubmit={({ text = '', ownerPostId = '', onBehalfOf, dueAt = '', priority }) =>
            void give
              .run({
                incidentId,
                text,
                ownerPostId,
                dueAt,
                ...(onBehalfOf === undefined ? {} : { onBehalfOf }),
                priority: priority === 'high' ? 'high' : 'normal',
              })
              .then(({ state }) => state !== 'refused' && leave())
          }
        >
          <TextArea name="text" label={t('task.what')} rows={3} required />
          <Select name="ownerPostId" label={t('task.owner')} help={t('task.ownerHelp')} required choices={choices} />
          <Select name="onBehalfOf" label={t('task.onBehalfOf')} choices={choices} />
          <TimeField name="dueAt" label={t('task.due')} defaultAt={new Date(worldNow().getTime() + 7_200_000).toISOString()} required />
          <Choices
            name="priority"
            label={t('task.priority')}
            required
            defaultValue="normal"
            choices={[
              { id: 'normal', words: t('task.normal') },
              { id: 'high', words: t('task.high'), more: t('task.highMore') },
            ]}
          />
          <FormButtons>
            <Button type="submit" kind="primary" busy={give.state === 'sending'}>
              {t('task.give')}
            </Button>
          </FormButtons>
        </Form>
      )}
    </DialogButton>
  )
}
