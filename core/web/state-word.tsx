import './badge.css'

/** How far a thing is, by shape; the word says what. Only `alarm` has a colour. */
export type StateTone = 'none' | 'begun' | 'waiting' | 'done' | 'alarm' | 'unknown'

const Mark = ({ tone }: { tone: StateTone }) => (
  <svg className="state-mark" viewBox="0 0 12 12" aria-hidden="true" focusable="false">
    {tone === 'alarm' ? (
      <path className="state-fill" d="M6 0 12 12H0Z" />
    ) : tone === 'unknown' ? (
      <circle cx="6" cy="6" r="5" strokeDasharray="2.2 1.7" />
    ) : (
      <>
        <circle cx="6" cy="6" r="5" />
        {tone === 'begun' ? <path className="state-fill" d="M6 1a5 5 0 0 1 0 10Z" /> : null}
        {tone === 'done' ? <circle className="state-fill" cx="6" cy="6" r="5" /> : null}
        {tone === 'waiting' ? <path d="M6 3v3l2 2" strokeWidth="1.5" /> : null}
      </>
    )}
  </svg>
)

/** A state with its word: never a colour alone, and no green, because silence is not reassurance. */
export const StateWord = ({ tone, children }: { tone: StateTone; children: string }) => (
  <span className={`state state-${tone}`}>
    <Mark tone={tone} />
    {children}
  </span>
)
