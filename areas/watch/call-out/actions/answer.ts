import { createHash } from 'node:crypto'
import type { Channel } from '#core/channels/channel.ts'
import type { InboundEvent } from '#core/channels/inbound.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { AskSeen } from '../contract.ts'
import * as store from '../store/answers.ts'

const hashOf = (token: string) => createHash('sha256').update(token).digest()

/** Reads what the page behind a link shows. Never changes anything: mail scanners open links. */
export const lookAtAsk = (tx: Tx, token: string, realAt: Date): Promise<AskSeen | undefined> => store.look(tx, hashOf(token), realAt)

/** Notes what somebody answered on the page behind their link. */
export const answerAsk = (tx: Tx, token: string, answer: 'accepted' | 'declined' | 'call-me', reason: string | null, realAt: Date) =>
  store.byToken(tx, hashOf(token), answer, reason, realAt)

/** Takes what a gateway's callback said: how far a message got, or what somebody answered. Unknown keys and codes change nothing. */
export async function takeInbound(tx: Tx, channel: Channel, event: InboundEvent, realAt: Date): Promise<void> {
  const way = channel === 'mail' ? 'page' : channel
  if (event.event === 'accepted' || event.event === 'declined') {
    const reason = event.reason ?? null
    if (event.replyCode !== undefined) await store.byCode(tx, event.replyCode, event.event, reason, way, realAt)
    else if (event.key !== undefined) await store.byKey(tx, event.key, event.event, reason, way, realAt)
  } else if (event.key !== undefined) {
    await store.noteReceipt(tx, event.key, event.event)
  }
}

/** An answer that could be read either way: a person at the desk has to look. */
export const noteUnclear = (tx: Tx, channel: Channel, replyCode: string, realAt: Date) =>
  store.byCode(tx, replyCode, 'unclear', null, channel === 'mail' ? 'page' : channel, realAt)
