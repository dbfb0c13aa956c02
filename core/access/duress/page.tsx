import { Moment } from '#core/web/age.tsx'
import { Button } from '#core/web/button.tsx'
import { TextArea, TextField } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { PageHead, Section } from '#core/web/page.tsx'
import { EmptyState } from '#core/web/problem.tsx'
import { StateWord } from '#core/web/state-word.tsx'
import { Table } from '#core/web/table.tsx'
import { useWords } from '#core/web/words.ts'
import { self } from '../sign-in/contract.ts'
import { alarms, answerAlarm, signOutPerson, type Alarm } from './contract.ts'

/** For the watch and the administrators: who signed in under duress, what was done; and for executives too, signing somebody out. */
export function Page() {
  const t = useWords('access')
  const kinds = useQueryOf(self, {}).data?.kinds ?? []
  return (
    <div className="page">
      <PageHead title={t('title.alarms')} lead={t('alarms.lead')} />
      {kinds.includes('watch-officer') || kinds.includes('administrator') ? <Alarms /> : null}
      <SignOut />
    </div>
  )
}

function Alarms() {
  const t = useWords('access')
  const { data, refetch } = useQueryOf(alarms, {}, { watches: ['access.alarm'] })
  const open = data?.alarms.filter(({ answered }) => answered === null) ?? []
  return (
    <Section title={t('alarms.title')}>
      {open.map((alarm) => (
        <Answer key={alarm.id} alarm={alarm} onDone={() => void refetch()} />
      ))}
      <Table
        label={t('alarms.title')}
        rows={data?.alarms ?? []}
        rowId={({ id }) => id}
        columns={[
          { id: 'who', title: t('alarms.who'), cell: ({ person }) => person.name, sort: ({ person }) => person.name },
          { id: 'at', title: t('alarms.at'), cell: ({ at }) => <Moment at={at} />, text: ({ at }) => at },
          {
            id: 'done',
            title: t('alarms.done'),
            cell: ({ answered }) =>
              answered ? `${answered.words} (${answered.by})` : <StateWord tone="alarm">{t('alarms.open')}</StateWord>,
            text: ({ answered }) => answered?.words ?? '',
          },
        ]}
        empty={
          <EmptyState title={t('alarms.none')}>
            <p>{t('alarms.noneMore')}</p>
          </EmptyState>
        }
      />
    </Section>
  )
}

function Answer({ alarm, onDone }: { alarm: Alarm; onDone: () => void }) {
  const t = useWords('access')
  const answer = useCommandOf(answerAlarm)
  return (
    <Form
      label={t('alarms.answerFor', { name: alarm.person.name })}
      problem={answer.problem}
      onSubmit={({ words }) => void answer.run({ id: alarm.id, words: words ?? '' }).then(onDone)}
    >
      <h3>{t('alarms.answerFor', { name: alarm.person.name })}</h3>
      <p className="prose">{t('alarms.what')}</p>
      <TextArea name="words" label={t('alarms.words')} required maxLength={1000} />
      <FormButtons>
        <Button type="submit" kind="primary" busy={answer.state === 'sending'}>
          {t('alarms.answer')}
        </Button>
      </FormButtons>
    </Form>
  )
}

function SignOut() {
  const t = useWords('access')
  const out = useCommandOf(signOutPerson)
  return (
    <Section title={t('alarms.signOut')}>
      <p className="prose">{t('alarms.signOutLead')}</p>
      {out.output ? <p role="status">{t('alarms.signedOut', { name: out.output.person, count: out.output.ended })}</p> : null}
      <Form
        label={t('alarms.signOut')}
        problem={out.problem}
        onSubmit={({ person, reason }) => void out.run({ person: person ?? '', reason: reason ?? '' })}
      >
        <TextField name="person" label={t('alarms.person')} required maxLength={254} />
        <TextField name="reason" label={t('alarms.reason')} required maxLength={300} />
        <FormButtons>
          <Button type="submit" busy={out.state === 'sending'}>
            {t('alarms.signOutButton')}
          </Button>
        </FormButtons>
      </Form>
    </Section>
  )
}
