import { useEffect, useRef } from 'react'
import { Moment } from '#core/web/age.tsx'
import { Badge } from '#core/web/badge.tsx'
import { EmptyState } from '#core/web/problem.tsx'
import { useLanguage, useWords } from '#core/web/words.ts'
import type { SignalLine } from '../../signals/contract.ts'
import { inLanguage, Standing } from './words-of.tsx'

interface Lines {
  lines: readonly SignalLine[]
  selected: string | undefined
  onSelect: (id: string) => void
  tray: 'live' | 'not-actual' | 'quarantine'
}

/** A tray as lines: when it came, what it says, from whom, where it stands. */
export function SignalList({ lines, selected, onSelect, tray }: Lines) {
  const t = useWords('watch')
  const language = useLanguage()
  const here = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    here.current?.scrollIntoView({ block: 'nearest' })
  }, [selected])
  if (lines.length === 0)
    return (
      <EmptyState title={t('desk.empty')}>
        <p>{t(`desk.emptyMore.${tray}`)}</p>
      </EmptyState>
    )
  return (
    <ol className="desk-list" aria-label={t(`desk.tray.${tray}`)}>
      {lines.map((line) => {
        const info = inLanguage(line.infos, language)
        const current = line.id === selected
        return (
          <li key={line.id}>
            <button
              type="button"
              className="desk-line"
              ref={current ? here : null}
              aria-current={current}
              onClick={() => onSelect(line.id)}
            >
              <span className="desk-line-time">
                <Moment at={line.receivedAt} />
              </span>
              <span className="desk-line-words">
                <strong>{info?.headline ?? info?.event ?? line.identifier ?? t('desk.nameless')}</strong>
                <span className="soft">
                  {[line.source, line.sender, info?.severity ? t(`desk.cap.${info.severity}`, { defaultValue: info.severity }) : null]
                    .filter(Boolean)
                    .join(' · ')}
                </span>
                <span className="desk-line-marks">
                  <Standing line={line} />
                  {line.status !== null && line.status !== 'Actual' ? (
                    <Badge>{t(`desk.cap.${line.status}`, { defaultValue: line.status })}</Badge>
                  ) : null}
                  {line.msgType === 'Update' || line.msgType === 'Cancel' ? <Badge>{t(`desk.cap.${line.msgType}`)}</Badge> : null}
                  {line.cancelled ? <Badge>{t('desk.cancelled')}</Badge> : line.updated ? <Badge>{t('desk.updated')}</Badge> : null}
                  {line.signature === 'verified' || line.signature === 'failed' ? (
                    <Badge>{t(`desk.signature.${line.signature}`)}</Badge>
                  ) : null}
                  {line.flags.length > 0 ? <span className="soft">{t('desk.flagged', { count: line.flags.length })}</span> : null}
                </span>
              </span>
            </button>
          </li>
        )
      })}
    </ol>
  )
}
