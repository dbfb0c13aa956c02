import pg from 'pg'
import { one, sql } from '#core/db/sql.ts'
import { id } from '#core/id.ts'
import { newKey } from './key.ts'
import type { Tx } from '#core/operation/implement.ts'

export interface NewCity {
  code: string
  name: string
  timeZone: string
}

/** Work by the owner's hand, in one transaction: founding, keys for the demo, and what no one person may read. Never for serving. */
export async function asOwner<T>(owner: pg.ClientConfig, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(owner)
  await client.connect()
  try {
    await client.query('begin; set local role concord_owner')
    const value = await work(client)
    await client.query('commit')
    return value
  } finally {
    await client.end()
  }
}

/**
 * Founds the city on first run, by the owner's hand: its name, and a first administrator, who may appoint everybody else.
 * Returns the administrator when the city is new, undefined when it was there already. Each grant is an entry of the ledger.
 */
export function foundCity(
  owner: pg.ClientConfig,
  city: NewCity,
  administrator: { name: string; mail: string },
): Promise<{ personId: string } | undefined> {
  return asOwner(owner, async (client) => {
    const made = await client.query('insert into access.city (code, name, time_zone) values ($1, $2, $3) on conflict do nothing', [
      city.code,
      city.name,
      city.timeZone,
    ])
    if (made.rowCount === 0) return undefined
    const personId = id()
    await client.query('insert into access.account (person, name, mail) values ($1, $2, $3)', [
      personId,
      administrator.name,
      administrator.mail,
    ])
    for (const token of [`city:${city.code}`, 'kind:administrator']) {
      await client.query("select access.put_reach($1, $2, null, null, 'access.founding')", [personId, token])
    }
    return { personId }
  })
}

/**
 * A fresh token for the operator of this machine (whoever can read the data folder can act as operator); earlier ones of the same
 * name end. The operator is a person like any other in the record, and may act for another person with both names kept.
 */
export function operatorToken(owner: pg.ClientConfig, name = 'Operator of this machine'): Promise<string> {
  return asOwner(owner, async (client) => {
    const key = newKey()
    const mail = 'operator@localhost'
    let personId = (await client.query<{ person: string }>('select person from access.account where mail = $1', [mail])).rows[0]?.person
    if (personId === undefined) {
      personId = id()
      await client.query('insert into access.account (person, name, mail) values ($1, $2, $3)', [personId, name, mail])
      const { code } = (await client.query<{ code: string }>('select code from access.city')).rows[0] ?? { code: 'unfounded' }
      for (const token of ['kind:operator', `city:${code}`])
        await client.query("select access.put_reach($1, $2, null, null, 'access.operator')", [personId, token])
    }
    await client.query("update access.session set ended_at = clock_timestamp() where person = $1 and kind = 'token' and ended_at is null", [
      personId,
    ])
    await client.query(
      "insert into access.session (key_hash, person, kind, name, expires_at) values (sha256($1), $2, 'token', 'this machine', clock_timestamp() + interval '1 year')",
      [Buffer.from(key), personId],
    )
    return key
  })
}

/** Keys for people of the demo city, made by the owner's hand so that an exercise can be played in their names; each ends by itself. */
export function playKeys(
  owner: pg.ClientConfig,
  people: ReadonlyArray<{ personId: string; postId: string | null }>,
): Promise<Map<string, string>> {
  return asOwner(owner, async (client) => {
    const keys = new Map<string, string>()
    for (const { personId, postId } of people) {
      const key = newKey()
      await client.query(
        `insert into access.session (key_hash, person, post, kind, name, expires_at)
         values (sha256($1), $2, $3, 'token', 'the demo exercise', clock_timestamp() + interval '2 hours')`,
        [Buffer.from(key), personId, postId],
      )
      keys.set(personId, key)
    }
    return keys
  })
}

/** The code of this city; it names its record. */
export const cityCode = async (tx: Tx): Promise<string> => (await one<{ code: string }>(tx, sql`select code from access.city`)).code

/**
 * A one-time sign-in link for a person, by the owner's hand: printed at the first start, for the first administrator.
 * Returns its path (`/sign-in/link/…`); it works for `minutes` from now. Earlier unused links of the person end.
 */
export function newLink(owner: pg.ClientConfig, personId: string, minutes = 60): Promise<string> {
  return asOwner(owner, async (client) => {
    const key = newKey()
    await client.query('update access.link set used_at = clock_timestamp() where person = $1 and used_at is null', [personId])
    await client.query(
      `insert into access.link (key_hash, person, how, opens_at, expires_at, delivery)
       values (sha256($1), $2, 'link', clock_timestamp(), clock_timestamp() + make_interval(mins => $3), 'printed')`,
      [Buffer.from(key), personId, minutes],
    )
    return `/sign-in/link/${key}`
  })
}
