import { createHash, type KeyObject, verify } from 'node:crypto'
import type { Canonical } from './gate.ts'

/* Closed lists: what is not named here is not run (no XSLT, no XPath, no HMAC, no MD5). `weak` still proves soundness, never identity. */
const DIGESTS: Record<string, { hash: string; weak?: true }> = {
  'http://www.w3.org/2000/09/xmldsig#sha1': { hash: 'sha1', weak: true },
  'http://www.w3.org/2001/04/xmlenc#sha256': { hash: 'sha256' },
  'http://www.w3.org/2001/04/xmldsig-more#sha384': { hash: 'sha384' },
  'http://www.w3.org/2001/04/xmlenc#sha512': { hash: 'sha512' },
}

const SIGNATURES: Record<string, { hash: string; key: 'rsa' | 'ec'; weak?: true }> = {
  'http://www.w3.org/2000/09/xmldsig#rsa-sha1': { hash: 'sha1', key: 'rsa', weak: true },
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256': { hash: 'sha256', key: 'rsa' },
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha384': { hash: 'sha384', key: 'rsa' },
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512': { hash: 'sha512', key: 'rsa' },
  'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256': { hash: 'sha256', key: 'ec' },
  'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384': { hash: 'sha384', key: 'ec' },
  'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512': { hash: 'sha512', key: 'ec' },
}

/* A reference into the same document never covers comments (XML Signature §4.4.3.3), so the WithComments forms come out the same. */
const CANONICAL: Record<string, Canonical['method']> = {
  'http://www.w3.org/TR/2001/REC-xml-c14n-20010315': 'inclusive-1.0',
  'http://www.w3.org/2006/12/xml-c14n11': 'inclusive-1.1',
  'http://www.w3.org/2001/10/xml-exc-c14n#': 'exclusive',
}

export const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature'
const MIN_RSA_BITS = 2048

export function canonicalMethod(algorithm: string): Canonical['method'] | undefined {
  return lookUp(CANONICAL, algorithm.replace(/#?WithComments$/, algorithm.includes('exc-c14n') ? '#' : ''))
}

export function digestOf(algorithm: string, text: string): { bytes: Buffer; weak: boolean } | undefined {
  const known = lookUp(DIGESTS, algorithm)
  return known && { bytes: createHash(known.hash).update(text, 'utf8').digest(), weak: known.weak === true }
}

/** undefined for an algorithm that is not on the list or does not suit the key. */
export function checkValue(algorithm: string, text: string, key: KeyObject, value: Buffer): { ok: boolean; weak: boolean } | undefined {
  const known = lookUp(SIGNATURES, algorithm)
  if (known === undefined || key.asymmetricKeyType !== known.key) return undefined
  const weak = known.weak === true || (known.key === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) < MIN_RSA_BITS)
  const input = Buffer.from(text, 'utf8')
  try {
    /* XML Signature writes an ECDSA value as r and s side by side (RFC 4050 §3.3). */
    return { ok: verify(known.hash, input, known.key === 'ec' ? { key, dsaEncoding: 'ieee-p1363' } : key, value), weak }
  } catch {
    return { ok: false, weak }
  }
}

function lookUp<T>(table: Record<string, T>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}
