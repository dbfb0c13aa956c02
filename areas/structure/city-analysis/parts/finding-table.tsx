import { type MouseEvent, useState } from 'react'
import { TextField } from '#core/web/fields.tsx'
import { useGo } from '#core/web/navigation.tsx'
import { EmptyState } from '#core/web/problem.tsx'
import { StateWord } from '#core/web/state-word.tsx'
import { Table } from '#core/web/table.tsx'
import { useWords } from '#core/web/words.ts'
import type { CityFinding } from '../contract.ts'
import { mendKey } from '../rules/mend-words.ts'
import { ruleKey } from '../rules/rule-words.ts'

/** Findings, blocking ones first. Nothing found is no reassurance, and the page says so. */
export function FindingTable({ findings }: { findings: readonly CityFinding[] }) {
  const t = useWords('structure')
  const [wanted, want] = useState('')
  const letters = wanted.trim().toLocaleLowerCase()
  const shown = findings.filter((one) => letters === '' || one.who.some(({ name }) => name.toLocaleLowerCase().includes(letters)))
  const why = ({ kind, values }: CityFinding) => t(`analysis.why.${kind}`, said(values, t))
  return (
    <div className="stack">
      {findings.length > 10 ? <TextField label={t('analysis.find')} type="search" value={wanted} onChange={want} /> : null}
      <Table
        label={t('analysis.findings')}
        most={50}
        rows={shown}
        rowId={({ id }) => id}
        alarmed={({ blocking }) => blocking}
        columns={[
          {
            id: 'kind',
            title: t('analysis.what'),
            names: true,
            cell: ({ kind, blocking }) => (
              <>
                {t(`finding.${kind}`)}
                {blocking ? (
                  <>
                    {' '}
                    <StateWord tone="alarm">{t('analysis.blocking')}</StateWord>
                  </>
                ) : null}
              </>
            ),
            text: ({ kind }) => t(`finding.${kind}`),
            sort: ({ kind }) => t(`finding.${kind}`),
          },
          { id: 'why', title: t('analysis.whyTitle'), cell: why },
          { id: 'mend', title: t('analysis.mendTitle'), cell: (finding) => t(`analysis.${mendKey(finding)}`, said(finding.values, t)) },
          {
            id: 'rule',
            title: t('analysis.rule'),
            cell: ({ rule }) => (
              <>
                {t(`rule.${ruleKey(rule)}`)} <span className="soft small">{rule}</span>
              </>
            ),
            text: ({ rule }) => rule,
            sort: ({ rule }) => rule,
          },
          { id: 'picture', title: t('analysis.inPicture'), cell: (finding) => <InPicture finding={finding} /> },
        ]}
        empty={
          <EmptyState title={t('analysis.nothing')}>
            <p>{t('analysis.nothingMore')}</p>
          </EmptyState>
        }
      />
    </div>
  )
}

/** Values that are words of ours and not of the city: phases, and what a product lacks. */
const said = (values: Readonly<Record<string, string>>, t: (key: string) => string) => ({
  ...values,
  ...(values.phase ? { phase: t(`analysis.phases.${values.phase}`) } : {}),
  ...(values.phases
    ? {
        phases: values.phases
          .split(', ')
          .map((one) => t(`analysis.phases.${one}`))
          .join(', '),
      }
    : {}),
  ...(values.missing
    ? {
        missing: values.missing
          .split(', ')
          .map((one) => t(`analysis.missing.${one}`))
          .join(', '),
      }
    : {}),
})

const drawn = new Set(['agency', 'post', 'group'])

/** A way to the picture, with the first of whom the finding speaks in its middle. */
function InPicture({ finding: { id, who, kind } }: { finding: CityFinding }) {
  const t = useWords('structure')
  const go = useGo()
  const first = who.find((one) => drawn.has(one.kind))
  if (first === undefined) return null
  const search = { finding: id, focus: first.id }
  const follow = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    go('/structure/network', search)
  }
  return (
    <a
      href={`/structure/network?${new URLSearchParams(search).toString()}`}
      onClick={follow}
      aria-label={`${t('analysis.show')}: ${t(`finding.${kind}`)}, ${first.name}`}
    >
      {t('analysis.show')}
    </a>
  )
}
