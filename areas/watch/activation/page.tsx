import { Moment } from '#core/web/age.tsx'
import { Link, useGo } from '#core/web/navigation.tsx'
import { useQueryOf } from '#core/web/hooks.ts'
import { PageHead, Section } from '#core/web/page.tsx'
import { EmptyState, Problem, Waiting } from '#core/web/problem.tsx'
import { useSession } from '#core/web/session.tsx'
import { StateWord } from '#core/web/state-word.tsx'
import { Table } from '#core/web/table.tsx'
import { useWords } from '#core/web/words.ts'
import { activations } from './contract.ts'
import { Activate } from './parts/activate.tsx'
import { MyCallOuts } from './parts/my-call-outs.tsx'

/** The activations that you can see, what you are asked yourself, and, for a watch officer, the deed. */
export function Page() {
  const t = useWords('watch')
  const go = useGo()
  const { self } = useSession()
  const { data, error, refetch } = useQueryOf(activations, {}, { watches: ['watch.activations'] })
  return (
    <div className="page">
      <PageHead
        title={t('activations.title')}
        lead={t('activations.lead')}
        actions={
          <>
            {self?.post ? <Activate /> : null}
            <Link to="/watch/levels">{t('levels.title')}</Link>
          </>
        }
      />
      <MyCallOuts />
      <Section title={t('activations.all')}>
        {error && !data ? <Problem problem={error} onRetry={() => void refetch()} /> : null}
        {!error && !data ? <Waiting /> : null}
        {data ? (
          <Table
            label={t('activations.all')}
            rows={data}
            rowId={(each) => each.id}
            onOpen={(each) => go(`/watch/activations/${each.id}`)}
            columns={[
              {
                id: 'level',
                title: t('activations.level'),
                names: true,
                cell: (each) => (each.purpose === 'test' ? t('board.test') : each.levelName),
                text: (each) => each.levelName,
              },
              { id: 'criteria', title: t('activations.criteria'), cell: (each) => each.criteriaMatched },
              { id: 'at', title: t('board.at'), cell: (each) => <Moment at={each.at} />, sort: (each) => each.at, figures: true },
              {
                id: 'state',
                title: t('board.state'),
                cell: (each) => (
                  <StateWord tone={each.stoodDownAt === null ? 'begun' : 'none'}>
                    {t(each.stoodDownAt === null ? 'activations.running' : 'board.stoodDown')}
                  </StateWord>
                ),
                text: (each) => (each.stoodDownAt === null ? 'running' : 'over'),
              },
            ]}
            empty={
              <EmptyState title={t('activations.none')}>
                <p>{t('activations.noneMore')}</p>
              </EmptyState>
            }
          />
        ) : null}
      </Section>
    </div>
  )
}
