import { createHash } from 'node:crypto'
import type { AlertVerdict, CapContent, CapOutcome, CapReference, CapRoute, CapSignature, JudgedAlert } from '../cap/contract.ts'
import { type ActedOn, actsOn, type Identity, type IdentityRuling, ruleOnIdentity } from '../cap/rules/identity.ts'
import { instantOf } from '../cap/rules/times.ts'
import type { InfoLine, Standing, Triage } from './contract.ts'

const sha256 = (content: string) => createHash('sha256').update(content).digest('hex')

/** Equal for equal identities, as rules/identity.ts has them. A message without a whole identity is known by its bytes alone. */
export function identityKey(identity: Identity, bytesHash: string): string {
  const parts = [identity.sender, identity.identifier, identity.sent].map((part) => part?.trim() ?? '')
  if (parts.includes('')) return sha256(`bytes\n${bytesHash}`)
  const [sender = '', identifier = '', sent = ''] = parts
  return sha256(`${sender}\n${identifier}\n${instantOf(sent) ?? sent}`)
}

export const referenceKeys = (references: readonly CapReference[]): string[] => [
  ...new Set(references.filter((reference) => reference.usable).map((reference) => identityKey(reference, ''))),
]

/** In an exercise every message is that world's own: nothing there can wake anybody for real, whatever the message says it is. */
export const routeIn = (world: 'live' | 'exercise', route: CapRoute): CapRoute => (world === 'exercise' ? 'live' : route)

export const canActivate = (signal: { standing: Standing; route: CapRoute }): boolean =>
  signal.standing !== 'quarantined' && signal.route === 'live'

/** Judged and assessed goes to the duty structure; a watch officer always keeps what the desk has judged. A label never narrows again. */
export const labelFor = (triage: Triage | null, wideAlready: boolean) =>
  wideAlready || triage === 'assess' || triage === 'activate'
    ? {
        clauses: [
          ['kind:watch-officer', 'kind:duty', 'kind:secretariat'],
          ['cleared:official-sensitive', 'kind:watch-officer'],
        ],
        marking: 'OFFICIAL-SENSITIVE // TLP:AMBER',
      }
    : { clauses: [['kind:watch-officer']], marking: 'OFFICIAL-SENSITIVE' }

const short = (text: string | null) => (text === null || text.length <= 300 ? text : `${text.slice(0, 299)}…`)

export const summaryOf = (content: CapContent): { infos: InfoLine[] } => ({
  infos: content.infos.slice(0, 8).map((info) => ({
    language: info.language,
    event: short(info.event),
    headline: short(info.headline),
    urgency: short(info.urgency),
    severity: short(info.severity),
    certainty: short(info.certainty),
    onset: short(info.onset ?? info.effective),
    expires: short(info.expires),
    area: short(
      info.areas
        .map((area) => area.areaDesc ?? '')
        .filter((words) => words !== '')
        .join(', ') || null,
    ),
  })),
})

/** A message of the same world: one that is stored, or one that comes earlier in the same file. */
export interface Known extends Identity {
  id: string
  identityKey: string
  msgType: string | null
  route: CapRoute
  standing: Standing
  signature: CapSignature
  bytesHash: string
  elementHash: string
  /** Only of Updates and Cancels that name one of the incoming messages. */
  refers: CapReference[]
}

export interface Planned {
  alert: JudgedAlert
  verdict: AlertVerdict
  result: 'stored' | 'duplicate' | 'refused'
  signalId: string | null
  route: CapRoute
  standing: Standing
  identityKey: string
  referenceKeys: string[]
  flags: string[]
}
export interface Holding {
  ids: string[]
  reason: string
}
export interface Acting {
  actingId: string
  targetId: string
  kind: ActedOn['by']
  otherSender: boolean
}
export interface Plan {
  alerts: Planned[]
  holdings: Holding[]
  actions: Acting[]
  outcome: 'accepted' | 'quarantined' | 'refused' | 'duplicate'
  /** Reasons that identity adds to those of the judge. */
  reasons: string[]
}

const worst = (outcomes: CapOutcome[]): CapOutcome =>
  outcomes.includes('refused') ? 'refused' : outcomes.includes('quarantined') ? 'quarantined' : 'accepted'

/**
 * What is to be done with the alerts of one judged file, against what is known: stored, left out as a duplicate, held, acted upon.
 * Decides everything before anything is written.
 */
export function planReceiving(
  alerts: readonly JudgedAlert[],
  stored: readonly Known[],
  world: 'live' | 'exercise',
  newId: () => string,
): Plan {
  const known: Known[] = stored.map((one) => ({ ...one }))
  const plan: Plan = { alerts: [], holdings: [], actions: [], outcome: 'accepted', reasons: [] }
  for (const alert of alerts) plan.alerts.push(planOne(alert, known, world, newId, plan))
  const fresh = plan.alerts.filter((one) => one.result !== 'duplicate')
  plan.outcome =
    fresh.length === 0 && plan.alerts.length > 0
      ? 'duplicate'
      : worst(plan.alerts.map((one) => (one.result === 'duplicate' ? 'accepted' : one.verdict.outcome)))
  return plan
}

function planOne(alert: JudgedAlert, known: Known[], world: 'live' | 'exercise', newId: () => string, plan: Plan): Planned {
  const verdict = { ...alert.verdict, errors: [...alert.verdict.errors] }
  const key = identityKey(verdict, alert.bytesHash)
  const references = alert.content?.references ?? []
  const route = routeIn(world, alert.route)
  const flags = [...new Set([...verdict.referenceFlags, ...verdict.geometryFlags])]
  const base = { alert, verdict, route, identityKey: key, referenceKeys: referenceKeys(references), flags }
  if (alert.content === null) return { ...base, result: 'refused', signalId: null, standing: 'quarantined' }

  const incoming = { ...verdict, bytesHash: alert.bytesHash, elementHash: alert.elementHash }
  const twin = known.find((one) => one.identityKey === key && one.bytesHash === alert.bytesHash)
  const ruling: IdentityRuling = twin ? { ruling: 'duplicate', of: twin.id } : ruleOnIdentity(incoming, known)
  if (ruling.ruling === 'duplicate') {
    const standing = known.find((one) => one.id === ruling.of)?.standing ?? 'accepted'
    return { ...base, result: 'duplicate', signalId: ruling.of, standing }
  }
  if (ruling.ruling === 'conflict') hold(ruling, known, verdict, plan)

  const signalId = newId()
  const standing: Standing = verdict.outcome === 'accepted' ? 'accepted' : 'quarantined'
  const self: Known = { ...incoming, id: signalId, identityKey: key, route, standing, refers: references }
  act(self, references, known, plan)
  known.push(self)
  return { ...base, result: 'stored', signalId, standing }
}

function hold(ruling: Extract<IdentityRuling, { ruling: 'conflict' }>, known: Known[], verdict: AlertVerdict, plan: Plan): void {
  plan.holdings.push({ ids: ruling.quarantineKnown, reason: ruling.reason })
  for (const one of known) if (ruling.quarantineKnown.includes(one.id) && one.standing === 'accepted') one.standing = 'quarantined'
  // An earlier alert of this very file is not stored yet: what is planned for it changes.
  for (const one of plan.alerts) {
    if (one.signalId === null || !ruling.quarantineKnown.includes(one.signalId) || one.result !== 'stored') continue
    one.standing = 'quarantined'
    one.verdict.outcome = 'quarantined'
    if (!one.verdict.errors.includes(ruling.reason)) one.verdict.errors.push(ruling.reason)
  }
  if (!ruling.quarantineIncoming) return
  verdict.outcome = 'quarantined'
  if (!verdict.errors.includes(ruling.reason)) verdict.errors.push(ruling.reason)
  if (!plan.reasons.includes(ruling.reason)) plan.reasons.push(ruling.reason)
}

/** What the new message acts on, and what stored ones that name it do to it: an Update may come before the message that it updates. */
function act(self: Known, references: CapReference[], known: Known[], plan: Plan): void {
  const link = (acting: Known, refers: CapReference[], targets: Known[]) => {
    // Acting is linked whatever its standing is now; a link counts only while the acting message is not in quarantine.
    for (const { id, by, otherSender } of actsOn({ ...acting, outcome: 'accepted', references: refers }, targets))
      plan.actions.push({ actingId: acting.id, targetId: id, kind: by, otherSender })
  }
  link(self, references, known)
  for (const earlier of known) if (earlier.refers.length > 0) link(earlier, earlier.refers, [self])
}
