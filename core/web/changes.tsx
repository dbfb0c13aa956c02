import { useCallback, useState, type ReactNode } from 'react'
import { Button } from './button.tsx'
import { moment, worldNow } from './time.ts'
import { useWords } from './words.ts'
import './page.css'

const keyOf = (room: string) => `concord.looked.${room}`

/** When this person last looked into a room on this device (ISO), or null the first time; `look` says 'I have seen it'. */
export function useLastLooked(room: string, personId: string): { at: string | null; look: () => void } {
  const key = keyOf(`${personId}.${room}`)
  const [at, setAt] = useState(() => localStorage.getItem(key))
  const look = useCallback(() => {
    const now = worldNow().toISOString()
    localStorage.setItem(key, now)
    setAt(now)
  }, [key])
  return { at, look }
}

/** 'What changed since you last looked': opens every room. */
export function Changes({
  since,
  items,
  onSeen,
}: {
  since: string | null
  items: readonly { id: string; words: ReactNode }[]
  onSeen: () => void
}) {
  const t = useWords()
  return (
    <section className="changes" aria-label={t('changes.title')}>
      <h2>{since === null ? t('changes.first') : t('changes.since', { time: moment(new Date(since)) })}</h2>
      {items.length === 0 ? (
        <p className="soft">{t('changes.none')}</p>
      ) : (
        <ul>
          {items.map((item) => (
            <li key={item.id}>{item.words}</li>
          ))}
        </ul>
      )}
      <div>
        <Button onPress={onSeen}>{t('changes.seen')}</Button>
      </div>
    </section>
  )
}
