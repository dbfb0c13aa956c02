import type { X509Certificate } from 'node:crypto'
import { type GateOptions, withDocument } from '#core/xml/gate.ts'
import { judgeSignatures } from '#core/xml/signature.ts'
import type { AlertVerdict, CapContent } from '../contract.ts'
import { geometryFlags } from './geometry.ts'
import { countsOf, readAlert } from './read-content.ts'
import { readReferences } from './references.ts'
import { checkStructure } from './structure.ts'
import { versionOf } from './structure-tables.ts'
import { instantOf, readTime } from './times.ts'

/**
 * Judges one CAP alert that is its own document. Quarantined: not valid by the schema, `sent` without a zone, a failed signature. Everything
 * else is accepted and flagged. Identity is judged elsewhere, against what is known.
 * @throws XmlRefusal
 */
export function judgeAlert(source: Uint8Array | string, anchors: X509Certificate[], at: Date, options: GateOptions) {
  const judged = withDocument(source, options, ({ root }) => {
    const version = versionOf(root.namespace)
    if (version === undefined || root.name !== 'alert') throw new RangeError('Only a CAP 1.1 or 1.2 alert can be judged.')
    return { version, structure: checkStructure(root, version), ...readAlert(root, version) }
  })
  const { structure, head, version } = judged
  const signature = judgeSignatures(source, anchors, at, options)
  const { references, flags } = readReferences(head.references, head.msgType, head)

  const errors = [...structure.errors]
  /* CAP 1.1's schema lets a time without a zone through; nobody can say when that was. */
  if (version === '1.1' && head.sent !== null && readTime(head.sent, version).zoneless)
    errors.push(`alert › sent: “${head.sent}” has no time zone`)
  if (signature.status === 'failed') errors.push(`signature: ${signature.notes.join('; ')}`)

  const content: CapContent = {
    ...judged.content,
    references,
    remarks: [...structure.strictTimes, ...remarksOn(head.scope, judged.content)],
    signatureNotes: signature.notes,
    signer: signature.signer,
  }
  const { references: _text, ...identity } = head
  const verdict: AlertVerdict = {
    ...identity,
    outcome: errors.length === 0 ? 'accepted' : 'quarantined',
    ...countsOf(content.infos),
    signature: signature.status,
    references: references.map((reference) => reference.text),
    referenceFlags: flags,
    geometryFlags: geometryFlags(content.infos.flatMap((info) => info.areas)),
    errors,
  }
  return { verdict, content, strictTimes: structure.strictTimes }
}

/* Conditions of CAP 1.2 §3.2.1 and §3.2.2 that the schema cannot say. */
function remarksOn(scope: string | null, content: Pick<CapContent, 'restriction' | 'addresses' | 'infos' | 'version'>): string[] {
  const remarks: string[] = []
  if (scope === 'Restricted' && content.restriction === null) remarks.push('alert: scope is Restricted, but no restriction says to whom')
  if (scope === 'Private' && content.addresses === null) remarks.push('alert: scope is Private, but no addresses say to whom')
  for (const [index, info] of content.infos.entries()) {
    const times = { effective: info.effective, onset: info.onset, expires: info.expires }
    for (const [name, value] of Object.entries(times))
      if (value !== null && readTime(value, content.version).zoneless && content.version === '1.1')
        remarks.push(`info ${index + 1} › ${name}: has no time zone`)
    const [start, end] = [instantOf(info.onset ?? info.effective ?? ''), instantOf(info.expires ?? '')]
    if (start !== undefined && end !== undefined && end < start) remarks.push(`info ${index + 1}: expires before it begins`)
  }
  return remarks
}
