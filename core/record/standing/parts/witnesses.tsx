import { Moment } from '#core/web/age.tsx'
import { Section } from '#core/web/page.tsx'
import { EmptyState } from '#core/web/problem.tsx'
import { StateWord } from '#core/web/state-word.tsx'
import { Table } from '#core/web/table.tsx'
import { useWords } from '#core/web/words.ts'
import type { Standing } from './sealing.tsx'

type Witness = Standing['witnesses'][number]
const stateOf = (one: Witness) => (one.dropped ? 'dropped' : one.late ? 'late' : one.toldAt === null ? 'waits' : 'holds')
const tones = { dropped: 'none', late: 'alarm', waits: 'waiting', holds: 'done' } as const

/** Who holds commitments to our heads, and who was not reached. */
export function Witnesses({ witnesses }: { witnesses: Standing['witnesses'] }) {
  const t = useWords('record')
  return (
    <Section title={t('witnesses.title')}>
      <p className="prose soft">{t('witnesses.lead')}</p>
      <Table
        label={t('witnesses.title')}
        rows={witnesses}
        rowId={(one) => one.name}
        alarmed={(one) => stateOf(one) === 'late'}
        columns={[
          { id: 'who', title: t('witnesses.who'), cell: (one) => one.name },
          {
            id: 'state',
            title: t('witnesses.state'),
            cell: (one) => (
              <>
                <StateWord tone={tones[stateOf(one)]}>{t(`witnesses.${stateOf(one)}`)}</StateWord> {one.detail}
              </>
            ),
            text: (one) => t(`witnesses.${stateOf(one)}`),
          },
          { id: 'told', title: t('witnesses.told'), cell: (one) => (one.toldAt === null ? '–' : <Moment at={one.toldAt} />) },
          { id: 'every', title: t('witnesses.every'), cell: (one) => t('witnesses.minutes', { count: one.everyMinutes }), figures: true },
        ]}
        empty={
          <EmptyState title={t('witnesses.none')}>
            <p>{t('witnesses.noneMore')}</p>
          </EmptyState>
        }
      />
    </Section>
  )
}
