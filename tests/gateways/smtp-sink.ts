import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

export type ReceivedMail = {
  from: string
  to: string[]
  raw: string
  at: Date
  connection: string
  header: (name: string) => string | undefined
  text: string
}
export type SmtpFault = 'hang' | 'refuse' | 'drop' | undefined

const decoded = (raw: string): string => {
  const [head = '', ...rest] = raw.split('\r\n\r\n')
  const body = rest.join('\r\n\r\n')
  if (/^content-transfer-encoding:\s*base64/im.test(head)) return Buffer.from(body, 'base64').toString('utf8')
  if (!/^content-transfer-encoding:\s*quoted-printable/im.test(head)) return body
  const bytes = body
    .replaceAll('=\r\n', '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString('utf8')
}

/** A real SMTP server on loopback that keeps what it is given. `setFault` makes it hang at DATA, refuse recipients (550) or drop connections. */
export async function startSmtpSink(options: { port?: number; keep?: boolean } = {}) {
  const received: ReceivedMail[] = []
  let fault: SmtpFault
  let count = 0
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    maxClients: 200,
    logger: false,
    onRcptTo: (_address, _session, done) =>
      fault === 'refuse' ? done(Object.assign(new Error('no such mailbox'), { responseCode: 550 })) : done(),
    onData: (stream, session, done) => {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', () => {
        if (fault === 'hang') return
        if (fault === 'drop') return done(Object.assign(new Error('shutting down'), { responseCode: 421 }))
        count += 1
        if (options.keep !== false) {
          const raw = Buffer.concat(parts).toString('utf8')
          const from = session.envelope.mailFrom === false ? '' : session.envelope.mailFrom.address
          received.push({
            from,
            raw,
            at: new Date(),
            connection: session.id,
            text: decoded(raw),
            to: session.envelope.rcptTo.map((each) => each.address),
            header: (name) => new RegExp(`^${name}:[ \\t]*((?:[^\\r]|\\r\\n[ \\t])*)`, 'im').exec(raw)?.[1]?.replaceAll(/\r\n[ \t]+/g, ' '),
          })
        }
        done()
      })
    },
  })
  server.on('error', () => undefined)
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', () => resolve())
  })
  const { port } = server.server.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    port,
    received,
    count: () => count,
    setFault: (next: SmtpFault) => (fault = next),
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}
