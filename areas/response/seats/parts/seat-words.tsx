import { StateWord, type StateTone } from '#core/web/state-word.tsx'
import { hourMinute } from '#core/web/time.ts'
import { useWords } from '#core/web/words.ts'
import type { Missing, Seat } from '../contract.ts'
import { isHere } from '../rules.ts'

const tones: Record<Seat['state'], StateTone> = {
  expected: 'none',
  'en-route': 'begun',
  present: 'done',
  virtual: 'done',
  absent: 'unknown',
}

/** Where a seat stands, in a word and a shape; what is missing says since when, for those who may read it. */
export function SeatState({ seat, missing }: { seat: Seat; missing: readonly Missing[] }) {
  const t = useWords('response')
  const without = isHere(seat.state) && !seat.withAuthority
  const gaps = missing.filter(({ agencyId }) => agencyId === seat.agencyId)
  return (
    <>
      <StateWord tone={without ? 'waiting' : tones[seat.state]}>
        {without ? t('seat.withoutAuthority', { state: t(`seat.${seat.state}`) }) : t(`seat.${seat.state}`)}
      </StateWord>
      {gaps.map(({ kind, since }) => (
        <div key={kind}>
          <StateWord tone="alarm">
            {t(kind === 'silent' ? 'seat.silentSince' : 'seat.absentSince', { time: hourMinute(new Date(since)) })}
          </StateWord>
        </div>
      ))}
    </>
  )
}
