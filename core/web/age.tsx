import { useEffect, useState, type ReactNode } from 'react'
import { isStale, moment, worldNow, onWorldTime, worldRate } from './time.ts'
import { useWords } from './words.ts'
import './badge.css'

/** World time, told again every `seconds` (a minute unless said). */
export function useNow(seconds = 60): Date {
  const [now, setNow] = useState(worldNow)
  useEffect(() => {
    const look = () => setNow(worldNow())
    const timer = setInterval(look, (seconds * 1000) / Math.max(1, Math.min(worldRate(), 10)))
    const forget = onWorldTime(look)
    return () => {
      clearInterval(timer)
      forget()
    }
  }, [seconds])
  return now
}

/** 'as of 22:47', with whose it is; greyed and called old once it is older than `staleAfter` minutes. Never 'real-time'. */
export function Age({ at, owner, staleAfter }: { at: string; owner?: string; staleAfter?: number }) {
  const t = useWords()
  const now = useNow()
  const then = new Date(at)
  const old = isStale(then, staleAfter, now)
  return (
    <span className={`age${old ? ' age-stale' : ''}`}>
      {owner === undefined ? null : `${owner} · `}
      {t(old ? 'age.old' : 'age.asOf')} <time dateTime={at}>{moment(then, now)}</time>
    </span>
  )
}

/** A moment on its own: `22:47`, or with its day when it is not today. */
export function Moment({ at }: { at: string }) {
  const now = useNow()
  return (
    <time className="figure" dateTime={at}>
      {moment(new Date(at), now)}
    </time>
  )
}

/** Greys what it holds once it is stale, so that an old figure never looks like a fresh one. */
export function MayGoStale({ at, staleAfter, children }: { at: string; staleAfter: number; children: ReactNode }) {
  const now = useNow()
  return <span className={isStale(new Date(at), staleAfter, now) ? 'is-stale' : ''}>{children}</span>
}
