import { acknowledge as acknowledgeRow } from '#core/record/reading/contract.ts'
import { LabelBadge } from '#core/web/badge.tsx'
import { Button } from '#core/web/button.tsx'
import { useCommandOf } from '#core/web/hooks.ts'
import { Timeline, type TimelineItem } from '#core/web/timeline.tsx'
import { useWords } from '#core/web/words.ts'
import type { LogEntry } from '../contract.ts'
import { CorrectEntry } from './correct-entry.tsx'

type Words = ReturnType<typeof useWords>

/** What a line says: a word of the catalogue where Concord wrote it, a person's own words where they did. */
export const saidBy = (t: Words, entry: Pick<LogEntry, 'code' | 'params' | 'text'>): string =>
  entry.code === null ? entry.text : t(`log.${entry.code}`, { ...entry.params, defaultValue: entry.text || entry.code })

/** Sending is not knowing; this is. Twice changes nothing. */
function Acknowledge({ id }: { id: string }) {
  const t = useWords('response')
  const say = useCommandOf(acknowledgeRow, { title: t('timeline.acknowledge') })
  if (say.state === 'done' || say.state === 'queued') return <span>{t('timeline.acknowledged')}</span>
  return (
    <Button kind="plain" busy={say.state === 'sending'} onPress={() => void say.run({ table: 'response.log_entries', id })}>
      {t('timeline.acknowledge')}
    </Button>
  )
}

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

interface EntriesWords {
  entries: readonly LogEntry[]
  correct?: boolean
  acknowledge?: boolean
  badges?: boolean
}

/** Lines of the timeline. `correct` offers to correct a person's own words; a wall offers nothing. */
export function Entries({ entries, correct = false, acknowledge = false, badges = true }: EntriesWords) {
  const t = useWords('response')
  const items = entries.map((entry): TimelineItem => {
    const was = entry.corrects === null ? undefined : entries.find(({ id }) => id === entry.corrects)?.text
    const by = [
      entry.by ?? t('timeline.byItself'),
      entry.byPost,
      entry.onBehalfOf === null ? null : t('timeline.behalf', { post: entry.onBehalfOf }),
    ]
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
          {acknowledge ? <Acknowledge id={entry.id} /> : null}
          {correct && entry.code === null && !entry.corrected ? <CorrectEntry entry={entry} /> : null}
        </>
      ) : null,
    }
  })
  return <Timeline label={t('timeline.title')} items={items} />
}
