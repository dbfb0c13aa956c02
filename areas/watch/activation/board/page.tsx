import { LabelBadge } from '#core/web/badge.tsx'
import { useBand } from '#core/web/band.tsx'
import { Moment, useNow } from '#core/web/age.tsx'
import { Button } from '#core/web/button.tsx'
import { DialogButton } from '#core/web/dialog.tsx'
import { TextArea } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { useParts } from '#core/web/navigation.tsx'
import { Facts, PageHead, Section } from '#core/web/page.tsx'
import { EmptyState, Problem, Progress, Waiting } from '#core/web/problem.tsx'
import { StateWord, type StateTone } from '#core/web/state-word.tsx'
import { Table } from '#core/web/table.tsx'
import { useView } from '#core/web/view.ts'
import { useWords } from '#core/web/words.ts'
import { activation, type Board, type BoardAsk, type BoardCallOut, standDown } from '../contract.ts'
import { Lane, Scale } from './lane.tsx'
import { NoteAnswer } from './note-answer.tsx'
import { countsOf, linesOf, spanOf } from './rules.ts'
import './page.css'

const tones: Record<BoardCallOut['state'], StateTone> = {
  planned: 'none',
  asking: 'waiting',
  accepted: 'done',
  unanswered: 'alarm',
  'stood-down': 'none',
}
const askTones: Record<BoardAsk['state'], StateTone> = {
  queued: 'none',
  simulated: 'unknown',
  attempted: 'begun',
  delivered: 'begun',
  read: 'begun',
  accepted: 'done',
  declined: 'none',
  failed: 'alarm',
  expired: 'none',
}

function StandDown({ activationId }: { activationId: string }) {
  const t = useWords('watch')
  const deed = useCommandOf(standDown, { changes: ['watch.activations', 'watch.call_outs'] })
  return (
    <DialogButton words={t('board.standDown')} title={t('board.standDown')}>
      {(close) => (
        <Form
          label={t('board.standDown')}
          problem={deed.problem}
          onSubmit={(values) =>
            void deed.run({ activationId, reason: values.reason ?? '' }).then((outcome) => outcome.state === 'done' && close())
          }
        >
          <p>{t('board.standDownMore')}</p>
          <TextArea name="reason" label={t('board.reason')} required />
          <FormButtons>
            <Button type="submit" kind="primary" busy={deed.state === 'sending'}>
              {t('board.standDown')}
            </Button>
          </FormButtons>
        </Form>
      )}
    </DialogButton>
  )
}

/** The activation as lines that fill, one for each post. */
function Lines({ board }: { board: Board }) {
  const t = useWords('watch')
  const now = useNow(5)
  const lines = linesOf(board, now)
  const span = spanOf(lines)
  return (
    <>
      <div className="board-line board-scale">
        <span id="board-minutes" className="soft">
          {t('board.minutes')}
        </span>
        <Scale span={span} />
        <span />
      </div>
      <ol className="board-lines" aria-describedby="board-minutes">
        {lines.map((line) => {
          const { callOut } = line
          const words = t(`callOut.${callOut.state}`)
          return (
            <li key={callOut.id} className="board-line">
              <span className="board-post">
                <strong>{callOut.post}</strong>
                <span className="soft">{callOut.agency}</span>
                {callOut.flags.length === 0 ? null : (
                  <span className="soft">{callOut.flags.map((flag) => t(`flag.${flag}`)).join(' · ')}</span>
                )}
              </span>
              <Lane line={line} span={span} words={words} />
              <span className="board-post">
                <StateWord tone={tones[callOut.state]}>{words}</StateWord>
                {callOut.acceptedBy === null ? null : <span>{callOut.acceptedBy}</span>}
                {callOut.next === null ? null : (
                  <span className="soft">
                    {t(`next.${callOut.next.action}${callOut.next.capacity === null ? '' : `-${callOut.next.capacity}`}`)}{' '}
                    <Moment at={callOut.next.at} />
                  </span>
                )}
              </span>
            </li>
          )
        })}
      </ol>
    </>
  )
}

/** The same as a table: who was asked, by which channel, and where each stands. */
function Asked({ board }: { board: Board }) {
  const t = useWords('watch')
  const postOf = new Map(board.callOuts.map((callOut) => [callOut.id, callOut]))
  const last = (ask: BoardAsk) => ask.reached.at(-1)?.at ?? ask.dueAt
  return (
    <Table
      label={t('board.asked')}
      rows={board.asks}
      rowId={(ask) => ask.id}
      alarmed={(ask) => ask.state === 'failed'}
      columns={[
        {
          id: 'person',
          title: t('board.person'),
          names: true,
          cell: (ask) => ask.person,
          sort: (ask) => ask.person,
          text: (ask) => ask.person,
        },
        {
          id: 'post',
          title: t('board.post'),
          cell: (ask) => postOf.get(ask.callOutId)?.post ?? '',
          sort: (ask) => postOf.get(ask.callOutId)?.post ?? '',
        },
        { id: 'as', title: t('board.as'), cell: (ask) => t(`capacity.${ask.capacity}`) },
        {
          id: 'channel',
          title: t('board.channel'),
          cell: (ask) => `${t(`channel.${ask.channel}`)}${ask.kind === 'remind' ? ` · ${t('board.reminder')}` : ''}`,
        },
        {
          id: 'state',
          title: t('board.state'),
          cell: (ask) => (
            <span className="board-post">
              <StateWord tone={askTones[ask.state]}>{t(`ask.${ask.state}`)}</StateWord>
              {ask.reason === null ? null : <span>“{ask.reason}”</span>}
              {ask.state !== 'failed' || ask.detail === null ? null : <span className="soft">{ask.detail}</span>}
            </span>
          ),
          text: (ask) => ask.state,
        },
        { id: 'at', title: t('board.since'), cell: (ask) => <Moment at={last(ask)} />, sort: last, figures: true },
      ]}
      empty={
        <EmptyState title={t('board.nobody')}>
          <p>{t('board.nobodyMore')}</p>
        </EmptyState>
      }
    />
  )
}

/** Who asked to be called, and what could be read either way: a person has to look. */
function ToRing({ board }: { board: Board }) {
  const t = useWords('watch')
  const open = board.answers.filter(
    (each) =>
      (each.answer === 'call-me' || each.answer === 'unclear') &&
      !board.answers.some(
        (other) =>
          other.person === each.person &&
          other.callOutId === each.callOutId &&
          (other.answer === 'accepted' || other.answer === 'declined'),
      ),
  )
  if (open.length === 0) return null
  return (
    <Section title={t('board.toRing')}>
      <ul>
        {open.map((each) => (
          <li key={each.id}>
            <StateWord tone="waiting">{t(`answer.${each.answer}`, { person: each.person })}</StateWord> <Moment at={each.at} />
          </li>
        ))}
      </ul>
    </Section>
  )
}

export function Page() {
  const t = useWords('watch')
  const wall = useView() === 'wall'
  const { activationId = '' } = useParts()
  const { data, error, refetch } = useQueryOf(
    activation,
    { activationId },
    { watches: ['watch.activations', 'watch.call_outs', 'watch.steps', 'watch.asks', 'watch.answers'] },
  )
  const counts = data ? countsOf(data.callOuts) : undefined
  useBand(
    data && counts
      ? {
          title: data.activation.levelName,
          ...(data.activation.stoodDownAt === null ? {} : { phase: t('board.stoodDown') }),
          facts:
            counts.unanswered > 0 ? [{ id: 'unanswered', name: t('board.unanswered'), value: String(counts.unanswered), alarm: true }] : [],
        }
      : null,
  )
  if (error && !data)
    return (
      <div className="page">
        <Problem problem={error} onRetry={() => void refetch()} />
      </div>
    )
  if (!data || !counts)
    return (
      <div className="page">
        <Waiting />
      </div>
    )
  const now = data.activation
  return (
    <div className="page">
      <PageHead
        title={now.purpose === 'test' ? t('board.test') : now.levelName}
        lead={now.criteriaMatched}
        aside={<LabelBadge label={now.label} marking={now.marking} />}
        actions={now.stoodDownAt === null && data.can.standDown && !wall ? <StandDown activationId={activationId} /> : undefined}
      />
      <Facts
        facts={[
          { name: t('board.by'), value: now.activatedBy },
          { name: t('board.at'), value: <Moment at={now.at} /> },
          { name: t('board.why'), value: now.reason },
          {
            name: t('board.channels'),
            value: data.usable.length > 0 ? data.usable.map((channel) => t(`channel.${channel}`)).join(', ') : t('board.noChannels'),
          },
          ...(now.stoodDownAt === null
            ? []
            : [
                {
                  name: t('board.stoodDown'),
                  value: (
                    <>
                      <Moment at={now.stoodDownAt} /> {now.standDownReason}
                    </>
                  ),
                },
              ]),
        ]}
      />
      {data.callOuts.length > 0 ? (
        <Section
          title={t('board.posts')}
          aside={data.can.noteAnswers && now.stoodDownAt === null && !wall ? <NoteAnswer board={data} /> : undefined}
        >
          <Progress label={t('board.filled')} done={counts.filled} of={counts.all} />
          <Lines board={data} />
        </Section>
      ) : null}
      <ToRing board={data} />
      <Section title={t('board.asked')}>
        <Asked board={data} />
      </Section>
    </div>
  )
}
