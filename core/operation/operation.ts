import type { z } from 'zod'

/**
 * Who may call an operation: 'anyone' (no sign-in), 'person' (anybody signed in), or kinds of post, any one of which is enough.
 * The same is said again by a policy or constraint in SQL, which is what guards.
 */
export type Who = 'anyone' | 'person' | readonly PostKind[]

export const postKinds = [
  'watch-officer',
  'duty',
  'executive',
  'data-protection',
  'legal-adviser',
  'loggist',
  'secretariat',
  'chair',
  'neutral-commander',
  'communications',
  'inquiry',
  'administrator',
  'operator',
  'device',
] as const
export type PostKind = (typeof postKinds)[number]

export interface Operation<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  readonly kind: 'command' | 'query'
  /** `area.operationName`; the same words make the URL and the CLI verb. */
  readonly name: string
  readonly who: Who
  readonly summary: string
  readonly input: Input
  readonly output: Output
  /**
   * False: the answer is not kept with the idempotency key, because it says what only a look under today's labels may say. Sending such a
   * command again is another deed, with an entry of its own. Default: kept.
   */
  readonly kept?: boolean
}

type Words<I extends z.ZodType, O extends z.ZodType> = Omit<Operation<I, O>, 'kind' | 'name'>

/** Something a person does: one transaction, one idempotency key, entries in the ledger. */
export const command = <I extends z.ZodType, O extends z.ZodType>(name: string, words: Words<I, O>): Operation<I, O> => ({
  kind: 'command',
  name,
  ...words,
})

/** Something a person asks: reads only. */
export const query = <I extends z.ZodType, O extends z.ZodType>(name: string, words: Words<I, O>): Operation<I, O> => ({
  kind: 'query',
  name,
  ...words,
})

/** `recordDecision` is record-decision. */
export const kebab = (word: string) => word.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** `response.appointNeutralCommander` → `['response', 'appoint-neutral-commander']`. */
export function wordsOf(operation: Operation): readonly [area: string, verb: string] {
  const [area, verb] = operation.name.split('.')
  if (!area || !verb) throw new Error(`operation ${operation.name} is not named area.operationName`)
  return [area, kebab(verb)]
}

export const pathOf = (operation: Operation): string => `/api/${wordsOf(operation).join('/')}`
