import { Fragment, useState, type ReactNode } from 'react'
import { Button } from 'react-aria-components/Button'
import { DialogTrigger } from 'react-aria-components/Dialog'
import { Popover } from 'react-aria-components/Popover'
import { asProblem } from './problem-error.ts'
import { useSession, type Audience } from './session.tsx'
import { partsOfMarking } from './marking-parts.ts'
import { useWords } from './words.ts'
import './badge.css'

/** A short word in a frame: 'draft', 'exercise', a phase. It has no colour, because it has no urgency. */
export const Badge = ({ children }: { children: ReactNode }) => <span className="badge badge-plain">{children}</span>

/** A marking's words, each in its own dress: TLP in the colours that TLP 2.0 fixes, on black, so that no other amber looks like it. */
export const Marking = ({ text }: { text: string }) => (
  <>
    {partsOfMarking(text).map(({ words, kind }, place) => (
      <Fragment key={words}>
        {place > 0 ? <span className="unseen"> // </span> : null}
        <span
          className={kind === 'handling' ? 'badge-handling' : `badge ${kind === 'plain' ? 'badge-marking' : `badge-tlp badge-tlp-${kind}`}`}
        >
          {words}
        </span>
      </Fragment>
    ))}
  </>
)

/** The label of an item: marking words first; on demand, who can see this, and why can I. `audience` when the page has it, else asked. */
export function LabelBadge({ label, marking, audience }: { label: number; marking: string; audience?: Audience }) {
  const t = useWords()
  const { audienceOf } = useSession()
  const words = marking || t('label.unmarked')
  return (
    <DialogTrigger>
      <Button className="label">
        <Marking text={words} />
        <span className="unseen"> {t('label.ask')}</span>
      </Button>
      <Popover className="popover label-popover" aria-label={words}>
        <div className="label-audience">
          <h3>{words}</h3>
          <AudienceWords ask={audience ? async () => audience : audienceOf ? () => audienceOf(label) : null} />
        </div>
      </Popover>
    </DialogTrigger>
  )
}

function AudienceWords({ ask }: { ask: (() => Promise<Audience>) | null }) {
  const t = useWords()
  const [answer, setAnswer] = useState<Audience | 'failed' | 'asked' | null>(null)
  if (answer === null && ask) {
    setAnswer('asked')
    ask().then(setAnswer, (error) => {
      asProblem(error)
      setAnswer('failed')
    })
  }
  if (!ask || answer === 'failed') return <p>{t('label.unknown')}</p>
  if (answer === null || answer === 'asked') return <p role="status">{t('waiting')}</p>
  return (
    <>
      <h4>{t('label.who')}</h4>
      <ul className="label-lines">
        {answer.who.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <h4>{t('label.why')}</h4>
      <ul className="label-lines">
        {answer.why.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </>
  )
}
