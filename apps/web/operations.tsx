import { useQuery } from '@tanstack/react-query'
import { asProblem } from '#core/web/problem-error.ts'
import { EmptyState, Problem, Waiting } from '#core/web/problem.tsx'
import { PageHead } from '#core/web/page.tsx'
import { Table } from '#core/web/table.tsx'
import { useWords } from '#core/web/words.ts'
import { readOperations } from './operations-list.ts'

/** Everything that the posts you hold allow you to do or to ask, as the server says it; the same words work at the command line. */
export function Operations() {
  const t = useWords()
  const { data, error, refetch } = useQuery({ queryKey: ['openapi', 'mine'], queryFn: readOperations })
  return (
    <div className="page">
      <PageHead title={t('operations.title')} lead={t('operations.lead')} />
      {error ? <Problem problem={asProblem(error)} onRetry={() => void refetch()} /> : null}
      {!data && !error ? <Waiting /> : null}
      {data ? (
        <Table
          label={t('operations.title')}
          rows={data}
          rowId={(row) => row.name}
          columns={[
            { id: 'summary', title: t('operations.what'), cell: (row) => row.summary, sort: (row) => row.summary },
            {
              id: 'kind',
              title: t('operations.kind'),
              cell: (row) => t(row.acts ? 'operations.does' : 'operations.asks'),
              sort: (row) => String(row.acts),
            },
            {
              id: 'who',
              title: t('operations.who'),
              cell: (row) => (row.kinds.length > 0 ? row.kinds.join(', ') : t(row.open ? 'operations.anyone' : 'operations.person')),
            },
            { id: 'command', title: t('operations.command'), cell: (row) => <code>{row.command}</code>, sort: (row) => row.command },
          ]}
          empty={
            <EmptyState title={t('operations.none')}>
              <p>{t('operations.noneMore')}</p>
            </EmptyState>
          }
        />
      ) : null}
    </div>
  )
}
