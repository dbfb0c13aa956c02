import { createContext, use, useEffect, useState, type ReactNode } from 'react'
import { hourMinute, zoneName } from './time.ts'
import { useNow } from './age.tsx'
import { useSession, type Self } from './session.tsx'
import { useWords } from './words.ts'
import './band.css'

/** One thing that no one in this incident may miss. */
export interface BandFact {
  id: string
  /** What it is: 'Lead agency'. */
  name: string
  /** What it says: 'Fire and Rescue', or 'UNRESOLVED'. */
  value: string
  alarm?: boolean
}
export interface BandIncident {
  title: string
  phase?: string
  facts: readonly BandFact[]
}

const Show = createContext<((incident: BandIncident | null) => void) | null>(null)
const Shown = createContext<BandIncident | null>(null)

/** Holds what the page in sight says of its incident; the shell wraps everything in it. */
export function BandProvider({ children }: { children: ReactNode }) {
  const [incident, setIncident] = useState<BandIncident | null>(null)
  return (
    <Show value={setIncident}>
      <Shown value={incident}>{children}</Shown>
    </Show>
  )
}

/** Called by a page of an incident: puts its title, phase and must-not-miss facts into the band for as long as the page is in sight. */
export function useBand(incident: BandIncident | null) {
  const show = use(Show)
  const words = JSON.stringify(incident)
  useEffect(() => {
    show?.(JSON.parse(words) as BandIncident | null)
    return () => show?.(null)
  }, [show, words])
}

export const useBandIncident = () => use(Shown)

function Who({ self }: { self: Self }) {
  const t = useWords()
  return (
    <span className="band-who">
      <span>{self.person.name}</span>
      <strong>{self.post ? self.post.name : t('band.noPost')}</strong>
    </span>
  )
}

/** World, incident and phase, who you are and in which post, the time. It never scrolls away. */
export function Band({ tools, self: given, incident: told }: { tools?: ReactNode; self?: Self; incident?: BandIncident }) {
  const t = useWords()
  const now = useNow(10)
  const session = useSession()
  const current = useBandIncident()
  const self = given ?? session.self
  const incident = told ?? current
  const exercise = self?.world.kind === 'exercise'
  return (
    <div className={`band${exercise ? ' band-exercise' : ''}`}>
      <div className="band-first">
        {self ? (
          <span className="band-world">
            <strong>{t(exercise ? 'band.exercise' : 'band.live')}</strong>
            {exercise ? <span>{self.world.name}</span> : null}
          </span>
        ) : (
          <span className="band-world">
            <strong>Concord</strong>
          </span>
        )}
        {incident ? (
          <span className="band-incident">
            <strong>{incident.title}</strong>
            {incident.phase === undefined ? null : <span>{incident.phase}</span>}
          </span>
        ) : null}
        <span className="band-space" />
        {self ? <Who self={self} /> : null}
        <time className="band-time" dateTime={now.toISOString()}>
          {hourMinute(now)} <span className="band-zone">{zoneName(now)}</span>
        </time>
        {tools}
      </div>
      {incident && incident.facts.length > 0 ? (
        <dl className="band-facts">
          {incident.facts.map((fact) => (
            <div key={fact.id} className={fact.alarm ? 'band-fact band-fact-alarm' : 'band-fact'}>
              <dt>{fact.name}</dt>
              <dd>
                {fact.alarm ? <span aria-hidden="true">▲ </span> : null}
                {fact.value}
              </dd>
            </div>
          ))}
        </dl>
      ) : null}
    </div>
  )
}
