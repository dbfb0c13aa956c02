import { useState } from 'react'
import { Moment } from '#core/web/age.tsx'
import { Button } from '#core/web/button.tsx'
import { DialogButton } from '#core/web/dialog.tsx'
import { Select, TextArea, TextField, TimeField } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { Link } from '#core/web/navigation.tsx'
import { PageHead, Section } from '#core/web/page.tsx'
import { EmptyState, NotYet } from '#core/web/problem.tsx'
import { StateWord } from '#core/web/state-word.tsx'
import { Table } from '#core/web/table.tsx'
import { useWords } from '#core/web/words.ts'
import { answerNotice, attendance, attendanceStates, meetingKinds, type Notice, recordMeeting, type Sitting } from './contract.ts'

const watches = ['structure.meetings', 'structure.attendances', 'structure.attendance_notices']

/** Who came, at which seniority: for each agency its own, for a chair and a secretariat their groups'. Notices first. */
export function Page() {
  const t = useWords('structure')
  const { data, error, refetch } = useQueryOf(attendance, {}, { watches })
  if (!data) return <NotYet problem={error} onRetry={() => void refetch()} />
  return (
    <div className="page">
      <PageHead title={t('attendance.title')} lead={t('attendance.lead')} actions={<Link to="/structure">{t('directory')}</Link>} />
      {data.notices.length > 0 ? (
        <Section title={t('attendance.notices')}>
          {data.notices.map((notice) => (
            <NoticeShown key={notice.id} notice={notice} />
          ))}
        </Section>
      ) : null}
      {data.groups.length === 0 ? (
        <EmptyState title={t('attendance.none')}>
          <p>{t('attendance.noneMore')}</p>
        </EmptyState>
      ) : null}
      {data.groups.map((group) => (
        <Section
          key={group.groupId}
          title={group.name}
          aside={group.keeps ? <RecordMeeting groupId={group.groupId} name={group.name} members={group.members} /> : undefined}
        >
          <Table
            label={group.name}
            rows={group.agencies.flatMap(({ agencyId, agencyName, sittings }) => sittings.map((one) => ({ ...one, agencyId, agencyName })))}
            rowId={({ meetingId, agencyId }) => `${meetingId} ${agencyId}`}
            alarmed={({ state, seniority, minimumSeniority }) => state !== 'present' || (seniority ?? 0) < minimumSeniority}
            columns={[
              {
                id: 'agency',
                title: t('attendance.agency'),
                names: true,
                cell: ({ agencyName }) => agencyName,
                sort: ({ agencyName }) => agencyName,
              },
              { id: 'meeting', title: t('attendance.meeting'), cell: ({ title, kind }) => `${title} (${t(`attendance.kind.${kind}`)})` },
              { id: 'held', title: t('attendance.held'), cell: ({ heldAt }) => <Moment at={heldAt} />, sort: ({ heldAt }) => heldAt },
              {
                id: 'state',
                title: t('attendance.state'),
                cell: (one) => <Came one={one} />,
                text: ({ state }) => t(`attendance.is.${state}`),
              },
            ]}
            empty={<p className="soft">{t('attendance.noMeeting')}</p>}
          />
        </Section>
      ))}
    </div>
  )
}

function Came({ one }: { one: Sitting }) {
  const t = useWords('structure')
  if (one.state !== 'present') return <StateWord tone="alarm">{t(`attendance.is.${one.state}`)}</StateWord>
  const junior = (one.seniority ?? 0) < one.minimumSeniority
  const came = t(junior ? 'attendance.junior' : 'attendance.came', { seniority: one.seniority, asked: one.minimumSeniority })
  return <StateWord tone={junior ? 'waiting' : 'done'}>{one.deputy ? `${came} (${t('attendance.deputy')})` : came}</StateWord>
}

function NoticeShown({ notice }: { notice: Notice }) {
  const t = useWords('structure')
  const answer = useCommandOf(answerNotice, { changes: watches })
  return (
    <article className="stack" aria-label={notice.agencyName}>
      <p className="prose">
        <StateWord tone="alarm">{t('attendance.notice')}</StateWord>{' '}
        {t(`attendance.because.${notice.reason}`, { agency: notice.agencyName, group: notice.groupName, count: notice.meetings })}{' '}
        <Moment at={notice.raisedAt} />
      </p>
      {notice.answer ? <p className="prose">{t('attendance.answered', { answer: notice.answer })}</p> : null}
      {notice.can.answer ? (
        <Form
          label={t('attendance.answer')}
          problem={answer.problem}
          onSubmit={({ answer: words = '' }) => void answer.run({ noticeId: notice.id, answer: words })}
        >
          <TextArea name="answer" rows={2} label={t('attendance.answer')} required />
          <FormButtons>
            <Button type="submit" busy={answer.state === 'sending'}>
              {t('attendance.answerNow')}
            </Button>
          </FormButtons>
        </Form>
      ) : null}
    </article>
  )
}

/** A register as it is kept on paper: one line a member, how each came. Those left as they are were absent. */
function RecordMeeting({
  groupId,
  name,
  members,
}: {
  groupId: string
  name: string
  members: readonly { agencyId: string; name: string }[]
}) {
  const t = useWords('structure')
  const record = useCommandOf(recordMeeting, { changes: watches })
  const [kind, setKind] = useState<(typeof meetingKinds)[number]>('meeting')
  const levels = [1, 2, 3, 4, 5].map((level) => ({ id: `present ${level}`, words: t('attendance.presentAt', { level }) }))
  const ways = [
    ...attendanceStates.filter((state) => state !== 'present').map((state) => ({ id: state, words: t(`attendance.is.${state}`) })),
    ...levels,
  ]
  const [came, setCame] = useState<Record<string, string>>({})
  return (
    <DialogButton words={t('attendance.record')} title={t('attendance.recordOf', { name })}>
      {(close) => (
        <Form
          label={t('attendance.recordOf', { name })}
          problem={record.problem}
          onSubmit={({ title = '', heldAt = '', minimumSeniority = '1' }) =>
            void record
              .run({
                groupId,
                kind,
                title,
                heldAt,
                minimumSeniority: Number(minimumSeniority),
                attendances: Object.entries(came).map(([agencyId, how]) => {
                  const [state = 'absent', level] = how.split(' ')
                  return { agencyId, state: state as 'present' | 'apologies' | 'absent', ...(level ? { seniority: Number(level) } : {}) }
                }),
              })
              .then(({ state }) => state === 'done' && close())
          }
        >
          <TextField name="title" label={t('attendance.meeting')} required maxLength={200} />
          <Select
            label={t('attendance.kindTitle')}
            value={kind}
            onChange={(id) => setKind(id as typeof kind)}
            choices={meetingKinds.map((id) => ({ id, words: t(`attendance.kind.${id}`) }))}
          />
          <TimeField name="heldAt" label={t('attendance.held')} required />
          <TextField name="minimumSeniority" label={t('attendance.asked')} help={t('attendance.askedHelp')} defaultValue="3" required />
          {members.map(({ agencyId, name: agency }) => (
            <Select
              key={agencyId}
              label={agency}
              value={came[agencyId] ?? 'absent'}
              onChange={(how) => setCame({ ...came, [agencyId]: how })}
              choices={ways}
            />
          ))}
          <FormButtons>
            <Button type="submit" kind="primary" busy={record.state === 'sending'}>
              {t('attendance.recordNow')}
            </Button>
          </FormButtons>
        </Form>
      )}
    </DialogButton>
  )
}
