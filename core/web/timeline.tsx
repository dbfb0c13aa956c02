import type { ReactNode } from 'react'
import { day, hourMinute } from './time.ts'
import { byDay, lateBy } from './timeline-days.ts'
import { useWords } from './words.ts'
import './timeline.css'

export interface TimelineItem {
  id: string
  /** When it happened (world time, ISO). */
  occurredAt: string
  /** When Concord learned of it, ISO; shown when it is later by a minute or more. */
  recordedAt?: string
  title: ReactNode
  /** Who: agency and post. */
  by?: string
  label?: ReactNode
  body?: ReactNode
  alarm?: boolean
}

/** A log, newest first unless told: times in a column of their own, so that the eye can run down them. */
export function Timeline({ label, items, oldestFirst = false }: { label: string; items: readonly TimelineItem[]; oldestFirst?: boolean }) {
  const t = useWords()
  return (
    <div className="timeline" role="region" aria-label={label}>
      {byDay(items, oldestFirst, (at) => day(new Date(at))).map((group) => (
        <section key={group.day} className="timeline-day">
          <h3 className="timeline-date">{group.day}</h3>
          <ol className="timeline-list">
            {group.items.map((item) => (
              <li key={item.id} className={`timeline-item${item.alarm ? ' timeline-alarm' : ''}`}>
                <time className="timeline-time" dateTime={item.occurredAt}>
                  {hourMinute(new Date(item.occurredAt))}
                </time>
                <div className="timeline-body">
                  <div className="timeline-title">{item.title}</div>
                  {item.body}
                  <div className="timeline-foot">
                    {item.label}
                    {item.by === undefined ? null : <span>{item.by}</span>}
                    {item.recordedAt !== undefined && lateBy(item.occurredAt, item.recordedAt) >= 1 ? (
                      <span>{t('timeline.recorded', { time: hourMinute(new Date(item.recordedAt)) })}</span>
                    ) : null}
                  </div>
                </div>
              </li>
            ))}
          </ol>
        </section>
      ))}
    </div>
  )
}
