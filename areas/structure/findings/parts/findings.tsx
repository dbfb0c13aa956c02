import { Moment } from '#core/web/age.tsx'
import { useQueryOf } from '#core/web/hooks.ts'
import { Link } from '#core/web/navigation.tsx'
import { EmptyState, Problem, Waiting } from '#core/web/problem.tsx'
import { Table } from '#core/web/table.tsx'
import { useWords } from '#core/web/words.ts'
import { ruleKey, ruleOfKind } from '../../city-analysis/rules/rule-words.ts'
import { findings } from '../contract.ts'

/** What is missing or odd. Nothing found is no reassurance: the list says what it looks for. */
export function Findings() {
  const t = useWords('structure')
  const { data, error, refetch } = useQueryOf(findings, {}, { watches: ['structure.findings'] })
  if (error && !data) return <Problem problem={error} onRetry={() => void refetch()} />
  if (!data) return <Waiting />
  return (
    <div className="stack">
      <p className="prose soft">{t('findings.looksFor')}</p>
      <Table
        label={t('findings.title')}
        rows={data.findings}
        most={50}
        rowId={({ id }) => id}
        columns={[
          { id: 'kind', title: t('findings.kind'), cell: ({ kind }) => t(`finding.${kind}`), sort: ({ kind }) => kind },
          { id: 'about', title: t('findings.about'), cell: ({ about }) => about, sort: ({ about }) => about, names: true },
          { id: 'words', title: t('findings.words'), cell: ({ kind, words }) => <Worded kind={kind} words={words} /> },
          {
            id: 'picture',
            title: t('analysis.inPicture'),
            cell: ({ id, kind, about }) => (
              <Link to={`/structure/network?finding=${id}`} aria-label={`${t('analysis.show')}: ${t(`finding.${kind}`)}, ${about}`}>
                {t('analysis.show')}
              </Link>
            ),
          },
          { id: 'found', title: t('findings.found'), cell: ({ foundAt }) => <Moment at={foundAt} />, sort: ({ foundAt }) => foundAt },
        ]}
        empty={
          <EmptyState level={2} title={t('findings.empty')}>
            <p>{t('findings.emptyMore')}</p>
          </EmptyState>
        }
      />
    </div>
  )
}

/** What was found, and the rule behind it, where a newcomer would ask for one. */
function Worded({ kind, words }: { kind: string; words: string }) {
  const t = useWords('structure')
  const rule = ruleOfKind(kind)
  return (
    <>
      {words}
      {rule === undefined ? null : (
        <>
          {' '}
          <span className="soft small">{t('analysis.ruleIs', { rule: t(`rule.${ruleKey(rule)}`), number: rule })}</span>
        </>
      )}
    </>
  )
}
