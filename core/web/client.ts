import type { z } from 'zod'
import { pathOf, type Operation } from '#core/operation/operation.ts'
import { takeEarly } from './early.ts'
import { ProblemError, problemFrom, worthRetrying } from './problem-error.ts'
import { type Copy, dropSeen, forgetSeen, keepSeen, recallSeen, showFresh, showSeen } from './seen.ts'

export interface CallOptions {
  signal?: AbortSignal
}
export interface AskOptions extends CallOptions {
  /** How long the answer may be shown again without asking; a shift unless said. */
  copy?: Copy | undefined
}
export interface CommandOptions extends CallOptions {
  /** The same key for every attempt at one deed, so that the server does it once. A fresh one when left out. */
  idempotencyKey?: string
}

type Definition<I extends z.ZodType, O extends z.ZodType> = Operation<I, O>

/** The world of this window; every call and the live stream carry it. Set once, before anything is drawn, to what the window asked for; null is live. */
let worldId: string | null = null
export const setWorld = (id: string | null) => {
  worldId = id
}
export const currentWorld = () => worldId

export const newKey = (): string => crypto.randomUUID()

const patience = 15_000
const waits = [300, 900]
const pause = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds))

async function ask(path: string, init: RequestInit, signal?: AbortSignal): Promise<unknown> {
  const limit = AbortSignal.timeout(patience)
  let answer: Response
  try {
    const early = init.method === 'GET' ? takeEarly(path) : undefined
    answer = await (early ??
      fetch(path, {
        ...init,
        credentials: 'same-origin',
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
        headers: {
          accept: 'application/json',
          ...(worldId ? { 'concord-world': worldId } : {}),
          ...(init.headers as Record<string, string> | undefined),
        },
      }))
  } catch (error) {
    if (signal?.aborted) throw error
    throw new ProblemError('no-contact', '')
  }
  const text = await answer.text().catch(() => '')
  const body = parsed(text)
  if (answer.ok) return body
  const problem = problemFrom(answer.status, body)
  if (problem.kind === 'signed-out') await dropSeen().catch(() => {})
  throw problem
}

/** Asks; without contact, answers what this session saw last, and says on the screen that it is old. */
async function askOrRecall(path: string, signal?: AbortSignal, copy?: Copy): Promise<unknown> {
  const question = `${worldId ?? ''} ${path}`
  const asked = Date.now()
  try {
    const body = await ask(path, { method: 'GET' }, signal)
    showFresh(path)
    void keepSeen(question, body, asked, copy).catch(() => {})
    return body
  } catch (error) {
    // it is not there for this viewer any more: neither is its copy
    if (error instanceof ProblemError && error.kind === 'not-found') await forgetSeen(question).catch(() => {})
    const seen =
      error instanceof ProblemError && error.kind === 'no-contact' ? await recallSeen(question).catch(() => undefined) : undefined
    if (!seen) throw error
    showSeen(path, seen.at)
    return seen.body
  }
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
  options: AskOptions = {},
): Promise<z.output<O>> {
  const words = input === undefined || (typeof input === 'object' && input !== null && Object.keys(input).length === 0)
  const search = words ? '' : `?input=${encodeURIComponent(JSON.stringify(input))}`
  return (await askOrRecall(pathOf(definition) + search, options.signal, options.copy)) as z.output<O>
}
