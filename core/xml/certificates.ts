import { X509Certificate } from 'node:crypto'
import { strictBase64 } from './base64.ts'

const MAX_CHAIN = 8

/** Certificates from the text of `X509Certificate` elements; undefined when any of them cannot be read. */
export function certificatesFrom(texts: string[]): X509Certificate[] | undefined {
  const certificates: X509Certificate[] = []
  for (const text of texts) {
    const bytes = strictBase64(text)
    const certificate = bytes && readCertificate(bytes)
    if (certificate === undefined) return undefined
    certificates.push(certificate)
  }
  return certificates
}

/**
 * Anchors from PEM texts, each with one or more certificates.
 * @throws Error when a text holds no readable certificate: a city must not believe in an anchor that is not there
 */
export function anchorsFrom(pems: string[]): X509Certificate[] {
  return pems.flatMap((pem, index) => {
    const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? []
    if (blocks.length === 0)
      throw new Error(`Anchor ${index + 1} holds no PEM certificate. Nothing was judged against it; correct the file.`)
    return blocks.map((block) => new X509Certificate(block))
  })
}

export type ChainVerdict = { ok: true; anchor: string } | { ok: false; why: string }

/**
 * Whether `leaf` leads to an anchor through `others` (given by the message, trusted for nothing by themselves), every certificate being in
 * date at `at`, every issuer a certificate authority, no link signed with MD5 or SHA-1. A leaf that is itself an anchor is a chain of one.
 * Revocation lists and name constraints are not looked at.
 */
export function chainToAnchor(leaf: X509Certificate, others: X509Certificate[], anchors: X509Certificate[], at: Date): ChainVerdict {
  const reasons = new Set<string>()
  const seen = new Set<string>()
  const climb = (certificate: X509Certificate, depth: number): string | undefined => {
    if (!inDate(certificate, at)) {
      reasons.add('a certificate of the chain is out of date')
      return undefined
    }
    if (anchors.some((anchor) => anchor.raw.equals(certificate.raw))) return certificate.subject
    if (depth >= MAX_CHAIN || seen.has(certificate.fingerprint256)) return undefined
    seen.add(certificate.fingerprint256)
    for (const issuer of [...anchors, ...others]) {
      if (!issued(issuer, certificate)) continue
      const anchor = climb(issuer, depth + 1)
      if (anchor !== undefined) return anchor
    }
    return undefined
  }
  const anchor = climb(leaf, 1)
  if (anchor !== undefined) return { ok: true, anchor }
  return { ok: false, why: [...reasons][0] ?? 'the certificate does not lead to a configured anchor' }
}

function readCertificate(bytes: Buffer): X509Certificate | undefined {
  try {
    const certificate = new X509Certificate(bytes)
    return certificate.raw.equals(bytes) ? certificate : undefined
  } catch {
    return undefined
  }
}

function inDate(certificate: X509Certificate, at: Date): boolean {
  return certificate.validFromDate <= at && at <= certificate.validToDate
}

function issued(issuer: X509Certificate, subject: X509Certificate): boolean {
  if (!issuer.ca || !subject.checkIssued(issuer)) return false
  if (/md5|sha1(?!\d)/i.test(subject.signatureAlgorithm ?? '')) return false
  try {
    return subject.verify(issuer.publicKey)
  } catch {
    return false
  }
}
