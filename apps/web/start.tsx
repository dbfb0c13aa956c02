import { useEffect, useMemo, useState, type ReactNode } from 'react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useRouterState } from '@tanstack/react-router'
import { callQuery } from '#core/web/client.ts'
import { makeInvalidator, openLive, type Live } from '#core/web/live.ts'
import { asProblem } from '#core/web/problem-error.ts'
import { browserStore, makeQueue } from '#core/web/queue.ts'
import { dropSeen, forgetRows, oldestShown, sweepAtContact } from '#core/web/seen.ts'
import { SessionProvider, signatureOf } from '#core/web/session.tsx'
import { setWorldTime, setZone } from '#core/web/time.ts'
import { chooseWorld, chosenWorld } from '#core/web/world-choice.ts'
import { whoAmI, whoSees } from './self.ts'
import { SelfAnswerHere } from './self-answer.ts'

/** Anybody who is signed in may ask who they are, so a refusal of that means that they are not. */
const refused = (error: unknown) => ['signed-out', 'not-allowed'].includes(asProblem(error).kind)

/** Whose answers are kept on this device. */
const personHere = 'concord.here'
const sendEvery = 20_000
/** An answer is asked for again soon, so that a post that ends leaves the band. */
const selfAge = 60_000

/** Finds out who is here, opens the live stream of their world, and sends what waited. Everything below reads it from the session. */
export function Start({ isOpen, children }: { isOpen: (pathname: string) => boolean; children: ReactNode }) {
  const client = useQueryClient()
  const here = useHere()
  const { data, error } = useQuery({
    queryKey: ['access.self'],
    queryFn: ({ signal }) => callQuery(whoAmI, {}, { signal }),
    retry: (count, failure) => count < 2 && asProblem(failure).kind === 'no-contact',
    refetchInterval: (query) => (query.state.error && refused(query.state.error) ? false : selfAge),
    enabled: !isOpen(here),
  })
  // an equal answer keeps its identity, so that asking again draws nothing anew
  const self = useMemo(() => (data ? { person: data.person, post: data.post, world: data.world } : null), [data])
  const worldId = self?.world.id ?? null
  const [queue] = useState(() => makeQueue(browserStore(), undefined, () => void client.invalidateQueries()))
  const [live, setLive] = useState<Live | null>(null)

  useEffect(() => setZone(data?.zone), [data?.zone])
  useEffect(() => {
    const time = data?.time
    setWorldTime(time ? { worldAt: Date.parse(time.worldAt), realAt: Date.parse(time.realAt), rate: time.rate } : null)
  }, [data?.time])
  useEffect(() => {
    if (worldId === null) return
    const readAgain = makeInvalidator(client)
    const opened = openLive(readAgain, { url: `/live?world=${encodeURIComponent(worldId)}` })
    // What changed after a page's first answer and before the stream's beginning is in neither: what is watched is read again, once.
    const leave = opened.subscribe(() => {
      if (opened.contact().state !== 'open') return
      leave()
      readAgain('*')
    })
    // Copies on this device obey what is said here: what may be taken back dies at contact, what is gone is forgotten.
    opened.subscribe(() => {
      if (opened.contact().state === 'open') void sweepAtContact(Date.now()).catch(() => {})
    })
    opened.hear(({ kind, id }) => {
      if (kind === 'gone') void forgetRows([id]).catch(() => {})
    })
    setLive(opened)
    return () => {
      opened.close()
      setLive(null)
    }
  }, [client, worldId])
  const personId = self?.person.id
  useEffect(() => {
    const before = localStorage.getItem(personHere)
    if (personId === undefined || before === personId) return
    // what the one before saw is not for this one
    const ready = before === null ? Promise.resolve() : dropSeen()
    void ready.then(
      () => localStorage.setItem(personHere, personId),
      () => {},
    )
  }, [personId])
  const as = self ? signatureOf(self) : null
  useEffect(() => {
    if (as === null) return
    const send = () => void queue.flush(as).catch(() => {})
    const maybe = () => {
      if (queue.read().some((item) => item.as === as && item.refused === undefined)) send()
    }
    send()
    addEventListener('online', send)
    const timer = setInterval(maybe, sendEvery)
    return () => {
      removeEventListener('online', send)
      clearInterval(timer)
    }
  }, [queue, as])
  useEffect(() => {
    if (!live || as === null) return undefined
    return live.subscribe(() => {
      if (live.contact().state !== 'open') return
      void queue.flush(as).catch(() => {})
      if (oldestShown() !== null) void client.invalidateQueries()
    })
  }, [live, queue, as, client])
  useEffect(() => {
    if (!error || isOpen(here) || !refused(error)) return
    // an exercise that has ended refuses everybody in it: back to live before anything else
    if (chosenWorld() !== null) chooseWorld(null)
    else location.assign(`/sign-in?then=${encodeURIComponent(here + location.search)}`)
  }, [error, here, isOpen])

  const noContact = !data && error !== null && asProblem(error).kind === 'no-contact'
  const session = useMemo(
    () => ({ self, queue, live, noContact, audienceOf: (label: number) => callQuery(whoSees, { label }) }),
    [self, queue, live, noContact],
  )
  return (
    <SelfAnswerHere value={data ?? null}>
      <SessionProvider session={session}>{children}</SessionProvider>
    </SelfAnswerHere>
  )
}

const useHere = () => useRouterState({ select: (state) => state.location.pathname })
