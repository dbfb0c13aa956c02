import type { z } from 'zod'
import type { Clock } from '#core/clock.ts'
import type { Operation } from './operation.ts'

declare const opaque: unique symbol
/** An open transaction in which somebody has become a person. Only store.ts files unwrap it (core/db/sql.ts). */
export interface Tx {
  readonly [opaque]: never
}

export interface World {
  id: string
  kind: 'live' | 'exercise'
  name: string
}

/** Who acts: a person, in a post, in a world. `reach` is what the database says they hold, for words on a page; never for a decision. */
export interface Actor {
  personId: string
  name: string
  postId: string | null
  agencyId: string | null
  world: World
  reach: readonly string[]
}

export type Emit = (name: string, payload: unknown) => void

export interface Doing<Input> {
  input: Input
  tx: Tx
  actor: Actor
  clock: Clock
  /** Tell higher areas, in this transaction, once the action has returned. */
  emit: Emit
  id: () => string
}

export interface Implementation {
  operation: Operation
  /** Work that takes long and needs no store, done for whoever may do the deed before its transaction begins: nobody waits for it. */
  prepare?(input: unknown): Promise<unknown>
  run(doing: Doing<unknown>, prepared?: unknown): Promise<unknown>
}

export const implement = <I extends z.ZodType, O extends z.ZodType>(
  operation: Operation<I, O>,
  run: (doing: Doing<z.output<I>>) => Promise<z.input<O>>,
): Implementation => ({ operation, run: run as Implementation['run'] })

/** As `implement`, with work before the transaction; what it made is given to `run`. */
export const implementPrepared = <I extends z.ZodType, O extends z.ZodType, P>(
  operation: Operation<I, O>,
  prepare: (input: z.output<I>) => Promise<P>,
  run: (doing: Doing<z.output<I>>, prepared: P) => Promise<z.input<O>>,
): Implementation => ({ operation, prepare: prepare as Implementation['prepare'] & {}, run: run as Implementation['run'] })

/** "When X happened below, do Y": the only backward flow between areas. Runs in the transaction of X. */
export interface Reaction {
  on: string
  run(payload: never, doing: Omit<Doing<null>, 'input'>): Promise<void>
}

export const react = <P>(on: string, run: (payload: P, doing: Omit<Doing<null>, 'input'>) => Promise<void>): Reaction => ({ on, run })

/** A timed duty: run again and again by the jobs loop of some server process, never by two at once. */
export interface Job {
  name: string
  everySeconds: number
  /** 'more': something is due still, left for a transaction of its own; run again at once. */
  run(doing: Omit<Doing<null>, 'input' | 'actor'> & { world: World }): Promise<void | 'more'>
}

/** Asks the running server for an operation, as the command line does. Throws what it answered, in words. */
export type Ask = (operation: Operation, input: unknown) => Promise<unknown>

/** Fetches a file that an answer of the running server named, piece by piece, with the same token. */
export type Take = (path: string) => Promise<AsyncIterable<Uint8Array>>

/**
 * A form of an operation that works on files here, asked for by a flag: `concord watch ingest FILE… --dry-run`. It needs no server, unless it asks.
 * Returns the exit code.
 */
export interface Offline {
  operation: Operation
  /** `dryRun`, `offline`, or a field or a flag of `takes` that then names a file. */
  flag: string
  /** More flags of this form that take a file, each with what it is for. */
  takes?: Readonly<Record<string, string>>
  run(files: string[], flags: Readonly<Record<string, string | boolean | undefined>>, ask: Ask, take: Take): Promise<number>
}

/** What a token is called: a post's title with its agency, a group's name. */
export interface TokenName {
  name: string
  agency?: string
}

/** Names for the tokens that an area grants, as far as the viewer may read them; unknown ones are left out. */
export type NameTokens = (tx: Tx, tokens: readonly string[]) => Promise<Readonly<Record<string, TokenName>>>

/** A kind of row as a chapter of a pack shows it: the column that says when it happened, and those that hold its words, in their order. */
export interface PackTable {
  table: string
  at?: string
  words: readonly string[]
}

/** What belongs to a thread (an incident) besides its own rows. */
export interface Belonging {
  threads?: readonly string[]
  rows?: readonly { table: string; id: string }[]
}

/** A chapter of a disclosure pack: core gathers the entries, the area says which are whose, and what else belongs to the thread. */
export interface PackSection {
  /** Names a file of the pack: small letters and hyphens, and nothing of any content. */
  name: string
  title: Readonly<Record<'en' | 'fr', string>>
  tables: readonly PackTable[]
  /** The tokens that every member of a thread of this area holds. */
  members?(thread: string): readonly string[]
  /** Asked again while something new belongs. `circles`: tokens of circles in the labels of the threads. */
  belongs?(tx: Tx, to: { threads: readonly string[]; circles: readonly string[] }): Promise<Belonging>
}

/** One line of a check: so, not so, or not looked at. `code` names its words in the area's catalogue (`check.<code>`), filled with `params`. */
export interface CheckLine {
  code: string
  state: 'pass' | 'fail' | 'unknown'
  params?: Readonly<Record<string, string | number>>
}

/** What an area adds to *could we convene tonight?*: asked of a group and its core members, read as whoever asks. */
export interface Check {
  run(tx: Tx, asked: { groupId: string; agencyIds: readonly string[]; at: Date }): Promise<readonly CheckLine[]>
}

/** An organisation as a marking may name it (REL TO, ORIGINATOR): its word there, its name, and the token of its people. */
export interface Organisation {
  token: string
  word: string
  name: string
}

/** How long posts took to accept when they were called; null seconds: nobody ever did. As far as whoever asks can read it. */
export type Acceptances = (tx: Tx) => Promise<readonly { postId: string; seconds: number | null }[]>

/** What an area shows of itself to the doors: its operations, reactions and timed duties. */
export interface Area {
  name: string
  features: readonly (readonly Implementation[])[]
  reactions?: readonly Reaction[]
  jobs?: readonly Job[]
  offline?: readonly Offline[]
  names?: NameTokens
  /** Whom markings may name, as far as whoever asks can read of them. */
  organisations?(tx: Tx): Promise<readonly Organisation[]>
  packSections?: readonly PackSection[]
  /** What its threads are called and on which page they stand, of these that whoever asks can read. */
  threads?(tx: Tx, ids: readonly string[]): Promise<readonly { id: string; name: string; path: string }[]>
  checks?: readonly Check[]
  acceptances?: Acceptances
}
