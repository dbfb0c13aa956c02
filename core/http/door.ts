import type { FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import type { LinkFor } from '#core/access/sign-in/send-link.ts'
import { signOut } from '#core/access/sign-in/store.ts'
import en from '#core/access/words/en.json' with { type: 'json' }
import fr from '#core/access/words/fr.json' with { type: 'json' }
import type { Config } from '#core/config.ts'
import type { Database } from '#core/db/tx.ts'
import { invalid } from '#core/errors.ts'
import type { Registry } from '#core/operation/perform.ts'
import type { Limits } from './limits.ts'
import type { ProviderConfig } from './provider-config.ts'
import { giveCookie, keyOf } from './session.ts'

/** How a one-time link leaves the city. Resolves to what became of it; `simulated` where there is no mail channel. Never throws. */
export type SendLink = (to: LinkFor, link: string) => Promise<'attempted' | 'delivered' | 'failed' | 'simulated'>

export interface SignInOptions {
  sendLink?: SendLink
  /** In a demo, a link that could not be sent is shown here (the log of who started it); never in a real city. */
  showLink?: (line: string) => void
  provider?: ProviderConfig
}

export interface Door {
  database: Database
  registry: Registry
  config: Config
  limits: Limits
  options: SignInOptions
}

export const words = { en: en.plain, fr: fr.plain }

/** The input of a route, by its schema. Errors: invalid, with the field. */
export function given<T extends z.ZodType>(schema: T, input: unknown): z.output<T> {
  const result = schema.safeParse(input ?? {})
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw invalid(issue?.path.join('.') || 'input', issue?.message ?? 'This input cannot be used.')
}

/** Puts a fresh session's cookie in the browser, and ends the session it had before: nobody keeps a key across a sign-in. */
export async function signedIn(door: Door, request: FastifyRequest, reply: FastifyReply, key: string): Promise<void> {
  const before = request.cookies && keyOf(request, door.config)
  if (before !== undefined && request.headers.authorization === undefined) {
    await door.database
      .change({ entering: { key: before, operation: 'access.signOut' }, run: async ({ tx }) => ({ value: await signOut(tx) }) })
      .catch(() => undefined)
  }
  giveCookie(reply, door.config, key)
}

const pause = (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds))
/** Whether an account exists must not be heard from how long the answer takes: no answer comes sooner than this. */
export const floor = 250
export async function evenly<T>(work: Promise<T>): Promise<T> {
  const [value] = await Promise.all([work, pause(floor + Math.random() * 100)])
  return value
}
