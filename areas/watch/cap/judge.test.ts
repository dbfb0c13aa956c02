import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SignedXml } from 'xml-crypto'
import { describe, expect, it } from 'vitest'
import { makeCertificate } from '#core/xml/certificate-making.ts'
import { dryRun } from './dry-run.ts'
import { judgeFile } from './judge.ts'

const CAP12 = 'urn:oasis:names:tc:emergency:cap:1.2'
const INFO =
  '<info><category>Met</category><event>Storm</event><urgency>Future</urgency><severity>Severe</severity><certainty>Likely</certainty></info>'

function alert(changes: { [name: string]: string } = {}, info = INFO, namespace = CAP12): string {
  const head = {
    identifier: 'W-1',
    sender: 'office@weather.example',
    sent: '2026-01-02T03:04:05+01:00',
    status: 'Actual',
    msgType: 'Alert',
    scope: 'Public',
    ...changes,
  }
  return `<alert xmlns="${namespace}">${Object.entries(head)
    .map(([name, value]) => (value === '' ? '' : `<${name}>${value}</${name}>`))
    .join('')}${info}</alert>`
}
const judge = (text: string, options = {}) => judgeFile('file', Buffer.from(text), options)
const verdict = (text: string, options = {}) => judge(text, options).verdict
const atom = (...contents: string[]): string =>
  `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">${contents.map((content) => `<entry><content type="text/xml">${content}</content></entry>`).join('')}</feed>`
const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;')

describe('judging a file', () => {
  it('accepts a sound alert and reads it whole', () => {
    const info = INFO.replace(
      '</info>',
      '<senderName>Weather Office</senderName><headline>Storm</headline><web>https://weather.example/w1</web><area><areaDesc>Harbour</areaDesc><circle>1,2 3</circle></area></info>',
    )
    const { verdict: judged, alerts } = judge(alert({}, info))
    expect(judged).toEqual({
      file: 'file',
      outcome: 'accepted',
      reasons: [],
      alerts: [
        {
          identifier: 'W-1',
          sender: 'office@weather.example',
          sent: '2026-01-02T03:04:05+01:00',
          status: 'Actual',
          msgType: 'Alert',
          scope: 'Public',
          outcome: 'accepted',
          languages: ['en-US'],
          infos: 1,
          areas: 1,
          polygons: 0,
          circles: 1,
          geocodes: 0,
          resources: 0,
          signature: 'absent',
          references: [],
          referenceFlags: [],
          geometryFlags: [],
          errors: [],
        },
      ],
    })
    expect(alerts[0]?.content?.infos[0]).toMatchObject({
      event: 'Storm',
      headline: 'Storm',
      senderName: 'Weather Office',
      areas: [{ areaDesc: 'Harbour', circles: [{ centre: [1, 2], radius: 3 }] }],
    })
    expect(alerts[0]?.route).toBe('live')
    expect(Buffer.from(alerts[0]?.bytes ?? []).toString()).toBe(alert({}, info))
  })

  it('quarantines a sent without a zone, in both versions, and says so', () => {
    for (const namespace of [CAP12, CAP12.replace('1.2', '1.1')])
      expect(verdict(alert({ sent: '2026-01-02T03:04:05' }, INFO, namespace))).toMatchObject({
        outcome: 'quarantined',
        reasons: [expect.stringContaining('no time zone')],
      })
  })

  it('accepts times that only a strict reader refuses, and says so', () => {
    for (const sent of ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05.5+01:00'])
      expect(verdict(alert({ sent }))).toMatchObject({
        outcome: 'accepted',
        reasons: [expect.stringContaining('strict reader')],
        alerts: [{ sent, errors: [] }],
      })
    expect(verdict(alert({}, INFO.replace('</info>', '<expires>2026-01-03T00:00:00Z</expires></info>'))).outcome).toBe('accepted')
    expect(verdict(alert({ sent: '2026-01-02T03:04:05Z', scope: '' })).outcome).toBe('quarantined')
    expect(verdict(alert({ sent: 'yesterday' })).outcome).toBe('quarantined')
  })

  it('names the element that is wrong', () => {
    expect(verdict(alert({ scope: '' })).reasons).toEqual(['alert: scope is missing'])
    expect(verdict(alert({ status: 'Real' })).reasons[0]).toMatch(/^alert › status: “Real” is not one of Actual/)
    expect(verdict(alert({}, INFO.replace('Severe', 'Terrible'))).reasons[0]).toMatch(/^alert › info 1 › severity/)
    expect(verdict(alert({}, INFO.replace('<urgency>', '<colour>red</colour><urgency>'))).reasons[0]).toBe(
      'alert › info 1: the element “colour” is not known there',
    )
  })

  it('sends everything but Actual to the tray', () => {
    for (const status of ['Exercise', 'Test', 'System', 'Draft']) expect(judge(alert({ status })).alerts[0]?.route).toBe('not-actual')
  })

  it('refuses what holds no alert, a DOCTYPE, other XML and other versions', () => {
    for (const text of [
      '',
      'hello',
      '{"a":1}',
      '<a/>',
      atom('<p xmlns="urn:x">no</p>'),
      `<!DOCTYPE alert>${alert()}`,
      alert({}, INFO, CAP12.replace('1.2', '1.0')),
      alert({}, INFO, 'urn:other'),
      alert().slice(0, -3),
    ]) {
      const judged = verdict(text)
      expect({ text: text.slice(0, 40), ...judged }).toMatchObject({ outcome: 'refused', alerts: [] })
      expect(judged.reasons.length).toBeGreaterThan(0)
    }
    expect(verdict(alert(), { maxBytes: 100 }).reasons[0]).toContain('the limit is 100 bytes')
    const utf16 = Buffer.from(`\ufeff<!DOCTYPE alert>${alert()}`, 'utf16le')
    expect(judgeFile('file', utf16).verdict.outcome).toBe('refused')
    expect(judgeFile('file', Buffer.from(`\ufeff${alert()}`, 'utf16le')).verdict.outcome).toBe('accepted')
  })

  it('opens feeds and envelopes, as elements, CDATA, escaped text and base64, at any depth', () => {
    const prefixed = `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:cap="${CAP12}">${alert()
      .replace(/<(\/?)/g, '<$1cap:')
      .replace(/ xmlns="[^"]*"/, '')}</feed>`
    const envelope = (content: string): string =>
      `<e:EDXLDistribution xmlns:e="urn:oasis:names:tc:emergency:EDXL:DE:1.0"><e:contentObject>${content}</e:contentObject></e:EDXLDistribution>`
    const inside = envelope(`<e:xmlContent><e:embeddedXMLContent>${alert()}</e:embeddedXMLContent></e:xmlContent>`)
    const base64 = envelope(
      `<e:nonXMLContent><e:mimeType>application/cap+xml</e:mimeType><e:contentData>${Buffer.from(alert()).toString('base64')}</e:contentData></e:nonXMLContent>`,
    )
    const texts = [
      atom(alert()),
      prefixed,
      inside,
      base64,
      atom(inside),
      atom(`<![CDATA[<?xml version="1.0" encoding="UTF-8"?>\n${alert()}]]>`),
      atom(escaped(alert())),
      atom(escaped(atom(escaped(inside)))),
      `<rss><channel><item><description>${escaped(alert())}</description></item></channel></rss>`,
    ]
    for (const text of texts)
      expect({ text: text.slice(0, 60), ...verdict(text) }).toMatchObject({ outcome: 'accepted', alerts: [{ identifier: 'W-1' }] })
    expect(judge(atom(alert())).alerts[0]?.elementHash).toBe(judge(`<?xml version="1.0"?>\n${alert()}`).alerts[0]?.elementHash)
  })

  it('takes a file for its worst alert, and lets the good ones stand', () => {
    const mixed = verdict(atom(alert(), alert({ identifier: 'W-2', scope: '' })))
    expect(mixed).toMatchObject({
      outcome: 'quarantined',
      alerts: [{ outcome: 'accepted' }, { outcome: 'quarantined' }],
      reasons: ['W-2: alert: scope is missing'],
    })
    const worse = verdict(atom(alert(), escaped(`<!DOCTYPE alert>${alert({ identifier: 'W-2' })}`)))
    expect(worse).toMatchObject({
      outcome: 'refused',
      alerts: [
        { identifier: 'W-1', outcome: 'accepted' },
        { identifier: null, outcome: 'refused' },
      ],
    })
  })

  it('quarantines two alerts of one file that claim the same identity and differ', () => {
    const conflict = verdict(atom(alert(), alert({ scope: 'Private', addresses: '' })))
    expect(conflict.alerts.map((one) => one.outcome)).toEqual(['quarantined', 'quarantined'])
    expect(verdict(atom(alert(), alert())).alerts.map((one) => one.outcome)).toEqual(['accepted', 'accepted'])
  })

  it('does not open a feed of absurdly many alerts, deep wrapping or a hostile envelope slowly', () => {
    const start = performance.now()
    expect(verdict(atom(`<alert xmlns="${CAP12}"/>`.repeat(2_000))).outcome).toBe('refused')
    let deep = alert()
    for (let level = 0; level < 8; level += 1) deep = atom(`<![CDATA[${deep.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`)
    expect(verdict(deep).outcome).toBe('refused')
    expect(verdict(atom('<a>'.repeat(50_000))).outcome).toBe('refused')
    expect(verdict(alert({}, `<info>${'<category>Met</category>'.repeat(30_000)}</info>`)).outcome).toBe('quarantined')
    expect(performance.now() - start).toBeLessThan(5_000)
  })

  // No clock of its own: what once took minutes for each of these runs into the time that every test has.
  it('comes to an end with signed messages made to be slow', () => {
    const method = (name: string, algorithm: string) => `<ds:${name} Algorithm="http://www.w3.org/${algorithm}"/>`
    const reference = `<ds:Reference URI=""><ds:Transforms>${method('Transform', '2000/09/xmldsig#enveloped-signature')}</ds:Transforms>${method('DigestMethod', '2001/04/xmlenc#sha256')}<ds:DigestValue>AAAA</ds:DigestValue></ds:Reference>`
    const signedInfo = `<ds:SignedInfo>${method('CanonicalizationMethod', 'TR/2001/REC-xml-c14n-20010315')}${method('SignatureMethod', '2001/04/xmldsig-more#rsa-sha256')}${reference}</ds:SignedInfo>`
    const signature = `<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#">${signedInfo}<ds:SignatureValue>AAAA</ds:SignatureValue></ds:Signature>`
    const spaces = (count: number) => Array.from({ length: count }, (_, index) => `xmlns:p${index}="urn:${index}"`).join(' ')
    const texts = [
      `<alert xmlns="${CAP12}">${'<info/>'.repeat(70_000)}${signature}</alert>`,
      ...[
        [4_900, 1_000],
        [300, 1_000],
        [100, 900],
        [30, 5_000],
        [2, 70_000],
      ].map(([names, codes]) => `<alert xmlns="${CAP12}" ${spaces(names ?? 0)}>${'<code/>'.repeat(codes ?? 0)}${signature}</alert>`),
      `<feed ${spaces(4_000)}>${`<alert xmlns="${CAP12}"><p1:a/><p2:b/></alert>`.repeat(900)}</feed>`,
      `<f>${`<alert xmlns="${CAP12}">${signature}</alert>`.repeat(990)}</f>`,
    ]
    for (const text of texts) expect(verdict(text).outcome).not.toBe('accepted')
  })

  it('verifies a signature against an anchor, bare and copied into a feed', () => {
    const root = makeCertificate({ name: 'Example Root', authority: true, kind: 'rsa' })
    const leaf = makeCertificate({ name: 'Example Office', issuer: root, kind: 'rsa' })
    const signer = new SignedXml({ privateKey: leaf.privateKey.export({ type: 'pkcs8', format: 'pem' }), publicCert: leaf.pem })
    signer.signatureAlgorithm = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'
    signer.canonicalizationAlgorithm = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315'
    signer.addReference({
      xpath: '/*',
      uri: '',
      isEmptyUri: true,
      transforms: ['http://www.w3.org/2000/09/xmldsig#enveloped-signature'],
      digestAlgorithm: 'http://www.w3.org/2001/04/xmlenc#sha256',
    })
    signer.computeSignature(alert())
    const signed = signer.getSignedXml()
    const stranger = makeCertificate({ name: 'Stranger', authority: true })
    const status = (text: string, anchors: string[]) =>
      verdict(text, { anchors, at: new Date('2026-06-01') }).alerts.map((one) => [one.signature, one.outcome])
    for (const text of [signed, atom(signed), atom(escaped(signed))]) {
      expect(status(text, [])).toEqual([['present', 'accepted']])
      expect(status(text, [root.pem])).toEqual([['verified', 'accepted']])
      expect(status(text, [stranger.pem])).toEqual([['failed', 'quarantined']])
      expect(status(text.replace('Storm', 'Calm'), [root.pem])).toEqual([['failed', 'quarantined']])
    }
    /* Exactly one of two that conflict verifies: it stands. */
    expect(status(atom(signed, alert({ scope: 'Restricted' })), [root.pem])).toEqual([
      ['verified', 'accepted'],
      ['absent', 'quarantined'],
    ])
    expect(() => verdict(alert(), { anchors: ['not a certificate'] })).toThrow('Anchor 1')
  })
})

describe('the dry run', () => {
  it('prints a line for each file, names the paths that cannot be read, and judges the others', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'concord-cap-'))
    try {
      const [good, bad, large] = ['good.xml', 'bad.xml', 'large.xml'].map((name) => join(folder, name)) as [string, string, string]
      writeFileSync(good, alert())
      writeFileSync(bad, 'no')
      writeFileSync(large, `<!-- ${'x'.repeat(2_000)} -->${alert()}`)
      const lines: string[] = []
      const errors: string[] = []
      const output = { line: (text: string) => void lines.push(text), error: (text: string) => void errors.push(text) }
      expect(await dryRun([good, bad, large], { maxBytes: 2_000 }, output)).toBe(0)
      expect(lines.map((line) => [JSON.parse(line).file, JSON.parse(line).outcome])).toEqual([
        [good, 'accepted'],
        [bad, 'refused'],
        [large, 'refused'],
      ])
      lines.length = 0
      expect(await dryRun([join(folder, 'absent.xml'), folder, good], {}, output)).toBe(1)
      expect(lines.length).toBe(1)
      expect(errors).toEqual([expect.stringContaining('absent.xml'), expect.stringContaining(folder)])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
