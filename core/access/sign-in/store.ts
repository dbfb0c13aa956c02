import { maybe, one, rows, run, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { Clauses } from '../label.ts'
import type { Reason } from './audience.ts'
import type { Device, Group, Note, Passkey, Rule, Session } from './contract.ts'

export const city = (tx: Tx) =>
  one<{ code: string; name: string; timeZone: string }>(tx, sql`select code, name, time_zone from access.city`)
export const language = async (tx: Tx, personId: string) =>
  (await maybe<{ language: string }>(tx, sql`select language from access.account where person = ${personId}`))?.language ?? 'en'
export const chooseLanguage = (tx: Tx, personId: string, chosen: string) =>
  run(tx, sql`update access.account set language = ${chosen} where person = ${personId}`)
export const rateOf = async (tx: Tx, world: string) =>
  (await one<{ rate: number }>(tx, sql`select rate from access.world where id = ${world}`)).rate

export interface Here {
  id: string
  kind: Session['kind']
  how: Session['how']
  expiresAt: string
  strongUntil: string | null
  sure: boolean
  hasPasskey: boolean
}
export const here = (tx: Tx) =>
  one<Here>(tx, sql`select id, kind, how, expires_at, strong_until, sure, has_passkey from access.my_session()`)
export const choosePost = (tx: Tx, postId: string | null) => run(tx, sql`select access.choose_post(${postId})`)
/** Has this session shown a passkey within the last minutes? */
export const isStrong = async (tx: Tx) => (await one<{ strong: boolean }>(tx, sql`select access.is_strong() as strong`)).strong

export const sessions = (tx: Tx) =>
  rows<Session>(tx, sql`select id, kind, how, name, opened_at, seen_at, expires_at, this from access.my_sessions()`)
export const passkeys = (tx: Tx) =>
  rows<Passkey & { credential: string; transports: string[] }>(
    tx,
    sql`select id, name, added_at, used_at, synced, credential, transports from access.my_passkeys()`,
  )
export const notes = (tx: Tx, personId: string) =>
  rows<Note>(
    tx,
    sql`select id, kind, words, coalesce(by_person = ${personId}, false) as by_you, at from access.note where person = ${personId} order by at desc, id limit 50`,
  )
const count = async (tx: Tx, statement: ReturnType<typeof sql>) => (await one<{ done: number }>(tx, statement)).done
export const endSession = (tx: Tx, id: string) => count(tx, sql`select access.end_session(${id}) as done`)
export const endSessions = (tx: Tx, hereToo: boolean) => count(tx, sql`select access.end_sessions(${hereToo}) as done`)
export const signOut = (tx: Tx) => run(tx, sql`select access.sign_out()`)
export const namePasskey = (tx: Tx, id: string, name: string) => count(tx, sql`select access.name_passkey(${id}, ${name}) as done`)
export const removePasskey = (tx: Tx, id: string) => count(tx, sql`select access.remove_passkey(${id}) as done`)
export const makeToken = async (tx: Tx, key: Buffer, name: string, expiresAt: string) =>
  (await one<{ id: string }>(tx, sql`select access.make_token(${key}, ${name}, ${expiresAt}) as id`)).id

export const askOwn = (tx: Tx, challenge: Buffer, purpose: 'add-passkey' | 'step-up') =>
  run(tx, sql`select access.ask_own(${challenge}, ${purpose})`)
export interface NewPasskey {
  id: string
  credential: string
  name: string
  publicKey: Buffer
  counter: number
  transports: string[]
  synced: boolean
}
export const addPasskey = (tx: Tx, challenge: Buffer, key: NewPasskey) =>
  run(
    tx,
    sql`select access.add_passkey(${challenge}, ${key.id}, ${key.credential}, ${key.name}, ${key.publicKey}, ${key.counter}, ${key.transports}, ${key.synced})`,
  )
export const stepUp = async (tx: Tx, challenge: Buffer, credential: string, counter: number, key: Buffer) =>
  (await one<{ done: boolean }>(tx, sql`select access.step_up(${challenge}, ${credential}, ${counter}, ${key}) as done`)).done

export const plea = (tx: Tx, code: Buffer) =>
  maybe<{ personId: string; name: string; expiresAt: string }>(
    tx,
    sql`select person as person_id, name, expires_at from access.plea_of(${code})`,
  )
export const vouch = (tx: Tx, id: string, code: Buffer, personId: string) =>
  maybe<{ vouchers: string[]; related: boolean; ready: boolean }>(
    tx,
    sql`select vouchers, related, ready from access.vouch_for(${id}, ${code}, ${personId})`,
  )

export const groups = (tx: Tx) =>
  rows<Group>(tx, sql`select id, name, tokens from access.provider_group where ended_at is null order by name`)
export const mapGroup = (tx: Tx, id: string, name: string, tokens: readonly string[], label: number) =>
  one<Group>(
    tx,
    sql`insert into access.provider_group (id, name, tokens, label) values (${id}, ${name}, ${tokens}, ${label})
        on conflict (name) do update set tokens = excluded.tokens, ended_at = null returning id, name, tokens`,
  )
export const unmapGroup = (tx: Tx, id: string, at: Date) =>
  one(tx, sql`update access.provider_group set ended_at = ${at} where id = ${id} and ended_at is null returning id`)

const minutes = sql`(extract(epoch from session_for) / 60)::int as session, (extract(epoch from idle_for) / 60)::int as idle,
  (extract(epoch from strong_for) / 60)::int as strong, (extract(epoch from link_for) / 60)::int as link, (extract(epoch from plea_for) / 60)::int as plea`
export const rule = (tx: Tx) => one<Rule>(tx, sql`select ${minutes} from access.sign_in_rule`)
export const setRule = (tx: Tx, { session, idle, strong, link, plea }: Rule) =>
  one<Rule>(
    tx,
    sql`update access.sign_in_rule set session_for = make_interval(mins => ${session}), idle_for = make_interval(mins => ${idle}),
          strong_for = make_interval(mins => ${strong}), link_for = make_interval(mins => ${link}), plea_for = make_interval(mins => ${plea})
        returning ${minutes}`,
  )

export const devices = (tx: Tx) => rows<Device>(tx, sql`select id, name, seen_at, expires_at, open from access.device_list()`)
export const enrolDevice = async (tx: Tx, personId: string, name: string, link: Buffer) =>
  (await one<{ until: string }>(tx, sql`select access.enrol_device(${personId}, ${name}, ${link}) as until`)).until
export const endDevice = (tx: Tx, id: string) => count(tx, sql`select access.end_device(${id}) as done`)

export const labelById = (tx: Tx, label: number) =>
  one<{ clauses: Clauses; marking: string }>(tx, sql`select clauses, marking from access.label where id = ${label}`)
/** Which of the asker's tokens let them in under a label, from what each came, until when; nothing about a label that they cannot read. */
export const reasons = (tx: Tx, label: number) => rows<Reason>(tx, sql`select clause, token, source, until from access.why(${label})`)
export const sweep = (tx: Tx) => run(tx, sql`select access.sweep()`)
