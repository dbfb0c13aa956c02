import { Link } from '#core/web/navigation.tsx'
import { Facts, Section } from '#core/web/page.tsx'
import { StateWord } from '#core/web/state-word.tsx'
import { Table } from '#core/web/table.tsx'
import { useWords } from '#core/web/words.ts'
import type { ImportReport } from '../contract.ts'

const figures = [
  'lines',
  'stored',
  'refused',
  'agencies',
  'newAgencies',
  'groups',
  'newGroups',
  'memberships',
  'newMemberships',
  'posts',
  'people',
  'holdings',
  'links',
  'responsibilities',
  'products',
  'variants',
  'codeChanges',
  'areas',
  'ended',
] as const

/** Of each kind of finding; all of them stand in their own list. */
const few = 5

/** What was read, line by line where something was wrong, and what it shows about the structure. */
export function Report({ report }: { report: ImportReport }) {
  const t = useWords('structure')
  const { counts, lines, told, findings } = report
  const shown = figures.filter((name) => name === 'lines' || name === 'stored' || name === 'refused' || counts[name] > 0)
  return (
    <div role="status" className="stack">
      <StateWord tone={report.preview ? 'waiting' : 'done'}>{t(report.preview ? 'import.preview' : 'import.done')}</StateWord>
      <Facts facts={shown.map((name) => ({ name: t(`import.count.${name}`), value: counts[name] }))} />
      {lines.length > 0 ? (
        <Section title={t('import.problems')}>
          <p className="prose soft">{t('import.problemsMore')}</p>
          <Table
            label={t('import.problems')}
            rows={lines.map((line, place) => ({ ...line, id: String(place) }))}
            rowId={({ id }) => id}
            columns={[
              { id: 'where', title: t('import.where'), cell: ({ file, sheet }) => (sheet === null ? file : `${file} · ${sheet}`) },
              { id: 'line', title: t('import.line'), cell: ({ line }) => line, sort: ({ line }) => line, figures: true, names: true },
              { id: 'field', title: t('import.field'), cell: ({ field }) => field },
              { id: 'words', title: t('import.words'), cell: ({ words }) => words },
            ]}
          />
          {counts.refused > lines.length ? <p>{t('import.more', { count: counts.refused - lines.length })}</p> : null}
        </Section>
      ) : null}
      {told.length > 0 ? (
        <Section title={t('import.told')}>
          <p className="prose soft">{t('import.toldMore')}</p>
          <Table
            label={t('import.told')}
            rows={told.map((line, place) => ({ ...line, id: String(place) }))}
            rowId={({ id }) => id}
            columns={[
              { id: 'where', title: t('import.where'), cell: ({ file, sheet }) => (sheet === null ? file : `${file} · ${sheet}`) },
              { id: 'line', title: t('import.line'), cell: ({ line }) => line ?? t('import.wholeList'), figures: true },
              { id: 'words', title: t('import.words'), cell: ({ words }) => words, names: true },
            ]}
          />
        </Section>
      ) : null}
      {findings.length > 0 ? (
        <Section title={t('findings.title')}>
          {[...Map.groupBy(findings, ({ kind }) => kind)].map(([kind, ofKind]) => (
            <div key={kind}>
              <h3>{t('import.findingsOf', { kind: t(`finding.${kind}`), count: ofKind.length })}</h3>
              <ul className="prose">
                {ofKind.slice(0, few).map(({ about, words }) => (
                  <li key={about}>{words}</li>
                ))}
              </ul>
              {ofKind.length > few ? <p className="soft">{t('import.moreFindings', { count: ofKind.length - few })}</p> : null}
            </div>
          ))}
        </Section>
      ) : null}
      {report.preview ? null : (
        <Section title={t('import.next')}>
          <ul className="prose">
            <li>
              <Link to="/structure">{t('directory')}</Link>: {t('import.nextDirectory')}
            </li>
            <li>
              <Link to="/structure/network">{t('picture.title')}</Link>: {t('import.nextNetwork')}
            </li>
            <li>
              <Link to="/structure/analysis">{t('analysis.title')}</Link>: {t('import.nextAnalysis')}
            </li>
          </ul>
        </Section>
      )}
    </div>
  )
}
