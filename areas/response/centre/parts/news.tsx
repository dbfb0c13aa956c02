import { useEffect, useMemo } from 'react'
import { Changes, useLastLooked } from '#core/web/changes.tsx'
import { useGo } from '#core/web/navigation.tsx'
import { usePaletteItems } from '#core/web/palette-items.tsx'
import { useSession } from '#core/web/session.tsx'
import { hourMinute } from '#core/web/time.ts'
import { useWords } from '#core/web/words.ts'
import { saidBy } from '../../timeline/parts/entries.tsx'
import type { Centre } from '../contract.ts'

const rooms = ['decisions', 'tasks', 'log', 'timeline', 'as-of'] as const

/** What changed since this person last looked in; and the rooms of the centre for Ctrl K. */
export function News({ centre }: { centre: Centre }) {
  const t = useWords('response')
  const go = useGo()
  const { self } = useSession()
  const { id } = centre.incident
  const { at, look } = useLastLooked(`centre.${id}`, self?.person.id ?? '')
  const items = useMemo(
    () =>
      rooms.map((room) => ({
        id: `centre-${room}`,
        words: t(`room.${room}`),
        more: centre.incident.name,
        run: () => go(`/response/centre/${id}/${room}`),
      })),
    [t, go, id, centre.incident.name],
  )
  usePaletteItems('response.centre', items)
  const since = centre.timeline.entries.filter((entry) => at !== null && entry.recordedAt > at)
  // Whoever looks in for the first time has everything before them: from now on there is a before.
  const first = at === null
  useEffect(() => {
    if (first) look()
  }, [first, look])
  if (first || since.length === 0) return null
  return (
    <Changes
      since={at}
      items={since.slice(0, 5).map((entry) => ({ id: entry.id, words: `${hourMinute(new Date(entry.occurredAt))} ${saidBy(t, entry)}` }))}
      onSeen={look}
    />
  )
}
