import { Moment } from '#core/web/age.tsx'
import { Section } from '#core/web/page.tsx'
import { Table } from '#core/web/table.tsx'
import { useWords } from '#core/web/words.ts'
import type { Note } from '../contract.ts'

/** What happened to my ways of signing in, whoever did it: also how somebody notices what they did not do. */
export function Notes({ notes }: { notes: readonly Note[] }) {
  const t = useWords('access')
  return (
    <Section title={t('ways.notes')}>
      <Table
        label={t('ways.notes')}
        rows={notes}
        rowId={({ id }) => id}
        columns={[
          {
            id: 'what',
            title: t('ways.what'),
            cell: ({ kind, words }) => t(`ways.note.${kind}`, { words }),
            text: ({ kind }) => kind,
            names: true,
          },
          { id: 'by', title: t('ways.by'), cell: ({ byYou }) => t(byYou ? 'ways.you' : 'ways.other'), text: ({ byYou }) => String(byYou) },
          { id: 'at', title: t('ways.at'), cell: ({ at }) => <Moment at={at} />, text: ({ at }) => at },
        ]}
        empty={<p className="soft">{t('ways.notesNone')}</p>}
      />
    </Section>
  )
}
