import { createHash } from 'node:crypto'
import type { Tx } from '#core/operation/implement.ts'
import type { JudgedFile } from '../../cap/contract.ts'
import { judgeFile } from '../../cap/judge.ts'
import type { Received, Way } from '../contract.ts'
import { identityKey, type Planned, planReceiving, summaryOf } from '../rules.ts'
import * as store from '../store/receiving.ts'

/** Raw forms over these sizes are not kept: the hash and the reasons are. A carried alert's own bytes are always kept. */
const REFUSED_KEPT = 256 * 1024
const ENVELOPE_KEPT = 1024 * 1024

export interface Delivery {
  name: string
  bytes: Uint8Array
  way: Way
  sourceId: string | null
  /** What makes a retry the same delivery: it is then answered, not taken again. */
  receipt: string | null
  /** A feed that is asked every minute: a delivery with nothing new in it leaves no row. */
  quietWhenNothingNew?: boolean
  /** Said before it was opened, such as a body over the limit: it is refused without being judged; then there are no bytes, and `size` says how many came. */
  refusal?: string
  size?: number
}

export interface Receiving {
  tx: Tx
  world: 'live' | 'exercise'
  now: Date
  id: () => string
}

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Judges a delivery before a transaction is open; `anchors` are PEM texts. */
export function judgeDelivery(delivery: Delivery, anchors: string[], at: Date): JudgedFile {
  if (delivery.refusal !== undefined)
    return { verdict: { file: delivery.name, outcome: 'refused', reasons: [delivery.refusal], alerts: [] }, alerts: [] }
  return judgeFile(delivery.name, delivery.bytes, { anchors, at })
}

/**
 * Takes in one judged delivery, in the caller's transaction: stores what is new, leaves out duplicates, settles conflicts of identity, links
 * Updates and Cancels to what they name. Two deliveries of one identity at once wait for each other.
 * A receipt that was used before is answered as it was then. Undefined: nothing was new, and that was not to be noted.
 */
export async function takeIn(delivery: Delivery, judged: JudgedFile, { tx, world, now, id }: Receiving): Promise<Received | undefined> {
  if (delivery.sourceId !== null && delivery.receipt !== null) {
    // A retry that comes while the first is being taken in waits for it.
    await store.lockIdentities(tx, [`receipt ${delivery.sourceId} ${delivery.receipt}`])
    const before = await store.answeredTo(tx, delivery.sourceId, delivery.receipt)
    if (before !== null) return before
  }
  const own = judged.alerts.map((alert) => identityKey(alert.verdict, alert.bytesHash))
  const referred = judged.alerts.flatMap((alert) =>
    (alert.content?.references ?? []).filter((one) => one.usable).map((one) => identityKey(one, '')),
  )
  if (own.length > 0) await store.lockIdentities(tx, [...own, ...referred])
  const known = own.length > 0 ? await store.knownSignals(tx, own, referred) : []
  const plan = planReceiving(judged.alerts, known, world, id)
  const nothingNew = plan.alerts.length > 0 && plan.alerts.every((one) => one.result === 'duplicate')
  if (nothingNew && delivery.quietWhenNothingNew) return undefined

  const deliveryId = id()
  const sha256 = delivery.refusal === undefined ? sha256Of(delivery.bytes) : ''
  const originalId = keepWhole(delivery, judged, plan.alerts) ? id() : null
  if (originalId !== null) await store.putOriginal(tx, originalId, sha256, delivery.bytes)
  const outcome = judged.verdict.outcome === 'refused' && plan.alerts.length === 0 ? 'refused' : plan.outcome
  const received: Received = {
    deliveryId,
    file: delivery.name,
    outcome,
    reasons:
      outcome === 'duplicate'
        ? []
        : [...judged.verdict.reasons, ...plan.reasons.filter((reason) => !judged.verdict.reasons.includes(reason))],
    alerts: plan.alerts.map(({ verdict, result, signalId }) => ({ ...verdict, result, signalId })),
  }
  const { sourceId, way, name, receipt } = delivery
  await store.putDelivery(tx, {
    ...received,
    id: deliveryId,
    sourceId,
    way,
    name,
    sha256,
    size: delivery.size ?? delivery.bytes.byteLength,
    receivedAt: now,
    originalId,
    receipt,
  })
  for (const planned of plan.alerts) {
    if (planned.result !== 'stored' || planned.alert.content === null) continue
    const bare = planned.alert.bytesHash === sha256 && originalId !== null
    const ownBytes = bare ? originalId : id()
    if (!bare) await store.putOriginal(tx, ownBytes, planned.alert.bytesHash, planned.alert.bytes)
    const summary = summaryOf(planned.alert.content)
    await store.putSignal(tx, {
      planned,
      content: planned.alert.content,
      summary,
      deliveryId,
      originalId: ownBytes,
      sourceId,
      receivedAt: now,
    })
  }
  for (const holding of plan.holdings) if (holding.ids.length > 0) await store.holdSignals(tx, holding)
  for (const action of plan.actions) await store.noteAction(tx, id(), action, now)
  return received
}

/** A bare alert's file is its original. An envelope is kept beside its alerts when it brought something, a refused file when it is not too large. */
function keepWhole(delivery: Delivery, judged: JudgedFile, alerts: Planned[]): boolean {
  const { byteLength } = delivery.bytes
  if (byteLength === 0) return false
  if (alerts.every((one) => one.result !== 'stored')) return judged.verdict.outcome === 'refused' && byteLength <= REFUSED_KEPT
  return judged.alerts.length === 1 && judged.alerts[0]?.bytes === delivery.bytes ? true : byteLength <= ENVELOPE_KEPT
}
