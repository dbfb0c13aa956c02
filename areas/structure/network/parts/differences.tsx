import { StateWord, type StateTone } from '#core/web/state-word.tsx'
import { Table } from '#core/web/table.tsx'
import { useWords } from '#core/web/words.ts'
import type { Difference } from '../contract.ts'

const tones: Record<Difference['how'], StateTone> = { came: 'done', went: 'alarm', changed: 'waiting' }

/** What came, went and changed between two networks, a row each, in words. */
export function Differences({ label, differences }: { label: string; differences: readonly Difference[] }) {
  const t = useWords('structure')
  return (
    <Table
      label={label}
      rows={differences}
      rowId={({ subject, id }) => `${subject} ${id}`}
      columns={[
        {
          id: 'how',
          title: t('difference.howTitle'),
          cell: ({ how }) => <StateWord tone={tones[how]}>{t(`difference.how.${how}`)}</StateWord>,
          text: ({ how }) => t(`difference.how.${how}`),
          sort: ({ how }) => how,
        },
        {
          id: 'subject',
          title: t('difference.subjectTitle'),
          cell: ({ subject }) => t(`difference.subject.${subject}`),
          text: ({ subject }) => t(`difference.subject.${subject}`),
          sort: ({ subject }) => subject,
        },
        {
          id: 'what',
          title: t('difference.what'),
          names: true,
          cell: (one) => calledIn(t, one),
          text: (one) => calledIn(t, one),
          sort: ({ name }) => name,
        },
        {
          id: 'fields',
          title: t('difference.fields'),
          cell: ({ fields }) => (
            <ul className="plain-list">
              {fields.map(({ field, was, is }) => (
                <li key={field}>
                  {t('difference.fieldChange', {
                    field: t(`difference.field.${field}`),
                    was: was ?? t('difference.nothing'),
                    is: is ?? t('difference.nothing'),
                  })}
                </li>
              ))}
            </ul>
          ),
        },
      ]}
      empty={<p className="soft">{t('difference.none')}</p>}
    />
  )
}

/** One row's name in a sentence: a link by its two ends and its kind, a seat by agency, group and standing. */
const calledIn = (t: ReturnType<typeof useWords>, { name, with: other, kind }: Difference): string =>
  [name, other, kind === null ? null : t(`difference.kind.${kind}`)].filter((part) => part !== null && part !== '').join(' · ')
