import { useEffect, useState, useSyncExternalStore } from 'react'
import { Button } from './button.tsx'
import { DialogButton } from './dialog.tsx'
import { useContact, useWaiting } from './hooks.ts'
import type { Waiting } from './queue.ts'
import { signatureOf, useSession } from './session.tsx'
import { oldestShown, onShown } from './seen.ts'
import { moment } from './time.ts'
import { useWords } from './words.ts'
import './band.css'

export function useOnline(): boolean {
  const [online, setOnline] = useState(() => navigator.onLine)
  useEffect(() => {
    const look = () => setOnline(navigator.onLine)
    addEventListener('online', look)
    addEventListener('offline', look)
    return () => {
      removeEventListener('online', look)
      removeEventListener('offline', look)
    }
  }, [])
  return online
}

/** A blink of the network is not news; a silence of this many seconds is. */
const grace = 4

/** Nothing while all is well. Else: since when there is no contact and what to do, and what waits to be sent. */
export function ContactLine() {
  const contact = useContact()
  const online = useOnline()
  const waiting = useOwnWaiting()
  const old = useSyncExternalStore(onShown, oldestShown)
  const [shown, setShown] = useState(false)
  const { noContact = false } = useSession()
  const lost = contact.state === 'lost' || !online || noContact
  useEffect(() => {
    if (!lost) return setShown(false)
    const timer = setTimeout(() => setShown(true), online ? grace * 1000 : 0)
    return () => clearTimeout(timer)
  }, [lost, online])
  return (
    <div role="status">
      <ContactWords since={shown ? contact.since || null : null} online={(online && !noContact) || !shown} waiting={waiting} old={old} />
    </div>
  )
}

function useOwnWaiting(): readonly Waiting[] {
  const { self } = useSession()
  const all = useWaiting()
  return self ? all.filter((item) => item.as === signatureOf(self)) : []
}

interface ContactFacts {
  /** When Concord was last heard, or null while it is in contact. */
  since: string | null
  online: boolean
  waiting: readonly Waiting[]
  /** When the oldest answer on the screen was fetched, where it is not from the network. */
  old?: number | null
}

/** The same line from its plain facts. */
export function ContactWords({ since, online, waiting, old = null }: ContactFacts) {
  const t = useWords()
  if (since === null && online && waiting.length === 0 && old === null) return null
  const lost = since !== null || !online || old !== null
  const refused = waiting.filter((item) => item.refused !== undefined).length
  return (
    <div className={`contact${lost ? '' : ' contact-plain'}`}>
      {lost ? (
        <>
          <strong>{since !== null && online ? t('contact.lost', { time: moment(new Date(since)) }) : t('contact.offline')}</strong>
          {old === null ? null : <strong>{t('contact.showing', { time: moment(new Date(old)) })}</strong>}
          <span>{t('contact.card')}</span>
        </>
      ) : null}
      {refused > 0 ? <strong>{t('contact.refused', { count: refused })}</strong> : null}
      {waiting.length > 0 ? (
        <DialogButton
          kind="plain"
          words={refused === waiting.length ? t('contact.look') : t('contact.waiting', { count: waiting.length - refused })}
          title={t('contact.waitingTitle')}
        >
          {() => <WaitingList items={waiting} />}
        </DialogButton>
      ) : null}
    </div>
  )
}

/** What waits, oldest first; each can be taken back until it is sent. */
export function WaitingList({ items }: { items: readonly Waiting[] }) {
  const t = useWords()
  const { queue } = useSession()
  return (
    <ul className="waiting-list">
      {items.map((item) => (
        <li key={item.key} className="waiting-item">
          <span>
            <strong>{item.title}</strong> <span className="soft">{moment(new Date(item.at))}</span>
          </span>
          {item.refused === undefined ? (
            <span className="soft">{t('contact.waits')}</span>
          ) : (
            <span className="waiting-refused">{t('contact.notDone', { words: item.refused || t('problem.unavailable.detail') })}</span>
          )}
          {queue ? (
            <span>
              <Button onPress={() => void queue.takeBack(item.key)}>{t('contact.takeBack')}</Button>
            </span>
          ) : null}
        </li>
      ))}
    </ul>
  )
}
