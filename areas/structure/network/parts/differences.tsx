import { StateWord, type StateTone } from '#core/web/state-word.tsx'
import { Table } from '#core/web/table.tsx'
import { useWords } from '#core/web/words.ts'
import type { Difference } from '../contract.ts'

const tones: Record<Difference['how'], StateTone> = { came: 'done', went: 'alarm', changed: 'waiting' }

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
  /** What a row is called: a link by its two ends and its kind, a seat by agency, group and standing. */
  const called = ({ subject, name, with: other, kind }: Difference) =>
    t(`difference.called.${subject}`, {
      name,
      with: other ?? t('none'),
      kind: kind && kindOf[subject] ? t(`${kindOf[subject]}.${kind}`) : '',
    })
  const fields = (one: Difference) =>
    one.fields.map(({ field, was, is }) =>
      t('difference.fieldChange', { field: t(`difference.field.${field}`), was: value(field, was), is: value(field, is) }),
    )
  return { t, called, fields }
}

/** What came, went and changed between two networks, a row each, in words: for the eye, the ear and the printer. */
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
        { id: 'what', title: t('difference.what'), names: true, cell: called, text: called, sort: called },
        {
          id: 'fields',
          title: t('difference.fields'),
          cell: (one) => (
            <ul className="plain-list">
              {fields(one).map((words) => (
                <li key={words}>{words}</li>
              ))}
            </ul>
          ),
          text: (one) => fields(one).join('; '),
        },
      ]}
      empty={<p className="soft">{t('difference.none')}</p>}
    />
  )
}
