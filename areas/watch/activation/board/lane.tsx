import { useWords } from '#core/web/words.ts'
import { ladder, type Line, type Mark } from './rules.ts'

const at = (minutes: number, span: number) => `${Math.min(99, 1 + (Math.min(minutes, span) / span) * 98)}%`

/** A state by its shape: the word stands in the table, and in the name of the whole line. */
function Shape({ mark, span }: { mark: Mark; span: number }) {
  const x = at(mark.minutes, span)
  if (mark.state === 'accepted') return <circle className="lane-accepted" cx={x} cy="16" r="7" />
  if (mark.state === 'failed' || mark.state === 'declined') {
    return (
      <svg className="lane-out" x={x} y="16" overflow="visible">
        <path d={mark.state === 'failed' ? 'M0-6 6 5H-6Z' : 'M-5-5 5 5M5-5-5 5'} />
      </svg>
    )
  }
  return <circle className={mark.state === 'delivered' || mark.state === 'read' ? 'lane-arrived' : 'lane-sent'} cx={x} cy="16" r="5" />
}

/** One post's line: it fills from the left as time goes by, until somebody accepts. */
export function Lane({ line, span, words }: { line: Line; span: number; words: string }) {
  const t = useWords('watch')
  return (
    <svg
      className={`lane lane-${line.callOut.state}`}
      role="img"
      aria-label={t('board.lane', { post: line.callOut.post, state: words })}
      height="32"
      width="100%"
    >
      {ladder
        .filter((minutes) => minutes <= span)
        .map((minutes) => (
          <line key={minutes} className="lane-step" x1={at(minutes, span)} x2={at(minutes, span)} y1="2" y2="30" />
        ))}
      <line className="lane-way" x1={at(0, span)} x2={at(span, span)} y1="16" y2="16" />
      <line className="lane-fill" x1={at(0, span)} x2={at(line.filledTo, span)} y1="16" y2="16" />
      {line.marks.map((mark) => (
        <Shape key={mark.key} mark={mark} span={span} />
      ))}
    </svg>
  )
}

/** The minutes above all lines. */
export const Scale = ({ span }: { span: number }) => (
  <svg className="lane" aria-hidden="true" height="20" width="100%">
    {ladder
      .filter((minutes) => minutes <= span)
      .map((minutes) => (
        <text
          key={minutes}
          className="lane-minutes"
          x={at(minutes, span)}
          y="15"
          textAnchor={minutes === 0 ? 'start' : minutes === span ? 'end' : 'middle'}
        >
          {minutes}
        </text>
      ))}
  </svg>
)
