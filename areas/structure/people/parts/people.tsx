import { useState } from 'react'
import { Moment } from '#core/web/age.tsx'
import { Marking } from '#core/web/badge.tsx'
import { TextField } from '#core/web/fields.tsx'
import { useQueryOf } from '#core/web/hooks.ts'
import { Link } from '#core/web/navigation.tsx'
import { Section } from '#core/web/page.tsx'
import { EmptyState, Problem, Waiting } from '#core/web/problem.tsx'
import { Table, type TableColumn } from '#core/web/table.tsx'
import { useWords } from '#core/web/words.ts'
import { type People as AllPeople, people, type PersonLine } from '../contract.ts'
import { AddPerson } from './add-person.tsx'
import { ChangePerson } from './change-person.tsx'
import { ClosePerson, ReopenPerson } from './close-person.tsx'

/** Everybody whom the city knows, what they hold and how they are reached: for named hands, marked as such. */
export function People() {
  const t = useWords('structure')
  const [wanted, want] = useState('')
  const { data, error, refetch } = useQueryOf(
    people,
    {},
    { watches: ['structure.people', 'structure.holdings', 'structure.contacts', 'access.note'] },
  )
  if (error && !data) return <Problem problem={error} onRetry={() => void refetch()} />
  if (!data) return <Waiting />
  const letters = wanted.trim().toLocaleLowerCase()
  const shown = data.people.filter(({ name, agencyName }) => `${name} ${agencyName}`.toLocaleLowerCase().includes(letters))
  const left = shown.filter(({ leftAt }) => leftAt !== null)
  const [named, agency, code]: TableColumn<PersonLine>[] = [
    { id: 'name', title: t('people.name'), names: true, cell: ({ name }) => name, sort: ({ name }) => name },
    { id: 'agency', title: t('people.agency'), cell: ({ agencyName }) => agencyName, sort: ({ agencyName }) => agencyName },
    { id: 'code', title: t('people.code'), cell: ({ code: own }) => own, sort: ({ code: own }) => own },
  ]
  // What can be done stands with whom it is done to; without anything to do there is no column for it.
  const deeds: TableColumn<PersonLine>[] = data.can.add
    ? [{ id: 'deeds', title: t('people.deeds'), cell: (one) => <Deeds one={one} /> }]
    : []
  return (
    <div className="stack">
      <Moved moved={data.moved} />
      <Section
        title={t('people.title')}
        aside={
          <>
            <Marking text={data.marking} />
            {data.can.add ? <AddPerson /> : null}
          </>
        }
      >
        <TextField label={t('people.find')} type="search" value={wanted} onChange={want} />
        <Table
          label={t('people.title')}
          rows={shown.filter(({ leftAt }) => leftAt === null)}
          most={50}
          rowId={({ id }) => id}
          columns={[
            named!,
            agency!,
            { id: 'holds', title: t('people.holds'), cell: ({ holds }) => holds.join('; ') || t('people.holdsNone') },
            {
              id: 'ways',
              title: t('people.ways'),
              cell: ({ ways }) => ways.map((way) => t(`people.way.${way}`)).join(', ') || t('people.waysNone'),
            },
            code!,
            ...deeds,
          ]}
          empty={
            <EmptyState title={t('people.empty')} action={data.can.add ? <Link to="/structure/import">{t('import.title')}</Link> : null}>
              <p>{t('people.emptyMore')}</p>
            </EmptyState>
          }
        />
      </Section>
      {left.length === 0 ? null : (
        <Section title={t('people.left')}>
          <p className="soft">{t('people.leftMore')}</p>
          <Table
            label={t('people.left')}
            rows={left}
            most={20}
            rowId={({ id }) => id}
            columns={[
              named!,
              agency!,
              {
                id: 'leftAt',
                title: t('people.leftOn'),
                cell: ({ leftAt }) => (leftAt === null ? null : <Moment at={leftAt} />),
                sort: ({ leftAt }) => leftAt ?? '',
              },
              code!,
              ...deeds,
            ]}
          />
        </Section>
      )}
    </div>
  )
}

function Deeds({ one }: { one: PersonLine }) {
  const t = useWords('structure')
  if (one.provided) return <span className="soft">{t('people.provided')}</span>
  return (
    <span className="row">
      {one.deeds.includes('change') ? <ChangePerson id={one.id} name={one.name} /> : null}
      {one.deeds.includes('close') ? <ClosePerson id={one.id} name={one.name} holds={one.holds} /> : null}
      {one.deeds.includes('reopen') ? <ReopenPerson id={one.id} name={one.name} agencyName={one.agencyName} /> : null}
    </span>
  )
}

/** Whose way in administrators have moved lately: so that one who takes an account over is seen by the others and by the watch. */
function Moved({ moved }: { moved: AllPeople['moved'] }) {
  const t = useWords('structure')
  if (moved.length === 0) return null
  return (
    <Section title={t('people.moved')}>
      <p className="soft">{t('people.movedMore')}</p>
      <Table
        label={t('people.moved')}
        rows={moved}
        most={10}
        rowId={({ id }) => id}
        columns={[
          { id: 'whose', title: t('people.person'), names: true, cell: ({ name }) => name },
          { id: 'by', title: t('people.movedBy'), cell: ({ byName }) => byName },
          { id: 'why', title: t('people.why'), cell: ({ reason }) => reason },
          { id: 'at', title: t('people.movedAt'), cell: ({ at }) => <Moment at={at} />, text: ({ at }) => at },
        ]}
      />
    </Section>
  )
}
