import { one, rows, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { Provisioner } from './contract.ts'

export const provisioners = (tx: Tx) =>
  rows<Provisioner>(tx, sql`select id, name, made_at, used_at, expires_at from access.provisioner_list()`)
export const endProvisioner = async (tx: Tx, id: string) =>
  (await one<{ done: number }>(tx, sql`select access.end_provisioner(${id}) as done`)).done
export const makeProvisioner = async (tx: Tx, key: Buffer, name: string, expiresAt: string) =>
  (await one<{ id: string }>(tx, sql`select access.make_provisioner(${key}, ${name}, ${expiresAt}) as id`)).id

// What follows runs at the desk: each asks for the provider's key, as a hash, and is refused (not allowed) without it.

export const provisionerOf = (tx: Tx, key: Buffer) => rows(tx, sql`select access.provisioner_of(${key})`)

export interface ProvisionedUser {
  id: string
  userName: string
  externalId: string | null
  name: string
  givenName: string | null
  familyName: string | null
  mail: string | null
  language: string
  active: boolean
  madeAt: string
  changedAt: string
}
export interface Asked {
  field: 'all' | 'id' | 'username' | 'externalid' | 'mail' | 'displayname'
  value: string
}
export const users = async (tx: Tx, key: Buffer, { field, value }: Asked, from: number, most: number) => {
  const found = await rows<ProvisionedUser & { total: string }>(
    tx,
    sql`select total, id, user_name, external_id, name, given_name, family_name, mail, language, active, made_at, changed_at
        from access.provisioned_users(${key}, ${field}, ${value}, ${from}, ${most})`,
  )
  return { total: Number(found[0]?.total ?? 0), users: found }
}

export type Put = 'done' | 'absent' | 'taken' | 'guarded'
export const putUser = async (tx: Tx, key: Buffer, isNew: boolean, user: Omit<ProvisionedUser, 'madeAt' | 'changedAt'>) =>
  (
    await one<{ put: Put }>(
      tx,
      sql`select access.put_provisioned(${key}, ${isNew}, ${user.id}, ${user.userName}, ${user.externalId}, ${user.name}, ${user.givenName}, ${user.familyName},
            ${user.mail}, ${user.language}, ${user.active}) as put`,
    )
  ).put
export const removeUser = async (tx: Tx, key: Buffer, id: string) =>
  (await one<{ done: boolean }>(tx, sql`select access.remove_provisioned(${key}, ${id}) as done`)).done

export interface ProvisionedGroup {
  id: string
  name: string
  members: { value: string; display: string }[]
}
export const groups = (tx: Tx, key: Buffer, { field, value }: Asked) =>
  rows<ProvisionedGroup>(tx, sql`select id, name, members from access.provisioned_groups(${key}, ${field}, ${value})`)
/** Whose groups changed; null when there is no such group, or somebody in the list is nobody's user. */
export const putMembers = async (tx: Tx, key: Buffer, group: string, people: readonly string[], mode: 'add' | 'remove' | 'set') =>
  (
    await one<{ changed: string[] | null }>(
      tx,
      sql`select access.put_provisioned_members(${key}, ${group}, ${people}::uuid[], ${mode})::text[] as changed`,
    )
  ).changed
