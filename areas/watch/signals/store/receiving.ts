import { one, rows, run, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { CapContent } from '../../cap/contract.ts'
import type { Received, Way } from '../contract.ts'
import type { Acting, Holding, Known, Planned } from '../rules.ts'

/** The receiving side: each of these is a function of the database that checks who calls, since who hands in need not be able to read the desk. */

/** One after another for each identity, until the transaction ends. */
export const lockIdentities = (tx: Tx, keys: readonly string[]) => run(tx, sql`select watch.lock_identities(${keys}::text[])`)

export async function knownSignals(tx: Tx, own: readonly string[], referred: readonly string[]): Promise<Known[]> {
  return await rows<Known>(tx, sql`select * from watch.known_signals(${own}::text[], ${referred}::text[])`)
}

export const anchors = async (tx: Tx): Promise<string[]> =>
  (await rows<{ pem: string }>(tx, sql`select pem from watch.anchors_now() as pem`)).map(({ pem }) => pem)

/** What was answered to the delivery of this receipt, if there was one. */
export const answeredTo = async (tx: Tx, sourceId: string, receipt: string): Promise<Received | null> =>
  (await one<{ answer: Received | null }>(tx, sql`select watch.receipt_of(${sourceId}, ${receipt}) as answer`)).answer

export interface NewDelivery extends Omit<Received, 'deliveryId' | 'file'> {
  id: string
  sourceId: string | null
  way: Way
  name: string
  sha256: string
  size: number
  receivedAt: Date
  originalId: string | null
  receipt: string | null
}

export async function putDelivery(tx: Tx, delivery: NewDelivery): Promise<void> {
  const row = {
    id: delivery.id,
    source_id: delivery.sourceId,
    way: delivery.way,
    name: delivery.name,
    sha256: delivery.sha256,
    size: delivery.size,
    received_at: delivery.receivedAt,
    outcome: delivery.outcome,
    reasons: delivery.reasons.slice(0, 200),
    alerts: delivery.alerts,
    original_id: delivery.originalId,
    receipt: delivery.receipt,
  }
  await run(tx, sql`select watch.receive_delivery(${JSON.stringify(row)}::jsonb)`)
}

export const putOriginal = (tx: Tx, id: string, sha256: string, bytes: Uint8Array) =>
  run(tx, sql`select watch.receive_original(${id}, ${sha256}, ${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)})`)

export interface NewSignal {
  planned: Planned
  content: CapContent
  summary: unknown
  deliveryId: string
  originalId: string
  sourceId: string | null
  receivedAt: Date
}

export async function putSignal(
  tx: Tx,
  { planned, content, summary, deliveryId, originalId, sourceId, receivedAt }: NewSignal,
): Promise<void> {
  const { verdict, alert } = planned
  const row = {
    id: planned.signalId,
    delivery_id: deliveryId,
    original_id: originalId,
    source_id: sourceId,
    identity_key: planned.identityKey,
    reference_keys: planned.referenceKeys,
    identifier: verdict.identifier,
    sender: verdict.sender,
    sent: verdict.sent,
    status: verdict.status,
    msg_type: verdict.msgType,
    scope: verdict.scope,
    route: planned.route,
    outcome: verdict.outcome,
    standing: planned.standing,
    signature: verdict.signature,
    signer: content.signer,
    errors: verdict.errors,
    flags: planned.flags,
    summary,
    bytes_hash: alert.bytesHash,
    element_hash: alert.elementHash,
    received_at: receivedAt,
  }
  await run(
    tx,
    sql`select watch.receive_signal(${JSON.stringify(row)}::jsonb, ${JSON.stringify(content)}::jsonb, ${JSON.stringify(verdict)}::jsonb)`,
  )
}

export const holdSignals = (tx: Tx, { ids, reason }: Holding) => run(tx, sql`select watch.hold_signals(${ids}::uuid[], ${reason})`)

export const noteAction = (tx: Tx, id: string, acting: Acting, at: Date) =>
  run(tx, sql`select watch.note_action(${id}, ${acting.actingId}, ${acting.targetId}, ${acting.kind}, ${acting.otherSender}, ${at})`)
