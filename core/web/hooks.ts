import { useCallback, useRef, useState, useSyncExternalStore } from 'react'
import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import type { z } from 'zod'
import { pathOf, type Operation } from '#core/operation/operation.ts'
import { callCommand, callQuery, currentWorld, newKey } from './client.ts'
import { watchesOf, type Contact } from './live.ts'
import { asProblem, type ProblemError } from './problem-error.ts'
import type { Waiting } from './queue.ts'
import type { Copy } from './seen.ts'
import { signatureOf, useSession } from './session.tsx'

export interface QueryOptions {
  /** Tables (`response.incidents`) whose news make this answer old: the live stream then reads it again. */
  watches?: readonly string[]
  /** `contact`: whoever gave it may take it back, so the device's copy dies when Concord is next heard. `never`: no copy. A shift unless said. */
  copy?: Copy
  /** False waits: nothing is asked. */
  when?: boolean
}

/** Asks an operation and keeps the answer fresh. `data` stays while it is read again; `error` is always a ProblemError. */
export function useQueryOf<I extends z.ZodType, O extends z.ZodType>(
  definition: Operation<I, O>,
  input: z.input<I>,
  options: QueryOptions = {},
): UseQueryResult<z.output<O>, ProblemError> {
  return useQuery<z.output<O>, ProblemError>({
    queryKey: [definition.name, currentWorld(), input],
    queryFn: ({ signal }) => callQuery(definition, input, { signal, copy: options.copy }),
    enabled: options.when ?? true,
    meta: { watches: options.watches ?? [] },
  })
}

export type Outcome<T> = { state: 'done'; output: T } | { state: 'queued' } | { state: 'refused'; problem: ProblemError }

export interface CommandOptionsOf {
  /** What the queue calls it while Concord is out of reach, in plain words: 'Accept the call-out'. Without it nothing is queued. */
  title?: string
  /** Tables that this deed changes, so that this window reads them again at once (the stream tells everybody else). */
  changes?: readonly string[]
}

export interface CommandOf<I, O> {
  /** Never throws: an outcome to look at. The same input again after a failure keeps its idempotency key. */
  run(input: I): Promise<Outcome<O>>
  state: 'idle' | 'sending' | 'done' | 'queued' | 'refused'
  problem: ProblemError | null
  output: O | null
  reset(): void
}

/** Does an operation. What a person wrote is never lost: the form keeps it, or the queue does. */
export function useCommandOf<I extends z.ZodType, O extends z.ZodType>(
  definition: Operation<I, O>,
  options: CommandOptionsOf = {},
): CommandOf<z.input<I>, z.output<O>> {
  const client = useQueryClient()
  const { self, queue } = useSession()
  const [shown, show] = useState<{
    state: CommandOf<unknown, z.output<O>>['state']
    problem: ProblemError | null
    output: z.output<O> | null
  }>({
    state: 'idle',
    problem: null,
    output: null,
  })
  const attempt = useRef<{ key: string; words: string } | null>(null)

  const run = async (input: z.input<I>): Promise<Outcome<z.output<O>>> => {
    const words = JSON.stringify(input)
    if (attempt.current?.words !== words) attempt.current = { key: newKey(), words }
    const { key } = attempt.current
    show({ state: 'sending', problem: null, output: null })
    try {
      const output = await callCommand(definition, input, { idempotencyKey: key })
      attempt.current = null
      show({ state: 'done', problem: null, output })
      const changed = options.changes ?? []
      await client.invalidateQueries({ predicate: (query) => watchesOf(query.meta).some((table) => changed.includes(table)) })
      return { state: 'done', output }
    } catch (error) {
      const problem = asProblem(error)
      if (problem.kind === 'no-contact' && options.title && self && queue && definition.input.safeParse(input).success) {
        await queue.add({ key, path: pathOf(definition), input, title: options.title, at: new Date().toISOString(), as: signatureOf(self) })
        attempt.current = null
        show({ state: 'queued', problem: null, output: null })
        return { state: 'queued' }
      }
      show({ state: 'refused', problem, output: null })
      return { state: 'refused', problem }
    }
  }
  const reset = useCallback(() => show({ state: 'idle', problem: null, output: null }), [])
  return { run, reset, ...shown }
}

const nothing: readonly Waiting[] = []
const silent = () => () => {}

/** What waits to be sent, for everybody who uses this device; show only your own. */
export function useWaiting(): readonly Waiting[] {
  const { queue } = useSession()
  return useSyncExternalStore(queue ? queue.subscribe : silent, () => queue?.read() ?? nothing)
}

const unknownContact: Contact = { state: 'connecting', since: '' }
export function useContact(): Contact {
  const { live } = useSession()
  return useSyncExternalStore(live ? live.subscribe : silent, () => live?.contact() ?? unknownContact)
}
