import { maybe, one, rows, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { Network, VersionLine } from './contract.ts'

/** The network as it stands in this transaction, as far as its person can read it. */
export const networkNow = async (tx: Tx) => (await one<{ network: Network }>(tx, sql`select structure.network_now() as network`)).network

const line = sql`id, number, in_force_from, basis, review_id`

/** Newest first. */
export const versions = (tx: Tx) => rows<VersionLine>(tx, sql`select ${line} from structure.versions order by number desc`)

/** The version in force at a moment; undefined before the first. An incident pins it. */
export const versionInForce = (tx: Tx, at: Date) =>
  maybe<VersionLine>(tx, sql`select ${line} from structure.versions where in_force_from <= ${at} order by number desc limit 1`)

/** Errors: not found. */
export const networkOf = async (tx: Tx, versionId: string) =>
  (await one<{ network: Network }>(tx, sql`select network from structure.versions where id = ${versionId}`)).network

/** Keeps the network as it stands as the next version, unless it says the same as the last one. Returns its id, or the last one's. */
export const keepVersion = async (tx: Tx, basis: VersionLine['basis'], reviewId: string | null) =>
  (await one<{ id: string }>(tx, sql`select structure.keep_version(${basis}, ${reviewId}) as id`)).id
