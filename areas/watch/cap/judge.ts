import { createHash, type X509Certificate } from 'node:crypto'
import { anchorsFrom } from '#core/xml/certificates.ts'
import { XmlRefusal } from '#core/xml/refusal.ts'
import type { AlertVerdict, CapOutcome, JudgedAlert, JudgedFile } from './contract.ts'
import { type FoundAlert, findAlerts } from './rules/find-alerts.ts'
import { routeOf, ruleOnIdentity } from './rules/identity.ts'
import { judgeAlert } from './rules/judge-alert.ts'

export type JudgeOptions = {
  /** Bytes; default 4 MiB (core/xml/gate.ts). */
  maxBytes?: number | undefined
  /** PEM texts of certificates that a signature must lead to; none configured: a sound signature is only *present*. */
  anchors?: string[] | undefined
  /** When it is judged: certificates must be in date then. */
  at?: Date | undefined
}

/**
 * Judges one file by itself: a bare CAP alert, or whatever alerts a feed or envelope carries. Never throws for what the bytes hold.
 * @throws Error only when a configured anchor cannot be read
 */
export function judgeFile(name: string, bytes: Uint8Array, options: JudgeOptions = {}): JudgedFile {
  const anchors = anchorsFrom(options.anchors ?? [])
  const gate = { maxBytes: options.maxBytes }
  try {
    const { found, root } = findAlerts(bytes, gate)
    if (found.length === 0) return refusedFile(name, `${describeRoot(root)} with no CAP 1.1 or 1.2 alert inside.`)
    const judged = found.map((alert) => judgeFound(alert, bytes, anchors, options.at ?? new Date(), gate))
    if (judged.every((one) => one.alert.verdict.outcome === 'refused'))
      return refusedFile(name, ...new Set(judged.flatMap((one) => one.reasons)))
    settleConflicts(judged.map((one) => one.alert))
    const alerts = judged.map((one) => one.alert)
    const outcome = worst(alerts.map((alert) => alert.verdict.outcome))
    const reasons = judged.flatMap(({ alert, reasons }) =>
      [...alert.verdict.errors, ...reasons].map((reason) => named(alert, reason, alerts.length)),
    )
    return { verdict: { file: name, outcome, reasons, alerts: alerts.map((alert) => alert.verdict) }, alerts }
  } catch (error) {
    if (error instanceof XmlRefusal) return refusedFile(name, error.message)
    throw error
  }
}

/** `reasons` are words beside the alert's own errors: why it was refused, or which times were read against the schema. */
type Judged = { alert: JudgedAlert; reasons: string[] }

function judgeFound(
  found: FoundAlert,
  file: Uint8Array,
  anchors: X509Certificate[],
  at: Date,
  gate: { maxBytes?: number | undefined },
): Judged {
  if (found.kind === 'refused') return { alert: refusedAlert(), reasons: [found.reason] }
  const bytes = found.bare ? file : Buffer.from(found.source, 'utf8')
  /* A carried alert may grow by the namespaces written into it; the file was already held to the limit. */
  const limit = found.bare ? gate : { maxBytes: Math.max(bytes.byteLength, 1) }
  const { verdict, content, strictTimes } = judgeAlert(found.bare ? file : found.source, anchors, at, limit)
  const alert = { verdict, content, route: routeOf(verdict.status), bytes, bytesHash: sha256(bytes), elementHash: sha256(found.element) }
  return { alert, reasons: strictTimes }
}

/** Two alerts of one file may contradict each other as well as two files may. */
function settleConflicts(alerts: JudgedAlert[]): void {
  const known = alerts
    .map((alert, index) => ({ ...alert.verdict, id: String(index), bytesHash: alert.bytesHash, elementHash: alert.elementHash }))
    .filter((alert) => alert.outcome !== 'refused')
  for (const [place, incoming] of known.entries()) {
    const ruling = ruleOnIdentity(incoming, known.slice(0, place))
    if (ruling.ruling !== 'conflict') continue
    for (const id of [...ruling.quarantineKnown, ...(ruling.quarantineIncoming ? [incoming.id] : [])]) {
      const verdict = alerts[Number(id)]?.verdict
      if (verdict === undefined || verdict.errors.includes(ruling.reason)) continue
      verdict.outcome = 'quarantined'
      verdict.errors.push(ruling.reason)
    }
  }
}

function refusedFile(name: string, ...reasons: string[]): JudgedFile {
  return { verdict: { file: name, outcome: 'refused', reasons, alerts: [] }, alerts: [] }
}

function refusedAlert(): JudgedAlert {
  const nothing = { identifier: null, sender: null, sent: null, status: null, msgType: null, scope: null }
  const counts = { languages: [], infos: 0, areas: 0, polygons: 0, circles: 0, geocodes: 0, resources: 0 }
  const verdict: AlertVerdict = {
    ...nothing,
    outcome: 'refused',
    ...counts,
    signature: 'absent',
    references: [],
    referenceFlags: [],
    geometryFlags: [],
    errors: [],
  }
  return { verdict, content: null, route: 'not-actual', bytes: new Uint8Array(), bytesHash: '', elementHash: '' }
}

function worst(outcomes: CapOutcome[]): CapOutcome {
  return outcomes.includes('refused') ? 'refused' : outcomes.includes('quarantined') ? 'quarantined' : 'accepted'
}

function named(alert: JudgedAlert, reason: string, count: number): string {
  return count > 1 ? `${alert.verdict.identifier ?? 'an alert without an identifier'}: ${reason}` : reason
}

function describeRoot(root: string): string {
  const known: Record<string, string> = {
    feed: 'An Atom feed',
    rss: 'An RSS feed',
    EDXLDistribution: 'An EDXL-DE envelope',
    alert: 'An alert',
  }
  return known[root] ?? 'XML'
}

function sha256(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex')
}
