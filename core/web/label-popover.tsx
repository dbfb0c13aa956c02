import { useState, type RefObject } from 'react'
import { Dialog } from 'react-aria-components/Dialog'
import { Popover } from 'react-aria-components/Popover'
import { asProblem } from './problem-error.ts'
import type { Audience } from './session.tsx'
import { Link } from './navigation.tsx'
import { useWords } from './words.ts'

type Ask = (() => Promise<Audience>) | null

/** Who can see an item, and why this viewer can. */
export const LabelPopover = (shown: {
  at: RefObject<HTMLElement | null>
  words: string
  ask: Ask
  onOpenChange: (open: boolean) => void
}) => (
  <Popover className="popover label-popover" triggerRef={shown.at} isOpen onOpenChange={shown.onOpenChange}>
    <Dialog className="label-audience" aria-label={shown.words}>
      <h3>{shown.words}</h3>
      <AudienceWords ask={shown.ask} />
    </Dialog>
  </Popover>
)

function AudienceWords({ ask }: { ask: Ask }) {
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
      {answer.says && answer.says.length > 0 ? (
        <ul className="label-lines">
          {answer.says.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      ) : null}
      <h4>{t('label.why')}</h4>
      <ul className="label-lines">
        {answer.why.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <Link to="/sharing">{t('label.protocols')}</Link>
    </>
  )
}
