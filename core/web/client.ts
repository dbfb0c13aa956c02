import type { z } from 'zod'
import { pathOf, type Operation } from '#core/operation/operation.ts'
import { ProblemError, problemFrom, worthRetrying } from './problem-error.ts'

export interface CallOptions {
  signal?: AbortSignal
}
export interface CommandOptions extends CallOptions {
  /** The same key for every attempt at one deed, so that the server does it once. A fresh one when left out. */
  idempotencyKey?: string
}

type Definition<I extends z.ZodType, O extends z.ZodType> = Operation<I, O>

/** The world of this window; every call and the live stream carry it. Set once by the shell, from who you are. */
let worldId: string | null = null
export const setWorld = (id: string | null) => {
  worldId = id
}
export const currentWorld = () => worldId

const chosen = 'concord.world'
/** The world that this window asked for; null is the one its session is in. A second window can be in another. */
export const chosenWorld = (): string | null => sessionStorage.getItem(chosen)
/** Enters a world (an exercise, or live again) and begins anew there, so that nothing of the other stays on the screen. */
export function chooseWorld(id: string | null): void {
  if (id === null) sessionStorage.removeItem(chosen)
  else sessionStorage.setItem(chosen, id)
  location.assign('/')
}

export const newKey = (): string => crypto.randomUUID()

const patience = 15_000
const waits = [300, 900]
const pause = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds))

async function ask(path: string, init: RequestInit, signal?: AbortSignal): Promise<unknown> {
  const limit = AbortSignal.timeout(patience)
  let answer: Response
  try {
    answer = await fetch(path, {
      ...init,
      credentials: 'same-origin',
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
      headers: {
        accept: 'application/json',
        ...(worldId ? { 'concord-world': worldId } : {}),
        ...(init.headers as Record<string, string> | undefined),
      },
    })
  } catch (error) {
    if (signal?.aborted) throw error
    throw new ProblemError('no-contact', '')
  }
  const text = await answer.text().catch(() => '')
  const body = parsed(text)
  if (!answer.ok) throw problemFrom(answer.status, body)
  return body
}

function parsed(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * Sends a deed by its operation's name, so that a queued one can be sent from its stored words alone.
 * Tries again twice with the same key when Concord does not answer; then throws a ProblemError.
 */
export async function sendCommand(path: string, input: unknown, idempotencyKey: string, signal?: AbortSignal): Promise<unknown> {
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': idempotencyKey },
    body: JSON.stringify(input ?? {}),
  }
  for (const wait of [...waits, null]) {
    try {
      return await ask(path, init, signal)
    } catch (error) {
      if (wait === null || !(error instanceof ProblemError) || !worthRetrying(error)) throw error
      await pause(wait * (0.75 + Math.random() / 2))
    }
  }
  throw new ProblemError('no-contact', '')
}

/** Does a thing: POST with an idempotency key. Throws ProblemError. */
export async function callCommand<I extends z.ZodType, O extends z.ZodType>(
  definition: Definition<I, O>,
  input: z.input<I>,
  options: CommandOptions = {},
): Promise<z.output<O>> {
  return (await sendCommand(pathOf(definition), input, options.idempotencyKey ?? newKey(), options.signal)) as z.output<O>
}

/** Asks a thing: GET with the input as JSON. Throws ProblemError. */
export async function callQuery<I extends z.ZodType, O extends z.ZodType>(
  definition: Definition<I, O>,
  input: z.input<I>,
  options: CallOptions = {},
): Promise<z.output<O>> {
  const words = input === undefined || (typeof input === 'object' && input !== null && Object.keys(input).length === 0)
  const search = words ? '' : `?input=${encodeURIComponent(JSON.stringify(input))}`
  return (await ask(pathOf(definition) + search, { method: 'GET' }, options.signal)) as z.output<O>
}
