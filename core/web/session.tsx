import { createContext, use, type ReactNode } from 'react'
import type { Queue } from './queue.ts'
import type { Live } from './live.ts'

/** Who you are, in which post, in which world: what the band shows and what a queued deed is bound to. */
export interface Self {
  person: { id: string; name: string }
  post: { id: string; name: string; agency?: string | null } | null
  world: { id: string; kind: 'live' | 'exercise'; name: string }
}

/** Who can see a label, and why this viewer can: lines in plain words. */
export interface Audience {
  who: readonly string[]
  why: readonly string[]
  says?: readonly string[]
}

export interface Session {
  self: Self | null
  queue: Queue | null
  live: Live | null
  /** Concord did not even answer who is here, and nothing of before is left to show. */
  noContact?: boolean
  /** Asked when somebody opens a label badge; null where nothing can answer yet. */
  audienceOf: ((label: number) => Promise<Audience>) | null
}

const empty: Session = { self: null, queue: null, live: null, audienceOf: null }
const Here = createContext<Session>(empty)

export const SessionProvider = ({ session, children }: { session: Session; children: ReactNode }) => <Here value={session}>{children}</Here>
export const useSession = (): Session => use(Here)

/** A queued deed is sent only as the one who did it: same person, same post, same world. */
export const signatureOf = (self: Self): string => `${self.person.id}/${self.post?.id ?? ''}/${self.world.id}`
