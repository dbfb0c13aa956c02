import type { CapOutcome, CapReference, CapRoute, CapSignature } from '../contract.ts'
import { instantOf } from './times.ts'

/** Which message is which: duplicates, conflicts, and what an Update or Cancel acts on. Pure. */

export type Identity = { sender: string | null; identifier: string | null; sent: string | null }

/** Equal sender and identifier to the letter, and the same instant (or, where a time cannot be read, the same text). A missing part equals nothing. */
export function sameIdentity(one: Identity, other: Identity): boolean {
  if (!complete(one) || !complete(other)) return false
  return one.sender.trim() === other.sender.trim() && one.identifier.trim() === other.identifier.trim() && sameTime(one.sent, other.sent)
}

export type KnownMessage = Identity & {
  /** The store's own name for it. */
  id: string
  bytesHash: string
  elementHash: string
  signature: CapSignature
}

export type IdentityRuling =
  | { ruling: 'new' }
  /** Nothing to store: `of` is the message that was already there. */
  | { ruling: 'duplicate'; of: string }
  /** `quarantineIncoming`, and the ids of those known that are to be quarantined; the one that verifies, if exactly one does, keeps its own outcome. */
  | { ruling: 'conflict'; quarantineIncoming: boolean; quarantineKnown: string[]; stands: string | 'incoming' | null; reason: string }

/** The message that comes in against all that are known (in any order; others than those of the same identity are ignored). */
export function ruleOnIdentity(incoming: Omit<KnownMessage, 'id'>, known: KnownMessage[]): IdentityRuling {
  const same = known.filter((message) => sameIdentity(message, incoming))
  const twin = same.find((message) => sameBytes(message, incoming))
  if (twin !== undefined) return { ruling: 'duplicate', of: twin.id }
  if (same.length === 0) return { ruling: 'new' }
  const verified = same.filter((message) => message.signature === 'verified').map((message) => message.id)
  const stands = [...verified, ...(incoming.signature === 'verified' ? ['incoming'] : [])]
  const one = stands.length === 1 ? (stands[0] as string) : null
  return {
    ruling: 'conflict',
    quarantineIncoming: one !== 'incoming',
    quarantineKnown: same.map((message) => message.id).filter((id) => id !== one),
    stands: one,
    reason:
      one === null
        ? 'another message with the same sender, identifier and sent says something else; all of them wait for a person'
        : 'another message with the same sender, identifier and sent says something else; only the one whose signature is verified stands',
  }
}

export type ActingMessage = Identity & { msgType: string | null; outcome: CapOutcome; route: CapRoute; references: CapReference[] }
export type ActedOn = { id: string; by: 'update' | 'cancel'; otherSender: boolean }

/**
 * What an Update or Cancel acts on: only messages that it names by a usable reference, only once it is itself accepted, and never from the
 * not-actual tray on a live message or the other way round. Anything else changes nothing.
 */
export function actsOn(message: ActingMessage, known: (Identity & { id: string; route: CapRoute })[]): ActedOn[] {
  const by = message.msgType === 'Update' ? 'update' : message.msgType === 'Cancel' ? 'cancel' : undefined
  if (by === undefined || message.outcome !== 'accepted') return []
  const named = message.references.filter((reference) => reference.usable)
  return known
    .filter(
      (target) =>
        target.route === message.route && !sameIdentity(target, message) && named.some((reference) => sameIdentity(reference, target)),
    )
    .map((target) => ({ id: target.id, by, otherSender: target.sender?.trim() !== message.sender?.trim() }))
}

/** CAP status to where the message goes. A status that cannot be read is never live. */
export function routeOf(status: string | null): CapRoute {
  return status === 'Actual' ? 'live' : 'not-actual'
}

/* An alert sent bare and the same alert inside a feed differ in what surrounds the element; the element itself is the message. */
function sameBytes(one: Omit<KnownMessage, 'id'>, other: Omit<KnownMessage, 'id'>): boolean {
  return one.bytesHash === other.bytesHash || one.elementHash === other.bytesHash || one.bytesHash === other.elementHash
}

function sameTime(one: string, other: string): boolean {
  if (one.trim() === other.trim()) return true
  const instant = instantOf(one)
  return instant !== undefined && instant === instantOf(other)
}

function complete(identity: Identity): identity is { sender: string; identifier: string; sent: string } {
  return Boolean(identity.sender?.trim() && identity.identifier?.trim() && identity.sent?.trim())
}
