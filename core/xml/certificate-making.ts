import { createHash, generateKeyPairSync, type KeyObject, sign, X509Certificate } from 'node:crypto'

/** Makes small X.509 certificates for tests (Node can read but not issue them): ECDSA P-256 with SHA-256, or SHA-1 on request. */
export type MadeCertificate = { certificate: X509Certificate; pem: string; privateKey: KeyObject }

export type Wanted = {
  name: string
  issuer?: MadeCertificate
  authority?: boolean
  from?: Date
  until?: Date
  kind?: 'ec' | 'rsa'
  sha1?: boolean
}

const der = (tag: number, ...parts: Uint8Array[]): Buffer => {
  const content = Buffer.concat(parts)
  const length =
    content.length < 128
      ? [content.length]
      : content.length < 256
        ? [0x81, content.length]
        : [0x82, content.length >> 8, content.length & 255]
  return Buffer.concat([Buffer.from([tag, ...length]), content])
}
const sequence = (...parts: Uint8Array[]): Buffer => der(0x30, ...parts)
const oid = (...bytes: number[]): Buffer => der(0x06, Buffer.from(bytes))
const named = (name: string): Buffer => sequence(der(0x31, sequence(oid(0x55, 0x04, 0x03), der(0x0c, Buffer.from(name)))))
const when = (date: Date): Buffer => der(0x18, Buffer.from(`${date.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`))
const NULL = Buffer.from([5, 0])

export function makeCertificate(wanted: Wanted): MadeCertificate {
  const { publicKey, privateKey } =
    wanted.kind === 'rsa' ? generateKeyPairSync('rsa', { modulusLength: 2048 }) : generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const signer = wanted.issuer?.privateKey ?? privateKey
  const hash = wanted.sha1 ? 'sha1' : 'sha256'
  const algorithm =
    signer.asymmetricKeyType === 'rsa'
      ? sequence(oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, wanted.sha1 ? 0x05 : 0x0b), NULL)
      : sequence(wanted.sha1 ? oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x01) : oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02))
  const basic = sequence(
    oid(0x55, 0x1d, 0x13),
    der(0x01, Buffer.from([0xff])),
    der(0x04, sequence(...(wanted.authority ? [der(0x01, Buffer.from([0xff]))] : []))),
  )
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), createHash('sha256').update(wanted.name).digest().subarray(0, 8)])),
    algorithm,
    named(wanted.issuer?.certificate.subject.replace('CN=', '') ?? wanted.name),
    sequence(when(wanted.from ?? new Date('2020-01-01')), when(wanted.until ?? new Date('2099-01-01'))),
    named(wanted.name),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(basic)),
  )
  const certificate = new X509Certificate(sequence(body, algorithm, der(0x03, Buffer.from([0]), sign(hash, body, signer))))
  return { certificate, pem: certificate.toString(), privateKey }
}
