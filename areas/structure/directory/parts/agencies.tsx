import { useState } from 'react'
import { Badge } from '#core/web/badge.tsx'
import { TextField } from '#core/web/fields.tsx'
import { useQueryOf } from '#core/web/hooks.ts'
import { Link } from '#core/web/navigation.tsx'
import { EmptyState, Problem, Waiting } from '#core/web/problem.tsx'
import { Table } from '#core/web/table.tsx'
import { useWords } from '#core/web/words.ts'
import { editing } from '../../editing/contract.ts'
import { agencies } from '../contract.ts'
import { SetSector } from './set-sector.tsx'

/** Every agency of the city: its type and code, the number to ring back, and where it sits. */
export function Agencies() {
  const t = useWords('structure')
  const [wanted, setWanted] = useState('')
  const { data, error, refetch } = useQueryOf(agencies, {}, { watches: ['structure.agencies', 'structure.memberships'] })
  const { data: may } = useQueryOf(editing, {})
  if (error && !data) return <Problem problem={error} onRetry={() => void refetch()} />
  if (!data) return <Waiting />
  const letters = wanted.trim().toLocaleLowerCase()
  const shown = data.agencies.filter(({ name, orgCode }) => `${name} ${orgCode}`.toLocaleLowerCase().includes(letters))
  return (
    <div className="stack">
      <div className="row">
        <TextField label={t('agencies.find')} type="search" value={wanted} onChange={setWanted} />
        {may?.edit && data.agencies.length > 0 ? <SetSector agencies={data.agencies} /> : null}
      </div>
      <Table
        label={t('agencies.title')}
        rows={shown}
        most={50}
        rowId={({ id }) => id}
        columns={[
          { id: 'name', title: t('agencies.name'), cell: ({ name }) => name, sort: ({ name }) => name, names: true },
          {
            id: 'type',
            title: t('agencies.type'),
            cell: ({ orgType }) => t(`type.${orgType}`, { defaultValue: orgType.replaceAll('_', ' ') }),
            sort: ({ orgType }) => orgType,
          },
          {
            id: 'sector',
            title: t('agencies.sector'),
            cell: ({ sector }) => (sector === null ? t('none') : t(`sector.${sector}`, { defaultValue: sector })),
            sort: ({ sector }) => sector ?? '',
          },
          { id: 'code', title: t('agencies.code'), cell: ({ orgCode }) => orgCode, sort: ({ orgCode }) => orgCode },
          { id: 'callBack', title: t('agencies.callBack'), cell: ({ callBack }) => callBack ?? t('none') },
          {
            id: 'groups',
            title: t('agencies.groups'),
            cell: ({ groups, derived }) => (
              <span className="row">
                {groups.length === 0 ? t('agencies.inNone') : groups.map(({ name }) => name).join(', ')}
                {derived ? <Badge>{t('derived')}</Badge> : null}
              </span>
            ),
            text: ({ groups }) => groups.map(({ name }) => name).join(', '),
          },
        ]}
        empty={
          <EmptyState level={2} title={t('agencies.empty')} action={<Link to="/structure/import">{t('import.title')}</Link>}>
            <p>{t('agencies.emptyMore')}</p>
          </EmptyState>
        }
      />
    </div>
  )
}
