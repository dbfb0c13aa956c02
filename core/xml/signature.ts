import { createPublicKey, type KeyObject, type X509Certificate } from 'node:crypto'
import { strictBase64 } from './base64.ts'
import { certificatesFrom, chainToAnchor } from './certificates.ts'
import { decodeXml } from './decode.ts'
import { type Canonical, type GatedDocument, type GateOptions, withDocument } from './gate.ts'
import { canonicalMethod, checkValue, digestOf, ENVELOPED } from './signature-algorithms.ts'
import { attributeOf, childNamed, childrenNamed, elementsIn, everyElement, textOf, type XmlNode } from './tree.ts'

export const XMLDSIG = 'http://www.w3.org/2000/09/xmldsig#'
const DIGEST_DIFFERS = 'the digest does not match the message'
const MAX_SIGNATURES = 4
const MAX_REFERENCES = 4
const MAX_CERTIFICATES = 8

export type SignatureStatus = 'absent' | 'present' | 'verified' | 'failed'
export type SignatureVerdict = {
  status: SignatureStatus
  /** Why it failed, or what weakens it; words without content of the message. */
  notes: string[]
  /** Subject of the certificate whose key made it, as the certificate says; believed only when verified. */
  signer: string | null
}

/**
 * Judges the XML signatures of a document whose root is the very message (XML Signature 1.1, enveloped form): as it stands, and, when that
 * fails, once more without white space between elements. Real producers sign first and indent afterwards, and the validators in use forgive
 * it; such white space means nothing, so nothing that means something can be slipped in. The note says so.
 */
export function judgeSignatures(
  source: Uint8Array | string,
  anchors: X509Certificate[],
  at: Date,
  options: GateOptions = {},
): SignatureVerdict {
  const text = typeof source === 'string' ? source : decodeXml(source)
  /* Most messages are not signed; a namespace cannot be spelt otherwise than by its characters or by references to them. */
  if (!text.includes(XMLDSIG) && !text.includes('&#')) return { status: 'absent', notes: [], signer: null }
  const strict = withDocument(source, options, (document) => judgeDocument(document, anchors, at))
  if (strict.status !== 'failed') return strict
  const relaxed = withDocument(source, { ...options, withoutLayout: true }, (document) => judgeDocument(document, anchors, at))
  if (relaxed.status === 'failed') return relaxed.notes.includes(DIGEST_DIFFERS) ? strict : relaxed
  return {
    ...relaxed,
    notes: [...relaxed.notes, 'sound once white space between elements is left out: it was laid out after it was signed'],
  }
}

/**
 * Sound means: a Signature that is a child of the root; one reference to the root itself (URI "" or the root's own Id), with the enveloped
 * transform and at most one canonicalisation; any other reference stays inside that Signature; every digest and the value right.
 * *present* = sound, with no anchors given (or too weak to vouch for anybody: SHA-1, RSA under 2048 bits); *verified* = sound, and the
 * certificate leads to an anchor, in date at `at`; *failed* = anything else. Nothing outside the document is ever fetched.
 */
function judgeDocument(document: GatedDocument, anchors: X509Certificate[], at: Date): SignatureVerdict {
  const all = [...everyElement(document.root)].filter((node) => node.namespace === XMLDSIG && node.name === 'Signature')
  if (all.length === 0) return { status: 'absent', notes: [], signer: null }
  if (tooCostly(document)) return failed('it declares too many namespaces to be checked')
  const own = childrenNamed(document.root, 'Signature', XMLDSIG)
  if (own.length !== all.length || own.length > MAX_SIGNATURES) return failed('a signature stands where none may be')
  const verdicts = own.map((signature) => judgeOne(document, signature, anchors, at))
  return (
    verdicts.find((verdict) => verdict.status === 'failed') ??
    verdicts.find((verdict) => verdict.status === 'verified') ??
    (verdicts[0] as SignatureVerdict)
  )
}

/* Canonical XML looks at every namespace in force at every element, and compares each with the others: what that may cost is bounded. */
function tooCostly(document: GatedDocument): boolean {
  const namespaces = document.source.match(/\bxmlns\b/g)?.length ?? 0
  const elements = [...everyElement(document.root)].length
  return namespaces * elements > 150_000 || namespaces ** 2 * elements > 10_000_000
}

const failed = (note: string): SignatureVerdict => ({ status: 'failed', notes: [note], signer: null })

function judgeOne(document: GatedDocument, signature: XmlNode, anchors: X509Certificate[], at: Date): SignatureVerdict {
  const signedInfo = only(signature, 'SignedInfo')
  const value = strictBase64(textOf(only(signature, 'SignatureValue') ?? signature))
  if (signedInfo === undefined || value === undefined) return failed('the signature cannot be read')
  const references = checkReferences(document, signature, signedInfo)
  if (typeof references === 'string') return failed(references)

  const how = canonicalisation(only(signedInfo, 'CanonicalizationMethod'))
  const algorithm = attributeOf(only(signedInfo, 'SignatureMethod') ?? signedInfo, 'Algorithm') ?? ''
  if (how === undefined) return failed('its canonicalisation is not one that is accepted')
  const keys = keysOf(signature, anchors)
  if (typeof keys === 'string') return failed(keys)
  const signedText = document.canonicalElement(signedInfo, how)
  for (const { key, certificate, others } of keys) {
    const check = checkValue(algorithm, signedText, key, value)
    if (!check?.ok) continue
    const signer = certificate?.subject.replace(/\n/g, ', ') ?? null
    if (anchors.length === 0) return { status: 'present', notes: [], signer }
    if (certificate === undefined) return { ...failed('it carries a bare key and no certificate'), signer }
    const chain = chainToAnchor(certificate, others, anchors, at)
    if (!chain.ok) return { ...failed(chain.why), signer }
    if (check.weak || references.weak)
      return { status: 'present', notes: ['made with SHA-1 or a short key: it vouches for nobody'], signer }
    return { status: 'verified', notes: [], signer }
  }
  return failed('the signature value does not match')
}

/** A text says what is wrong. */
function checkReferences(document: GatedDocument, signature: XmlNode, signedInfo: XmlNode): { weak: boolean } | string {
  const references = childrenNamed(signedInfo, 'Reference', XMLDSIG)
  if (references.length === 0 || references.length > MAX_REFERENCES) return 'it has no reference, or too many'
  let covered = false
  let weak = false
  for (const reference of references) {
    const uri = attributeOf(reference, 'URI')
    const target = uri === '' ? document.root : uri?.startsWith('#') ? byId(document.root, uri.slice(1)) : undefined
    if (target === undefined) return 'it refers to something other than this message'
    const covers = target === document.root
    const how = transforms(reference, covers)
    if (how === undefined) return 'it asks for a transform that is not accepted'
    if (!covers && !inside(target, signature)) return 'it refers to something other than this message'
    const stated = strictBase64(textOf(only(reference, 'DigestValue') ?? reference))
    const algorithm = attributeOf(only(reference, 'DigestMethod') ?? reference, 'Algorithm') ?? ''
    const digest = texts(document, signature, target, uri, how)
      .map((text) => digestOf(algorithm, text))
      .find((made) => made && stated?.equals(made.bytes))
    if (digest === undefined) return DIGEST_DIFFERS
    covered ||= covers
    weak ||= digest.weak
  }
  return covered ? { weak } : 'it does not cover this message'
}

/** URI "" is the whole document; widely used signers leave out what stands outside the root, which is no part of the message. */
function texts(document: GatedDocument, signature: XmlNode, target: XmlNode, uri: string | undefined, how: Canonical): string[] {
  if (target !== document.root) return [document.canonicalElement(target, how)]
  const without = document.canonicalWithout(signature, how)
  return uri === '' ? [without.document, without.root] : [without.root]
}

/** The root may lose only the signature itself, and must; what is inside the signature loses nothing. */
function transforms(reference: XmlNode, enveloped: boolean): Canonical | undefined {
  const list = childrenNamed(only(reference, 'Transforms') ?? reference, 'Transform', XMLDSIG)
  const rest = enveloped ? list.slice(1) : list
  if (enveloped && attributeOf(list[0] ?? reference, 'Algorithm') !== ENVELOPED) return undefined
  if (rest.length > 1) return undefined
  return rest[0] === undefined ? { method: 'inclusive-1.0' } : canonicalisation(rest[0])
}

function canonicalisation(node: XmlNode | undefined): Canonical | undefined {
  const method = node && canonicalMethod(attributeOf(node, 'Algorithm') ?? '')
  if (node === undefined || method === undefined) return undefined
  const inclusive = elementsIn(node).find((child) => child.name === 'InclusiveNamespaces')
  const prefixes = (inclusive && attributeOf(inclusive, 'PrefixList'))?.split(/\s+/).filter((prefix) => prefix !== '')
  return { method, ...(prefixes ? { prefixes: prefixes.map((prefix) => (prefix === '#default' ? '' : prefix)) } : {}) }
}

type CandidateKey = { key: KeyObject; certificate?: X509Certificate; others: X509Certificate[] }

function keysOf(signature: XmlNode, anchors: X509Certificate[]): CandidateKey[] | string {
  const keyInfo = only(signature, 'KeyInfo')
  const texts =
    keyInfo === undefined ? [] : childrenNamed(keyInfo, 'X509Data').flatMap((data) => childrenNamed(data, 'X509Certificate').map(textOf))
  if (texts.length > MAX_CERTIFICATES) return 'it carries too many certificates'
  const certificates = certificatesFrom(texts)
  if (certificates === undefined) return 'its certificate cannot be read'
  if (certificates.length > 0) return certificates.map((certificate) => ({ key: certificate.publicKey, certificate, others: certificates }))
  const bare = keyInfo && rsaKey(keyInfo)
  if (bare) return [{ key: bare, others: [] }]
  if (anchors.length > 0) return anchors.map((certificate) => ({ key: certificate.publicKey, certificate, others: [] }))
  return 'it carries no key to check it with'
}

function rsaKey(keyInfo: XmlNode): KeyObject | undefined {
  const value = childNamed(childNamed(keyInfo, 'KeyValue') ?? keyInfo, 'RSAKeyValue')
  const [modulus, exponent] = ['Modulus', 'Exponent'].map((name) => value && strictBase64(textOf(childNamed(value, name) ?? value)))
  if (!modulus || !exponent) return undefined
  try {
    const jwk = { kty: 'RSA', n: modulus.toString('base64url'), e: exponent.toString('base64url') }
    return createPublicKey({ key: jwk, format: 'jwk' })
  } catch {
    return undefined
  }
}

/** The one element with this Id; two with the same are the wrapping trick, and count as none. */
function byId(root: XmlNode, id: string): XmlNode | undefined {
  if (id === '') return undefined
  const found = [...everyElement(root)].filter((node) =>
    node.attributes.some((attribute) => /^id$/i.test(attribute.name) && attribute.value === id),
  )
  return found.length === 1 ? found[0] : undefined
}

function inside(node: XmlNode, ancestor: XmlNode): boolean {
  return [...everyElement(ancestor)].includes(node)
}

function only(node: XmlNode, name: string): XmlNode | undefined {
  const found = childrenNamed(node, name, XMLDSIG)
  return found.length === 1 ? found[0] : undefined
}
