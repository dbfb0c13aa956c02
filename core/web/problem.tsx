import type { ReactNode } from 'react'
import type { ProblemError } from './problem-error.ts'
import { useWords } from './words.ts'
import { Button } from './button.tsx'
import './notices.css'

/** What happened, what is safe, what to do next. The server's own words win; ours stand in where it sent none. */
export function Problem({ problem, onRetry }: { problem: ProblemError; onRetry?: () => void }) {
  const t = useWords()
  return (
    <div className="notice notice-alarm" role="alert">
      <p className="notice-title">
        <span aria-hidden="true">▲ </span>
        {t(`problem.${problem.kind}.title`)}
      </p>
      <p>{problem.detail || t(`problem.${problem.kind}.detail`)}</p>
      {onRetry ? (
        <p>
          <Button onPress={onRetry}>{t('problem.retry')}</Button>
        </p>
      ) : null}
    </div>
  )
}

/** Nothing here yet: what belongs here, who puts it in, and the one button. */
export const EmptyState = ({
  title,
  level,
  children,
  action,
}: {
  title: string
  /** 2 where no section stands above it: headings leave no level out. */
  level?: 2
  children: ReactNode
  action?: ReactNode
}) => (
  <div className="empty">
    <h3 {...(level === undefined ? {} : { 'aria-level': level })}>{title}</h3>
    <div className="prose soft">{children}</div>
    {action ? <div className="empty-action">{action}</div> : null}
  </div>
)

/** Being read: says so in words, and stays still. */
export function Waiting({ what }: { what?: string }) {
  const t = useWords()
  return (
    <p className="soft" role="status">
      {what ?? t('waiting')}
    </p>
  )
}

/** Long work that can be left: how far, in words and as a bar. */
export const Progress = ({ label, done, of }: { label: string; done: number; of: number }) => (
  <div className="progress">
    <div className="progress-words">
      <span>{label}</span>
      <span className="figure">
        {done} / {of}
      </span>
    </div>
    <progress value={done} max={of} aria-label={label} />
  </div>
)

/** A line that no one may miss, under the band: 'not for live call-out', 'UNRESOLVED'. Words first; it never goes away by itself. */
export const Banner = ({ word, children, kind = 'alarm' }: { word: string; children?: ReactNode; kind?: 'alarm' | 'plain' }) => (
  <div className={`banner banner-${kind}`} role="note" aria-label={word}>
    <strong>{word}</strong>
    {children === undefined ? null : <span>{children}</span>}
  </div>
)

/** A whole page whose answer is not here: still being read, or the problem with a way to try again. */
export function NotYet({ problem, onRetry }: { problem: ProblemError | null; onRetry: () => void }) {
  return <div className="page">{problem ? <Problem problem={problem} onRetry={onRetry} /> : <Waiting />}</div>
}
