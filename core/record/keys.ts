import { mkdir, open, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { maybe, rows, run, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'
import { createSigningKey, readSigningKey, type SigningKey } from './tree/heads.ts'

/**
 * The secrets that this process can sign with. They are kept in the data folder (0600), never in the store they sign for, or given by the
 * environment. Several processes of one city share the folder, or are given the same secrets.
 */
export interface Keyring {
  /** Every key at hand, read again each time: another process may have made one. A file that cannot be read is left out and told. */
  keys(): Promise<SigningKey[]>
  /** A new key, safely on the disk before it is returned. Undefined where keys come from the environment: whoever runs the city gives the new one there. */
  make(): Promise<SigningKey | undefined>
}

/** `CONCORD_SIGNING_KEY`: one secret, or several with spaces or commas between them while one follows another. */
export function givenKeyring(origin: string, secrets: string): Keyring {
  const keys = secrets
    .split(/[\s,]+/)
    .filter((secret) => secret !== '')
    .map((secret) => readSigningKey(origin, secret))
  return { keys: () => Promise.resolve(keys), make: () => Promise.resolve(undefined) }
}

/** `<folder>/keys/<origin>.key` is the first key, `<origin>.<id>.key` each later one. `unreadable` is told of a file, by name, that holds no key or may not be read. */
export function folderKeyring(folder: string, origin: string, unreadable: (name: string) => void = () => {}): Keyring {
  const home = join(folder, 'keys')
  const mine = (name: string) =>
    name === `${origin}.key` || (name.startsWith(`${origin}.`) && /^[0-9a-f]{8}\.key$/.test(name.slice(origin.length + 1)))
  return {
    async keys() {
      const names = await readdir(home).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return []
        throw error
      })
      const found: SigningKey[] = []
      for (const name of names.filter(mine).sort()) {
        try {
          found.push(readSigningKey(origin, (await readFile(join(home, name), 'utf8')).trim()))
        } catch {
          unreadable(name)
        }
      }
      return found
    },
    async make() {
      const made = createSigningKey(origin)
      await mkdir(home, { recursive: true, mode: 0o700 })
      const file = await open(join(home, `${origin}.${made.key.id}.key`), 'wx', 0o600)
      await file.writeFile(`${made.secret}\n`)
      await file.sync()
      await file.close()
      // The name too: a key that signed a head and is gone after a power cut would be a lost key.
      const folderItself = await open(home, 'r')
      await folderItself.sync().catch(() => undefined)
      await folderItself.close()
      return made
    },
  }
}

/** The keyring of this process. */
export const keyringOf = (folder: string, origin: string, environment: NodeJS.ProcessEnv, unreadable?: (name: string) => void): Keyring =>
  environment.CONCORD_SIGNING_KEY ? givenKeyring(origin, environment.CONCORD_SIGNING_KEY) : folderKeyring(folder, origin, unreadable)

interface KeyRow {
  keyId: string
  publicKey: string
  untilAt: string | null
}

interface AskedChange {
  id: string
  kind: 'rotation' | 'loss'
  overlapHours: number
}

/** The keys that the record names, and a change of key that is asked for and not done: all that `signersNow` asks of the store, in one flight. */
export interface KeysAsked {
  announced: KeyRow[]
  asked: AskedChange | undefined
}
export async function keysAsked(tx: Tx): Promise<KeysAsked> {
  const [announced, asked] = await Promise.all([
    known(tx),
    maybe<AskedChange>(tx, sql`select id, kind, overlap_hours from record.key_changes where done_at is null order by asked_at limit 1`),
  ])
  return { announced, asked }
}

const known = (tx: Tx) => rows<KeyRow>(tx, sql`select key_id, public_key, until_at from record.signing_key order by from_at, key_id`)

const announce = (tx: Tx, key: SigningKey) =>
  run(tx, sql`insert into record.signing_key (key_id, public_key) values (${key.key.id}, ${key.key.text}) on conflict do nothing`)

/** Who signs the next head, and what that head says of the keys. */
export interface Signers {
  keys: readonly SigningKey[]
  keyChange?: string
  keyLost?: string
  /** Written in the same transaction as the head. */
  done(size: number): Promise<void>
}

const nothing = () => Promise.resolve()

/**
 * The keys that sign now: those announced and not ended; beside them, for its overlap, one that was rotated out. The very first key announces itself.
 * Undefined when no key of the record is at hand: nothing is signed then, because to sign with another key by itself would hide a loss.
 * Carries out a change of key that was asked for: the caller holds the sealing lock.
 */
export async function signersNow(tx: Tx, ring: Keyring, now: Date, { announced, asked }: KeysAsked): Promise<Signers | undefined> {
  const hand = await ring.keys()
  if (announced.length === 0) {
    const first = hand.at(-1) ?? (await ring.make())
    return first && { keys: [first], done: () => announce(tx, first) }
  }
  const standing = announced.filter(({ untilAt }) => untilAt === null || new Date(untilAt) > now)
  const keys = standing.flatMap(({ publicKey }) => hand.filter(({ key }) => key.text === publicKey))
  // One that was made and never announced is taken up again, so that a failed attempt leaves no heap of keys.
  const fresh = asked && (hand.find(({ key }) => !announced.some(({ publicKey }) => publicKey === key.text)) ?? (await ring.make()))
  const lost = asked?.kind === 'loss'
  if (asked === undefined || fresh === undefined || (!lost && keys.length === 0))
    return keys.length === 0 ? undefined : { keys, done: nothing }
  return {
    keys: lost ? [fresh] : [...keys, fresh],
    ...(lost ? { keyLost: fresh.key.text } : { keyChange: fresh.key.text }),
    async done(at) {
      const until = new Date(now.getTime() + (lost ? 0 : asked.overlapHours * 3_600_000))
      const ended = lost ? 'lost' : 'rotated'
      await run(
        tx,
        sql`update record.signing_key set until_at = ${until}, ended = coalesce(ended, ${ended}) where until_at is null or (${lost} and until_at > ${now})`,
      )
      await announce(tx, fresh)
      await run(
        tx,
        sql`update record.key_changes set old_key = ${standing.at(-1)?.keyId ?? null}, new_key = ${fresh.key.id}, at_size = ${at}, done_at = ${now} where id = ${asked.id}`,
      )
    },
  }
}

/** The keys at hand that stand in the record now: for what is signed between heads (statements to witnesses, receipts). */
export async function standingKeys(tx: Tx, ring: Keyring, now: Date): Promise<SigningKey[]> {
  const standing = (await known(tx)).filter(({ untilAt }) => untilAt === null || new Date(untilAt) > now)
  const hand = await ring.keys()
  return standing.flatMap(({ publicKey }) => hand.filter(({ key }) => key.text === publicKey))
}
