import { maybe, one, run, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'

/** What the desk at the door may do before anybody has signed in: only these definer functions. Keys come as hashes. */

export interface LinkTo {
  mail: string
  language: string
  city: string
  minutes: number
}
/** Makes a one-time link when such an account exists; undefined otherwise, and nobody outside is told which. */
export const askLink = (tx: Tx, mail: string, link: Buffer) =>
  maybe<LinkTo>(tx, sql`select mail, language, city, minutes from access.ask_link(${mail}, ${link})`)
export const noteDelivery = (tx: Tx, link: Buffer, state: string) => run(tx, sql`select access.note_delivery(${link}, ${state})`)
/** Uses a link up and opens a session; undefined when it is unknown, used, late or not yet vouched for. */
export const useLink = (tx: Tx, link: Buffer, key: Buffer, name: string) =>
  maybe<{ person: string; how: string }>(tx, sql`select person, how from access.use_link(${link}, ${key}, ${name})`)

export const putChallenge = (tx: Tx, hash: Buffer, purpose: 'sign-in' | 'provider', state: unknown) =>
  run(tx, sql`select access.put_challenge(${hash}, ${purpose}, ${JSON.stringify(state)}::jsonb)`)
export const takeChallenge = async (tx: Tx, hash: Buffer, purpose: 'sign-in' | 'provider') =>
  (await one<{ state: unknown }>(tx, sql`select access.take_challenge(${hash}, ${purpose}) as state`)).state ?? undefined

export interface KnownPasskey {
  publicKey: Buffer
  counter: number
  transports: string[]
  person: string
}
export const passkeyFor = (tx: Tx, credential: string) =>
  maybe<KnownPasskey>(tx, sql`select public_key, counter, transports, person from access.passkey_for(${credential})`)
export const openByPasskey = async (tx: Tx, credential: string, counter: number, key: Buffer, name: string) =>
  (await one<{ person: string | null }>(tx, sql`select access.open_by_passkey(${credential}, ${counter}, ${key}, ${name}) as person`))
    .person ?? undefined

export interface Presented {
  issuer: string
  subject: string
  /** null unless the provider says that it has verified the address. */
  mail: string | null
  groups: readonly string[]
}
export const openByProvider = async (tx: Tx, { issuer, subject, mail, groups }: Presented, key: Buffer, name: string) =>
  (
    await one<{ person: string | null }>(
      tx,
      sql`select access.open_by_provider(${issuer}, ${subject}, ${mail}, ${groups}, ${key}, ${name}) as person`,
    )
  ).person ?? undefined

export const plead = async (tx: Tx, mail: string, link: Buffer, code: Buffer) =>
  (await one<{ until: string }>(tx, sql`select access.plead(${mail}, ${link}, ${code}) as until`)).until
export const pleaReady = async (tx: Tx, link: Buffer) =>
  (await one<{ ready: boolean }>(tx, sql`select access.plea_ready(${link}) as ready`)).ready
