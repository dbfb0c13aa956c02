import { maybe, one, rows, run, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { NewPasskey } from '../sign-in/store.ts'
import type { DuressPasskey } from './contract.ts'

export const secondSelf = async (tx: Tx) => (await one<{ person: string }>(tx, sql`select access.second_self() as person`)).person

export const addDuressPasskey = (tx: Tx, challenge: Buffer, key: NewPasskey) =>
  run(
    tx,
    sql`select access.add_duress_passkey(${challenge}, ${key.id}, ${key.credential}, ${key.name}, ${key.publicKey}, ${key.counter}, ${key.transports}, ${key.synced})`,
  )

export const duressPasskeys = (tx: Tx) => rows<DuressPasskey>(tx, sql`select id, name, added_at from access.my_duress_passkeys()`)

export const removeDuressPasskey = async (tx: Tx, id: string) =>
  (await one<{ gone: number }>(tx, sql`select access.remove_duress_passkey(${id}) as gone`)).gone

export interface AlarmRow {
  id: string
  person: string
  name: string
  at: string
  answeredBy: string | null
  answeredAt: string | null
  words: string | null
}
export const alarms = (tx: Tx) =>
  rows<AlarmRow>(tx, sql`select id, person, name, at, answered_by, answered_at, words from access.alarm_list()`)

export const answerAlarm = async (tx: Tx, id: string, words: string) =>
  (await one<{ answered: number }>(tx, sql`select access.answer_alarm(${id}, ${words}) as answered`)).answered

/** undefined: nobody, or more than one, is called so among those for whom the asker answers. */
export const signOutPerson = (tx: Tx, person: string, reason: string) =>
  maybe<{ name: string; ended: number }>(tx, sql`select name, ended from access.sign_out_person(${person}, ${reason})`)
