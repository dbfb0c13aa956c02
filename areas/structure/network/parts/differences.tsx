import { Table } from '#core/web/table.tsx'
import { useWords } from '#core/web/words.ts'
import type { Difference } from '../contract.ts'

/** Field values that are words of ours and not a person's, by the catalogue that has them. */
const spoken: Record<string, string> = {
  tier: 'tier',
  linkKind: 'linkKind',
  standing: 'standing',
  phase: 'phase',
  part: 'answers',
  postKind: 'kind',
  effect: 'effect',
  band: 'linkBand',
  incidentType: 'attack',
  sector: 'sector',
}
const kindOf: Partial<Record<Difference['subject'], string>> = {
  link: 'linkKind',
  membership: 'standing',
  responsibility: 'answers',
  variant: 'effect',
}

/** Sentences for differences between two networks. */
export function useDifferenceWords() {
  const t = useWords('structure')
  const value = (field: string, text: string | null) =>
    text === null ? t('difference.nothing') : spoken[field] ? t(`${spoken[field]}.${text}`, { defaultValue: text }) : text
  const called = ({ subject, name, with: other, kind }: Difference) =>
    t(`difference.called.${subject}`, {
      name,
      with: other ?? t('none'),
      kind: kind && kindOf[subject] ? t(`${kindOf[subject]}.${kind}`) : '',
    })
  const fields = (one: Difference) =>
    one.fields.map(({ field, was, is }) =>
      t('difference.from', { field: t(`difference.field.${field}`), was: value(field, was), is: value(field, is) }),
    )
  return { t, called, fields }
}

/** What came, went and changed, as a table: for the eye, the ear and the printer. */
export function Differences({
  differences,
  label,
  onOpen,
}: {
  differences: readonly Difference[]
  label: string
  onOpen?: (one: Difference) => void
}) {
  const { t, called, fields } = useDifferenceWords()
  return (
    <Table
      label={label}
      rows={differences}
      rowId={({ subject, id }) => `${subject} ${id}`}
      most={100}
      {...(onOpen ? { onOpen } : {})}
      columns={[
        { id: 'change', title: t('difference.change'), cell: ({ how }) => t(`difference.how.${how}`), sort: ({ how }) => how },
        {
          id: 'what',
          title: t('difference.what'),
          cell: ({ subject }) => t(`difference.subject.${subject}`),
          sort: ({ subject }) => subject,
        },
        { id: 'which', title: t('difference.which'), cell: called, sort: called, text: called, names: true },
        {
          id: 'fields',
          title: t('difference.fields'),
          cell: (one) => fields(one).map((words) => <div key={words}>{words}</div>),
          text: (one) => fields(one).join('; '),
        },
      ]}
      empty={<p className="soft">{t('difference.none')}</p>}
    />
  )
}
