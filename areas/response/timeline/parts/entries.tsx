import { LabelBadge } from '#core/web/badge.tsx'
import { Timeline, type TimelineItem } from '#core/web/timeline.tsx'
import { useWords } from '#core/web/words.ts'
import type { LogEntry } from '../contract.ts'
import { CorrectEntry } from './correct-entry.tsx'

type Words = ReturnType<typeof useWords>

/** What a line says: a word of the catalogue where Concord wrote it, a person's own words where they did. */
export const saidBy = (t: Words, entry: Pick<LogEntry, 'code' | 'params' | 'text'>): string =>
  entry.code === null ? entry.text : t(`log.${entry.code}`, { ...entry.params, defaultValue: entry.text || entry.code })

function Body({ entry, wasText }: { entry: LogEntry; wasText: string | undefined }) {
  const t = useWords('response')
  return (
    <>
      {entry.code !== null && entry.text !== '' ? <div>{entry.text}</div> : null}
      {wasText === undefined ? null : <div className="soft">{t('timeline.was', { text: wasText })}</div>}
      {entry.lateReason === null ? null : <div className="soft">{t('timeline.late', { reason: entry.lateReason })}</div>}
    </>
  )
}

/** Lines of the timeline. `correct` offers to correct a person's own words; a wall offers nothing. */
export function Entries({ entries, correct = false, badges = true }: { entries: readonly LogEntry[]; correct?: boolean; badges?: boolean }) {
  const t = useWords('response')
  const items = entries.map((entry): TimelineItem => {
    const was = entry.corrects === null ? undefined : entries.find(({ id }) => id === entry.corrects)?.text
    const by = [entry.by ?? t('timeline.byItself'), entry.byPost, entry.onBehalfOf === null ? null : t('timeline.behalf', { post: entry.onBehalfOf })]
    return {
      id: entry.id,
      occurredAt: entry.occurredAt,
      recordedAt: entry.recordedAt,
      title: entry.corrected ? <s>{saidBy(t, entry)}</s> : saidBy(t, entry),
      by: by.filter(Boolean).join(' · '),
      alarm: entry.code === 'lead.unresolved' || entry.kind === 'missing',
      body: <Body entry={entry} wasText={was} />,
      label: badges ? (
        <>
          <LabelBadge label={entry.label} marking={entry.marking} />
          {entry.corrected ? <span>{t('timeline.corrected')}</span> : null}
          {entry.corrects !== null && was === undefined ? <span>{t('timeline.corrects')}</span> : null}
          {correct && entry.code === null && !entry.corrected ? <CorrectEntry entry={entry} /> : null}
        </>
      ) : null,
    }
  })
  return <Timeline label={t('timeline.title')} items={items} />
}
