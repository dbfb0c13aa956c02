import { Age, Moment } from '#core/web/age.tsx'
import { LabelBadge } from '#core/web/badge.tsx'
import { Button } from '#core/web/button.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { Link } from '#core/web/navigation.tsx'
import { PageHead, Section } from '#core/web/page.tsx'
import { EmptyState, NotYet, Problem } from '#core/web/problem.tsx'
import { useSession } from '#core/web/session.tsx'
import { StateWord, type StateTone } from '#core/web/state-word.tsx'
import { Table } from '#core/web/table.tsx'
import { useWords } from '#core/web/words.ts'
import { assessReadiness, levels, readiness, type ReadinessLine } from './contract.ts'

const tones: Record<ReadinessLine['level'], StateTone> = { none: 'alarm', 'on-paper': 'waiting', tested: 'done', proved: 'done' }

/** What is only on paper, what was tried and when that counts no more. The weakest first; nothing here can be typed in. */
export function Page() {
  const t = useWords('structure')
  const changed = ['structure.readiness_runs']
  const live = useSession().self?.world.kind === 'live'
  const { data, error, refetch } = useQueryOf(readiness, {}, { watches: changed })
  const assess = useCommandOf(assessReadiness, { changes: changed })
  if (!data) return <NotYet problem={error} onRetry={() => void refetch()} />
  return (
    <div className="page">
      <PageHead
        title={t('readiness.title')}
        lead={t('readiness.lead')}
        aside={
          data.last ? (
            <>
              <LabelBadge label={data.last.label} marking={data.last.marking} />
              <Age at={data.last.at} />
            </>
          ) : undefined
        }
        actions={
          <span className="row">
            {data.can.assess ? (
              <Button kind="primary" busy={assess.state === 'sending'} onPress={() => void assess.run({})}>
                {t('readiness.assess')}
              </Button>
            ) : null}
            <Link to="/structure/tonight">{t('tonight.title')}</Link>
          </span>
        }
      />
      {live ? null : <p className="soft">{t('tonight.liveOnly')}</p>}
      {assess.problem ? <Problem problem={assess.problem} /> : null}
      <Section title={t('readiness.about')}>
        <Table
          label={t('readiness.title')}
          rows={data.last?.lines ?? []}
          rowId={({ arrangement, about }) => `${arrangement} ${about}`}
          alarmed={({ level, decayed }) => level === 'none' || decayed}
          columns={[
            {
              id: 'about',
              title: t('readiness.about'),
              names: true,
              cell: ({ arrangement, about }) => [t(`readiness.arrangement.${arrangement}`), about].filter(Boolean).join(': '),
              text: ({ about }) => about,
              sort: ({ arrangement, about }) => `${arrangement} ${about}`,
            },
            {
              id: 'level',
              title: t('readiness.level'),
              cell: ({ level, decayed }) => (
                <StateWord tone={decayed ? 'alarm' : tones[level]}>{t(decayed ? 'readiness.decayed' : `readiness.is.${level}`)}</StateWord>
              ),
              text: ({ level }) => t(`readiness.is.${level}`),
              sort: ({ level }) => levels.indexOf(level),
            },
            {
              id: 'evidence',
              title: t('readiness.evidence'),
              cell: ({ evidenceAt }) => (evidenceAt ? <Moment at={evidenceAt} /> : t('readiness.noEvidence')),
              sort: ({ evidenceAt }) => evidenceAt ?? '',
            },
            {
              id: 'decays',
              title: t('readiness.decays'),
              cell: ({ decaysAt }) => (decaysAt ? <Moment at={decaysAt} /> : ''),
              sort: ({ decaysAt }) => decaysAt ?? '',
            },
          ]}
          empty={
            <EmptyState title={t('readiness.none')}>
              <p>{t('readiness.noneMore')}</p>
            </EmptyState>
          }
        />
      </Section>
    </div>
  )
}
