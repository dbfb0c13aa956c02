import { createPrivateKey, createSign, createVerify } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { SignedXml } from 'xml-crypto'
import { makeCertificate, type MadeCertificate } from './certificate-making.ts'
import { withDocument } from './gate.ts'
import { judgeSignatures } from './signature.ts'

/** Signed by xml-crypto, another implementation than the one under test. */
const NOW = new Date('2026-06-01T00:00:00Z')
const root = makeCertificate({ name: 'Example Root', authority: true })
const middle = makeCertificate({ name: 'Example Middle', authority: true, issuer: root })
const leaf = makeCertificate({ name: 'Example Weather Office', issuer: middle })
const rsaLeaf = makeCertificate({ name: 'Example Rsa Office', issuer: root, kind: 'rsa' })

const C14N = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315'
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#'
const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature'
const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256'
const MESSAGE =
  '<m:message xmlns:m="urn:m" xmlns="urn:d">\n  <m:text kind="a&amp;b">Flood &lt; 3 m</m:text><!-- c -->\n  <other/>\n</m:message>'

class EcdsaSha256 {
  getSignature(text: string, key: string): string {
    return createSign('sha256')
      .update(text)
      .sign({ key: createPrivateKey(key), dsaEncoding: 'ieee-p1363' }, 'base64')
  }
  verifySignature(text: string, key: string, value: string): boolean {
    return createVerify('sha256').update(text).verify({ key, dsaEncoding: 'ieee-p1363' }, value, 'base64')
  }
  getAlgorithmName(): string {
    return 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256'
  }
}

type How = {
  by?: MadeCertificate
  chain?: MadeCertificate[]
  c14n?: string
  transforms?: string[]
  digest?: string
  algorithm?: string
  xpath?: string
  wholeUri?: boolean
}

function signed(xml: string, how: How = {}): string {
  const by = how.by ?? leaf
  const certificates = [by, ...(how.chain ?? [middle])].map((one) => one.pem).join('\n')
  const rsa = by.privateKey.asymmetricKeyType === 'rsa'
  const signer = new SignedXml({ privateKey: by.privateKey.export({ type: 'pkcs8', format: 'pem' }), publicCert: certificates })
  ;(signer.SignatureAlgorithms as Record<string, unknown>)['http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256'] = EcdsaSha256
  signer.signatureAlgorithm = how.algorithm ?? `http://www.w3.org/2001/04/xmldsig-more#${rsa ? 'rsa' : 'ecdsa'}-sha256`
  signer.canonicalizationAlgorithm = (how.c14n ?? C14N) as typeof C14N
  const transforms = how.transforms ?? [ENVELOPED, how.c14n ?? C14N]
  const whole = how.wholeUri ?? true
  signer.addReference({
    xpath: how.xpath ?? '/*',
    transforms,
    digestAlgorithm: how.digest ?? SHA256,
    ...(whole ? { uri: '', isEmptyUri: true } : {}),
  })
  signer.computeSignature(xml, { location: { reference: '/*', action: 'append' } })
  return signer.getSignedXml()
}

const judge = (xml: string, anchors: MadeCertificate[] = [], at = NOW) =>
  judgeSignatures(
    xml,
    anchors.map((one) => one.certificate),
    at,
  )

describe('XML signatures', () => {
  it('are absent, present without an anchor, and verified with one', () => {
    expect(judge(MESSAGE).status).toBe('absent')
    for (const c14n of [C14N, EXCLUSIVE])
      for (const by of [leaf, rsaLeaf]) {
        const xml = signed(MESSAGE, { by, c14n })
        expect(judge(xml)).toMatchObject({ status: 'present', notes: [] })
        expect(judge(xml, [root])).toEqual({ status: 'verified', notes: [], signer: by.certificate.subject })
      }
    expect(judge(signed(MESSAGE, { transforms: [ENVELOPED] }), [root]).status).toBe('verified')
    expect(judge(signed(`<?style a?>${MESSAGE}<?end b?>`), [root]).status).toBe('verified')
  })

  it('may refer to the message by its own Id', () => {
    const xml = signed(MESSAGE.replace('<m:message', '<m:message Id="m1"'), { wholeUri: false })
    expect(xml).toContain('URI="#m1"')
    expect(judge(xml, [root]).status).toBe('verified')
  })

  it('fail when anything that was signed changes', () => {
    const xml = signed(MESSAGE)
    const value = /<SignatureValue>([^<]+)/.exec(xml)?.[1] as string
    const digest = /<DigestValue>([^<]+)/.exec(xml)?.[1] as string
    const changes: [string, string][] = [
      ['Flood', 'Fload'],
      ['kind="a', 'kind="b'],
      ['<other/>', '<other>x</other>'],
      ['<other/>', ''],
      [digest, digest.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))],
      [value, value.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))],
      [value, value.replace('=', '')],
      ['xmlenc#sha256', 'xmlenc#md5'],
      ['#ecdsa-sha256', '#rsa-sha256'],
      ['REC-xml-c14n-20010315', 'REC-xslt-19991116'],
      ['URI=""', 'URI="http://127.0.0.1:1/elsewhere"'],
      ['URI=""', 'URI="#nowhere"'],
      ['URI=""', ''],
      ['<X509Certificate>', '<X509Certificate>AAAA'],
    ]
    for (const [from, to] of changes) {
      expect(xml).toContain(from)
      expect({ from, ...judge(xml.replace(from, to)) }).toMatchObject({ status: 'failed' })
    }
  })

  it('fail on the spare bits of base64, which a careless decoder ignores', () => {
    const xml = signed(MESSAGE)
    const digest = /<DigestValue>([^<]+)/.exec(xml)?.[1] as string
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
    const last = digest.at(-2) as string
    const twin = `${digest.slice(0, -2)}${letters[letters.indexOf(last) + 1]}=`
    expect(Buffer.from(twin, 'base64')).toEqual(Buffer.from(digest, 'base64'))
    expect(judge(xml.replace(digest, twin)).status).toBe('failed')
  })

  it('fail without a chain to the anchor, and out of date', () => {
    const stranger = makeCertificate({ name: 'Example Root', authority: true })
    const xml = signed(MESSAGE)
    expect(judge(xml, [stranger])).toMatchObject({ status: 'failed', notes: ['the certificate does not lead to a configured anchor'] })
    expect(judge(signed(MESSAGE, { chain: [] }), [root]).status).toBe('failed')
    expect(judge(xml, [leaf]).status).toBe('verified')
    expect(judge(xml, [middle]).status).toBe('verified')
    expect(judge(xml, [root], new Date('2199-01-01'))).toMatchObject({
      status: 'failed',
      notes: ['a certificate of the chain is out of date'],
    })
    expect(judge(xml, [root], new Date('2019-01-01')).status).toBe('failed')
    const expired = makeCertificate({ name: 'Expired Office', issuer: root, until: new Date('2024-01-01') })
    expect(judge(signed(MESSAGE, { by: expired, chain: [] }), [root]).status).toBe('failed')
    expect(judge(signed(MESSAGE, { by: expired, chain: [] }), [root], new Date('2023-01-01')).status).toBe('verified')
  })

  it('fail when a certificate that is no authority issues another, or a link is signed with SHA-1', () => {
    const forged = makeCertificate({ name: 'Forged Office', issuer: leaf })
    expect(judge(signed(MESSAGE, { by: forged, chain: [leaf, middle] }), [root]).status).toBe('failed')
    const old = makeCertificate({ name: 'Old Office', issuer: root, sha1: true })
    expect(judge(signed(MESSAGE, { by: old, chain: [] }), [root]).status).toBe('failed')
  })

  it('made with SHA-1 are sound but vouch for nobody', () => {
    const xml = signed(MESSAGE, {
      by: rsaLeaf,
      chain: [],
      algorithm: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1',
      digest: 'http://www.w3.org/2000/09/xmldsig#sha1',
    })
    expect(judge(xml).status).toBe('present')
    expect(judge(xml, [root]).status).toBe('present')
  })

  it('do not cover a message that was wrapped around the signed one', () => {
    const inner = signed(MESSAGE.replace('<m:message', '<m:message Id="m1"'), { wholeUri: false })
    const signature = /<Signature[\s\S]*<\/Signature>/.exec(inner)?.[0] as string
    const original = inner.replace(signature, '')
    const evil = MESSAGE.replace('Flood', 'All clear')
    const wrapped = [
      evil.replace('</m:message>', `${signature.replace('</Signature>', `<Object>${original}</Object></Signature>`)}</m:message>`),
      evil.replace('</m:message>', `${original}${signature}</m:message>`),
      evil.replace('</m:message>', `${inner}</m:message>`),
      evil.replace('<m:message', '<m:message Id="m1"').replace('</m:message>', `${original}${signature}</m:message>`),
      `<wrapper>${inner}${evil}</wrapper>`,
    ]
    for (const xml of wrapped) expect({ xml: xml.slice(0, 80), ...judge(xml, [root]) }).toMatchObject({ status: 'failed' })
  })

  it('forgive white space laid out between elements after signing, and nothing else', () => {
    const compact = '<m xmlns="urn:d"><text>Flood</text><empty> </empty></m>'
    const xml = signed(compact).replace(/></g, '>\n    <')
    expect(judge(xml, [root])).toMatchObject({ status: 'verified', notes: [expect.stringContaining('white space')] })
    expect(judge(xml.replace('<empty> </empty>', '<empty></empty>'), [root]).status).toBe('failed')
    expect(judge(xml.replace('Flood', 'Flo od'), [root]).status).toBe('failed')
    expect(judge(xml.replace('Flood', ' Flood'), [root]).status).toBe('failed')
  })

  it('are held to be failed when there are too many, or one of several is wrong', () => {
    const xml = signed(MESSAGE)
    const signature = /<Signature[\s\S]*<\/Signature>/.exec(xml)?.[0] as string
    expect(judge(xml.replace(signature, signature + signature)).status).toBe('failed')
    expect(judge(xml.replace(signature, signature.repeat(9))).status).toBe('failed')
  })

  it('canonicalise as another implementation does', () => {
    const text = withDocument(MESSAGE, {}, (document) => document.canonicalElement(document.root, { method: 'inclusive-1.0' }))
    expect(text).toBe(
      MESSAGE.replace('<!-- c -->', '')
        .replace('<other/>', '<other></other>')
        .replace('xmlns:m="urn:m" xmlns="urn:d"', 'xmlns="urn:d" xmlns:m="urn:m"'),
    )
  })
})
