import { Table } from '#core/web/table.tsx'
import { useWords } from '#core/web/words.ts'
import type { Node } from '../contract.ts'

/** Each agency, post and group by where it stands; a figure is about its place, and says nothing of how well anybody works. */
export function NodeTable({ nodes }: { nodes: readonly Node[] }) {
  const t = useWords('structure')
  const figure = (id: 'load' | 'span' | 'between' | 'closeness' | 'eigenvector' | 'core') => ({
    id,
    title: t(`analysis.node.${id}`),
    figures: true,
    cell: (node: Node) => node[id],
    sort: (node: Node) => node[id],
  })
  return (
    <>
      <Table
        label={t('analysis.places')}
        rows={nodes}
        most={20}
        rowId={({ id }) => id}
        sortedBy={{ column: 'between', direction: 'descending' }}
        columns={[
          { id: 'name', title: t('analysis.node.name'), names: true, cell: ({ name }) => name, sort: ({ name }) => name },
          { id: 'kind', title: t('analysis.node.kind'), cell: ({ kind }) => t(`analysis.kinds.${kind}`), sort: ({ kind }) => kind },
          {
            id: 'steps',
            title: t('analysis.node.steps'),
            figures: true,
            cell: ({ steps }) => steps ?? t('analysis.noWay'),
            sort: ({ steps }) => steps ?? Number.MAX_SAFE_INTEGER,
          },
          ...(['load', 'span', 'between', 'closeness', 'eigenvector', 'core'] as const).map(figure),
        ]}
      />
      <dl className="facts">
        {(['steps', 'load', 'span', 'between', 'closeness', 'eigenvector', 'core'] as const).map((id) => (
          <div key={id} className="facts-line">
            <dt>{t(`analysis.node.${id}`)}</dt>
            <dd>{t(`analysis.means.${id}`)}</dd>
          </div>
        ))}
      </dl>
    </>
  )
}
