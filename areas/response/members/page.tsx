import { useState } from 'react'
import { Moment } from '#core/web/age.tsx'
import { Button } from '#core/web/button.tsx'
import { DialogButton } from '#core/web/dialog.tsx'
import { Choices, TextField } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { Many } from '#core/web/many.tsx'
import { Link, useParts } from '#core/web/navigation.tsx'
import { PageHead, Section } from '#core/web/page.tsx'
import { EmptyState, NotYet } from '#core/web/problem.tsx'
import { Table } from '#core/web/table.tsx'
import { useWords } from '#core/web/words.ts'
import { admitPeople, endPart, members, type pasts } from './contract.ts'

const changed = { changes: ['response.part_changes', 'response.incidents'] }

interface LetInWords {
  incidentId: string
  people: readonly { id: string; name: string; agency: string }[]
  all: boolean
}

/** Whom, how much of the past, why; several at once, all or none. Who sees the incident from joining on lets others in from joining on. */
function LetIn({ incidentId, people, all }: LetInWords) {
  const t = useWords('response')
  const letIn = useCommandOf(admitPeople, changed)
  const [round, next] = useState(0)
  const [chosen, choose] = useState<readonly string[]>([])
  const send = async ({ past = 'from-joining', reason = '' }: Record<string, string>) => {
    const sent = await letIn.run({ incidentId, personIds: [...chosen], past: past as (typeof pasts)[number], reason })
    if (sent.state !== 'done') return
    choose([])
    next(round + 1)
  }
  return (
    <Section title={t('members.letIn')}>
      <Form key={round} label={t('members.letIn')} problem={letIn.problem} onSubmit={(values) => void send(values)}>
        <Many
          label={t('members.person')}
          help={t('members.personHelp')}
          choices={people.map(({ id, name, agency }) => ({ id, words: `${agency}: ${name}` }))}
          chosen={chosen}
          onChange={choose}
        />
        <Choices
          name="past"
          label={t('members.pastOf')}
          required
          defaultValue="from-joining"
          choices={[
            { id: 'from-joining', words: t('members.pastFrom'), more: t('members.pastFromMore') },
            ...(all ? [{ id: 'all', words: t('members.pastAll') }] : []),
          ]}
        />
        <TextField name="reason" label={t('members.reason')} required maxLength={2000} />
        <FormButtons>
          <Button type="submit" kind="primary" busy={letIn.state === 'sending'}>
            {t('members.let')}
          </Button>
        </FormButtons>
      </Form>
    </Section>
  )
}

function End({ incidentId, personId, name }: { incidentId: string; personId: string; name: string }) {
  const t = useWords('response')
  const end = useCommandOf(endPart, changed)
  return (
    <DialogButton words={t('members.endShort')} title={t('members.end', { name })}>
      {(close) => (
        <Form
          label={t('members.end', { name })}
          problem={end.problem}
          onSubmit={({ reason = '' }) =>
            void end.run({ incidentId, personId, reason }).then((outcome) => (outcome.state === 'done' ? close() : undefined))
          }
        >
          <p className="prose">{t('members.endMore')}</p>
          <TextField name="reason" label={t('members.reason')} required maxLength={2000} />
          <FormButtons>
            <Button type="submit" kind="alarm" busy={end.state === 'sending'}>
              {t('members.endNow')}
            </Button>
          </FormButtons>
        </Form>
      )}
    </DialogButton>
  )
}

/** Who takes part in an incident: for who runs it, at the desk. */
export function Page() {
  const t = useWords('response')
  const { incidentId = '' } = useParts()
  const { data, error, refetch } = useQueryOf(
    members,
    { incidentId },
    { watches: ['response.part_changes', 'response.incidents', 'response.seats'] },
  )
  if (!data) return <NotYet problem={error} onRetry={() => void refetch()} />
  return (
    <div className="page">
      <PageHead
        title={t('members.title')}
        lead={t('members.lead')}
        actions={<Link to={`/response/centre/${incidentId}`}>{t('timeline.back')}</Link>}
      />
      <Section title={t('members.now')}>
        <Table
          label={t('members.now')}
          rows={data.members}
          rowId={({ personId }) => personId}
          columns={[
            { id: 'name', title: t('members.name'), names: true, cell: ({ name }) => name, sort: ({ name }) => name },
            { id: 'agency', title: t('members.agency'), cell: ({ agency }) => agency, sort: ({ agency }) => agency },
            { id: 'since', title: t('members.since'), cell: ({ since }) => <Moment at={since} />, sort: ({ since }) => since },
            { id: 'sees', title: t('members.sees'), cell: ({ sees }) => t(`members.past.${sees}`), sort: ({ sees }) => sees },
            {
              id: 'end',
              title: t('members.endShort'),
              cell: ({ personId, name, can }) => (can.end ? <End incidentId={incidentId} personId={personId} name={name} /> : null),
            },
          ]}
        />
      </Section>
      {data.can.letIn ? <LetIn incidentId={incidentId} people={data.people} all={data.can.all} /> : null}
      <Section title={t('members.changes')}>
        <Table
          label={t('members.changes')}
          rows={data.changes}
          rowId={({ id }) => id}
          columns={[
            { id: 'at', title: t('members.since'), cell: ({ at }) => <Moment at={at} />, sort: ({ at }) => at },
            { id: 'name', title: t('members.name'), names: true, cell: ({ name }) => name },
            {
              id: 'change',
              title: t('members.sees'),
              cell: ({ change, sees }) =>
                sees === null ? t(`members.change.${change}`) : `${t(`members.change.${change}`)}, ${t(`members.past.${sees}`)}`,
            },
            { id: 'reason', title: t('members.reason'), cell: ({ reason }) => reason },
            { id: 'by', title: t('members.by'), cell: ({ by }) => by },
          ]}
          empty={
            <EmptyState title={t('members.none')}>
              <p>{t('members.noneMore')}</p>
            </EmptyState>
          }
        />
      </Section>
    </div>
  )
}
