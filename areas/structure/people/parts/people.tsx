import { useState } from 'react'
import { Marking } from '#core/web/badge.tsx'
import { TextField } from '#core/web/fields.tsx'
import { useQueryOf } from '#core/web/hooks.ts'
import { Link } from '#core/web/navigation.tsx'
import { Section } from '#core/web/page.tsx'
import { EmptyState, Problem, Waiting } from '#core/web/problem.tsx'
import { Table } from '#core/web/table.tsx'
import { useWords } from '#core/web/words.ts'
import { people } from '../contract.ts'
import { AddPerson } from './add-person.tsx'

/** Everybody whom the city knows, what they hold and how they are reached: for named hands, marked as such. */
export function People() {
  const t = useWords('structure')
  const [wanted, want] = useState('')
  const { data, error, refetch } = useQueryOf(people, {}, { watches: ['structure.people', 'structure.holdings', 'structure.contacts'] })
  if (error && !data) return <Problem problem={error} onRetry={() => void refetch()} />
  if (!data) return <Waiting />
  const letters = wanted.trim().toLocaleLowerCase()
  const shown = data.people.filter(({ name, agencyName }) => `${name} ${agencyName}`.toLocaleLowerCase().includes(letters))
  return (
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
        rows={shown}
        most={50}
        rowId={({ id }) => id}
        columns={[
          { id: 'name', title: t('people.name'), names: true, cell: ({ name }) => name, sort: ({ name }) => name },
          { id: 'agency', title: t('people.agency'), cell: ({ agencyName }) => agencyName, sort: ({ agencyName }) => agencyName },
          { id: 'holds', title: t('people.holds'), cell: ({ holds }) => holds.join('; ') || t('people.holdsNone') },
          {
            id: 'ways',
            title: t('people.ways'),
            cell: ({ ways }) => ways.map((way) => t(`people.way.${way}`)).join(', ') || t('people.waysNone'),
          },
          { id: 'code', title: t('people.code'), cell: ({ code }) => code, sort: ({ code }) => code },
        ]}
        empty={
          <EmptyState title={t('people.empty')} action={data.can.add ? <Link to="/structure/import">{t('import.title')}</Link> : null}>
            <p>{t('people.emptyMore')}</p>
          </EmptyState>
        }
      />
    </Section>
  )
}
