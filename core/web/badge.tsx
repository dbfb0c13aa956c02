import { Fragment, lazy, Suspense, useRef, useState, type ReactNode } from 'react'
import { Button } from 'react-aria-components/Button'
import { useSession, type Audience } from './session.tsx'
import { partsOfMarking } from './marking-parts.ts'
import { useWords } from './words.ts'
import './badge.css'

const LabelPopover = lazy(async () => ({ default: (await import('./label-popover.tsx')).LabelPopover }))

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
  const button = useRef<HTMLButtonElement>(null)
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button className="label" ref={button} aria-haspopup="dialog" aria-expanded={open} onPress={() => setOpen(true)}>
        <Marking text={words} />
        <span className="unseen"> {t('label.ask')}</span>
      </Button>
      {open ? (
        <Suspense>
          <LabelPopover
            at={button}
            words={words}
            ask={audience ? async () => audience : audienceOf ? () => audienceOf(label) : null}
            onOpenChange={setOpen}
          />
        </Suspense>
      ) : null}
    </>
  )
}
