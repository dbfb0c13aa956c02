import { useQueryOf } from '#core/web/hooks.ts'
import { Section } from '#core/web/page.tsx'
import { Problem, Waiting } from '#core/web/problem.tsx'
import { Table } from '#core/web/table.tsx'
import { useWords } from '#core/web/words.ts'
import { refusalFigures } from '../contract.ts'

/** How often an agency refused and why: shown to that agency's own executive and data-protection post, and to the chair. */
export function Figures() {
  const t = useWords('sharing')
  const { data, error } = useQueryOf(refusalFigures, {}, { watches: ['sharing.requests'] })
  if (!data) return error ? <Problem problem={error} /> : <Waiting />
  return (
    <Section title={t('request.figures')}>
      <p className="prose soft">{t('request.figuresMore')}</p>
      <Table
        label={t('request.figures')}
        rows={data.agencies}
        rowId={({ agency }) => agency}
        columns={[
          { id: 'agency', title: t('request.agency'), names: true, cell: ({ agency }) => agency },
          { id: 'asked', title: t('request.times'), figures: true, cell: ({ asked }) => asked },
          { id: 'late', title: t('request.late'), figures: true, cell: ({ late }) => late },
          { id: 'unanswered', title: t('request.unanswered'), figures: true, cell: ({ unanswered }) => unanswered },
          {
            id: 'refused',
            title: t('request.refusedBecause'),
            cell: ({ refused }) => refused.map(({ reasonCode, times }) => `${t(`refusal.${reasonCode}`)}: ${times}`).join(', '),
          },
        ]}
        empty={<p className="soft">{t('request.noFigures')}</p>}
      />
      <p className="soft">{data.basis}</p>
    </Section>
  )
}
